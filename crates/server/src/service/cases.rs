//! Lists of cases and one case in full, each as the caller may see it.

use std::collections::HashMap;

use chayan_api::cases::{CaseDetail, CaseList, CaseListQuery, CaseView};
use chayan_api::error::ErrorCode;
use chayan_domain::case::{self, Actor, Case, CaseEvent, CaseState, Context};
use chayan_domain::evidence::Receipt;
use chayan_domain::ids::CaseId;
use chayan_domain::rules::EffectiveRules;
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::{Scope, case_scope, may_see};
use chayan_store::{CaseOrder, CaseQuery, PageMark};

use super::kept;
use super::rounds;
use super::views::Viewer;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::past::Past;
use crate::problem::{ApiError, ApiResult};

const USUAL_PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;

/// One page of a list.
pub(crate) async fn list(centre: &Centre, caller: &Caller, asked: &CaseListQuery) -> ApiResult<CaseList> {
    let query = query(caller, asked)?;
    let page = centre.store.cases(&query).await?;
    let moments = moments(page.cases.iter().map(|listed| &listed.case));
    let past = Past::of(centre, &caller.organisation, moments).await?;
    let viewer = viewer(caller, &past);
    let visible = page.cases.iter().filter(|listed| may_see(&listed.case, caller.id(), past.today()));
    Ok(CaseList {
        cases: visible.map(|listed| viewer.summary(&listed.case)).collect(),
        next: page.next.map(|mark| mark.to_string()),
        server_time: centre.clock.now(),
    })
}

/// A case that the caller may see; for everybody else it does not exist.
pub(crate) async fn visible(centre: &Centre, caller: &Caller, case_id: CaseId) -> ApiResult<Case> {
    let found = centre.store.case(case_id).await?.ok_or(ErrorCode::NotFound)?;
    if !may_see(&found.case, caller.id(), &caller.organisation.directory) {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(found.case)
}

/// One case with everything that its viewer may see.
pub(crate) async fn detail(centre: &Centre, caller: &Caller, case_id: CaseId) -> ApiResult<CaseDetail> {
    let case = visible(centre, caller, case_id).await?;
    let events = centre.store.events(case_id).await?;
    let moments = events.iter().map(|event| event.at).chain([case.created_at]).collect();
    let past = Past::of(centre, &caller.organisation, moments).await?;
    let viewer = viewer(caller, &past);
    let timeline = events
        .iter()
        .map(|sealed| {
            serde_json::from_slice::<CaseEvent>(&sealed.bytes).map(|event| viewer.line(&case, &event))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(ApiError::internal)?;
    let known = kept::known(&centre.store.customer_fields(case_id).await?)?;
    let rules = rules_of(caller, &case);
    let now = centre.clock.now();
    let actor = Actor::Person { person_id: caller.id().clone() };
    let context = Context {
        now,
        actor: &actor,
        device: Some(caller.session.device_id),
        rules: &rules,
        directory: past.today(),
        calendars: &caller.organisation.calendars,
    };
    Ok(CaseDetail {
        summary: viewer.summary(&case),
        place: Some(viewer.place(&case)),
        timeline,
        ladder: case.ladder.clone(),
        people: viewer.people(&case),
        flow: case.flow.as_ref().map(|flow| viewer.flow(&case, flow)),
        callback: case.callback.clone(),
        rounds: rounds::views(viewer, &case),
        departments: rounds::choices(viewer, &case),
        conversion: case.conversion.as_ref().map(|conversion| viewer.conversion(&case, conversion)),
        customer: viewer.customer(&case, &known),
        actions: case::actions(&case, caller.id(), &context),
        receipts: receipts(centre, caller, &case).await?,
        rules,
        server_time: now,
    })
}

/// By id, those that the caller may see.
pub(crate) async fn visible_by_id(
    centre: &Centre,
    caller: &Caller,
    ids: &[CaseId],
) -> ApiResult<HashMap<CaseId, Case>> {
    let directory = &caller.organisation.directory;
    let found = centre.store.cases_by_id(ids).await?;
    let visible =
        found.into_iter().map(|listed| listed.case).filter(|case| may_see(case, caller.id(), directory));
    Ok(visible.map(|case| (case.case_id, case)).collect())
}

pub(crate) const fn viewer<'a>(caller: &'a Caller, past: &'a Past) -> Viewer<'a> {
    Viewer { person: caller.id(), past }
}

/// The moments whose directories are needed to show these cases.
pub(crate) fn moments<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<Timestamp> {
    cases.flat_map(|case| [case.created_at, case.changed_at]).collect()
}

fn rules_of(caller: &Caller, case: &Case) -> EffectiveRules {
    caller.organisation.rules.effective(&case.unit_id, &caller.organisation.directory)
}

/// 报告回执 go to the reporter and to whoever was told.
async fn receipts(centre: &Centre, caller: &Caller, case: &Case) -> ApiResult<Vec<Receipt>> {
    let had_part = [Scope::Reporter(caller.id().clone()), Scope::Involved(caller.id().clone())];
    if !had_part.iter().any(|scope| scope.shows(case, &caller.organisation.directory)) {
        return Ok(Vec::new());
    }
    let commands = centre.store.commands(case.case_id).await?;
    commands
        .iter()
        .filter(|row| !row.receipt.is_empty())
        .map(|row| serde_json::from_slice(&row.receipt).map_err(ApiError::internal))
        .collect()
}

fn query(caller: &Caller, asked: &CaseListQuery) -> ApiResult<CaseQuery> {
    let (scopes, states, order) = match asked.view {
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
    };
    let after = asked.after.as_deref().map(str::parse::<PageMark>).transpose();
    let limit = asked.limit.unwrap_or(USUAL_PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ErrorCode::BadRequest.into());
    }
    Ok(CaseQuery { scopes, states, order, after: after.map_err(|_| ErrorCode::BadRequest)?, limit })
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
