//! What a command leads to. The table first, then what only the case itself knows, then the events.

mod callback;
mod complaint;
mod dispatch;
mod flow;
mod guard;
mod handling;
mod ladder;
mod oversight;
mod people;
mod recall;
mod timing;
mod verbal;

use crate::directory::Department;
use crate::ids::PersonId;
use crate::process::{self, Action};
use crate::report::{FieldFault, FieldFaultKind, FieldName, ReportFacts};
use crate::time::Span;

use super::body::EventBody;
use super::command::{Command, Context, ReportSheet, Submission};
use super::event::{Actor, Opening};
use super::refusal::Refusal;
use super::state::Case;

pub(super) use guard::guard;

/// A desk converts 发现时间 and the start of the timer to the centre's clock one after the other; a difference up to this
/// is no edit.
const CLOCK_NOISE: Span = Span::seconds(1);

/// The events that a command leads to. None at all: it was carried out before, or no longer applies (a timer that is
/// not armed any more, a second delivery).
///
/// # Errors
/// The named refusal; nothing has changed then.
pub fn decide(case: Option<&Case>, command: &Command, ctx: &Context<'_>) -> Result<Vec<EventBody>, Refusal> {
    let Some(action) = command.action() else {
        return machine(case.ok_or(Refusal::UnknownCase)?, command, ctx);
    };
    let Actor::Person { person_id } = ctx.actor else { return Err(Refusal::NotAllowed) };
    let mut bodies = match (case, command.submission()) {
        (None, None) => return Err(Refusal::UnknownCase),
        (None, Some(submission)) => {
            let relations = process::relations_before(&submission.reporter, person_id, ctx.directory);
            process::consult(None, &relations, action)?;
            check_submission(None, action, submission, person_id, ctx)?;
            begin(None, command, submission, ctx)?
        }
        (Some(case), submission) => {
            if let Some(submission) = submission {
                check_submission(Some(case), action, submission, person_id, ctx)?;
            }
            let relations = process::relations(case, person_id, ctx.directory);
            process::consult(Some(case.state), &relations, action)?;
            guard(case, action, person_id, ctx)?;
            match submission {
                Some(submission) => begin(Some(case), command, submission, ctx)?,
                None => act(case, command, person_id, ctx)?,
            }
        }
    };
    bodies.extend(risk(case, command, ctx));
    Ok(bodies)
}

/// What must be known at once because of the words that a command brings.
fn risk(case: Option<&Case>, command: &Command, ctx: &Context<'_>) -> Option<EventBody> {
    let facts = &command.sheet()?.facts;
    let department = match (case, command.submission()) {
        (Some(case), _) => Department { unit_id: case.unit_id.clone(), line: case.line },
        (None, Some(words)) => {
            let reporter = ctx.directory.person(&words.reporter)?;
            Department { unit_id: reporter.unit_id.clone(), line: words.line }
        }
        (None, None) => return None,
    };
    oversight::risk(case, &department, facts, ctx)
}

/// Commands that carry first words, for a new case or one whose timer runs.
fn begin(
    case: Option<&Case>,
    command: &Command,
    submission: &Submission,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    match command {
        Command::StartTiming(_) => timing::start(submission, ctx),
        Command::NotifyLeader(_) => ladder::notify(case, submission, ctx),
        Command::ReportVerbally { leader, told_at, .. } => {
            verbal::report(case, submission, leader, *told_at, ctx)
        }
        Command::ResolveOnSpot(_) => timing::resolve_on_spot(case, submission, ctx),
        Command::RegisterAsAgent { called_at, .. } => flow::register(submission, *called_at, ctx),
        _ => flow::start(case, submission, ctx),
    }
}

/// Commands of a person to an existing case, up to its first callback.
fn act(
    case: &Case,
    command: &Command,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    match command {
        Command::Discard => Ok(vec![EventBody::Discarded]),
        Command::Supplement { sheet } => flow::supplement(sheet),
        Command::TakeOver => ladder::take_over(case, person),
        Command::ResolveAsLeader { note } => ladder::resolve(case, person, *note),
        Command::Escalate => ladder::escalate(case, person, ctx),
        Command::StartFlowAsLeader => Ok(vec![flow::by_leader(case, person, ctx)]),
        Command::Countersign { told_at } => verbal::countersign(case, person, *told_at, ctx),
        Command::RefuseCountersign { note } => verbal::refuse(case, person, *note, ctx),
        Command::NoteComplaint { at } => complaint::note(*at, ctx),
        Command::NameInvolved { people } => flow::name_involved(people, ctx),
        Command::Withdraw { note } => Ok(vec![EventBody::Withdrawn { note: *note }]),
        Command::Void { reason, merged_into } => flow::void(case, *reason, *merged_into),
        Command::ClaimCallback => Ok(callback::claim(case, person)),
        Command::ReleaseCallback => Ok(vec![EventBody::CallbackReleased { person_id: person.clone() }]),
        Command::LogDial => Ok(vec![EventBody::Dialled { person_id: person.clone() }]),
        Command::RecordCallback { result, appointment_at, note } => {
            callback::record(case, person, *result, *appointment_at, *note, ctx)
        }
        Command::SendToDispatch { note } => Ok(dispatch::send(case, person, *note, ctx)),
        Command::RevealField { field, reason } => {
            Ok(vec![EventBody::FieldRevealed { person_id: person.clone(), field: *field, reason: *reason }])
        }
        _ => act_on_dispatched(case, command, person, ctx),
    }
}

/// The same from 待转办 on: dispatch, handling, second callback.
fn act_on_dispatched(
    case: &Case,
    command: &Command,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let person_id = person.clone();
    match command {
        Command::Dispatch { lead, assisting, note } => {
            let decision = dispatch::Decision { lead, assisting, binding: false, note: *note };
            dispatch::dispatch(case, person, &decision, ctx)
        }
        Command::Rule { lead, assisting, reason } => {
            let decision = dispatch::Decision { lead, assisting, binding: true, note: Some(*reason) };
            dispatch::dispatch(case, person, &decision, ctx)
        }
        Command::Sign => Ok(dispatch::sign(case, person, ctx)),
        Command::Return { reason, note } => Ok(dispatch::give_back(case, person, *reason, *note, ctx)),
        Command::AssignHandler { handler } => handling::assign(case, person, handler, ctx),
        Command::LogContact { reached, note } => {
            Ok(vec![EventBody::ContactLogged { person_id, reached: *reached, note: *note }])
        }
        Command::AskAssistance { department, note } => dispatch::ask(case, person, department, *note, ctx),
        Command::Assist { note } => handling::assist(case, person, *note, ctx),
        Command::WriteResult { result, note } => handling::write(case, person, *result, *note, ctx),
        Command::ApproveResult => Ok(handling::approve(case, person, ctx)),
        Command::RejectResult { note } => Ok(vec![EventBody::ResultRejected { person_id, note: *note }]),
        Command::ClaimRecall => Ok(recall::claim(case, person)),
        Command::ReleaseRecall => Ok(vec![EventBody::RecallReleased { person_id }]),
        Command::LogRecallDial => Ok(vec![EventBody::RecallDialled { person_id }]),
        Command::RecordRecall { result, appointment_at, note } => {
            recall::record(case, person, *result, *appointment_at, *note, ctx)
        }
        Command::OrderRework { note } => Ok(handling::rework(case, person, Some(*note), ctx)),
        Command::ArchiveUnresolved { reason } => {
            Ok(vec![EventBody::ArchivedUnresolved { person_id, reason: *reason }])
        }
        _ => oversee(case, command, person, ctx),
    }
}

/// The same for supervision and complaints.
fn oversee(
    case: &Case,
    command: &Command,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    let person_id = person.clone();
    match command {
        Command::Urge { note } => Ok(oversight::urge(case, *note, ctx)),
        Command::Supervise { note } => Ok(oversight::supervise(case, *note, ctx)),
        Command::AcknowledgeEscalation => Ok(vec![EventBody::EscalationAcknowledged { person_id }]),
        Command::Comment { note } => Ok(vec![EventBody::Commented { person_id, note: *note }]),
        Command::Convert { complex, complaint_no, note } => {
            complaint::convert(case, person, *complex, complaint_no.as_ref(), *note, ctx)
        }
        Command::ExtendTerm { reason } => complaint::extend(case, person, *reason),
        Command::Reopen { complaint_no, note } => complaint::reopen(case, person, complaint_no, *note, ctx),
        _ => Err(Refusal::NotAllowed),
    }
}

/// What machines tell: deliveries of a person's own devices, and timers by the system alone.
fn machine(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Vec<EventBody>, Refusal> {
    match command {
        Command::NoteDelivery { person_id, level } if may_note(ctx, person_id) => {
            Ok(ladder::delivered(case, person_id, *level))
        }
        Command::NoteShown { person_id, level } if may_note(ctx, person_id) => {
            Ok(ladder::shown(case, person_id, *level))
        }
        Command::NoteAcknowledged { person_id, level } if may_note(ctx, person_id) => {
            Ok(ladder::acknowledged(case, person_id, *level))
        }
        Command::NoteChainBreak { sequence } if *ctx.actor == Actor::System => {
            Ok(vec![EventBody::DeviceChainBroken { sequence: *sequence }])
        }
        Command::NoteSimilar { cases } if *ctx.actor == Actor::System => Ok(flow::similar(case, cases)),
        Command::NoteUrgeSeen { person_id } if may_note(ctx, person_id) => {
            Ok(oversight::seen(case, person_id))
        }
        Command::Absorb { merged } if *ctx.actor == Actor::System => flow::absorb(case, merged),
        Command::FireTimer { name, level } if *ctx.actor == Actor::System => {
            Ok(timing::fire(case, *name, *level, ctx))
        }
        _ => Err(Refusal::NotAllowed),
    }
}

fn may_note(ctx: &Context<'_>, person: &PersonId) -> bool {
    match ctx.actor {
        Actor::System => true,
        Actor::Person { person_id } => person_id == person,
    }
}

/// Whose words these are, and whether their times fit.
fn check_submission(
    case: Option<&Case>,
    action: Action,
    submission: &Submission,
    person: &PersonId,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    // Whose words an agent may bring, the registration itself says.
    let own = *person == submission.reporter && ctx.directory.person(person).is_some();
    if !own && action != Action::RegisterAsAgent {
        return Err(Refusal::NotAllowed);
    }
    // A timer that has just been started says nothing about an edit; a report says both moments by one clock.
    let edited = action != Action::StartTiming;
    let latest = submission.timing_started_at.map(|started| started.plus(CLOCK_NOISE));
    if edited && latest.is_some_and(|latest| submission.found_at > latest) {
        return Err(Refusal::FoundLater);
    }
    if submission.episode_of == Some(submission.case_id) {
        return Err(Refusal::EpisodeTarget);
    }
    let Some(case) = case else { return Ok(()) };
    if submission.case_id != case.case_id {
        return Err(Refusal::UnknownCase);
    }
    if submission.reporter != case.reporter {
        return Err(Refusal::NotAllowed);
    }
    Ok(())
}

/// The words of a report, as the event that precedes what they lead to.
fn reported(case: Option<&Case>, submission: &Submission, ctx: &Context<'_>) -> Result<EventBody, Refusal> {
    let (opening, due_at) = match case {
        None => {
            let opening = opening(submission, ctx)?;
            let due_at = submission.found_at.min(ctx.now).plus(opening.limits.t1);
            (Some(opening), due_at)
        }
        // Moved earlier, T1 ends earlier. A later moment (a device's clock was set since) is kept in the event and
        // moves nothing: a report must not be lost to a clock.
        Some(case) => (None, case.timing.due_at.min(submission.found_at.plus(case.limits.t1))),
    };
    Ok(EventBody::Reported { submission: submission.clone(), opening, due_at })
}

fn opening(submission: &Submission, ctx: &Context<'_>) -> Result<Opening, Refusal> {
    let reporter = ctx.directory.person(&submission.reporter).ok_or(Refusal::NotAllowed)?;
    Ok(Opening {
        unit_id: reporter.unit_id.clone(),
        unit_path: ctx.directory.unit_path(&reporter.unit_id),
        direct_leader: ctx.directory.leader_of(&submission.reporter).map(|leader| leader.person_id.clone()),
        limits: ctx.rules.case_limits(),
    })
}

/// What is known after `sheet` was added to a case.
pub(super) fn facts_after(case: Option<&Case>, sheet: &ReportSheet) -> ReportFacts {
    case.map_or_else(|| sheet.facts.clone(), |case| case.facts.merged(&sheet.facts))
}

/// What is still 待补 after `sheet` was added: what neither it nor anything before it gave.
pub(super) fn missing_after(case: Option<&Case>, sheet: &ReportSheet) -> Vec<FieldName> {
    let mut missing = facts_after(case, sheet).missing();
    let customer_fields = [FieldName::Phone, FieldName::Narrative];
    missing.extend(customer_fields.into_iter().filter(|field| {
        sheet.missing.contains(field) && case.is_none_or(|case| case.missing.contains(field))
    }));
    missing.sort_unstable();
    missing
}

fn needed(fields: &[FieldName]) -> Result<(), Refusal> {
    let fault = |field: &FieldName| FieldFault { field: *field, kind: FieldFaultKind::Missing, limit: None };
    if fields.is_empty() { Ok(()) } else { Err(Refusal::Form { faults: fields.iter().map(fault).collect() }) }
}
