//! The figures over the callback queue: today in Asia/Shanghai, every rate with both its numbers.

use chayan_api::cases::{CallbackFigures, Share};
use chayan_api::error::ErrorCode;
use chayan_domain::case::{CallbackResult, Case, CaseState};
use chayan_domain::time::{Span, Timestamp};
use chayan_domain::visibility::{Scope, case_scope};

use crate::auth::Caller;
use crate::centre::Centre;
use crate::day::midnight;
use crate::problem::ApiResult;

/// A flow that waits is looked for this far back.
const LOOK_BACK: Span = Span::minutes(7 * 24 * 60);

/// For everybody who works from the queue or answers for it.
pub(crate) async fn callback(centre: &Centre, caller: &Caller) -> ApiResult<CallbackFigures> {
    let directory = &caller.organisation.directory;
    let scopes = case_scope(caller.id(), directory);
    let answers = |scope: &Scope| matches!(scope, Scope::Callback | Scope::Subtree(_) | Scope::All);
    if !scopes.iter().any(answers) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let now = centre.clock.now();
    let flows = centre.store.flows_received(now.minus(LOOK_BACK), now.plus(Span(1))).await?;
    let seen: Vec<&Case> = flows
        .iter()
        .filter(|case| scopes.iter().any(|scope| answers(scope) && scope.shows(case, directory)))
        .collect();
    Ok(figures(&seen, now))
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
