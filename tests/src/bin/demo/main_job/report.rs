//! From the tray to the centre: four programs, signing in, the timer, and a report typed on the keyboard.

use anyhow::{Result, ensure};
use chayan_api::cases::{CaseDetail, CaseView};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_domain::evidence::TimeProof;
use chayan_domain::report::FieldName;
use chayan_tests::words::{beginning, says};

use super::cast::{Cast, NARRATIVE, PHONE, TOLD};
use crate::steps::Players as _;

/// Four programs begin in the tray only.
pub(crate) async fn start_programs(cast: &mut Cast) -> Result<String> {
    for place in [&mut cast.clerk, &mut cast.leader1, &mut cast.leader2] {
        place.start()?;
    }
    cast.agent.start_readable().await?;
    for place in cast.workplaces() {
        let tray = place.tray().await?;
        let entry = beginning("native.menu.quick_report")?;
        let menu = tray.menu().await?;
        ensure!(chayan_tests::desktop::find_entry(&menu, entry).is_some(), "the menu has no {entry}");
        for window in [WindowName::Workbench, WindowName::QuickReport, WindowName::Timer, WindowName::Alert] {
            ensure!(!place.shows(window)?, "{window:?} came up by itself");
        }
    }
    Ok("4 tray icons with their menus, no window".to_owned())
}

/// The clerk types staff number and password into the real window.
pub(crate) async fn clerk_signs_in(cast: &mut Cast) -> Result<String> {
    cast.clerk.sign_in().await?;
    cast.clerk.page_ready(WindowName::Workbench).await?;
    Ok("the tray says 在线".to_owned())
}

/// So do the others. The leader's workbench stays in front: an alert must not take the keyboard from it.
pub(crate) async fn others_sign_in(cast: &mut Cast) -> Result<String> {
    for place in [&cast.leader1, &cast.leader2, &cast.agent] {
        place.sign_in().await?;
    }
    cast.leader1.page_ready(WindowName::Workbench).await?;
    Ok("two leaders and an agent are 在线".to_owned())
}

/// 开始计时: the small window, and nothing else.
pub(crate) async fn start_timer(cast: &mut Cast) -> Result<String> {
    let clerk = &cast.clerk;
    clerk.close(WindowName::Workbench).await?;
    clerk.choose("start_timing").await?;
    let timer = clerk.window(WindowName::Timer).await?;
    clerk.page_ready(WindowName::Timer).await?;
    ensure!(timer.above, "the timer is not above other windows");
    ensure!(!clerk.shows(WindowName::Workbench)?, "the workbench opened");
    let tray = clerk.tray().await?;
    let tooltip = tray.tooltip_when("the tray to name the timer", says("native.tip.timers")?).await?;
    Ok(format!("the timer is on top, the workbench stayed away, the tray says “{tooltip}”"))
}

/// Left click, then the six inputs without a mouse.
pub(crate) async fn type_report(cast: &mut Cast) -> Result<String> {
    let clerk = &cast.clerk;
    let window = clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.page_ready(WindowName::QuickReport).await?;
    ensure!(clerk.shows(WindowName::QuickReport)?, "it went away while typing");
    Ok(format!("focused, {}x{}, six inputs typed", window.width, window.height))
}

/// Ctrl+Enter: 已报直接领导, with a receipt, and every input as it was typed.
pub(crate) async fn send_to_leader(cast: &mut Cast) -> Result<String> {
    cast.clerk.stage().screen().key("ctrl+Return")?;
    let notified =
        |case: &chayan_api::cases::CaseSummary| case.state.word() == Some(&CaseState::LeaderNotified);
    let case = cast.clerk_at_centre.case_when("已报直接领导", CaseView::Mine, notified).await?;
    let detail = cast.clerk_at_centre.case(case.case_id).await?;
    check_words(&detail)?;
    ensure!(case.level == 1, "level {}", case.level);
    ensure!(detail.receipts.len() == 2, "{} receipts", detail.receipts.len());
    let proof = detail.summary.report_time.map(|time| time.proof);
    ensure!(proof.is_none_or(|proof| proof == TimeProof::Online), "{proof:?}");
    ensure!(
        detail.timeline.iter().any(|entry| entry.kind == "timing_started"),
        "the timer's case is not the report's case"
    );
    cast.first_is(case.case_id);
    cast.clerk.page_ready(WindowName::QuickReport).await?;
    Ok("level 1, receipts of timer and report, the six inputs as typed, the timer's own case".to_owned())
}

/// The centre holds what the keyboard typed.
pub(crate) fn check_words(detail: &CaseDetail) -> Result<()> {
    let facts = detail.summary.facts.known();
    ensure!(facts.trigger == Some(TOLD.trigger), "{:?}", facts.trigger);
    ensure!(facts.step == Some(TOLD.step), "{:?}", facts.step);
    ensure!(facts.cause == Some(TOLD.cause), "{:?}", facts.cause);
    ensure!(facts.complaint_demanded == Some(false), "{:?}", facts.complaint_demanded);
    ensure!(detail.summary.missing.is_empty(), "missing {:?}", detail.summary.missing);
    let shown = |field: FieldName| detail.customer.iter().find(|shown| shown.field == field);
    let narrative = shown(FieldName::Narrative).map_or("", |shown| shown.text.as_str());
    ensure!(narrative == NARRATIVE, "the narrative differs: {} characters", narrative.chars().count());
    let phone = shown(FieldName::Phone).map_or("", |shown| shown.text.as_str());
    ensure!(phone.ends_with(&PHONE[7..]), "the telephone number differs");
    Ok(())
}
