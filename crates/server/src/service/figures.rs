//! The figures over the callback queue: today in Asia/Shanghai, every rate with both its numbers.

use chayan_api::cases::{CallbackFigures, Share, Wallboard, WallboardCall};
use chayan_api::error::ErrorCode;
use chayan_domain::case::{CallbackResult, Case, CaseState};
use chayan_domain::time::{Span, Timestamp};
use chayan_domain::visibility::{Scope, case_scope};

use super::cases::{moments, viewer};
use super::change;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::day::midnight;
use crate::past::Past;
use crate::problem::ApiResult;

/// A flow that waits is looked for this far back.
const LOOK_BACK: Span = Span::minutes(7 * 24 * 60);
/// So many calls fit on a wall.
const NEXT: usize = 10;

/// For everybody who works from the queue or answers for it.
pub(crate) async fn callback(centre: &Centre, caller: &Caller) -> ApiResult<CallbackFigures> {
    let now = centre.clock.now();
    let flows = flows(centre, caller, now).await?;
    Ok(figures(&flows.iter().collect::<Vec<_>>(), now))
}

/// For the same people, to be hung on the wall.
pub(crate) async fn wallboard(centre: &Centre, caller: &Caller) -> ApiResult<Wallboard> {
    let now = centre.clock.now();
    let flows = flows(centre, caller, now).await?;
    let mut due: Vec<(Timestamp, &Case)> =
        flows.iter().filter_map(|case| Some((due_at(case)?, case))).collect();
    due.sort_by_key(|(due_at, case)| (*due_at, case.case_id));
    due.truncate(NEXT);
    let past = Past::of(centre, &caller.organisation, moments(due.iter().map(|(_, case)| *case))).await?;
    let viewer = viewer(caller, &past);
    let call = |case: &Case| {
        let shown = viewer.summary(case);
        Some(WallboardCall {
            clock: shown.clock?,
            unit_name: shown.unit_name,
            line: shown.line,
            state: shown.state,
            holder: shown.holder.map(|person| person.name),
        })
    };
    Ok(Wallboard {
        figures: figures(&flows.iter().collect::<Vec<_>>(), now),
        next: due.into_iter().filter_map(|(_, case)| call(case)).collect(),
    })
}

/// When a case is to be called; only of those whose first callback is not over.
fn due_at(case: &Case) -> Option<Timestamp> {
    let waits = matches!(case.state, CaseState::Submitted | CaseState::Calling | CaseState::NotReached);
    change::clock(case).filter(|_| waits).map(|(_, _, due_at, _)| due_at)
}

/// The flows of the last days that the caller answers for.
async fn flows(centre: &Centre, caller: &Caller, now: Timestamp) -> ApiResult<Vec<Case>> {
    let directory = &caller.organisation.directory;
    let scopes = case_scope(caller.id(), directory);
    let answers = |scope: &Scope| matches!(scope, Scope::Callback | Scope::Subtree(_) | Scope::All);
    if !scopes.iter().any(answers) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let mut flows = centre.store.flows_received(now.minus(LOOK_BACK), now.plus(Span(1))).await?;
    flows.retain(|case| scopes.iter().any(|scope| answers(scope) && scope.shows(case, directory)));
    Ok(flows)
}

fn figures(flows: &[&Case], now: Timestamp) -> CallbackFigures {
    let midnight = midnight(now);
    let received = |case: &Case| case.flow.as_ref().map(|flow| flow.received_at);
    let waiting: Vec<Timestamp> = flows
        .iter()
        .filter(|case| case.state == CaseState::Submitted)
        .filter_map(|case| received(case))
        .collect();
    let mut figures = CallbackFigures {
        waiting: count(waiting.len()),
        oldest_received_at: waiting.iter().min().copied(),
        dialled_in_time: Share::default(),
        connected: Share::default(),
        not_dissatisfied: Share::default(),
        server_time: now,
    };
    for case in flows.iter().filter(|case| received(case).is_some_and(|at| at >= midnight)) {
        add(&mut figures, case, now);
    }
    figures
}

/// A case counts for 拨出及时率 once it was dialled or its time is over; voided or withdrawn before, it never does.
fn add(figures: &mut CallbackFigures, case: &Case, now: Timestamp) {
    let Some(flow) = &case.flow else { return };
    let due_at = flow.received_at.plus(case.limits.t3);
    let given_up = matches!(case.state, CaseState::Void | CaseState::Withdrawn);
    match case.callback.dials.first() {
        Some(dial) => {
            figures.dialled_in_time.whole += 1;
            figures.dialled_in_time.part += u32::from(dial.at <= due_at);
            figures.connected.whole += 1;
        }
        None if !given_up && now > due_at => figures.dialled_in_time.whole += 1,
        None => {}
    }
    let results = || case.callback.dials.iter().filter_map(|dial| dial.result);
    if results().any(answered) {
        figures.connected.part += 1;
        figures.not_dissatisfied.whole += 1;
        figures.not_dissatisfied.part +=
            u32::from(results().any(|result| result == CallbackResult::NotDissatisfied));
    }
}

/// Somebody answered the call.
const fn answered(result: CallbackResult) -> bool {
    !matches!(result, CallbackResult::NotReached | CallbackResult::WrongNumber)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
