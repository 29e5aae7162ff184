//! The clerk's five minutes, the spot trace, and what a timer that came due leads to.

use crate::report::FieldName;
use crate::rules::SwitchName;

use super::super::body::EventBody;
use super::super::command::{Context, Submission};
use super::super::ladder::LevelEnd;
use super::super::refusal::Refusal;
use super::super::state::Case;
use super::super::timer::{TimerName, timers};
use super::{facts_after, flow, ladder, missing_after, needed, opening, oversight, reported};

/// 开始计时. The end of T1 counts from 发现时间; a wall clock that runs ahead of the deciding one gives no extra time.
pub(super) fn start(submission: &Submission, ctx: &Context<'_>) -> Result<Vec<EventBody>, Refusal> {
    let opening = opening(submission, ctx)?;
    let due_at = submission.found_at.min(ctx.now).plus(opening.limits.t1);
    Ok(vec![EventBody::TimingStarted { submission: submission.clone(), opening, due_at }])
}

/// 已当场化解·留痕: the trigger is enough. Where a setting wants it (系统默认: not), 95518 calls the customer back all the
/// same; the trace stays what it is, for nobody was told and no flow was asked for.
pub(super) fn resolve_on_spot(
    case: Option<&Case>,
    submission: &Submission,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    if facts_after(case, &submission.sheet).trigger.is_none() {
        needed(&[FieldName::Trigger])?;
    }
    let mut bodies = vec![reported(case, submission, ctx)?, EventBody::SpotResolved];
    if ctx.rules.is_on(SwitchName::SpotCallback) {
        let missing = missing_after(case, &submission.sheet);
        bodies.push(flow::by_system(submission.channel, missing, ctx));
    }
    Ok(bodies)
}

/// A timer came due. Nothing follows when it is not armed (any more) or not due yet.
pub(super) fn fire(case: &Case, name: TimerName, level: u8, ctx: &Context<'_>) -> Vec<EventBody> {
    let Some(timer) = timers(case).into_iter().find(|timer| timer.name == name && timer.level == level)
    else {
        return Vec::new();
    };
    if ctx.now < timer.due_at {
        return Vec::new();
    }
    let late = ctx.now.since(timer.due_at);
    match name {
        // Both overdue: only the limit is shown.
        TimerName::T1Warning if ctx.now >= case.timing.due_at => {
            vec![EventBody::TimingOverdue { late: ctx.now.since(case.timing.due_at) }]
        }
        TimerName::T1Warning => vec![EventBody::TimingWarned { late }],
        TimerName::T1 => vec![EventBody::TimingOverdue { late }],
        TimerName::DeliveryDeputy => ladder::undelivered(case, level, late, ctx),
        TimerName::DeliveryClimb => ladder::system_climb(case, level, LevelEnd::Undelivered, late, ctx),
        TimerName::T2 => ladder::system_climb(case, level, LevelEnd::RanOut, late, ctx),
        TimerName::T3 | TimerName::T3Head | TimerName::T3Department => {
            vec![EventBody::CallbackOverdue { step: name, late }]
        }
        TimerName::Appointment => vec![EventBody::AppointmentDue { late }],
        TimerName::Countersign => ladder::system_climb(case, level, LevelEnd::Unconfirmed, late, ctx),
        TimerName::RecallAppointment => vec![EventBody::RecallDue { late }],
        TimerName::T4 | TimerName::T5 | TimerName::T6 | TimerName::T7 | TimerName::T9 => {
            oversight::step(case, name, level, ctx)
        }
    }
}
