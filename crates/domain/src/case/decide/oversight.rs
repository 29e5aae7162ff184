//! 催办 and 督办: step by step by the system, or by hand; who saw it; what a 分管领导 answers. And what must be known at
//! once because of a risk.

use crate::directory::{Department, Role};
use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::report::ReportFacts;
use crate::time::{Span, Timestamp};

use super::super::body::EventBody;
use super::super::command::Context;
use super::super::oversight::{Urge, UrgeKind};
use super::super::refusal::Refusal;
use super::super::round::Round;
use super::super::state::{Case, CaseState};
use super::super::timer::TimerName;
use super::people;

/// A step of supervision came due. A warning that is noticed after its limit says the limit alone.
pub(super) fn step(case: &Case, name: TimerName, level: u8, ctx: &Context<'_>) -> Vec<EventBody> {
    let Some(clock) = case.clock(name) else { return Vec::new() };
    let level = if level == 1 && ctx.now >= clock.due_at { 2 } else { level };
    let due_at = match level {
        1 => clock.warn_at,
        2 => clock.due_at,
        3 => clock.head_at,
        _ => clock.leader_at,
    };
    let Some(kind) = UrgeKind::of_step(level) else { return Vec::new() };
    vec![urged(case, kind, name, ctx.now.since(due_at), ctx)]
}

fn urged(case: &Case, kind: UrgeKind, clock: TimerName, late: Span, ctx: &Context<'_>) -> EventBody {
    let leaders = if kind == UrgeKind::Leader { people::line_leader(case, clock, ctx) } else { Vec::new() };
    let to = match kind {
        UrgeKind::Warning | UrgeKind::Urge => people::doers(case, clock, ctx),
        UrgeKind::Head | UrgeKind::Supervision => people::heads(case, clock, ctx),
        // Without a 分管领导 the customer-service department has to know.
        UrgeKind::Leader if leaders.is_empty() => {
            people::told(ctx.directory.csd_of(&case.unit_id), case, ctx)
        }
        UrgeKind::Leader => people::heads(case, clock, ctx),
    };
    EventBody::Urged { urge: kind, clock: Some(clock), to, leaders, note: None, late }
}

/// 催办 by hand: whoever has to act next.
pub(super) fn urge(case: &Case, note: Option<Commitment>, ctx: &Context<'_>) -> Vec<EventBody> {
    let to = people::doers(case, pending(case), ctx);
    vec![EventBody::Urged { urge: UrgeKind::Urge, clock: None, to, leaders: Vec::new(), note, late: Span(0) }]
}

/// 督办单: who has to act, their heads, and the 分管领导.
pub(super) fn supervise(case: &Case, note: Commitment, ctx: &Context<'_>) -> Vec<EventBody> {
    let clock = pending(case);
    let mut to = people::doers(case, clock, ctx);
    for head in people::heads(case, clock, ctx) {
        if !to.contains(&head) {
            to.push(head);
        }
    }
    let leaders = people::line_leader(case, clock, ctx);
    let note = Some(note);
    vec![EventBody::Urged { urge: UrgeKind::Supervision, clock: None, to, leaders, note, late: Span(0) }]
}

/// What is waited for in a state, whether or not its clock still runs.
const fn pending(case: &Case) -> TimerName {
    match case.state {
        CaseState::Dispatched => TimerName::T5,
        CaseState::Handling | CaseState::Rework => TimerName::T7,
        CaseState::Replied | CaseState::Recalling => TimerName::T9,
        _ => TimerName::T4,
    }
}

/// The guard of 催办 by hand: not again at once.
pub(super) fn not_too_soon(case: &Case, ctx: &Context<'_>) -> Result<(), Refusal> {
    let round = case.round().map_or((0, 0), Round::numbers);
    let by_hand = |urge: &&Urge| {
        urge.kind == UrgeKind::Urge && urge.clock.is_none() && (urge.round, urge.rework) == round
    };
    let earliest = case
        .urges
        .iter()
        .rev()
        .find(by_hand)
        .map_or(Timestamp(i64::MIN), |last| last.at.plus(case.limits.handling.urge_gap));
    if ctx.now < earliest { Err(Refusal::TooSoon { earliest }) } else { Ok(()) }
}

/// A device of `person` shows the case: every urging that asked them and that they had not seen.
pub(super) fn seen(case: &Case, person: &PersonId) -> Vec<EventBody> {
    let unseen = |urge: &&Urge| {
        (urge.to.contains(person) || urge.leaders.contains(person))
            && !urge.seen.iter().any(|seen| seen.person_id == *person)
    };
    let told = |urge: &Urge| EventBody::UrgeSeen { number: urge.number, person_id: person.clone() };
    case.urges.iter().filter(unseen).map(told).collect()
}

/// The guard of an acknowledgement.
pub(super) fn unacknowledged(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    let known = case.escalation(person).ok_or(Refusal::NotAllowed)?;
    if known.acknowledged_at.is_some() { Err(Refusal::AlreadyAcknowledged) } else { Ok(()) }
}

/// The guard of 点评: only what was brought before somebody.
pub(super) fn escalated(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    case.escalation(person).map(|_| ()).ok_or(Refusal::NotAllowed)
}

/// Where new facts name a risk that must be known at once: the complaint group, its head, the customer-service
/// departments of the unit, and the 分管领导 of the department that the report came from (all 系统默认).
pub(super) fn risk(
    case: Option<&Case>,
    department: &Department,
    facts: &ReportFacts,
    ctx: &Context<'_>,
) -> Option<EventBody> {
    let told: &[_] = case.map_or(&[], |case| &case.risks_told);
    let mut tags: Vec<_> =
        facts.risk_tags.iter().copied().filter(|tag| tag.is_urgent() && !told.contains(tag)).collect();
    tags.sort_unstable();
    tags.dedup();
    if tags.is_empty() {
        return None;
    }
    let directory = ctx.directory;
    let mut to: Vec<PersonId> = Vec::new();
    let people = directory.with_role(Role::Cmp).into_iter().chain(directory.callback_head());
    for person in people.chain(directory.csd_of(&department.unit_id)) {
        if !to.contains(&person.person_id) {
            to.push(person.person_id.clone());
        }
    }
    let leaders: Vec<PersonId> =
        directory.line_leader(department).into_iter().map(|leader| leader.person_id.clone()).collect();
    Some(EventBody::RiskFlagged { tags, to, leaders })
}
