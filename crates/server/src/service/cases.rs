//! One case in full, as the caller may see it.

use std::collections::HashMap;

use chayan_api::cases::CaseDetail;
use chayan_api::error::ErrorCode;
use chayan_domain::case::{self, Actor, Case, CaseEvent, Context};
use chayan_domain::evidence::Receipt;
use chayan_domain::ids::CaseId;
use chayan_domain::report::CustomerFields;
use chayan_domain::rules::EffectiveRules;
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::{Scope, may_print_notice, may_see, may_take_evidence, may_take_receipts};

use super::kept;
use super::rounds;
use super::views::Viewer;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::past::Past;
use crate::problem::{ApiError, ApiResult};

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
    let similar = similar(centre, caller, &case).await?;
    let moments = events.iter().map(|event| event.at).chain([case.created_at]).chain(moments(similar.iter()));
    let past = Past::of(centre, &caller.organisation, moments.collect()).await?;
    let viewer = viewer(caller, &past);
    let rows = centre.store.customer_fields(case_id).await?;
    let (known, recordings) = (kept::known(&rows)?, kept::recordings(&rows)?);
    let timeline = events
        .iter()
        .map(|sealed| {
            let event = serde_json::from_slice::<CaseEvent>(&sealed.bytes)?;
            Ok(viewer.line(&case, &event, &recordings))
        })
        .collect::<Result<Vec<_>, serde_json::Error>>()
        .map_err(ApiError::internal)?;
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
        similar_hidden: count(case.similar.len().saturating_sub(similar.len())),
        similar: similar.iter().map(|other| viewer.summary(other)).collect(),
        actions: case::actions(&case, caller.id(), &context),
        receipts: receipts(centre, caller, &case).await?,
        may_take_evidence: may_take_evidence(&case, caller.id(), past.today()),
        may_take_receipts: may_take_receipts(&case, caller.id(), past.today()),
        may_print_notice: may_print_notice(&case, caller.id(), past.today()),
        customer_removed_at: removed_at(centre, &case, &known).await?,
        rules,
        server_time: now,
    })
}

/// 重复不满: the cases that this one is like, as far as the caller may see them, in their order.
async fn similar(centre: &Centre, caller: &Caller, case: &Case) -> ApiResult<Vec<Case>> {
    if case.similar.is_empty() {
        return Ok(Vec::new());
    }
    let mut visible = visible_by_id(centre, caller, &case.similar).await?;
    Ok(case.similar.iter().filter_map(|other| visible.remove(other)).collect())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// When the customer data of a case that has none any more was removed. Words that came later, such as a reason, are none.
async fn removed_at(centre: &Centre, case: &Case, known: &CustomerFields) -> ApiResult<Option<Timestamp>> {
    if case.given.is_empty() || known.texts().iter().any(|(_, text)| !text.is_blank()) {
        return Ok(None);
    }
    Ok(centre.store.removal_of(case.case_id).await?.map(|sealed| sealed.removal.at))
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
