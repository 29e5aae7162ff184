//! The counter: signing in, the timer, the quick report in its states, 我的报告, settings, connection.

use anyhow::Result;
use chayan_client::ipc::WindowName;
use chayan_domain::report::{Cause, CauseDetail, Step, Trigger};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::words::words;
use chayan_tests::world::{Tempo, Told, Workplace, World};

use crate::album::Album;
use crate::tray;

/// What the clerk reports.
pub(crate) const TOLD: Told = Told {
    trigger: Trigger::Grumbling,
    step: Step::LossAssessment,
    cause: Cause::Timeliness,
    detail: Some(CauseDetail::TimelinessAssessment),
    phone: "13800005678",
    narrative: "客户已等定损两天,第三次来柜台催办,认为无人负责。",
};

/// What a clerk sees while there is time, the last report sealed without the server and sent when it is back.
pub(crate) async fn shoot(world: &mut World, album: &mut Album) -> Result<Workplace> {
    let mut clerk = Workplace::set_up(world, "clerk").await?;
    clerk.start()?;
    tray::saying(album, &clerk, "state.signed_out", "tray-not-signed-in").await?;
    clerk.choose("workbench").await?;
    album.still(&clerk, WindowName::Workbench, "sign-in").await?;
    clerk.sign_in().await?;
    tray::saying(album, &clerk, "state.online", "tray-idle").await?;
    album.still(&clerk, WindowName::Workbench, "my-reports-empty").await?;
    clerk.close(WindowName::Workbench).await?;
    reports(&clerk, album).await?;
    pages(&clerk, album).await?;
    without_server(world, &clerk, album).await?;
    Ok(clerk)
}

/// Starts a timer that nobody answers; returns when its end is past and the clocks on the screen count on.
pub(crate) async fn start_last_timer(clerk: &Workplace) -> Result<Timestamp> {
    clerk.choose("start_timing").await?;
    clerk.window(WindowName::Timer).await?;
    Ok(SystemClock.now().plus(Span::millis(Tempo::STANDARD.t1)).plus(Span::seconds(2)))
}

/// What the clerk sees when nobody answered the timer.
pub(crate) async fn shoot_overdue(clerk: &Workplace, past: Timestamp, album: &mut Album) -> Result<()> {
    println!("shots: waiting for the end of five minutes");
    SystemClock.sleep_until(past).await;
    tray::saying(album, clerk, "tip.overdue", "tray-overdue").await?;
    album.moving(clerk, WindowName::Timer, "timer-overdue").await?;
    album.moving(clerk, WindowName::QuickReport, "quick-report-overdue").await
}

async fn reports(clerk: &Workplace, album: &mut Album) -> Result<()> {
    let screen = clerk.stage().screen();
    clerk.choose("start_timing").await?;
    album.moving(clerk, WindowName::Timer, "timer").await?;
    tray::saying(album, clerk, "tip.timers", "tray-timing").await?;
    clerk.open_report().await?;
    album.moving(clerk, WindowName::QuickReport, "quick-report-empty").await?;
    screen.key("ctrl+shift+Return")?;
    clerk.page_ready(WindowName::QuickReport).await?;
    album.moving(clerk, WindowName::QuickReport, "quick-report-faults").await?;
    screen.key("Escape")?;
    clerk.gone(WindowName::QuickReport).await?;
    clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.page_ready(WindowName::QuickReport).await?;
    album.moving(clerk, WindowName::QuickReport, "quick-report-filled").await?;
    screen.key("ctrl+Return")?;
    clerk.gone(WindowName::Timer).await?;
    album.moving(clerk, WindowName::QuickReport, "quick-report-sent").await?;
    screen.key("Escape")?;
    clerk.gone(WindowName::QuickReport).await
}

async fn pages(clerk: &Workplace, album: &mut Album) -> Result<()> {
    for (entry, name) in [
        ("workbench", "my-reports"),
        ("inbox", "inbox-empty"),
        ("connection", "connection"),
        ("settings", "settings"),
    ] {
        clerk.choose(entry).await?;
        album.still(clerk, WindowName::Workbench, name).await?;
    }
    clerk.close(WindowName::Workbench).await?;
    clerk.choose("test_alert").await?;
    album.moving(clerk, WindowName::Alert, "alert-test").await?;
    tray::saying(album, clerk, "tip.alerts", "tray-alert").await?;
    // An open alert would go before every other face of the tray.
    clerk.click_button(WindowName::Alert, words("alert.acknowledge")?).await?;
    clerk.gone(WindowName::Alert).await
}

async fn without_server(world: &mut World, clerk: &Workplace, album: &mut Album) -> Result<()> {
    world.centre().stop().await?;
    let screen = clerk.stage().screen();
    tray::saying(album, clerk, "state.offline", "tray-offline").await?;
    clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.page_ready(WindowName::QuickReport).await?;
    album.moving(clerk, WindowName::QuickReport, "quick-report-offline").await?;
    screen.key("ctrl+shift+Return")?;
    tray::saying(album, clerk, "tip.pending", "tray-pending").await?;
    album.moving(clerk, WindowName::QuickReport, "quick-report-sealed").await?;
    screen.key("Escape")?;
    clerk.gone(WindowName::QuickReport).await?;
    clerk.choose("connection").await?;
    album.still(clerk, WindowName::Workbench, "connection-offline").await?;
    world.centre().start().await?;
    clerk.online().await
}
