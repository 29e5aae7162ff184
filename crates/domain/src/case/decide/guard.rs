//! What the process table cannot know: who holds the claim, how old the timer is, whether somebody is above.
//!
//! Screens ask the same question through [`super::super::actions`], so that what is offered is what is possible.

use crate::ids::PersonId;
use crate::process::{Action, Relation, relations};

use super::super::command::Context;
use super::super::refusal::Refusal;
use super::super::state::{Case, CaseState, Starter};
use super::ladder;

/// The refusal that follows from the case itself, after the table has allowed the action.
pub(in crate::case) fn guard(
    case: &Case,
    action: Action,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let wrong_state = || Refusal::WrongState { state: case.state };
    match action {
        Action::Discard if ctx.now.since(case.created_at) > case.limits.discard_within => {
            Err(Refusal::TooLateToDiscard)
        }
        Action::NotifyLeader if !case.ladder.is_empty() => Err(wrong_state()),
        Action::NotifyLeader => ladder::somebody_above(&case.reporter, ctx),
        Action::StartFlow if started_by_person(case) => Err(wrong_state()),
        Action::Supplement => supplements(case, person, ctx),
        Action::Escalate => ladder::can_escalate(case, person, ctx),
        Action::Withdraw if case.callback.accepted_at.is_some() => Err(Refusal::AlreadyAccepted),
        Action::ClaimCallback if case.claim_has_run_out(ctx.now) => Ok(()),
        Action::ClaimCallback => holder(case, person),
        Action::ReleaseCallback | Action::LogDial => holder(case, person),
        Action::RecordCallback => {
            holder(case, person)?;
            let waits = |dial: &super::super::state::Dial| dial.result.is_none() && dial.by == *person;
            case.callback.dials.last().is_some_and(waits).then_some(()).ok_or(Refusal::NoDial)
        }
        _ => Ok(()),
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
