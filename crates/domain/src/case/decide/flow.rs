//! 流程 jsk.22: who starts it, what it needs, what is added to it, how it is voided.

use crate::evidence::ReportTime;
use crate::ids::{CaseId, PersonId};
use crate::report::{Channel, FieldName, ReportFacts};
use crate::rules::LimitName;
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::command::{Context, ReportSheet, Submission, VoidReason};
use super::super::event::Actor;
use super::super::merge::MergedCase;
use super::super::refusal::Refusal;
use super::super::state::{Case, Starter};
use super::{missing_after, needed, reported, verbal};

/// 启动流程 by the clerk: all six inputs, from this form or from what was given before.
///
/// Where a leader or the system was faster, the words join the flow that runs.
pub(super) fn start(
    case: Option<&Case>,
    submission: &Submission,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let missing = missing_after(case, &submission.sheet);
    needed(&missing)?;
    let mut bodies = vec![reported(case, submission, ctx)?];
    if case.is_some_and(|case| case.flow.is_some()) {
        return Ok(bodies);
    }
    let started_by = acting(ctx);
    let own = started_by.as_ref() == Some(&submission.reporter);
    bodies.push(EventBody::FlowStarted {
        starter: if own { Starter::Reporter } else { Starter::Agent },
        started_by,
        channel: submission.channel,
        report_time: submission.report_time,
        missing,
    });
    Ok(bodies)
}

/// 代登记 by an agent on the telephone: the same, and the report counts from the beginning of the call.
pub(super) fn register(
    submission: &Submission,
    called_at: Timestamp,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    if ctx.directory.person(&submission.reporter).is_none() {
        return Err(Refusal::UnknownPerson);
    }
    if acting(ctx).as_ref() == Some(&submission.reporter) {
        return Err(Refusal::OwnReport);
    }
    verbal::not_ahead(called_at, ctx)?;
    let earliest = ctx.now.minus(ctx.rules.span(LimitName::CallWithin));
    if called_at < earliest {
        return Err(Refusal::CallTooOld { earliest });
    }
    if submission.found_at > called_at {
        return Err(Refusal::FoundAfterCall);
    }
    start(None, submission, ctx)
}

/// 代启动流程: one act at any time, so what the clerk has not given yet stays 待补.
pub(super) fn by_leader(case: &Case, leader: &PersonId, ctx: &Context<'_>) -> EventBody {
    EventBody::FlowStarted {
        starter: Starter::Leader,
        started_by: Some(leader.clone()),
        channel: case.channel,
        report_time: ReportTime::online(ctx.now),
        missing: case.missing.clone(),
    }
}

/// Above the top of the chain: the system starts it, in the channel of the first notice.
pub(super) fn by_system(channel: Channel, missing: Vec<FieldName>, ctx: &Context<'_>) -> EventBody {
    EventBody::FlowStarted {
        starter: Starter::System,
        started_by: None,
        channel,
        report_time: ReportTime::online(ctx.now),
        missing,
    }
}

/// 补充 changes no time.
pub(super) fn supplement(sheet: &ReportSheet) -> Result<Vec<EventBody>, Refusal> {
    if sheet.given.is_empty() && sheet.facts == ReportFacts::default() {
        needed(&[FieldName::Narrative])?;
    }
    Ok(vec![EventBody::Supplemented { sheet: sheet.clone() }])
}

/// 作废, or 并案 into another case.
pub(super) fn void(
    case: &Case,
    reason: VoidReason,
    merged_into: Option<CaseId>,
) -> Result<Vec<EventBody>, Refusal> {
    let fits = match merged_into {
        Some(target) => reason == VoidReason::Duplicate && target != case.case_id,
        None => reason != VoidReason::Duplicate,
    };
    if fits { Ok(vec![EventBody::Voided { reason, merged_into }]) } else { Err(Refusal::MergeTarget) }
}

/// 并案: what another case gives. Only a case that lives takes it in.
pub(super) fn absorb(case: &Case, merged: &MergedCase) -> Result<Vec<EventBody>, Refusal> {
    if !case.survives() || merged.case_id == case.case_id {
        return Err(Refusal::MergeTarget);
    }
    if case.merged.iter().any(|known| known.case_id == merged.case_id) {
        return Ok(Vec::new());
    }
    Ok(vec![EventBody::Absorbed { merged: merged.clone() }])
}

/// 重复不满: what was not known yet.
pub(super) fn similar(case: &Case, cases: &[CaseId]) -> Vec<EventBody> {
    let new = |other: &&CaseId| **other != case.case_id && !case.similar.contains(other);
    let cases: Vec<CaseId> = cases.iter().filter(new).copied().collect();
    if cases.is_empty() { Vec::new() } else { vec![EventBody::SimilarFound { cases }] }
}

/// 涉事人员: known people, at least one.
pub(super) fn name_involved(people: &[PersonId], ctx: &Context<'_>) -> Result<Vec<EventBody>, Refusal> {
    let known = |person: &PersonId| ctx.directory.person(person).is_some();
    if people.is_empty() || !people.iter().all(known) {
        return Err(Refusal::UnknownPerson);
    }
    Ok(vec![EventBody::InvolvedNamed { people: people.to_vec() }])
}

fn acting(ctx: &Context<'_>) -> Option<PersonId> {
    match ctx.actor {
        Actor::Person { person_id } => Some(person_id.clone()),
        Actor::System => None,
    }
}
