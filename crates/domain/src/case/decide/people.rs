//! Who has to act, who answers for them, who may approve: from the directory of today, without those who are involved.

use crate::directory::{Department, Line, Person, Role};
use crate::ids::{PersonId, UnitId};

use super::super::command::Context;
use super::super::round::{Reply, Round};
use super::super::state::{Case, CaseState};
use super::super::timer::TimerName;

/// Some people and the deputies who stand in for the absent ones, each once, without anybody involved.
pub(super) fn told<'a>(
    people: impl IntoIterator<Item = &'a Person>,
    case: &Case,
    ctx: &Context<'_>,
) -> Vec<PersonId> {
    let mut told: Vec<PersonId> = Vec::new();
    let mut add = |person: &PersonId| {
        if !told.contains(person) && !case.involved.contains(person) {
            told.push(person.clone());
        }
    };
    for person in people {
        add(&person.person_id);
        if ctx.directory.is_absent(&person.person_id, ctx.now)
            && let Some(deputy) = ctx.directory.deputy_on_duty(&person.person_id, ctx.now)
        {
            add(&deputy.person_id);
        }
    }
    told
}

/// Everybody who can take a case in the department that leads the round: the handler where there is one.
pub(super) fn lead_staff<'a>(round: &Round, ctx: &Context<'a>) -> Vec<&'a Person> {
    if let Some(handler) = round.handler.as_ref().and_then(|handler| ctx.directory.person(handler)) {
        return vec![handler];
    }
    department_staff(&round.lead, ctx)
}

/// Handlers and heads of a department.
pub(super) fn department_staff<'a>(department: &Department, ctx: &Context<'a>) -> Vec<&'a Person> {
    let mut staff = ctx.directory.handlers_of(department);
    staff.extend(ctx.directory.heads_of(department));
    staff
}

/// Who has to act for a clock to stop.
pub(super) fn doers(case: &Case, clock: TimerName, ctx: &Context<'_>) -> Vec<PersonId> {
    let directory = ctx.directory;
    let by_round = |of: &dyn Fn(&Round) -> Vec<PersonId>| case.round().map(of).unwrap_or_default();
    match clock {
        TimerName::T4 if case.state == CaseState::Ruling => told(directory.csd_of(&case.unit_id), case, ctx),
        TimerName::T7 => by_round(&|round| match round.waiting() {
            Some(reply) => approvers(case, round, Some(reply), ctx),
            None => told(lead_staff(round, ctx), case, ctx),
        }),
        TimerName::T5 | TimerName::T6 => by_round(&|round| told(lead_staff(round, ctx), case, ctx)),
        TimerName::T9 => by_round(&|round| match &round.recall.claimed_by {
            Some(holder) => vec![holder.clone()],
            None => told(directory.with_role(Role::Cmp), case, ctx),
        }),
        _ => told(directory.with_role(Role::Cmp), case, ctx),
    }
}

/// The department that a clock measures: the lead one, or for what 95518 has to do its own.
fn measured(case: &Case, clock: TimerName, ctx: &Context<'_>) -> Department {
    match (clock, case.round()) {
        (TimerName::T5 | TimerName::T6 | TimerName::T7, Some(round)) => round.lead.clone(),
        _ => Department { unit_id: desk_unit(case, ctx), line: Line::CustomerService },
    }
}

/// The unit whose calendar a clock counts by.
pub(super) fn clock_unit(case: &Case, clock: TimerName, ruling: bool, ctx: &Context<'_>) -> UnitId {
    match ctx.directory.csd_of(&case.unit_id).first() {
        Some(nearest) if clock == TimerName::T4 && ruling => nearest.unit_id.clone(),
        _ => measured(case, clock, ctx).unit_id,
    }
}

/// Where the complaint group works; without one the unit of the case stands for it.
fn desk_unit(case: &Case, ctx: &Context<'_>) -> UnitId {
    let member = ctx.directory.with_role(Role::Cmp).into_iter().next();
    member.map_or_else(|| case.unit_id.clone(), |member| member.unit_id.clone())
}

/// 部门负责人 of who has to act; where a department names none, those who have to act themselves.
pub(super) fn heads(case: &Case, clock: TimerName, ctx: &Context<'_>) -> Vec<PersonId> {
    let heads = match (clock, case.round()) {
        (TimerName::T5 | TimerName::T6 | TimerName::T7, Some(round)) => ctx.directory.heads_of(&round.lead),
        _ => ctx.directory.callback_head(),
    };
    let heads = told(heads, case, ctx);
    if heads.is_empty() { doers(case, clock, ctx) } else { heads }
}

/// 分管领导 of who has to act.
pub(super) fn line_leader(case: &Case, clock: TimerName, ctx: &Context<'_>) -> Vec<PersonId> {
    told(ctx.directory.line_leader(&measured(case, clock, ctx)), case, ctx)
}

/// Who may approve a result: the heads of the department (and who stands in for an absent one) who neither handled it
/// nor are involved; where nobody is left, the 分管领导.
pub(super) fn approvers(
    case: &Case,
    round: &Round,
    reply: Option<&Reply>,
    ctx: &Context<'_>,
) -> Vec<PersonId> {
    let own = |person: &PersonId| {
        round.handler.as_ref() == Some(person) || reply.is_some_and(|reply| reply.by.person_id == *person)
    };
    let heads = told(ctx.directory.heads_of(&round.lead), case, ctx);
    let heads: Vec<PersonId> = heads.into_iter().filter(|head| !own(head)).collect();
    if !heads.is_empty() {
        return heads;
    }
    let leader = told(ctx.directory.line_leader(&round.lead), case, ctx);
    leader.into_iter().filter(|leader| !own(leader)).collect()
}
