//! The counter and its leaders: from the first displeasure to a settled case or the flow.

use chayan_api::alerts::ReceiptKind;
use chayan_api::commands::CaseAction;
use chayan_domain::case::{AlertKind, Case, CaseState, Level};
use chayan_domain::directory::Person;
use chayan_domain::time::{Span, Timestamp};

use super::chance::Chance;
use super::scene::{Intent, Scene};
use super::script::Script;
use crate::demo_directory::Names;

/// How a clerk begins a case, and how long before that the displeasure showed.
pub(super) fn beginning(
    chance: &Chance,
    (script, names): (&Script, &Names),
    clerk: &Person,
    at: Timestamp,
) -> CaseAction {
    // One in ten is late.
    let late = if chance.percent(10) { (6 * 60, 40 * 60) } else { (10, 4 * 60) };
    let ago = chance.span(Span::seconds(late.0), Span::seconds(late.1));
    let found_at = Timestamp(at.0.saturating_sub(ago.0));
    let report = |whole| script.report(chance, names, found_at, whole);
    match chance.number(0, 99) {
        0..=9 => CaseAction::StartTiming { found_at: at },
        10..=37 => CaseAction::NotifyLeader { report: report(chance.percent(50)) },
        38..=43 => match &clerk.direct_leader {
            Some(leader) => CaseAction::ReportVerbally {
                report: report(true),
                leader: leader.clone(),
                told_at: found_at.plus(Span::seconds(5)).min(at),
            },
            None => CaseAction::StartFlow { report: report(true) },
        },
        44..=55 => CaseAction::ResolveOnSpot { report: report(true) },
        _ => CaseAction::StartFlow { report: report(true) },
    }
}

/// What comes next before the flow.
pub(super) fn next(scene: &Scene<'_>) -> Option<Intent> {
    match scene.case.state {
        CaseState::Timing => after_timing(scene),
        CaseState::LeaderNotified => notified(scene, open_level(scene.case)?),
        CaseState::LeaderHandling => taken(scene, open_level(scene.case)?),
        _ => None,
    }
}

fn open_level(case: &Case) -> Option<&Level> {
    case.ladder.iter().rev().find(|level| level.end.is_none())
}

fn after_timing(scene: &Scene<'_>) -> Option<Intent> {
    let clerk = &scene.case.reporter;
    let found_at = scene.case.timing.found_at;
    let report = |whole| scene.script.report(scene.chance, scene.names, found_at, whole);
    let just_begun = scene.case.version == 1;
    if just_begun && scene.chance.percent(10) {
        return scene.soon(clerk, (5, 25), CaseAction::Discard);
    }
    let within = if scene.chance.percent(80) { (40, 280) } else { (300, 900) };
    let action = match scene.chance.number(1, 9) {
        1..=3 => CaseAction::ResolveOnSpot { report: report(true) },
        4..=6 => CaseAction::NotifyLeader { report: report(false) },
        _ => CaseAction::StartFlow { report: report(true) },
    };
    scene.soon(clerk, within, action)
}

/// The leader's desk reports the alert; then the leader answers, or not.
fn notified(scene: &Scene<'_>, level: &Level) -> Option<Intent> {
    let claim = level.verbal.as_ref().filter(|claim| claim.is_open());
    if let Some(claim) = claim {
        let witness = scene.asked(AlertKind::CountersignNeeded)?;
        let action = match scene.chance.number(0, 9) {
            0 => CaseAction::RefuseCountersign { note: scene.words(|notes| &notes.returned) },
            1 => return None,
            _ => CaseAction::Countersign { told_at: claim.told_at },
        };
        return scene.soon(&witness, (30, 500), action);
    }
    if level.delivered_at.is_none() {
        let notice = scene.alerts.iter().rev().find(|alert| alert.kind == AlertKind::LeaderNotice)?;
        let at_the_desk = scene.chance.percent(88);
        return at_the_desk.then(|| scene.reported(notice, (1, 4), ReceiptKind::Delivered));
    }
    let person = scene.asked(AlertKind::LeaderNotice)?;
    let within = (40, 540);
    match scene.chance.number(0, 99) {
        0..=66 => scene.soon(&person, within, CaseAction::TakeOver),
        67..=74 => scene.soon(&person, within, CaseAction::StartFlowAsLeader),
        75..=79 if has_leader(scene, level) => scene.soon(&person, within, CaseAction::Escalate),
        80..=85 => scene.soon(&scene.case.reporter, within, flow_of_the_clerk(scene)),
        _ => None,
    }
}

fn taken(scene: &Scene<'_>, level: &Level) -> Option<Intent> {
    let leader = level.taken_over_by.as_ref()?;
    let within = (60, 520);
    match scene.chance.number(0, 99) {
        0..=64 => {
            let note = scene.words(|notes| &notes.resolved);
            scene.soon(leader, within, CaseAction::ResolveAsLeader { note })
        }
        65..=74 if has_leader(scene, level) => scene.soon(leader, within, CaseAction::Escalate),
        75..=89 => scene.soon(leader, within, CaseAction::StartFlowAsLeader),
        _ => None,
    }
}

/// Whether there is somebody to climb to.
fn has_leader(scene: &Scene<'_>, level: &Level) -> bool {
    scene.directory.leader_of(&level.leader).is_some()
}

fn flow_of_the_clerk(scene: &Scene<'_>) -> CaseAction {
    let found_at = scene.case.timing.found_at;
    CaseAction::StartFlow { report: scene.script.report(scene.chance, scene.names, found_at, true) }
}
