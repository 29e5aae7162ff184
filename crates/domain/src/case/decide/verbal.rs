//! 口头报告: the clerk's claim, and what the leader says of it.

use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::report::FieldName;
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::command::{Context, Submission};
use super::super::ladder::{Level, LevelEnd, VerbalClaim};
use super::super::refusal::Refusal;
use super::super::state::{Case, CaseState};
use super::{CLOCK_NOISE, facts_after, ladder, needed, reported};

/// The clerk records it. T1 is answered; the level waits for the leader's word.
pub(super) fn report(
    case: Option<&Case>,
    submission: &Submission,
    leader: &PersonId,
    told_at: Timestamp,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    if facts_after(case, &submission.sheet).trigger.is_none() {
        needed(&[FieldName::Trigger])?;
    }
    ladder::somebody_above(&submission.reporter, ctx)?;
    not_ahead(told_at, ctx)?;
    let chain = ctx.directory.leader_chain(&submission.reporter);
    let place = chain.iter().position(|above| above.person_id == *leader);
    let level = place.and_then(|place| u8::try_from(place.saturating_add(1)).ok());
    let level = level.ok_or_else(|| Refusal::NotALeader { person_id: leader.clone() })?;
    let absent = ctx.directory.is_absent(leader, ctx.now);
    let deputy = absent.then(|| ladder::deputy_on_duty(leader, &submission.reporter, ctx)).flatten();
    let claim = EventBody::VerballyReported {
        level,
        leader: leader.clone(),
        deputy: deputy.map(|deputy| deputy.person_id.clone()),
        told_at,
        report_time: submission.report_time,
    };
    Ok(vec![reported(case, submission, ctx)?, claim])
}

/// 会签. The leader's time holds: T2 runs from it.
pub(super) fn countersign(
    case: &Case,
    person: &PersonId,
    told_at: Timestamp,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    not_ahead(told_at, ctx)?;
    let level = claimed(case, person, ctx)?.level;
    Ok(vec![EventBody::Countersigned { level, person_id: person.clone(), confirmed_for: told_at }])
}

/// "I was never told." Where nothing else has answered T1, it is overdue at once and the clerk has to act.
pub(super) fn refuse(
    case: &Case,
    person: &PersonId,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let claimed = claimed(case, person, ctx)?;
    let other = |level: &Level| level.level != claimed.level && level.end != Some(LevelEnd::Refused);
    let overdue = case.state == CaseState::LeaderNotified
        && case.flow.is_none()
        && claimed.is_open()
        && !case.ladder.iter().any(other);
    let person_id = person.clone();
    Ok(vec![EventBody::CountersignRefused { level: claimed.level, person_id, overdue, note }])
}

/// The level with a claim that waits for this person's word: the named leader's, or the deputy's who is on duty now.
pub(super) fn claimed<'a>(
    case: &'a Case,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<&'a Level, Refusal> {
    let answers = |level: &&Level| {
        let on_duty = || ladder::deputy_on_duty(&level.leader, &case.reporter, ctx);
        level.verbal.as_ref().is_some_and(VerbalClaim::is_open)
            && (level.leader == *person || on_duty().is_some_and(|deputy| deputy.person_id == *person))
    };
    case.ladder.iter().rev().find(answers).ok_or(Refusal::NothingToCountersign)
}

/// What has happened cannot lie ahead; clocks that differ by a moment are forgiven.
pub(super) fn not_ahead(at: Timestamp, ctx: &Context<'_>) -> Result<(), Refusal> {
    if at > ctx.now.plus(CLOCK_NOISE) { Err(Refusal::TimeAhead) } else { Ok(()) }
}
