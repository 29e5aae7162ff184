//! What the process table cannot know: who holds the claim, how old the timer is, whether somebody is above.
//!
//! Screens ask the same question through [`super::super::actions`], so that what is offered is what is possible.

use crate::ids::PersonId;
use crate::process::{Action, Relation, relations};

use super::super::callback::Dial;
use super::super::command::Context;
use super::super::ladder::LevelEnd;
use super::super::refusal::Refusal;
use super::super::state::{Case, CaseState, Starter};
use super::{callback, complaint, handling, ladder, oversight, recall, verbal};

/// The refusal that follows from the case itself, after the table has allowed the action.
pub(in crate::case) fn guard(
    case: &Case,
    action: Action,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    if action.decides() {
        handling::not_involved(case, person)?;
    }
    let wrong_state = || Refusal::WrongState { state: case.state };
    match action {
        Action::Discard if ctx.now.since(case.created_at) > case.limits.discard_within => {
            Err(Refusal::TooLateToDiscard)
        }
        Action::NotifyLeader | Action::ReportVerbally if told_somebody(case) => Err(wrong_state()),
        Action::NotifyLeader | Action::ReportVerbally => ladder::somebody_above(&case.reporter, ctx),
        Action::StartFlow if started_by_person(case) => Err(wrong_state()),
        Action::Supplement => supplements(case, person, ctx),
        Action::NoteComplaint | Action::NameInvolved => has_reached(case, person, ctx),
        Action::Escalate => ladder::can_escalate(case, person, ctx),
        Action::Countersign | Action::RefuseCountersign => verbal::claimed(case, person, ctx).map(|_| ()),
        Action::Withdraw if case.callback.accepted_at.is_some() => Err(Refusal::AlreadyAccepted),
        Action::ClaimCallback if case.claim_has_run_out(ctx.now) => Ok(()),
        Action::ClaimCallback => holder(case, person),
        Action::ReleaseCallback | Action::LogDial => holder(case, person),
        Action::RecordCallback => {
            holder(case, person)?;
            let waits = |dial: &Dial| dial.result.is_none() && dial.by == *person;
            case.callback.dials.last().is_some_and(waits).then_some(()).ok_or(Refusal::NoDial)
        }
        Action::SendToDispatch => callback::tried_enough(case),
        _ => guard_dispatched(case, action, person, ctx),
    }
}

/// The same from 待转办 on.
fn guard_dispatched(
    case: &Case,
    action: Action,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    match action {
        Action::Sign => {
            handling::heads(case, person, ctx)?;
            signs(case, person, ctx)
        }
        Action::Return if case.round().is_some_and(|round| round.binding) => Err(Refusal::Binding),
        Action::Return | Action::AssignHandler => handling::heads(case, person, ctx),
        Action::LogContact => handling::handles(case, person),
        Action::AskAssistance if heads_lead(case, person, ctx) => handling::heads(case, person, ctx),
        Action::AskAssistance => handling::handles(case, person),
        Action::WriteResult => handling::may_write(case, person),
        Action::ApproveResult | Action::RejectResult => handling::may_approve(case, person, ctx),
        Action::ClaimRecall => recall::free(case, person),
        Action::ReleaseRecall | Action::LogRecallDial => recall::holds(case, person),
        Action::RecordRecall => recall::dialled(case, person),
        Action::OrderRework | Action::ArchiveUnresolved => recall::recalled(case),
        Action::Urge => oversight::not_too_soon(case, ctx),
        Action::AcknowledgeEscalation => oversight::unacknowledged(case, person),
        Action::Comment => oversight::escalated(case, person),
        Action::ExtendTerm => complaint::longer(case).map(|_| ()),
        _ => Ok(()),
    }
}

/// Somebody was told, by a notice or by word of mouth, and has not denied it.
fn told_somebody(case: &Case) -> bool {
    case.ladder.iter().any(|level| level.end != Some(LevelEnd::Refused))
}

/// What was assigned to one person, another of the department does not sign; a head may.
fn signs(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Result<(), Refusal> {
    match case.round().and_then(|round| round.handler.as_ref()) {
        Some(handler) if handler != person && !heads_lead(case, person, ctx) => {
            Err(Refusal::HandledByOther { person_id: handler.clone() })
        }
        _ => Ok(()),
    }
}

fn heads_lead(case: &Case, person: &PersonId, ctx: &Context<'_>) -> bool {
    relations(case, person, ctx.directory).contains(&Relation::DeptHead)
}

/// The complaint group has to do only with what has reached it.
fn has_reached(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Result<(), Refusal> {
    let takes_part = |relation: &Relation| match relation {
        Relation::ComplaintGroup => case.flow.is_some(),
        Relation::Reporter | Relation::Leader | Relation::CustomerServiceDept | Relation::DeptHead => true,
        _ => false,
    };
    if relations(case, person, ctx.directory).iter().any(takes_part) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed)
    }
}

/// A flow that the clerk (or an agent for the clerk) started is there once. One that a leader or the system started
/// while the clerk's own words were under way takes them in.
fn started_by_person(case: &Case) -> bool {
    case.flow.as_ref().is_some_and(|flow| matches!(flow.starter, Starter::Reporter | Starter::Agent))
}

/// An agent adds only to what they entered, the complaint group only to what has reached it.
fn supplements(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Result<(), Refusal> {
    let adds = |relation: &Relation| match relation {
        Relation::Reporter => true,
        Relation::ComplaintGroup => case.flow.is_some(),
        Relation::Agent => case.submitter.as_ref() == Some(person),
        _ => false,
    };
    if relations(case, person, ctx.directory).iter().any(adds) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

fn holder(case: &Case, person: &PersonId) -> Result<(), Refusal> {
    match &case.callback.claimed_by {
        Some(other) if case.state == CaseState::Calling && other != person => {
            Err(Refusal::ClaimedByOther { person_id: other.clone() })
        }
        _ => Ok(()),
    }
}
