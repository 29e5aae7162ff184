//! 证据包 of one case: for those who may take its evidence along, masked as on their screen, and recorded first.

use chayan_api::error::ErrorCode;
use chayan_api::search::AccessKind;
use chayan_domain::evidence::{PACK_FORMAT, PackEvent, PackHead, Receipt, sha256, write_pack};
use chayan_domain::ids::CaseId;
use chayan_store::SealedEvent;
use serde_json::value::RawValue;

use super::export::Exported;
use super::{accesses, cases};
use crate::archive;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::page;
use crate::problem::{ApiError, ApiResult};

/// Records the access, then answers with the file.
pub(crate) async fn export(centre: &Centre, caller: &Caller, case_id: CaseId) -> ApiResult<Exported> {
    let detail = cases::detail(centre, caller, case_id).await?;
    if !detail.may_take_evidence {
        return Err(ErrorCode::NotAllowed.into());
    }
    let stored = centre.store.events(case_id).await?;
    let events = stored.iter().map(event).collect::<ApiResult<Vec<_>>>()?;
    let receipts = receipts(centre, case_id).await?;
    let now = centre.clock.now();
    let page = page::of_case(&detail, &events, &receipts, &caller.person.name, now);
    let rows = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let head = PackHead {
        format: PACK_FORMAT.to_owned(),
        case_id,
        events: rows,
        receipts: u32::try_from(receipts.len()).unwrap_or(u32::MAX),
        exported_at: now,
        exported_by: caller.id().clone(),
        page: sha256(page.as_bytes()),
        public_key: hex::encode(centre.signer.public().as_bytes()),
    };
    let text = write_pack(&head, &events, &receipts, centre.signer.key()).map_err(ApiError::internal)?;
    let bytes = archive::pack(&text, page.as_bytes()).map_err(ApiError::internal)?;
    accesses::note(centre, accesses::of_case(centre, caller, AccessKind::Pack, case_id)).await?;
    Ok(Exported { bytes, rows, complete: true })
}

fn event(stored: &SealedEvent) -> ApiResult<PackEvent> {
    let text = String::from_utf8(stored.bytes.clone()).map_err(ApiError::internal)?;
    Ok(PackEvent {
        sequence: stored.sequence,
        prev_hash: stored.prev_hash,
        hash: stored.hash,
        event: RawValue::from_string(text).map_err(ApiError::internal)?,
    })
}

/// Every receipt of the case: they prove when the centre received what.
async fn receipts(centre: &Centre, case_id: CaseId) -> ApiResult<Vec<Receipt>> {
    let commands = centre.store.commands(case_id).await?;
    let signed = commands.iter().filter(|row| !row.receipt.is_empty());
    signed.map(|row| serde_json::from_slice(&row.receipt).map_err(ApiError::internal)).collect()
}
