//! 95518: the first callback, the dispatch, the second callback and what comes after the archive.

use chayan_api::alerts::ReceiptKind;
use chayan_api::commands::CaseAction;
use chayan_domain::case::{
    AlertKind, CallbackResult, CaseState, ComplaintTerm, RecallResult, VoidReason, proposal,
};
use chayan_domain::directory::{Department, Line};
use chayan_domain::ids::{ComplaintNo, PersonId};
use chayan_domain::time::{Span, Timestamp};

use super::scene::{Intent, Scene};

const HOUR: i64 = 60 * 60;
/// Lines whose departments cause most of it.
const HANDLING_LINES: [Line; 4] = [Line::Underwriting, Line::Claims, Line::Sales, Line::PolicyIssuing];

/// What comes next at the complaint group.
pub(super) fn next(scene: &Scene<'_>) -> Option<Intent> {
    if let Some(urged) = urged(scene) {
        return Some(urged);
    }
    match scene.case.state {
        CaseState::Submitted => submitted(scene),
        CaseState::Calling => calling(scene),
        CaseState::NotReached => not_reached(scene),
        CaseState::ToDispatch | CaseState::Returned => to_dispatch(scene),
        CaseState::Ruling => ruling(scene),
        CaseState::Replied => replied(scene),
        CaseState::Recalling => recalling(scene),
        CaseState::ArchivedNoDissatisfaction | CaseState::ArchivedResolved => archived(scene),
        CaseState::ToComplaint => extension(scene),
        _ => None,
    }
}

/// Who was urged looks at it sooner or later, and a 分管领导 answers.
fn urged(scene: &Scene<'_>) -> Option<Intent> {
    if let Some(open) = scene.case.escalations.iter().find(|open| open.acknowledged_at.is_none())
        && scene.chance.percent(30)
    {
        let action = if scene.chance.percent(25) {
            CaseAction::Comment { note: scene.words(|notes| &notes.comment) }
        } else {
            CaseAction::AcknowledgeEscalation
        };
        return scene.at_work(&open.person_id, &scene.case.unit_id, (10, 180), action);
    }
    let unseen = |person: &PersonId| {
        let own = |urge: &&chayan_domain::case::Urge| urge.to.contains(person);
        scene.case.urges.iter().filter(own).any(|urge| urge.seen.iter().all(|seen| seen.person_id != *person))
    };
    let urged =
        scene.alerts.iter().find(|alert| alert.kind == AlertKind::Urged && unseen(&alert.person_id))?;
    scene.chance.percent(60).then(|| scene.reported(urged, (20, 900), ReceiptKind::Shown))
}

fn submitted(scene: &Scene<'_>) -> Option<Intent> {
    if scene.chance.percent(2) && scene.case.callback.accepted_at.is_none() {
        let note = scene.words(|notes| &notes.withdrawn);
        return scene.soon(&scene.case.reporter, (10, 60), CaseAction::Withdraw { note });
    }
    // One in twelve waits too long.
    let within = if scene.chance.percent(8) { (5 * 60, 14 * 60) } else { (15, 200) };
    scene.soon(&scene.agent()?, within, CaseAction::ClaimCallback)
}

fn calling(scene: &Scene<'_>) -> Option<Intent> {
    let callback = &scene.case.callback;
    let agent = callback.claimed_by.as_ref()?;
    if callback.dials.last().is_none_or(|dial| dial.result.is_some()) {
        return scene.soon(agent, (4, 40), CaseAction::LogDial);
    }
    let result = match scene.chance.number(0, 99) {
        0..=43 => CallbackResult::NotDissatisfied,
        44..=78 => CallbackResult::Dissatisfied,
        79..=90 => CallbackResult::NotReached,
        91..=92 => CallbackResult::Refused,
        93..=94 => CallbackResult::WrongNumber,
        95..=97 => CallbackResult::Appointment,
        _ => CallbackResult::Complained,
    };
    let appointment_at = (result == CallbackResult::Appointment)
        .then(|| scene.now.plus(scene.chance.span(Span::minutes(60), Span::minutes(300))));
    let note = scene.words(|notes| &notes.callback);
    let recording = scene.recording();
    scene.soon(agent, (40, 240), CaseAction::RecordCallback { result, appointment_at, note, recording })
}

fn not_reached(scene: &Scene<'_>) -> Option<Intent> {
    let callback = &scene.case.callback;
    if callback.number_needed {
        let form = scene.script.another_number(scene.chance);
        return scene.soon(&scene.case.reporter, (120, 3 * HOUR), CaseAction::Supplement { form });
    }
    let agent = scene.agent()?;
    let in_vain = |result| matches!(result, Some(CallbackResult::NotReached | CallbackResult::WrongNumber));
    let missed = callback.dials.iter().filter(|dial| in_vain(dial.result)).count();
    let refused = callback.dials.last().is_some_and(|dial| dial.result == Some(CallbackResult::Refused));
    if refused
        || u32::try_from(missed).is_ok_and(|missed| missed >= scene.case.limits.handling.callback_attempts)
    {
        let note = scene.words(|notes| &notes.dispatch);
        return scene.soon(&agent, (60, HOUR), CaseAction::SendToDispatch { note });
    }
    let waits = callback.appointment_at.map_or(0, |at| at.since(scene.now).0.max(0) / 1_000);
    scene.soon(&agent, (waits + 20, waits + 600), CaseAction::ClaimCallback)
}

fn to_dispatch(scene: &Scene<'_>) -> Option<Intent> {
    let agent = scene.agent()?;
    let unit = &scene.case.unit_id;
    if scene.chance.percent(1) {
        let action = CaseAction::Void { reason: VoidReason::Test, merged_into: None };
        return scene.at_work(&agent, unit, (2, 20), action);
    }
    let proposed = proposal(scene.case, scene.directory)?;
    // Now and then it goes to the wrong one.
    let lead = if scene.chance.percent(12) && scene.case.rounds.is_empty() {
        another(scene, &proposed).unwrap_or(proposed)
    } else {
        proposed
    };
    let assisting: Vec<Department> =
        if scene.chance.percent(10) { another(scene, &lead).into_iter().collect() } else { Vec::new() };
    let note = scene.words(|notes| &notes.dispatch);
    let within = if scene.chance.percent(10) { (12, 50) } else { (1, 9) };
    scene.at_work(&agent, unit, within, CaseAction::Dispatch { lead, assisting, note })
}

/// A department of another line, nearest to the case.
fn another(scene: &Scene<'_>, not: &Department) -> Option<Department> {
    let other = scene.chance.pick(&HANDLING_LINES).copied().filter(|line| *line != not.line)?;
    scene.directory.nearest_department(&scene.case.unit_id, other)
}

fn ruling(scene: &Scene<'_>) -> Option<Intent> {
    let judge = scene.asked(AlertKind::RulingNeeded)?;
    let lead = proposal(scene.case, scene.directory).or_else(|| Some(scene.case.round()?.lead.clone()))?;
    let reason = scene.words(|notes| &notes.ruling);
    scene.at_work(
        &judge,
        &scene.case.unit_id,
        (20, 200),
        CaseAction::Rule { lead, assisting: Vec::new(), reason },
    )
}

fn replied(scene: &Scene<'_>) -> Option<Intent> {
    scene.at_work(&scene.agent()?, &scene.case.unit_id, (20, 500), CaseAction::ClaimRecall)
}

fn recalling(scene: &Scene<'_>) -> Option<Intent> {
    let recall = &scene.case.round()?.recall;
    let unit = &scene.case.unit_id;
    if recall.unresolved.is_some() {
        let judge = scene.asked(AlertKind::ArchiveApproval)?;
        let reason = scene.words(|notes| &notes.unresolved);
        return scene.at_work(&judge, unit, (30, 400), CaseAction::ArchiveUnresolved { reason });
    }
    let Some(agent) = recall.claimed_by.as_ref() else {
        let waits = recall.appointment_at.map_or(0, |at| at.since(scene.now).0.max(0) / 1_000);
        return scene.soon(&scene.agent()?, (waits + 30, waits + HOUR), CaseAction::ClaimRecall);
    };
    if recall.dials.last().is_none_or(|dial| dial.result.is_some()) {
        return scene.soon(agent, (10, 120), CaseAction::LogRecallDial);
    }
    let result = match scene.chance.number(0, 99) {
        0..=72 => RecallResult::Satisfied,
        73..=84 => RecallResult::Dissatisfied,
        85..=92 => RecallResult::NotReached,
        93..=96 => RecallResult::Unresolved,
        _ => RecallResult::Complained,
    };
    let note = scene.words(|notes| &notes.recall);
    let recording = scene.recording();
    scene.soon(agent, (60, 300), CaseAction::RecordRecall { result, appointment_at: None, note, recording })
}

/// A few flare up again.
fn archived(scene: &Scene<'_>) -> Option<Intent> {
    if !scene.chance.percent(1) || !scene.case.reopenings.is_empty() {
        return None;
    }
    let (complaint_no, note) = (complaint_no(scene), scene.words(|notes| &notes.complaint));
    let action = CaseAction::Reopen { complaint_no, note };
    scene.soon(&scene.agent()?, (2 * 24 * HOUR, 12 * 24 * HOUR), action)
}

/// A few complaints need more time.
fn extension(scene: &Scene<'_>) -> Option<Intent> {
    let conversion = scene.case.conversion.as_ref()?;
    let extended = conversion.term == ComplaintTerm::Extended;
    let judge = scene.directory.csd_of(&scene.case.unit_id).first().map(|person| person.person_id.clone())?;
    if extended || !scene.chance.percent(10) {
        return None;
    }
    let reason = scene.words(|notes| &notes.unresolved);
    scene.at_work(&judge, &scene.case.unit_id, (400, 4_000), CaseAction::ExtendTerm { reason })
}

/// The number that the complaint system gave.
pub(super) fn complaint_no(scene: &Scene<'_>) -> ComplaintNo {
    let Timestamp(moment) = scene.now;
    ComplaintNo(format!("TS{}{:04}", moment / 100_000, scene.chance.number(0, 9_999)))
}
