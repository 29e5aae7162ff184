//! 首次回访: one agent holds it, dials, records what came of it.

use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::time::Timestamp;

use super::super::command::Context;
use super::super::event::EventBody;
use super::super::refusal::Refusal;
use super::super::state::{CallbackResult, Case};

/// 领取. A second claim by its holder changes nothing; one after another's has run out names both.
pub(super) fn claim(case: &Case, person: &PersonId) -> Vec<EventBody> {
    if case.callback.claimed_by.as_ref() == Some(person) {
        return Vec::new();
    }
    let taken_from = case.callback.claimed_by.clone();
    vec![EventBody::CallbackClaimed { person_id: person.clone(), taken_from }]
}

/// 回访结果. An agreed moment belongs to 要求改期 alone, and lies ahead.
pub(super) fn record(
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
    Ok(vec![EventBody::CallbackRecorded { person_id: person.clone(), result, appointment_at, note }])
}
