//! 复访: the second callback, by 95518 or the customer-service department.

use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::command::Context;
use super::super::refusal::Refusal;
use super::super::round::{RecallDial, RecallResult};
use super::super::state::{Case, CaseState};
use super::{complaint, handling};

/// 领取. A second claim by its holder changes nothing.
pub(super) fn claim(case: &Case, person: &PersonId) -> Vec<EventBody> {
    if holder_of(case) == Some(person) {
        return Vec::new();
    }
    vec![EventBody::RecallClaimed { person_id: person.clone() }]
}

/// 复访结果, and what follows from it: archived, reworked, a complaint, another attempt, or a question to the
/// customer-service department.
pub(super) fn record(
    case: &Case,
    person: &PersonId,
    result: RecallResult,
    appointment_at: Option<Timestamp>,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let appointment_at = match (result, appointment_at) {
        (RecallResult::Appointment, Some(at)) if at > ctx.now => Some(at),
        (RecallResult::Appointment, _) => return Err(Refusal::AppointmentNeeded),
        _ => None,
    };
    let mut bodies =
        vec![EventBody::RecallRecorded { person_id: person.clone(), result, appointment_at, note }];
    match result {
        RecallResult::Dissatisfied => bodies.extend(handling::rework(case, person, None, ctx)),
        RecallResult::Complained => bodies.push(complaint::conversion(case, person, false, None, None, ctx)),
        RecallResult::NotReached => bodies.extend(retry(case, unreached(case).saturating_add(1), ctx)),
        _ => {}
    }
    Ok(bodies)
}

/// 未接通: another attempt is planned, until there were as many as needed.
pub(super) fn retry(case: &Case, attempts: u32, ctx: &Context<'_>) -> Option<EventBody> {
    let limits = &case.limits.handling;
    let due_at = ctx.now.plus(limits.callback_retry);
    (attempts < limits.callback_attempts).then_some(EventBody::RetryPlanned { due_at })
}

fn unreached(case: &Case) -> u32 {
    let missed = |dial: &&RecallDial| dial.result == Some(RecallResult::NotReached);
    let count = case.round().map_or(0, |round| round.recall.dials.iter().filter(missed).count());
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The guard of everything that its holder does.
pub(super) fn holds(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    match holder_of(case) {
        Some(holder) if holder == person => Ok(()),
        Some(holder) => Err(Refusal::ClaimedByOther { person_id: holder.clone() }),
        None => Err(Refusal::NotClaimed),
    }
}

/// The guard of a claim.
pub(super) fn free(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    match holder_of(case) {
        Some(holder) if holder != person => Err(Refusal::ClaimedByOther { person_id: holder.clone() }),
        _ => Ok(()),
    }
}

/// The guard of a result: a dial of one's own that waits for it.
pub(super) fn dialled(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    holds(case, person)?;
    let waits = |dial: &RecallDial| dial.result.is_none() && dial.by.person_id == *person;
    let last = case.round().and_then(|round| round.recall.dials.last());
    if last.is_some_and(waits) { Ok(()) } else { Err(Refusal::NoDial) }
}

/// The guard of 重办 and 归档·未化解: somebody has tried to reach the customer after the reply.
pub(super) fn recalled(case: &Case) -> Result<(), Refusal> {
    let tried = case.state == CaseState::Recalling && case.round().is_some_and(|round| round.recalled());
    if tried { Ok(()) } else { Err(Refusal::NoRecall) }
}

fn holder_of(case: &Case) -> Option<&PersonId> {
    case.round().and_then(|round| round.recall.claimed_by.as_ref())
}
