//! 转办, 签收, 退回 and 归口认定: exactly one department leads, it may dispute once, a ruling binds.

use crate::directory::Department;
use crate::evidence::Commitment;
use crate::ids::PersonId;

use super::super::body::EventBody;
use super::super::clock::Clock;
use super::super::command::Context;
use super::super::proposal::proposal;
use super::super::refusal::{DepartmentFault, Refusal};
use super::super::round::{ReturnReason, Round};
use super::super::state::Case;
use super::super::timer::TimerName;
use super::people;

/// 转入待转办 without a first callback: the customer refused, or could not be reached often enough.
pub(super) fn send(
    case: &Case,
    person: &PersonId,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Vec<EventBody> {
    vec![EventBody::SentToDispatch { person_id: person.clone(), note }, wait_for_dispatch(case, false, ctx)]
}

/// What is decided of a dispatch.
pub(super) struct Decision<'a> {
    pub(super) lead: &'a Department,
    pub(super) assisting: &'a [Department],
    pub(super) binding: bool,
    pub(super) note: Option<Commitment>,
}

/// 转办, by the complaint group or by a ruling.
pub(super) fn dispatch(
    case: &Case,
    person: &PersonId,
    decision: &Decision<'_>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let Decision { lead, assisting, binding, note } = *decision;
    staffed(lead, ctx)?;
    for (place, asked) in assisting.iter().enumerate() {
        staffed(asked, ctx)?;
        if asked == lead {
            return Err(unusable(asked, DepartmentFault::Leads));
        }
        if assisting.iter().take(place).any(|earlier| earlier == asked) {
            return Err(unusable(asked, DepartmentFault::Twice));
        }
    }
    let round = case.last_round().saturating_add(1);
    let dispatched = EventBody::Dispatched {
        round,
        person_id: person.clone(),
        lead: lead.clone(),
        assisting: assisting.to_vec(),
        proposed: proposal(case, ctx.directory),
        binding,
        note,
    };
    let calendar = ctx.calendars.of(ctx.directory, &lead.unit_id);
    let clock = Clock::start(TimerName::T5, (round, 0), &case.limits.handling, calendar, ctx.now);
    Ok(vec![dispatched, EventBody::ClockStarted { clock }])
}

/// 签收. Who signs handles it, unless somebody was assigned before. A rework has its clock already.
pub(super) fn sign(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Vec<EventBody> {
    let handler = case.round().and_then(|round| round.handler.clone()).unwrap_or_else(|| person.clone());
    let mut bodies = vec![EventBody::Signed { person_id: person.clone(), handler }];
    if case.round().is_some_and(|round| round.rework == 0) {
        bodies.extend([TimerName::T6, TimerName::T7].map(|name| start(case, name, false, ctx)));
    }
    bodies
}

/// 退回.
pub(super) fn give_back(
    case: &Case,
    person: &PersonId,
    reason: ReturnReason,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Vec<EventBody> {
    let ruling = case.disputes() > 0;
    let returned = EventBody::DispatchReturned { person_id: person.clone(), reason, note };
    vec![returned, wait_for_dispatch(case, ruling, ctx)]
}

/// T4 begins.
pub(super) fn wait_for_dispatch(case: &Case, ruling: bool, ctx: &Context<'_>) -> EventBody {
    start(case, TimerName::T4, ruling, ctx)
}

/// A clock of the round that is open, by the calendar of whoever has to act.
pub(super) fn start(case: &Case, name: TimerName, ruling: bool, ctx: &Context<'_>) -> EventBody {
    start_in(case, case.round().map_or((0, 0), Round::numbers), name, ruling, ctx)
}

/// A clock of a round that this step begins.
pub(super) fn start_in(
    case: &Case,
    round: (u16, u16),
    name: TimerName,
    ruling: bool,
    ctx: &Context<'_>,
) -> EventBody {
    let unit = people::clock_unit(case, name, ruling, ctx);
    let calendar = ctx.calendars.of(ctx.directory, &unit);
    EventBody::ClockStarted { clock: Clock::start(name, round, &case.limits.handling, calendar, ctx.now) }
}

/// 要协办 of one more department.
pub(super) fn ask(
    case: &Case,
    person: &PersonId,
    department: &Department,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    staffed(department, ctx)?;
    let round = case.round().ok_or(Refusal::WrongState { state: case.state })?;
    if round.lead == *department {
        return Err(unusable(department, DepartmentFault::Leads));
    }
    if round.assisting.iter().any(|asked| asked.department == *department) {
        return Err(unusable(department, DepartmentFault::Twice));
    }
    let department = department.clone();
    Ok(vec![EventBody::AssistanceAsked { person_id: person.clone(), department, note }])
}

fn staffed(department: &Department, ctx: &Context<'_>) -> Result<(), Refusal> {
    if ctx.directory.is_department(department) {
        Ok(())
    } else {
        Err(unusable(department, DepartmentFault::Unstaffed))
    }
}

fn unusable(department: &Department, fault: DepartmentFault) -> Refusal {
    Refusal::DepartmentUnusable { department: department.clone(), fault }
}
