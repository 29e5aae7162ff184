//! The record of who looked for a customer and who took a list along. It is written before the answer is given.

use chayan_api::cases::{CaseView, PersonRef};
use chayan_api::error::ErrorCode;
use chayan_api::search::{AccessEntry, AccessKind, AccessList, AccessQuery, AccessRecord, CaseFilter};
use chayan_domain::directory::Role;
use chayan_domain::ids::CaseId;
use chayan_store::{Access, AccessDraft};

use super::lists::customer_key;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};
use crate::words::word;

/// So many are read at a time.
const PAGE: u32 = 100;

/// What is recorded of an access; count and cases are the caller's to add.
pub(super) fn record(
    centre: &Centre,
    caller: &Caller,
    kind: AccessKind,
    (view, filter): (CaseView, &CaseFilter),
) -> AccessRecord {
    AccessRecord {
        at: centre.clock.now(),
        person_id: caller.id().clone(),
        device_id: caller.session.device_id,
        kind: kind.into(),
        view: Some(view.into()),
        by: customer_key(filter).map(|find| find.by.into()),
        states: filter.states.iter().copied().map(Into::into).collect(),
        unit_id: filter.unit_id.clone(),
        line: filter.line.map(Into::into),
        from: filter.from,
        to: filter.to,
        format: None,
        count: 0,
        cases: Vec::new(),
    }
}

/// What is recorded of an access to one case.
pub(super) fn of_case(centre: &Centre, caller: &Caller, kind: AccessKind, case_id: CaseId) -> AccessRecord {
    let of_all = (CaseView::All, &CaseFilter::default());
    AccessRecord { view: None, count: 1, cases: vec![case_id], ..record(centre, caller, kind, of_all) }
}

/// Appends it to the chain.
pub(super) async fn note(centre: &Centre, record: AccessRecord) -> ApiResult<()> {
    let bytes = serde_json::to_vec(&record).map_err(ApiError::internal)?;
    let AccessRecord { at, person_id, device_id, kind, .. } = record;
    let draft = AccessDraft { at, person_id, device_id, kind: word(&kind), bytes };
    centre.store.record_access(&draft).await?;
    Ok(())
}

/// For audit: what was recorded, newest first.
pub(crate) async fn list(centre: &Centre, caller: &Caller, asked: &AccessQuery) -> ApiResult<AccessList> {
    if !caller.has(Role::Aud) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let found = centre.store.accesses(asked.before.map(i64::from), PAGE).await?;
    let accesses = found.into_iter().map(|access| entry(caller, access)).collect::<ApiResult<_>>()?;
    Ok(AccessList { accesses })
}

fn entry(caller: &Caller, access: Access) -> ApiResult<AccessEntry> {
    let record: AccessRecord = serde_json::from_slice(&access.draft.bytes).map_err(ApiError::internal)?;
    let known = caller.organisation.directory.person(&record.person_id);
    let name = known.map_or_else(|| record.person_id.to_string(), |person| person.name.clone());
    Ok(AccessEntry {
        number: u32::try_from(access.number).unwrap_or(u32::MAX),
        person: PersonRef { person_id: record.person_id.clone(), name },
        record,
        hash: access.hash,
    })
}
