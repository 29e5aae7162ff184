//! 逐级报告: whom a notice goes to, when it climbs, what leaders and deputies do.

use crate::directory::Person;
use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::report::FieldName;
use crate::time::Span;

use super::super::body::EventBody;
use super::super::command::{Context, Submission};
use super::super::ladder::{Level, LevelEnd, VerbalClaim};
use super::super::refusal::Refusal;
use super::super::state::Case;
use super::{facts_after, flow, needed, reported};

/// The way from one level to the next that somebody can be told at.
struct Climb {
    /// Levels whose leader and deputies are all absent.
    skipped: Vec<EventBody>,
    /// The notice; `None` above the top.
    notice: Option<EventBody>,
}

/// 报直接领导. After a flow (both exits) the leader is told too, but no clock of the ladder runs.
pub(super) fn notify(
    case: Option<&Case>,
    submission: &Submission,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    if facts_after(case, &submission.sheet).trigger.is_none() {
        needed(&[FieldName::Trigger])?;
    }
    somebody_above(&submission.reporter, ctx)?;
    let mut bodies = vec![reported(case, submission, ctx)?];
    let climb = climb(1, &submission.reporter, &submission.reporter, &[], ctx);
    bodies.extend(climb.skipped);
    match climb.notice {
        Some(notice) => bodies.push(notice),
        None if case.is_some_and(|case| case.flow.is_some()) => {}
        None => {
            let missing = super::missing_after(case, &submission.sheet);
            bodies.push(flow::by_system(submission.channel, missing, ctx));
        }
    }
    Ok(bodies)
}

/// The guard of 报直接领导: without a direct leader only the flow remains.
pub(super) fn somebody_above(reporter: &PersonId, ctx: &Context<'_>) -> Result<(), Refusal> {
    if ctx.directory.leader_of(reporter).is_some() { Ok(()) } else { Err(Refusal::NoLeaderAbove) }
}

/// 确认接手. Whoever takes over has received the notice, whatever the devices said.
pub(super) fn take_over(case: &Case, person: &PersonId) -> Result<Vec<EventBody>, Refusal> {
    let level = open_level(case, person)?;
    let mut bodies: Vec<EventBody> = delivery(level, person).into_iter().collect();
    bodies.push(EventBody::LeaderTookOver { level: level.level, person_id: person.clone() });
    Ok(bodies)
}

/// 已化解 by a leader of the ladder, also of a level that was climbed over.
pub(super) fn resolve(
    case: &Case,
    person: &PersonId,
    note: Option<Commitment>,
) -> Result<Vec<EventBody>, Refusal> {
    let level =
        case.ladder.iter().rev().find(|level| level.alerted.contains(person)).ok_or(Refusal::NotAllowed)?;
    Ok(vec![EventBody::LeaderResolved { level: level.level, person_id: person.clone(), note }])
}

/// 上报 by a person.
pub(super) fn escalate(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Result<Vec<EventBody>, Refusal> {
    let level = open_level(case, person)?;
    Ok(climb_from(case, level, LevelEnd::Escalated, Span(0), ctx))
}

/// The guard of 上报: somebody above whom the case has not told yet, or whose absence the system answers by the flow.
pub(super) fn can_escalate(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Result<(), Refusal> {
    let level = open_level(case, person)?;
    let climb = climb(level.level.saturating_add(1), &level.leader, &case.reporter, &case.ladder, ctx);
    if climb.notice.is_none() && climb.skipped.is_empty() { Err(Refusal::NoLeaderAbove) } else { Ok(()) }
}

/// T2 ran out, or nothing was delivered: the system climbs.
pub(super) fn system_climb(
    case: &Case,
    level: u8,
    end: LevelEnd,
    late: Span,
    ctx: &Context<'_>,
) -> Vec<EventBody> {
    case.level(level).map_or_else(Vec::new, |level| climb_from(case, level, end, late, ctx))
}

/// Undelivered for a minute: the deputy on duty is alerted, unless that is the addressee already; the clerk is told.
pub(super) fn undelivered(case: &Case, level: u8, late: Span, ctx: &Context<'_>) -> Vec<EventBody> {
    let Some(level) = case.level(level) else { return Vec::new() };
    let deputy = deputy_on_duty(&level.leader, &case.reporter, ctx)
        .map(|deputy| deputy.person_id.clone())
        .filter(|deputy| !level.alerted.contains(deputy));
    vec![EventBody::NoticeUndelivered { level: level.level, deputy, late }]
}

/// Told by word of mouth, and nobody has confirmed it: a device that shows the question proves nothing about the report.
fn by_word(level: &Level) -> bool {
    level.verbal.as_ref().is_some_and(VerbalClaim::is_open)
}

/// A device of `person` has the notice. Only the first delivery of a level counts; one of a level that was climbed
/// over is kept as evidence and starts no clock.
pub(super) fn delivered(case: &Case, person: &PersonId, level: u8) -> Vec<EventBody> {
    let told = case.level(level).filter(|level| level.alerted.contains(person));
    told.and_then(|level| delivery(level, person)).into_iter().collect()
}

/// The notice is on a screen of `person`; it was delivered then, too.
pub(super) fn shown(case: &Case, person: &PersonId, level: u8) -> Vec<EventBody> {
    let waiting = |level: &&Level| level.alerted.contains(person) && level.shown_at.is_none();
    let Some(level) = case.level(level).filter(waiting) else { return Vec::new() };
    let mut bodies: Vec<EventBody> = delivery(level, person).into_iter().collect();
    bodies.push(EventBody::NoticeShown { level: level.level, person_id: person.clone() });
    bodies
}

/// `person` knows of the notice; it was delivered and shown then, too. The first acknowledgement of a level counts.
pub(super) fn acknowledged(case: &Case, person: &PersonId, level: u8) -> Vec<EventBody> {
    let waiting = |level: &&Level| level.alerted.contains(person) && level.acknowledged_at.is_none();
    let Some(open) = case.level(level).filter(waiting) else { return Vec::new() };
    let mut bodies = shown(case, person, level);
    bodies.push(EventBody::NoticeAcknowledged { level: open.level, person_id: person.clone() });
    bodies
}

fn delivery(level: &Level, person: &PersonId) -> Option<EventBody> {
    (level.delivered_at.is_none() && !by_word(level))
        .then(|| EventBody::NoticeDelivered { level: level.level, person_id: person.clone() })
}

fn open_level<'a>(case: &'a Case, person: &PersonId) -> Result<&'a Level, Refusal> {
    case.ladder
        .iter()
        .rev()
        .find(|level| level.is_open() && level.alerted.contains(person))
        .ok_or(Refusal::NotAllowed)
}

fn climb_from(case: &Case, level: &Level, end: LevelEnd, late: Span, ctx: &Context<'_>) -> Vec<EventBody> {
    let climb = climb(level.level.saturating_add(1), &level.leader, &case.reporter, &case.ladder, ctx);
    let mut bodies = vec![EventBody::LevelEnded { level: level.level, end, late }];
    bodies.extend(climb.skipped);
    bodies.push(climb.notice.unwrap_or_else(|| flow::by_system(case.channel, case.missing.clone(), ctx)));
    bodies
}

/// Goes up from `below` until somebody can be told: past levels where all are absent (they are named), and past
/// leaders whom the case has told already as deputies.
fn climb(first: u8, below: &PersonId, reporter: &PersonId, told: &[Level], ctx: &Context<'_>) -> Climb {
    let mut skipped = Vec::new();
    for (level, leader) in (first..=u8::MAX).zip(ctx.directory.leader_chain(below)) {
        let leader = &leader.person_id;
        let knows = |lower: &Level| lower.end != Some(LevelEnd::Refused) && lower.alerted.contains(leader);
        if told.iter().any(knows) {
            continue;
        }
        let absent = ctx.directory.is_absent(leader, ctx.now);
        let deputy = absent.then(|| deputy_on_duty(leader, reporter, ctx)).flatten();
        if absent && deputy.is_none() {
            skipped.push(EventBody::LevelSkipped { level, leader: leader.clone() });
            continue;
        }
        let deputy = deputy.map(|deputy| deputy.person_id.clone());
        let notice = EventBody::LeaderNotified { level, leader: leader.clone(), deputy };
        return Climb { skipped, notice: Some(notice) };
    }
    Climb { skipped, notice: None }
}

/// The first listed deputy who is here now; never the reporter, who cannot receive their own report.
pub(super) fn deputy_on_duty<'a>(
    leader: &PersonId,
    reporter: &PersonId,
    ctx: &Context<'a>,
) -> Option<&'a Person> {
    ctx.directory.deputies_on_duty(leader, ctx.now).find(|deputy| deputy.person_id != *reporter)
}
