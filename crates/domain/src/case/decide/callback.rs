//! 首次回访: one agent holds it, dials, records what came of it.

use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::callback::{CallbackResult, Dial};
use super::super::command::Context;
use super::super::refusal::Refusal;
use super::super::state::Case;
use super::{complaint, dispatch, recall};

/// 领取. A second claim by its holder changes nothing; one after another's has run out names both.
pub(super) fn claim(case: &Case, person: &PersonId) -> Vec<EventBody> {
    if case.callback.claimed_by.as_ref() == Some(person) {
        return Vec::new();
    }
    let taken_from = case.callback.claimed_by.clone();
    vec![EventBody::CallbackClaimed { person_id: person.clone(), taken_from }]
}

/// 回访结果, and what follows from it. An agreed moment belongs to 要求改期 alone, and lies ahead.
pub(super) fn record(
    case: &Case,
    person: &PersonId,
    result: CallbackResult,
    appointment_at: Option<Timestamp>,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let appointment_at = match (result, appointment_at) {
        (CallbackResult::Appointment, Some(at)) if at > ctx.now => Some(at),
        (CallbackResult::Appointment, _) => return Err(Refusal::AppointmentNeeded),
        _ => None,
    };
    let mut bodies =
        vec![EventBody::CallbackRecorded { person_id: person.clone(), result, appointment_at, note }];
    match result {
        CallbackResult::Dissatisfied => bodies.push(dispatch::wait_for_dispatch(case, false, ctx)),
        CallbackResult::Complained => {
            bodies.push(complaint::conversion(case, person, false, None, None, ctx))
        }
        CallbackResult::NotReached => bodies.extend(recall::retry(case, missed(case).saturating_add(1), ctx)),
        _ => {}
    }
    Ok(bodies)
}

/// The guard of 转入待转办: the customer refused, or there were as many dials without a connection as needed.
pub(super) fn tried_enough(case: &Case) -> Result<(), Refusal> {
    let refused = case.callback.dials.last().is_some_and(|dial| dial.result == Some(CallbackResult::Refused));
    let (made, needed) = (missed(case), case.limits.handling.callback_attempts);
    if refused || made >= needed { Ok(()) } else { Err(Refusal::AttemptsLeft { made, needed }) }
}

fn missed(case: &Case) -> u32 {
    let missed =
        |dial: &&Dial| matches!(dial.result, Some(CallbackResult::NotReached | CallbackResult::WrongNumber));
    u32::try_from(case.callback.dials.iter().filter(missed).count()).unwrap_or(u32::MAX)
}
