//! The department that handles it: signing, contact, result, approval, rework.

use chayan_api::commands::CaseAction;
use chayan_domain::case::{AlertKind, CaseState, HandlingResult, ReturnReason, Round};
use chayan_domain::ids::PersonId;

use super::hotline;
use super::scene::{Intent, Scene};

/// What comes next at the department.
pub(super) fn next(scene: &Scene<'_>) -> Option<Intent> {
    let round = scene.case.round()?;
    match scene.case.state {
        CaseState::Dispatched => dispatched(scene, round),
        CaseState::Rework => {
            let handler = round.handler.clone().or_else(|| scene.asked(AlertKind::ReworkNeeded))?;
            scene.at_work(&handler, &round.lead.unit_id, (5, 90), CaseAction::Sign)
        }
        CaseState::Handling => handling(scene, round),
        _ => None,
    }
}

fn dispatched(scene: &Scene<'_>, round: &Round) -> Option<Intent> {
    let person = scene.asked(AlertKind::SignNeeded)?;
    let unit = &round.lead.unit_id;
    let wrong = round.proposed.as_ref().is_some_and(|proposed| *proposed != round.lead);
    if !round.binding && scene.chance.percent(if wrong { 75 } else { 3 }) {
        let reason = if wrong { ReturnReason::NotOurLine } else { ReturnReason::InsufficientInformation };
        let note = scene.words(|notes| &notes.returned);
        return scene.at_work(&person, unit, (4, 60), CaseAction::Return { reason, note });
    }
    let within = if scene.chance.percent(12) { (30, 200) } else { (2, 28) };
    scene.at_work(&person, unit, within, CaseAction::Sign)
}

fn handling(scene: &Scene<'_>, round: &Round) -> Option<Intent> {
    let unit = &round.lead.unit_id;
    if let Some(waiting) = round.waiting() {
        let approver = scene.chance.pick(&waiting.approvers)?;
        let action = if scene.chance.percent(8) {
            CaseAction::RejectResult { note: scene.words(|notes| &notes.rejected) }
        } else {
            CaseAction::ApproveResult
        };
        return scene.at_work(approver, unit, (10, 240), action);
    }
    let handler: &PersonId = round.handler.as_ref().or_else(|| Some(&round.signed.as_ref()?.person_id))?;
    let Some(contact) = &round.first_contact else {
        if scene.chance.percent(2) {
            let (complaint_no, note) =
                (Some(hotline::complaint_no(scene)), scene.words(|notes| &notes.complaint));
            let complex = scene.chance.percent(30);
            return scene.soon(
                &scene.agent()?,
                (600, 9_000),
                CaseAction::Convert { complex, complaint_no, note },
            );
        }
        let within = if scene.chance.percent(12) { (120, 400) } else { (5, 110) };
        return contacted(scene, handler, round, within);
    };
    if !contact.reached && scene.chance.percent(60) {
        return contacted(scene, handler, round, (30, 240));
    }
    let result = match scene.chance.number(0, 99) {
        0..=49 => HandlingResult::ResolvedExplained,
        50..=69 => HandlingResult::ResolvedRemedied,
        70..=84 => HandlingResult::ResolvedApologised,
        85..=93 => HandlingResult::PartlyResolved,
        _ => HandlingResult::Unresolved,
    };
    let note = scene.words(|notes| &notes.result);
    let within = if scene.chance.percent(15) { (1_200, 3_000) } else { (30, 1_000) };
    scene.at_work(handler, unit, within, CaseAction::WriteResult { result, note })
}

fn contacted(scene: &Scene<'_>, handler: &PersonId, round: &Round, within: (i64, i64)) -> Option<Intent> {
    let reached = scene.chance.percent(80);
    let note = scene.words(|notes| &notes.contact);
    scene.at_work(handler, &round.lead.unit_id, within, CaseAction::LogContact { reached, note })
}
