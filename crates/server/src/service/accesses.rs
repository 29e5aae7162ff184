//! The record of who looked for a customer and who took what along, written before the answer is given; and, for audit,
//! this record with every customer field that was shown on a case.

use chayan_api::cases::{CaseView, PersonRef};
use chayan_api::error::ErrorCode;
use chayan_api::search::{AccessEntry, AccessKind, AccessList, AccessQuery, AccessRecord, CaseFilter};
use chayan_domain::case::{Actor, CaseEvent, EventBody};
use chayan_domain::ids::{CaseId, PersonId};
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::Scope;
use chayan_store::{AccessDraft, CaseOrder, CaseQuery, NumberPart, Seen, SeenMark, SeenQuery};

use super::audit;
use super::lists::customer_key;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};
use crate::words::word;

/// So many are read at a time.
const PAGE: u32 = 100;
/// So many people one part of a name may mean.
const PEOPLE: usize = 50;
/// So many cases the last signs of a number may mean.
const CASES: u32 = 20;

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
        field: None,
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

/// For audit: who saw what, newest first.
pub(crate) async fn list(centre: &Centre, caller: &Caller, asked: &AccessQuery) -> ApiResult<AccessList> {
    audit::check(caller)?;
    let query = SeenQuery {
        people: match asked.person.as_deref().filter(|text| !text.trim().is_empty()) {
            // No name holds NUL, and PostgreSQL cannot even compare with it.
            Some(text) if text.contains('\0') => return Err(ErrorCode::BadRequest.into()),
            text => text.map(|text| people(caller, text)),
        },
        cases: match &asked.case {
            Some(text) => Some(cases(centre, text).await?),
            None => None,
        },
        kind: asked.kind.filter(|kind| *kind != AccessKind::Reveal).map(|kind| word(&kind)),
        shown_only: asked.kind == Some(AccessKind::Reveal),
        from: asked.from,
        to: asked.to,
        after: match &asked.before {
            Some(text) => Some(mark(text).ok_or(ErrorCode::BadRequest)?),
            None => None,
        },
        limit: PAGE + 1,
    };
    let mut found = centre.store.seen(&query).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let accesses = found.into_iter().map(|seen| entry(caller, seen)).collect::<ApiResult<_>>()?;
    Ok(AccessList { accesses, more })
}

/// Those who have this staff number, or this text in their name today. Somebody who has left has a number still.
fn people(caller: &Caller, text: &str) -> Vec<PersonId> {
    let text = text.trim();
    let named = caller.organisation.directory.people().iter().filter(|person| person.name.contains(text));
    let named = named.map(|person| person.person_id.clone()).take(PEOPLE);
    std::iter::once(PersonId(text.to_owned())).chain(named).collect()
}

/// Cases by their number or its last signs.
async fn cases(centre: &Centre, text: &str) -> ApiResult<Vec<CaseId>> {
    let number = Some(NumberPart::new(text).ok_or(ErrorCode::BadRequest)?);
    let query = CaseQuery {
        scopes: vec![Scope::All],
        states: Vec::new(),
        filter: chayan_store::CaseFilter { number, ..chayan_store::CaseFilter::default() },
        order: CaseOrder::NewestFirst,
        after: None,
        limit: CASES,
    };
    let found = centre.store.cases(&query).await?.cases;
    Ok(found.into_iter().map(|listed| listed.case.case_id).collect())
}

fn mark(text: &str) -> Option<SeenMark> {
    let (at, key) = text.split_once('.')?;
    let plain = key.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-');
    plain.then_some(())?;
    Some(SeenMark { at: Timestamp(at.parse().ok()?), key: key.to_owned() })
}

fn entry(caller: &Caller, seen: Seen) -> ApiResult<AccessEntry> {
    let record = match seen.number {
        Some(_) => serde_json::from_slice(&seen.bytes).map_err(ApiError::internal)?,
        None => shown(&seen.bytes)?,
    };
    let known = caller.organisation.directory.person(&record.person_id);
    let name = known.map_or_else(|| record.person_id.to_string(), |person| person.name.clone());
    Ok(AccessEntry {
        mark: format!("{}.{}", seen.mark.at.0, seen.mark.key),
        number: seen.number,
        person: PersonRef { person_id: record.person_id.clone(), name },
        record,
        hash: seen.hash,
    })
}

/// A customer field that was shown, as the same kind of row.
fn shown(bytes: &[u8]) -> ApiResult<AccessRecord> {
    let event: CaseEvent = serde_json::from_slice(bytes).map_err(ApiError::internal)?;
    let strange = || ApiError::internal("a showing without a person, a device or a field");
    let (Actor::Person { person_id }, Some(device_id)) = (event.actor, event.device_id) else {
        return Err(strange());
    };
    let EventBody::FieldRevealed { field, .. } = event.body else { return Err(strange()) };
    Ok(AccessRecord {
        at: event.at,
        person_id,
        device_id,
        kind: AccessKind::Reveal.into(),
        view: None,
        by: None,
        states: Vec::new(),
        unit_id: None,
        line: None,
        from: None,
        to: None,
        format: None,
        field: Some(field.into()),
        count: 1,
        cases: vec![event.case_id],
    })
}
