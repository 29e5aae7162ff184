//! 承办: who handles it inside the department, what they write, who approves it.

use crate::evidence::Commitment;
use crate::ids::PersonId;

use super::super::body::EventBody;
use super::super::command::Context;
use super::super::refusal::Refusal;
use super::super::round::{HandlingResult, Reply, Round, Stamp};
use super::super::state::Case;
use super::super::timer::TimerName;
use super::{dispatch, people};

/// 指派 or 改派 inside the department.
pub(super) fn assign(
    case: &Case,
    person: &PersonId,
    handler: &PersonId,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let round = open(case)?;
    if !ctx.directory.is_staff(handler, &round.lead) {
        return Err(Refusal::NotInDepartment { person_id: handler.clone() });
    }
    not_involved(case, handler)?;
    Ok(vec![EventBody::HandlerAssigned { person_id: person.clone(), handler: handler.clone() }])
}

/// 协办意见, for the department that was asked.
pub(super) fn assist(
    case: &Case,
    person: &PersonId,
    note: Commitment,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let asked = open(case)?.assisting.iter().find(|asked| ctx.directory.is_staff(person, &asked.department));
    let department = asked.ok_or(Refusal::NotAllowed)?.department.clone();
    Ok(vec![EventBody::Assisted { person_id: person.clone(), department, note }])
}

/// 办理结果, and who may approve it.
pub(super) fn write(
    case: &Case,
    person: &PersonId,
    result: HandlingResult,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let by = Stamp { person_id: person.clone(), at: ctx.now };
    let written = Reply { by, result, note, approvers: Vec::new(), approved: None };
    let approvers = people::approvers(case, open(case)?, Some(&written), ctx);
    Ok(vec![EventBody::ResultWritten { person_id: person.clone(), result, note, approvers }])
}

/// 审批通过: the second callback is due.
pub(super) fn approve(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Vec<EventBody> {
    let approved = EventBody::ResultApproved { person_id: person.clone() };
    vec![approved, dispatch::start(case, TimerName::T9, false, ctx)]
}

/// 重办: case#n.m, with T7 again.
pub(super) fn rework(
    case: &Case,
    person: &PersonId,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Vec<EventBody> {
    let (number, rework) = case.round().map_or((0, 0), Round::numbers);
    let clock = dispatch::start_in(case, (number, rework.saturating_add(1)), TimerName::T7, false, ctx);
    vec![EventBody::ReworkOrdered { person_id: person.clone(), note }, clock]
}

/// The guard of what only the handler does.
pub(super) fn handles(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    match open(case)?.handler.as_ref() {
        Some(handler) if handler == person => Ok(()),
        Some(handler) => Err(Refusal::HandledByOther { person_id: handler.clone() }),
        None => Err(Refusal::NotAllowed),
    }
}

/// The guard of a result: the customer was contacted, and nothing waits for its approval already.
pub(super) fn may_write(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    handles(case, person)?;
    let round = open(case)?;
    if round.first_contact.is_none() {
        return Err(Refusal::NoContact);
    }
    if round.waiting().is_some() { Err(Refusal::ResultWaits) } else { Ok(()) }
}

/// The guard of an approval: a head of the department, never the handler; the 分管领导 only where no head is left.
pub(super) fn may_approve(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Result<(), Refusal> {
    let round = open(case)?;
    let reply = round.waiting().ok_or(Refusal::NoResult)?;
    if round.handler.as_ref() == Some(person) || reply.by.person_id == *person {
        return Err(Refusal::OwnResult);
    }
    if people::approvers(case, round, Some(reply), ctx).contains(person) {
        return Ok(());
    }
    let leads = ctx.directory.line_leader(&round.lead).is_some_and(|leader| leader.person_id == *person);
    Err(if leads { Refusal::HeadDecides } else { Refusal::NotAllowed })
}

/// The guard of what a head does: a listed deputy only while the head is away.
pub(super) fn heads(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Result<(), Refusal> {
    let stands = open(case)?;
    let staff = ctx.directory.is_staff(person, &stands.lead);
    let heads = ctx.directory.heads_of(&stands.lead);
    let on_duty = |head: &crate::ids::PersonId| {
        ctx.directory.is_absent(head, ctx.now)
            && ctx.directory.deputy_on_duty(head, ctx.now).is_some_and(|deputy| deputy.person_id == *person)
    };
    if staff || heads.iter().any(|head| on_duty(&head.person_id)) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// 回避: the guard of everything that decides about the matter.
pub(super) fn not_involved(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    if case.involved.contains(person) { Err(Refusal::Recused { person_id: person.clone() }) } else { Ok(()) }
}

fn open(case: &Case) -> Result<&Round, Refusal> {
    case.round().ok_or(Refusal::WrongState { state: case.state })
}
