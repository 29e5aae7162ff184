//! 首次回访: the agent of the complaint group, from the alert to 归档·无不满, and the clerk who sees the outcome.

use anyhow::{Context, Result, ensure};
use chayan_client::ipc::WindowName;
use chayan_domain::case::{AlertKind, CallbackResult, CaseState};
use chayan_tests::wait::PATIENCE;
use chayan_tests::words::words;

use super::cast::{Cast, PHONE};
use super::ladder::{alert_of, see, told_by_toast};

/// A flow waits for its first callback.
pub(crate) async fn is_alerted(cast: &mut Cast) -> Result<String> {
    let open = alert_of(&cast.agent_at_centre, AlertKind::CallbackDue).await?;
    ensure!(open.case_id == cast.first()?, "the alert of another case");
    ensure!(open.due_at.is_some(), "no remaining time");
    let alert = cast.agent.window(WindowName::Alert).await?;
    cast.agent.page_shown(WindowName::Alert).await?;
    ensure!(alert.above, "the alert is not above other windows");
    Ok("the alert with T3 is on the screen".to_owned())
}

/// N on the callback page claims the next one.
pub(crate) async fn claims(cast: &mut Cast) -> Result<String> {
    let agent = &cast.agent;
    agent.choose("workbench").await?;
    agent.focused(WindowName::Workbench).await?;
    agent.page_ready(WindowName::Workbench).await?;
    agent.stage().screen().key("n")?;
    let detail = cast.agent_at_centre.state_of(cast.first()?, CaseState::Calling, PATIENCE).await?;
    let holder = detail.summary.holder.context("nobody holds it")?;
    ensure!(holder.person_id.as_str() == agent.account().person_id, "another agent holds it");
    // The alert says for a moment that it is over; it lies above the page.
    agent.gone(WindowName::Alert).await?;
    agent.page_ready(WindowName::Workbench).await?;
    let phone = detail.customer.iter().find(|shown| shown.field == chayan_domain::report::FieldName::Phone);
    let phone = phone.context("no telephone number")?;
    ensure!(phone.masked && !phone.text.contains(PHONE), "the number is not masked");
    agent.reads(WindowName::Workbench, &phone.text).await?;
    ensure!(!agent.says(WindowName::Workbench, PHONE).await?, "the page shows the number");
    Ok(format!("首次回访中, the number is shown as {}", phone.text))
}

/// The number in the clear, for a reason that is kept.
pub(crate) async fn reveals(cast: &mut Cast) -> Result<String> {
    let agent = &cast.agent;
    agent.click_button(WindowName::Workbench, words("callback.reveal")?).await?;
    agent.click_button(WindowName::Workbench, words("case.reveal_reason_1")?).await?;
    agent.click_button(WindowName::Workbench, words("case.reveal_ok")?).await?;
    agent.reads(WindowName::Workbench, PHONE).await?;
    let case_id = cast.first()?;
    chayan_tests::wait::until("the showing as an event", PATIENCE, async || {
        let detail = cast.agent_at_centre.case(case_id).await.map_err(|error| error.to_string())?;
        let kinds: Vec<String> = detail.timeline.iter().map(|entry| entry.kind.clone()).collect();
        if kinds.iter().any(|kind| kind == "field_revealed") { Ok(()) } else { Err(kinds.join(", ")) }
    })
    .await?;
    agent.page_ready(WindowName::Workbench).await?;
    Ok("shown with a reason, and the showing is an event of the case".to_owned())
}

/// D logs the dial, before T3 ends.
pub(crate) async fn dials(cast: &mut Cast) -> Result<String> {
    cast.agent.stage().screen().key("d")?;
    let case_id = cast.first()?;
    let detail = chayan_tests::wait::until("the dial", PATIENCE, async || {
        let detail = cast.agent_at_centre.case(case_id).await.map_err(|error| error.to_string())?;
        if detail.callback.dials.is_empty() { Err("no dial".to_owned()) } else { Ok(detail) }
    })
    .await?;
    let flow = detail.flow.context("no flow")?;
    let dial =
        detail.timeline.iter().find(|entry| entry.kind == "dialled").context("no event of the dial")?;
    let after = dial.at.since(flow.received_at);
    ensure!(!detail.timeline.iter().any(|entry| entry.kind == "callback_overdue"), "T3 ran out first");
    cast.agent.page_ready(WindowName::Workbench).await?;
    Ok(format!("dialled {} s after the flow was received, in time", after.0 / 1_000))
}

/// 无不满: one key archives.
pub(crate) async fn archives(cast: &mut Cast) -> Result<String> {
    cast.agent.click_button(WindowName::Workbench, words("callback.archive")?).await?;
    let archived = CaseState::ArchivedNoDissatisfaction;
    let detail = cast.agent_at_centre.state_of(cast.first()?, archived, PATIENCE).await?;
    let result = detail.summary.callback_result.context("no result")?;
    ensure!(result.word() == Some(&CallbackResult::NotDissatisfied), "{result:?}");
    cast.agent.page_ready(WindowName::Workbench).await?;
    Ok("归档·无不满".to_owned())
}

/// The clerk is told and finds it in 我的报告.
pub(crate) async fn clerk_sees_outcome(cast: &mut Cast) -> Result<String> {
    let outcome = alert_of(&cast.clerk_at_centre, AlertKind::Outcome).await?;
    ensure!(outcome.case_id == cast.first()?, "the outcome of another case");
    let archived = CaseState::ArchivedNoDissatisfaction;
    cast.clerk_at_centre.state_of(cast.first()?, archived, PATIENCE).await?;
    told_by_toast(&cast.clerk, "native.toast.outcome").await?;
    see(&cast.clerk).await?;
    Ok("我的报告 shows it, and the clerk was told".to_owned())
}
