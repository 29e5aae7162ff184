//! The clerk's five minutes on a real desktop: started from the tray without another window, above everything, and when
//! they are over the report of that very case comes by itself.

use anyhow::{Context, Result};
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_domain::report::{Cause, CauseDetail, Step, Trigger};
use chayan_tests::wait::{self, PATIENCE};
use chayan_tests::words::words;
use chayan_tests::world::{SignedIn, Tempo, Told, Workplace, World, title};

const TOLD: Told = Told {
    trigger: Trigger::Grumbling,
    step: Step::ClaimPayment,
    cause: Cause::ClaimResult,
    detail: Some(CauseDetail::ClaimAmount),
    phone: "13800001111",
    narrative: "赔款比预期少,客户一再追问。",
};

const OURS: [WindowName; 4] =
    [WindowName::QuickReport, WindowName::Timer, WindowName::Alert, WindowName::Workbench];

/// Which of the program's windows are on the screen.
fn shown(place: &Workplace) -> Result<Vec<WindowName>> {
    let seen = place.stage().screen().seen()?;
    let mut ours = Vec::new();
    for window in OURS {
        if seen.iter().any(|seen| title(window).is_ok_and(|title| title == seen)) {
            ours.push(window);
        }
    }
    Ok(ours)
}

async fn timing_at(centre: &SignedIn) -> Result<CaseSummary> {
    let timing = |case: &CaseSummary| case.state.word() == Some(&CaseState::Timing);
    centre.case_when("计时中", CaseView::Mine, timing).await
}

#[tokio::test]
async fn the_menu_starts_the_timer_at_the_centre_and_opens_nothing_but_a_window_that_stays_on_top()
-> Result<()> {
    let (_alone, world) = World::alone("timer-from-the-menu", Tempo::CALM).await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.sign_in().await?;
    clerk.close(WindowName::Workbench).await?;
    assert_eq!(shown(&clerk)?, []);

    clerk.choose("start_timing").await?;
    timing_at(&world.sign_in("clerk").await?).await?;
    let timer = clerk.window(WindowName::Timer).await?;
    clerk.page_shown(WindowName::Timer).await?;
    assert_eq!(shown(&clerk)?, [WindowName::Timer], "nothing else came up");

    let screen = clerk.stage().screen();
    let mut other = clerk.stage().command("xmessage");
    let place = format!("{}x{}+{}+{}", timer.width + 80, timer.height + 80, timer.x - 40, timer.y - 40);
    other.args(["-title", "another program", "-geometry", &place, "words"]);
    let _other = clerk.stage().spawn("another", other)?;
    let other = screen.window("another program").await?;
    screen.raise(&other)?;
    let other = screen.window_when("it in front", "another program", |window| window.focused).await?;
    let covers = other.x <= timer.x && other.x + i32::try_from(other.width)? > timer.x;
    assert!(covers, "it would hide the timer: {other:?} {timer:?}");
    assert!(screen.is_above(&timer, &other)?, "the raised window lies below the timer");
    assert!(!screen.is_above(&other, &timer)?);
    Ok(())
}

#[tokio::test]
async fn a_limit_that_runs_out_was_announced_once_and_brings_the_report_of_its_case_by_itself() -> Result<()>
{
    let tempo = Tempo { t1: 12_000, ..Tempo::CALM };
    let (_alone, world) = World::alone("timer-runs-out", tempo).await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.sign_in().await?;
    clerk.close(WindowName::Workbench).await?;
    let centre = world.sign_in("clerk").await?;

    clerk.choose("start_timing").await?;
    let case = timing_at(&centre).await?;
    let toasts = clerk.stage().toasts();
    let warning = words("native.toast.timer_warned")?;
    toasts.toast("the warning", |toast| toast.summary == warning).await?;
    assert!(!clerk.shows(WindowName::QuickReport)?, "a warning is not the end");
    clerk.window(WindowName::QuickReport).await?;
    clerk.page_ready(WindowName::QuickReport).await?;
    let warnings = toasts.all().into_iter().filter(|toast| toast.summary == warning).count();
    assert_eq!(warnings, 1, "one warning, also after the end");

    let screen = clerk.stage().screen();
    screen.raise(&clerk.window(WindowName::QuickReport).await?)?;
    clerk.focused(WindowName::QuickReport).await?;
    clerk.fill_report(&TOLD)?;
    screen.key("ctrl+Return")?;
    let notified = centre.state_of(case.case_id, CaseState::LeaderNotified, PATIENCE).await;
    let notified = notified.with_context(|| clerk.picture_of_failure())?;
    assert_eq!(notified.summary.facts.step, Some(TOLD.step.into()), "the report of the timer's own case");
    assert_eq!(notified.summary.found_at, case.found_at, "found when the timer was started");
    assert_eq!(centre.cases(CaseView::Mine).await?.len(), 1, "no second case");
    let timer_goes =
        async || if clerk.shows(WindowName::Timer).unwrap_or(true) { Err(String::new()) } else { Ok(()) };
    wait::until("the timer to go", PATIENCE, timer_goes).await
}
