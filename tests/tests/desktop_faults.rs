//! The desktop program when something around it is missing, dies, or goes away: it says so and loses nothing.
//!
//! Real programs on desktops of their own against a real server, one test at a time: a desktop wants the machine.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_api::commands::{CaseAction, Report};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_domain::report::{Cause, CauseDetail, Channel, FieldName, ReportForm, Step, Trigger};
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::desktop::Equipment;
use chayan_tests::programs;
use chayan_tests::wait;
use chayan_tests::words::{says, words};
use chayan_tests::world::{SignedIn, Tempo, Told, Workplace, World};
use tokio::sync::{Mutex, MutexGuard};

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const TOLD: Told = Told {
    trigger: Trigger::DemandUnmet,
    step: Step::ClaimPayment,
    cause: Cause::ClaimResult,
    detail: Some(CauseDetail::ClaimAmount),
    phone: "13800007777",
    narrative: "赔款金额与客户预期相差较大,客户不接受。",
};

/// Alone on the machine, with a world of the test's own.
async fn world(name: &str) -> Result<(MutexGuard<'static, ()>, World)> {
    let alone = ONE_AT_A_TIME.lock().await;
    let folder: PathBuf = programs::workspace().join("target/desktop-tests").join(name);
    Ok((alone, World::found(&folder, Tempo::CALM).await?))
}

/// The clerk reports to leader 1 from elsewhere.
async fn report_from_elsewhere(world: &World) -> Result<SignedIn> {
    let clerk = world.sign_in("clerk").await?;
    let mut form = ReportForm::default();
    form.facts.trigger = Some(Trigger::Grumbling);
    let report =
        Report { found_at: SystemClock.now(), timing_started_at: None, channel: Channel::Desktop, form };
    clerk.act(SignedIn::new_case(), CaseAction::NotifyLeader { report }).await?;
    Ok(clerk)
}

#[tokio::test]
async fn without_a_tray_host_the_program_works_and_its_icon_comes_when_a_host_does() -> Result<()> {
    let (_alone, world) = world("no-tray-host").await?;
    let bare = Equipment { tray_host: false, ..Equipment::default() };
    let mut clerk = Workplace::with(&world, "clerk", "clerk", bare).await?;
    let _program = clerk.launch(&["--show", "workbench"])?;
    clerk.window(WindowName::Workbench).await?;
    clerk.page_ready(WindowName::Workbench).await?;
    clerk.stage_mut().start_tray_host().await?;
    clerk.choose("quick_report").await?;
    clerk.focused(WindowName::QuickReport).await?;
    Ok(())
}

#[tokio::test]
async fn without_keyring_and_toasts_alerts_come_and_the_sign_in_lasts_until_the_program_ends() -> Result<()> {
    let (_alone, world) = world("no-keyring").await?;
    let bare = Equipment { keyring: false, toasts: false, ..Equipment::default() };
    let mut leader = Workplace::with(&world, "leader1", "leader1", bare).await?;
    leader.start()?;
    leader.sign_in().await?;
    report_from_elsewhere(&world).await?;
    let alert = leader.window(WindowName::Alert).await?;
    assert!(alert.above, "the alert is the first channel");
    leader.kill().await?;
    leader.start()?;
    leader.tray().await?.tooltip_when("the tray to say 未登录", says("native.state.signed_out")?).await?;
    Ok(())
}

#[tokio::test]
async fn a_second_launch_ends_well_and_brings_the_window_up() -> Result<()> {
    let (_alone, world) = world("single-instance").await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.tray().await?;
    let mut second = clerk.launch(&["--show", "workbench"])?;
    let status = second.wait_for_end(Duration::from_secs(20)).await?;
    assert_eq!(status.code(), Some(0));
    clerk.focused(WindowName::Workbench).await?;
    assert!(clerk.program()?.ended().is_none(), "the first program goes on");
    assert_eq!(clerk.stage().tray().items().await?.len(), 1, "one icon");
    Ok(())
}

#[tokio::test]
async fn a_draft_typed_before_a_kill_is_there_again_word_for_word() -> Result<()> {
    let (_alone, world) = world("kill-while-typing").await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.sign_in().await?;
    clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.page_ready(WindowName::QuickReport).await?;
    clerk.kill().await?;
    clerk.start()?;
    clerk.online().await?;
    clerk.open_report().await?;
    let form = clerk.window(WindowName::QuickReport).await?;
    assert_eq!((form.width, form.height), (480, 680), "a form at the size of a form");
    clerk.stage().screen().key("ctrl+Return")?;
    let at_centre = world.sign_in("clerk").await?;
    let notified = |case: &CaseSummary| case.state.word() == Some(&CaseState::LeaderNotified);
    let case = at_centre.case_when("the report", CaseView::Mine, notified).await;
    let case = case.with_context(|| clerk.picture_of_failure())?;
    let detail = at_centre.case(case.case_id).await?;
    let narrative = detail.customer.iter().find(|shown| shown.field == FieldName::Narrative);
    assert_eq!(narrative.map(|shown| shown.text.as_str()), Some(TOLD.narrative));
    let facts = detail.summary.facts.known();
    assert_eq!(facts.step, Some(TOLD.step));
    assert_eq!((facts.cause, facts.cause_detail), (Some(TOLD.cause), TOLD.detail));
    Ok(())
}

#[tokio::test]
async fn a_timer_survives_a_kill_and_counts_on() -> Result<()> {
    let (_alone, world) = world("kill-while-timing").await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.sign_in().await?;
    clerk.choose("start_timing").await?;
    clerk.window(WindowName::Timer).await?;
    let before = clerk.tray().await?.tooltip_when("the timer", says("native.tip.timers")?).await?;
    clerk.kill().await?;
    clerk.start()?;
    clerk.window(WindowName::Timer).await?;
    let same = |tooltip: &str| tooltip == before;
    clerk.tray().await?.tooltip_when(&format!("“{before}” again"), same).await?;
    Ok(())
}

#[tokio::test]
async fn a_server_that_goes_away_is_named_in_the_tray_and_so_is_its_return() -> Result<()> {
    let (_alone, mut world) = world("server-away").await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.sign_in().await?;
    world.centre().stop().await?;
    let (reconnecting, offline) = (words("native.state.reconnecting")?, words("native.state.offline")?);
    let away = |tooltip: &str| tooltip.contains(reconnecting) || tooltip.contains(offline);
    clerk.tray().await?.tooltip_when("the tray to name it", away).await?;
    world.centre().start().await?;
    clerk.online().await?;
    Ok(())
}

#[tokio::test]
async fn an_alert_taken_over_at_one_desk_leaves_the_persons_other_desk() -> Result<()> {
    let (_alone, world) = world("two-desks").await?;
    let mut here = Workplace::with(&world, "leader1", "here", Equipment::default()).await?;
    let mut there = Workplace::with(&world, "leader1", "there", Equipment::default()).await?;
    for desk in [&mut here, &mut there] {
        desk.start()?;
        desk.sign_in().await?;
        desk.close(WindowName::Workbench).await?;
    }
    let clerk = report_from_elsewhere(&world).await?;
    here.window(WindowName::Alert).await?;
    there.window(WindowName::Alert).await?;
    here.page_shown(WindowName::Alert).await?;
    let before = here.window(WindowName::Alert).await?;
    for (x, y) in [(before.x + 220, before.y + 15), (before.x + 220, before.y + 150), (20, 400)] {
        here.stage().screen().click(x, y)?;
    }
    let after = here.window(WindowName::Alert).await?;
    assert_eq!((after.x, after.y), (before.x, before.y), "a quick click does not drag the window along");
    here.answer_alert().await?;
    let handled = |case: &CaseSummary| case.state.word() == Some(&CaseState::LeaderHandling);
    let handled = clerk.case_when("领导介入处理", CaseView::Mine, handled).await;
    handled.with_context(|| here.picture_of_failure())?;
    there.gone(WindowName::Alert).await?;
    here.gone(WindowName::Alert).await?;
    let open = world.sign_in("leader1").await?.alerts().await?.alerts;
    wait::until("no open alert", wait::PATIENCE, async || {
        if open.is_empty() { Ok(()) } else { Err(format!("{}", open.len())) }
    })
    .await
}
