//! Lists of cases, whole or narrowed, each as the caller may see it. Who looks for a customer is recorded first.

use chayan_api::cases::{CaseList, CaseListQuery, CaseView};
use chayan_api::error::ErrorCode;
use chayan_api::search::{AccessKind, CaseFilter, CaseSearch, Find};
use chayan_domain::case::{Case, CaseState};
use chayan_domain::directory::Role;
use chayan_domain::report::{FieldFault, FieldFaultKind};
use chayan_domain::visibility::{Scope, case_scope, may_see};
use chayan_store::{BlindDraft, CaseOrder, CaseQuery, NumberPart, PageMark};

use super::accesses;
use super::cases::{moments, viewer};
use super::kept::blind_keys_in;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::past::Past;
use crate::problem::{ApiError, ApiResult};

const USUAL_PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;

/// One page of a list.
pub(crate) async fn list(centre: &Centre, caller: &Caller, asked: &CaseListQuery) -> ApiResult<CaseList> {
    let narrowed = CaseSearch {
        view: asked.view,
        filter: CaseFilter::default(),
        after: asked.after.clone(),
        limit: asked.limit,
    };
    search(centre, caller, &narrowed).await
}

/// One page of a list, narrowed.
pub(crate) async fn search(centre: &Centre, caller: &Caller, asked: &CaseSearch) -> ApiResult<CaseList> {
    let limit = asked.limit.unwrap_or(USUAL_PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ErrorCode::BadRequest.into());
    }
    let after = asked.after.as_deref().map(str::parse::<PageMark>).transpose();
    let mut query = query(caller, asked.view, &asked.filter)?;
    query.after = after.map_err(|_| ErrorCode::BadRequest)?;
    query.limit = limit;
    let (cases, next) = page(centre, caller, &query).await?;
    if customer_key(&asked.filter).is_some() {
        let mut record = accesses::record(centre, caller, AccessKind::Search, (asked.view, &asked.filter));
        record.count = u32::try_from(cases.len()).unwrap_or(u32::MAX);
        record.cases = cases.iter().map(|case| case.case_id).collect();
        accesses::note(centre, record).await?;
    }
    let past = Past::of(centre, &caller.organisation, moments(cases.iter())).await?;
    let viewer = viewer(caller, &past);
    Ok(CaseList {
        cases: cases.iter().map(|case| viewer.summary(case)).collect(),
        next: next.map(|mark| mark.to_string()),
        server_time: centre.clock.now(),
    })
}

/// One page of cases that the caller may see.
pub(super) async fn page(
    centre: &Centre,
    caller: &Caller,
    query: &CaseQuery,
) -> ApiResult<(Vec<Case>, Option<PageMark>)> {
    let page = centre.store.cases(query).await?;
    let directory = &caller.organisation.directory;
    let cases = page.cases.into_iter().map(|listed| listed.case);
    Ok((cases.filter(|case| may_see(case, caller.id(), directory)).collect(), page.next))
}

/// What the store is asked for: the list's scopes and states, and the filter on top of them.
pub(super) fn query(caller: &Caller, view: CaseView, filter: &CaseFilter) -> ApiResult<CaseQuery> {
    let (mut scopes, mut states, order) = list_of(caller, view)?;
    if !filter.states.is_empty() {
        let wanted = |state: &CaseState| states.is_empty() || states.contains(state);
        states = filter.states.iter().copied().filter(wanted).collect();
        if states.is_empty() {
            // None of them is on this list.
            scopes.clear();
        }
    }
    let filter = narrowed(caller, filter)?;
    Ok(CaseQuery { scopes, states, filter, order, after: None, limit: LONGEST_PAGE })
}

/// The customer's key in a filter.
pub(super) fn customer_key(filter: &CaseFilter) -> Option<&Find> {
    filter.find.as_ref().filter(|find| find.by.field().is_some())
}

fn narrowed(caller: &Caller, filter: &CaseFilter) -> ApiResult<chayan_store::CaseFilter> {
    let directory = &caller.organisation.directory;
    let unit_path = match &filter.unit_id {
        Some(unit) => Some(directory.unit_path(unit).ok_or(ErrorCode::NotFound)?),
        None => None,
    };
    let number = match filter.find.as_ref().filter(|find| find.by.field().is_none()) {
        Some(find) => Some(NumberPart::new(find.text.reveal()).ok_or(ErrorCode::BadRequest)?),
        None => None,
    };
    let keys = customer_key(filter).map(|find| keys(caller, find)).transpose()?;
    Ok(chayan_store::CaseFilter {
        line: filter.line,
        unit_path,
        from: filter.from,
        to: filter.to,
        number,
        keys,
    })
}

/// The keys to be matched. Those who keep the program going have nothing to do with customers, whatever else they are.
fn keys(caller: &Caller, find: &Find) -> ApiResult<Vec<BlindDraft>> {
    let Some(field) = find.by.field() else { return Ok(Vec::new()) };
    if caller.has(Role::Adm) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let keys = blind_keys_in(field, &find.text);
    if keys.is_empty() {
        let fault = FieldFault { field, kind: FieldFaultKind::Malformed, limit: None };
        return Err(ApiError::form(vec![fault]));
    }
    Ok(keys)
}

/// What a list is made of.
fn list_of(caller: &Caller, view: CaseView) -> ApiResult<(Vec<Scope>, Vec<CaseState>, CaseOrder)> {
    Ok(match view {
        CaseView::Mine => (vec![Scope::Reporter(caller.id().clone())], Vec::new(), CaseOrder::NewestFirst),
        CaseView::Team => (
            vec![Scope::Involved(caller.id().clone()), Scope::Team(caller.id().clone())],
            vec![CaseState::Timing, CaseState::LeaderNotified, CaseState::LeaderHandling],
            CaseOrder::DueFirst,
        ),
        CaseView::Callback => {
            let states = vec![CaseState::Submitted, CaseState::Calling, CaseState::NotReached];
            (flow_scopes(caller)?, states, CaseOrder::DueFirst)
        }
        CaseView::ToDispatch => {
            let states = vec![CaseState::ToDispatch, CaseState::Returned];
            (flow_scopes(caller)?, states, CaseOrder::NewestFirst)
        }
        CaseView::Rulings => (flow_scopes(caller)?, vec![CaseState::Ruling], CaseOrder::DueFirst),
        CaseView::Handling => {
            let states = vec![CaseState::Dispatched, CaseState::Handling, CaseState::Rework];
            (own_scopes(caller, &|scope| matches!(scope, Scope::Department(_)))?, states, CaseOrder::DueFirst)
        }
        CaseView::Recall => {
            let states = vec![CaseState::Replied, CaseState::Recalling];
            (flow_scopes(caller)?, states, CaseOrder::DueFirst)
        }
        CaseView::Escalated => {
            (vec![Scope::Escalated(caller.id().clone())], Vec::new(), CaseOrder::NewestFirst)
        }
        CaseView::Reopened => (flow_scopes(caller)?, Vec::new(), CaseOrder::ReopenedFirst),
        CaseView::All => {
            (case_scope(caller.id(), &caller.organisation.directory), Vec::new(), CaseOrder::NewestFirst)
        }
    })
}

/// The lists of the complaint group: for the group, its head, and the departments that answer for a unit. Their states
/// all have a flow.
fn flow_scopes(caller: &Caller) -> ApiResult<Vec<Scope>> {
    own_scopes(caller, &|scope| matches!(scope, Scope::Callback | Scope::Subtree(_) | Scope::All))
}

/// Those of the caller's scopes that a list is made of.
fn own_scopes(caller: &Caller, fits: &dyn Fn(&Scope) -> bool) -> ApiResult<Vec<Scope>> {
    let mut scopes = case_scope(caller.id(), &caller.organisation.directory);
    scopes.retain(|scope| fits(scope));
    if scopes.is_empty() { Err(ErrorCode::NotAllowed.into()) } else { Ok(scopes) }
}
