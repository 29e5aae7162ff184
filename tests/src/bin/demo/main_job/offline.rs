//! The server is away while the clerk reports: sealed, sent when it is back, stored once. And nothing in the clear.

use anyhow::{Context, Result, bail, ensure};
use chayan_api::cases::CaseView;
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_tests::words::{filled, words};

use super::cast::{Cast, NARRATIVE, PHONE, TOLD};
use super::report::check_words;
use crate::steps::Players as _;

/// The server ends in good order; the tray says so in words.
pub(crate) async fn server_stops(cast: &mut Cast) -> Result<String> {
    cast.clerk.close(WindowName::Workbench).await?;
    cast.world.centre().stop().await?;
    let online = words("native.state.online")?;
    let tray = cast.clerk.tray().await?;
    let tooltip = tray.tooltip_when("the tray to notice", |tooltip| !tooltip.contains(online)).await?;
    Ok(format!("the tray says “{tooltip}”"))
}

/// Tray, keyboard, Ctrl+Shift+Enter: sealed on this desk, and the tray counts it.
pub(crate) async fn report_is_sealed(cast: &mut Cast) -> Result<String> {
    let clerk = &cast.clerk;
    clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.stage().screen().key("ctrl+shift+Return")?;
    let pending = filled("native.tip.pending", &[("n", "1")])?;
    let tray = clerk.tray().await?;
    let tooltip = tray.tooltip_when("the tray to count one", |tooltip| tooltip.contains(&pending)).await?;
    clerk.page_ready(WindowName::QuickReport).await?;
    Ok(format!("the tray says “{tooltip}”"))
}

/// Delivered by itself, with a receipt, exactly one case more than before.
pub(crate) async fn server_returns(cast: &mut Cast) -> Result<String> {
    cast.world.centre().start().await?;
    let first = cast.first()?;
    let is_second = |case: &chayan_api::cases::CaseSummary| case.case_id != first;
    let case = cast.clerk_at_centre.case_when("the second case", CaseView::Mine, is_second).await?;
    let detail = cast.clerk_at_centre.case(case.case_id).await?;
    check_words(&detail)?;
    ensure!(detail.flow.is_some(), "no flow");
    ensure!(!detail.receipts.is_empty(), "no receipt");
    let (pending, online) = (filled("native.tip.pending", &[("n", "1")])?, words("native.state.online")?);
    let settled = |tooltip: &str| !tooltip.contains(&pending) && tooltip.contains(online);
    cast.clerk.tray().await?.tooltip_when("the tray to be calm again", settled).await?;
    let mine = cast.clerk_at_centre.cases(CaseView::Mine).await?;
    ensure!(mine.len() == 2, "{} cases instead of 2", mine.len());
    let proof = detail.summary.report_time.context("no report time")?.proof;
    cast.second_is(case.case_id);
    Ok(format!("2 cases, the second with its receipt, its report time is {proof:?}"))
}

/// The agent's queue holds it.
pub(crate) async fn agent_sees_it(cast: &mut Cast) -> Result<String> {
    let second = cast.second()?;
    let waiting = |case: &chayan_api::cases::CaseSummary| {
        case.case_id == second && case.state.word() == Some(&CaseState::Submitted)
    };
    cast.agent_at_centre.case_when("it in the queue", CaseView::Callback, waiting).await?;
    cast.agent.window(WindowName::Alert).await?;
    cast.agent.page_shown(WindowName::Alert).await?;
    Ok("in the queue, and the agent is alerted".to_owned())
}

/// Neither logs, toasts and titles nor any file of four desktops and a server holds the customer.
pub(crate) async fn nothing_in_the_clear(cast: &mut Cast) -> Result<String> {
    let secrets = [PHONE, NARRATIVE];
    let found = cast.world.files_with(&secrets)?;
    if let Some(first) = found.first() {
        bail!("{} files hold customer data, such as {}", found.len(), first.file.display());
    }
    let toasts = cast.workplaces().into_iter().flat_map(|place| place.stage().toasts().all());
    let said: Vec<String> = toasts.map(|toast| format!("{} {}", toast.summary, toast.body)).collect();
    let all = said.iter().chain(cast.titles());
    let leaks = all.filter(|text| secrets.iter().any(|secret| text.contains(secret))).count();
    ensure!(leaks == 0, "{leaks} toasts or titles name the customer");
    Ok(format!("{} toasts, {} titles and every file are clean", said.len(), cast.titles().len()))
}
