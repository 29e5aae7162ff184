//! 报告回执 of one case as a file: for whoever wrote it, and whoever may take its evidence along.

use chayan_api::error::ErrorCode;
use chayan_domain::evidence::{Receipt, write_receipt_file};
use chayan_domain::ids::CaseId;

use super::cases;
use super::export::Exported;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::page;
use crate::problem::{ApiError, ApiResult};

/// The page with the receipts of those who reported. It holds nothing of the customer, and its reader's own words only
/// as hashes, so no access is recorded.
pub(crate) async fn export(centre: &Centre, caller: &Caller, case_id: CaseId) -> ApiResult<Exported> {
    let detail = cases::detail(centre, caller, case_id).await?;
    if !detail.may_take_receipts {
        return Err(ErrorCode::NotAllowed.into());
    }
    let case = cases::visible(centre, caller, case_id).await?;
    let commands = centre.store.commands(case_id).await?;
    let wrote = commands.iter().filter(|row| {
        row.person_id.as_ref().is_some_and(|by| *by == case.reporter || Some(by) == case.submitter.as_ref())
    });
    let receipts = wrote
        .filter(|row| !row.receipt.is_empty())
        .map(|row| serde_json::from_slice(&row.receipt).map_err(ApiError::internal))
        .collect::<ApiResult<Vec<Receipt>>>()?;
    let by = (caller.person.name.as_str(), centre.clock.now());
    let page = page::of_receipts(&detail, &receipts, &centre.signer.public(), by);
    let rows = u32::try_from(receipts.len()).unwrap_or(u32::MAX);
    let text =
        write_receipt_file(&page, case_id, receipts, centre.signer.key()).map_err(ApiError::internal)?;
    Ok(Exported { bytes: text.into_bytes(), rows, complete: true })
}
