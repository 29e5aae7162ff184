//! One step of a case in one go, and reading a stored chain back.

use crate::evidence::{Hash, chain_hash};
use crate::ids::{CaseId, EventId, PersonId};
use crate::time::Timestamp;

use super::alert::AlertChange;
use super::alerting::alerts;
use super::apply::{ApplyFault, apply, state_after};
use super::body::EventBody;
use super::command::{Command, Context};
use super::decide::decide;
use super::event::{Actor, CaseEvent};
use super::ladder::LevelEnd;
use super::refusal::Refusal;
use super::state::{Case, Starter};
use super::timer::{Timer, timers};

/// An event as it is stored: its bytes are what the hash is over, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEvent {
    /// The event.
    pub event: CaseEvent,
    /// Its JSON, as stored.
    pub bytes: Vec<u8>,
    /// SHA-256 of the hash before it followed by the bytes.
    pub hash: Hash,
}

/// What a command has led to. All of it is to be stored together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The case afterwards.
    pub case: Case,
    /// The new events in order; none when the command changed nothing.
    pub events: Vec<SealedEvent>,
    /// Every timer that is armed now; what is not listed is disarmed.
    pub timers: Vec<Timer>,
    /// Whom to tell what, in order.
    pub alerts: Vec<AlertChange>,
}

/// Decides a command and carries it out: envelopes, chain, case, timers, alerts.
///
/// # Errors
/// The named refusal; nothing has changed then.
pub fn advance(
    case: Option<Case>,
    command: &Command,
    ctx: &Context<'_>,
    device_time: Option<Timestamp>,
    new_id: &mut dyn FnMut() -> EventId,
) -> Result<Step, Refusal> {
    let bodies = decide(case.as_ref(), command, ctx)?;
    let case_id = case
        .as_ref()
        .map(|case| case.case_id)
        .or_else(|| command.submission().map(|submission| submission.case_id))
        .ok_or(Refusal::UnknownCase)?;
    let acting_for = acting_for(case.as_ref(), command, ctx);
    let before = case.clone();
    let mut now = case;
    let mut events = Vec::with_capacity(bodies.len());
    for body in &bodies {
        let mut event = envelope(now.as_ref(), case_id, body, ctx).ok_or(Refusal::UnknownCase)?;
        event.event_id = new_id();
        event.device_time = device_time;
        if event.actor != Actor::System {
            event.acting_for.clone_from(&acting_for);
        }
        let sealed = seal(event);
        // What was just decided from a case fits it; were it ever otherwise, nothing may be stored.
        now = Some(apply(now, &sealed.event, sealed.hash).map_err(|_| Refusal::UnknownCase)?);
        events.push(sealed);
    }
    let case = now.ok_or(Refusal::UnknownCase)?;
    let timers = timers(&case);
    let alerts = alerts(before.as_ref(), &case, &bodies, ctx);
    Ok(Step { case, events, timers, alerts })
}

fn envelope(case: Option<&Case>, case_id: CaseId, body: &EventBody, ctx: &Context<'_>) -> Option<CaseEvent> {
    Some(CaseEvent {
        event_id: EventId(uuid::Uuid::nil()),
        case_id,
        sequence: case.map_or(0, |case| case.version).saturating_add(1),
        from: case.map(|case| case.state),
        to: state_after(case, body).ok()?,
        actor: if by_system(body) { Actor::System } else { ctx.actor.clone() },
        acting_for: None,
        device_id: ctx.device,
        device_time: None,
        at: ctx.now,
        rule_version: case.map_or_else(|| ctx.rules.version.clone(), |case| case.rule_version.clone()),
        prev_hash: case.map_or(Hash::ZERO, |case| case.hash),
        body: body.clone(),
    })
}

/// 系统自动: what the system does by itself is marked so, also where a person's act brought it about.
fn by_system(body: &EventBody) -> bool {
    matches!(
        body,
        EventBody::LevelSkipped { .. }
            | EventBody::FlowStarted { starter: Starter::System, .. }
            | EventBody::LevelEnded {
                end: LevelEnd::RanOut | LevelEnd::Undelivered | LevelEnd::Unconfirmed,
                ..
            }
            | EventBody::ClockStarted { .. }
            | EventBody::RetryPlanned { .. }
            | EventBody::RiskFlagged { .. }
            | EventBody::SimilarFound { .. }
    )
}

/// For whom a person acts: an agent and a leader for the reporter, a deputy for the leader or for the head.
fn acting_for(case: Option<&Case>, command: &Command, ctx: &Context<'_>) -> Option<PersonId> {
    let Actor::Person { person_id } = ctx.actor else { return None };
    let told = |case: &Case| {
        let told = case.ladder.iter().rev().find(|level| level.alerted.contains(person_id));
        told.map(|level| level.leader.clone())
    };
    let principal = match (command, case) {
        (_, None) => command.submission().map(|submission| submission.reporter.clone()),
        (Command::StartFlow(_) | Command::Supplement { .. } | Command::StartFlowAsLeader, Some(case)) => {
            Some(case.reporter.clone())
        }
        (Command::TakeOver | Command::ResolveAsLeader { .. } | Command::Escalate, Some(case)) => told(case),
        (Command::Countersign { .. } | Command::RefuseCountersign { .. }, Some(case)) => {
            let claims = case.ladder.iter().rev().filter(|level| level.verbal.is_some());
            claims.map(|level| level.leader.clone()).next()
        }
        (Command::Sign | Command::Return { .. }, Some(case)) if handles(case, person_id, ctx) => None,
        (
            Command::Sign
            | Command::Return { .. }
            | Command::AssignHandler { .. }
            | Command::ApproveResult
            | Command::RejectResult { .. },
            Some(case),
        ) => head_of_deputy(case, person_id, ctx),
        _ => None,
    };
    principal.filter(|principal| principal != person_id)
}

/// Whether a person signs in their own name, whoever else they may stand in for.
fn handles(case: &Case, person: &PersonId, ctx: &Context<'_>) -> bool {
    let handlers = case.round().map(|round| ctx.directory.handlers_of(&round.lead)).unwrap_or_default();
    handlers.iter().any(|handler| handler.person_id == *person)
}

/// The head for whom a deputy acts.
fn head_of_deputy(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Option<PersonId> {
    let lead = &case.round()?.lead;
    let heads = ctx.directory.heads_of(lead);
    let own = heads.iter().any(|head| head.person_id == *person);
    let principal = heads.into_iter().find(|head| ctx.directory.stands_in(person, &head.person_id));
    principal.filter(|_| !own).map(|head| head.person_id.clone())
}

fn seal(event: CaseEvent) -> SealedEvent {
    // A CaseEvent holds nothing that JSON cannot say; were it ever otherwise, the chain would show it at once.
    let bytes = serde_json::to_vec(&event).unwrap_or_default();
    let hash = chain_hash(&event.prev_hash, &bytes);
    SealedEvent { event, bytes, hash }
}

/// The first event of a stored chain that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("event {sequence}: {kind}")]
pub struct ChainFault {
    /// Its position from 1; 0 for a chain without events.
    pub sequence: u32,
    /// What is wrong with it.
    pub kind: ChainFaultKind,
}

/// What is wrong with a stored event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainFaultKind {
    /// There is no event at all.
    #[error("empty chain")]
    Empty,
    /// Its bytes do not give its hash.
    #[error("hash does not fit")]
    Hash,
    /// Its bytes are no event.
    #[error("unreadable")]
    Unreadable,
    /// It does not fit what came before it.
    #[error("does not fit: {0}")]
    Fit(ApplyFault),
}

/// Reads a case back from its stored events, verifying every hash over the stored bytes.
///
/// # Errors
/// The first event that is wrong, by its position.
pub fn replay<B: AsRef<[u8]>>(events: impl Iterator<Item = (B, Hash)>) -> Result<Case, ChainFault> {
    let mut case: Option<Case> = None;
    for (sequence, (bytes, hash)) in (1_u32..).zip(events) {
        let fault = |kind| ChainFault { sequence, kind };
        let prev = case.as_ref().map_or(Hash::ZERO, |case| case.hash);
        if chain_hash(&prev, bytes.as_ref()) != hash {
            return Err(fault(ChainFaultKind::Hash));
        }
        let event: CaseEvent =
            serde_json::from_slice(bytes.as_ref()).map_err(|_| fault(ChainFaultKind::Unreadable))?;
        case = Some(apply(case, &event, hash).map_err(|reason| fault(ChainFaultKind::Fit(reason)))?);
    }
    case.ok_or(ChainFault { sequence: 0, kind: ChainFaultKind::Empty })
}
