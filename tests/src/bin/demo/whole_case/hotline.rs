//! 95518 投诉组: the first callback, the dispatch to the one department, an urge, the second callbacks, a complaint.

use anyhow::{Context, Result, ensure};
use chayan_api::cases::CaseDetail;
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_tests::words::words;

use super::cast::Cast;
use super::hands::{self, Answers};
use crate::steps::Players as _;

/// N, D, 有不满.
pub(crate) async fn first_callback(cast: &mut Cast) -> Result<String> {
    let agent = cast.workplace("agent1")?;
    hands::open_list(agent, "callback").await?;
    // N takes what the list has.
    agent.focus(WindowName::Workbench, "table.list .rowlink").await?;
    agent.page_shown(WindowName::Workbench).await?;
    agent.stage().screen().key("n")?;
    cast.case_in(CaseState::Calling, "agent1").await?;
    agent.stage().screen().key("d")?;
    hands::told(cast.at_centre("agent1")?, cast.case()?, "dialled", 1).await?;
    agent.click_button(WindowName::Workbench, words("callback.dispatch")?).await?;
    cast.case_in(CaseState::ToDispatch, "agent1").await?;
    Ok("claimed, dialled, 有不满: 待转办".to_owned())
}

/// 转办 to the department that is proposed.
pub(crate) async fn dispatches(cast: &mut Cast) -> Result<String> {
    let before = cast.case_in(CaseState::ToDispatch, "agent1").await?;
    let proposed = before.departments.iter().find(|one| one.proposed).context("nothing is proposed")?.clone();
    let agent = cast.workplace("agent1")?;
    hands::open_first(agent, "to_dispatch").await?;
    hands::act_with(
        agent,
        "dispatch",
        Answers { note: "请尽快联系客户说明定损进度。", ..Answers::default() },
    )
    .await?;
    let detail = cast.case_in(CaseState::Dispatched, "agent1").await?;
    ensure!(
        lead(&detail)? == (proposed.unit_name.clone(), proposed.department.line),
        "another department leads"
    );
    let handler = cast.at_centre("handler")?.case(cast.case()?).await?;
    ensure!(handler.summary.reporter.is_none(), "the department is told who reported it");
    Ok(format!("{} leads, as proposed; who reported it is hidden there", proposed.unit_name))
}

/// The agent asks the same department again: nobody else is nearer to it.
pub(crate) async fn dispatches_again(cast: &mut Cast) -> Result<String> {
    let before = cast.case_in(CaseState::Returned, "agent1").await?;
    let wanted = lead(&before)?;
    let line = before
        .departments
        .iter()
        .position(|one| (&one.unit_name, one.department.line) == (&wanted.0, wanted.1));
    let line = line.context("the department is not in the list")?;
    let proposed = before.departments.iter().position(|one| one.proposed);
    ensure!(proposed != Some(line), "what was returned is proposed again");
    // A list that stands on a proposal is moved from there, one that stands on nothing from before its first line.
    ensure!(proposed.is_none(), "another department is proposed");
    let agent = cast.workplace("agent1")?;
    hands::open_first(agent, "to_dispatch").await?;
    let answers =
        Answers { department: Some(line), note: "定损由贵部负责,请签收。", ..Answers::default() };
    hands::act_with(agent, "dispatch", answers).await?;
    let detail = cast.case_in(CaseState::Dispatched, "agent1").await?;
    ensure!(lead(&detail)? == wanted, "another department leads");
    Ok("the second dispatch, to the same department".to_owned())
}

/// 催办, which the department sees at once.
pub(crate) async fn urges(cast: &mut Cast) -> Result<String> {
    let link = format!("chayan://case/{}", cast.case()?);
    cast.workplace_mut("agent1")?.follow_link(&link).await?;
    let agent = cast.workplace("agent1")?;
    hands::act_with(agent, "urge", Answers { note: "客户又来电。", ..Answers::default() }).await?;
    hands::told(cast.at_centre("agent1")?, cast.case()?, "urged", 1).await?;
    cast.workplace("handler")?.window(WindowName::Alert).await?;
    Ok("urged; the department's alert is on the screen".to_owned())
}

/// 不满意: the same department works on it again.
pub(crate) async fn recall_dissatisfied(cast: &mut Cast) -> Result<String> {
    recall(cast, 1, 1, "客户认为仍未说明何时赔付。").await?;
    let detail = cast.case_in(CaseState::Rework, "agent1").await?;
    let round = detail.rounds.last().context("no round")?;
    ensure!(round.label.ends_with(".1"), "the round is {}", round.label);
    Ok(format!("复访: 不满意; 重办 is round {}", round.label))
}

/// 满意: archived.
pub(crate) async fn recall_satisfied(cast: &mut Cast) -> Result<String> {
    recall(cast, 2, 0, "客户表示满意。").await?;
    let detail = cast.case_in(CaseState::ArchivedResolved, "agent1").await?;
    ensure!(detail.summary.clock.is_none(), "a clock runs on");
    Ok(format!("归档·已化解 after {} rounds", detail.rounds.len()))
}

/// 转投诉: one way, with the dates of the law.
pub(crate) async fn converts(cast: &mut Cast) -> Result<String> {
    first_callback(cast).await?;
    let agent = cast.workplace("agent1")?;
    hands::open_first(agent, "to_dispatch").await?;
    hands::act_with(agent, "convert", Answers { note: "客户在电话中正式投诉。", ..Answers::default() })
        .await?;
    let detail = cast.case_in(CaseState::ToComplaint, "agent1").await?;
    let possible: Vec<String> = detail
        .actions
        .iter()
        .filter(|offer| offer.refusal.is_none())
        .map(|offer| format!("{:?}", offer.action))
        .collect();
    ensure!(!possible.iter().any(|action| action == "Dispatch"), "a complaint can be dispatched");
    agent.page_ready(WindowName::Workbench).await?;
    Ok(format!("转投诉; still possible: {}", possible.join(", ")))
}

/// 领取复访, 复访拨出, 复访结果.
async fn recall(cast: &Cast, nth: usize, result: usize, note: &'static str) -> Result<()> {
    let agent = cast.workplace("agent1")?;
    hands::open_first(agent, "recall").await?;
    hands::act(agent, "claim_recall").await?;
    cast.case_in(CaseState::Recalling, "agent1").await?;
    hands::act(agent, "log_recall_dial").await?;
    hands::told(cast.at_centre("agent1")?, cast.case()?, "recall_dialled", nth).await?;
    hands::act_with(agent, "record_recall", Answers { choice: Some(result), note, ..Answers::default() })
        .await
}

/// Who leads the round that runs.
fn lead(detail: &CaseDetail) -> Result<(String, chayan_domain::directory::Line)> {
    let lead = &detail.rounds.last().context("no round")?.lead;
    Ok((lead.unit_name.clone(), *lead.line.word().context("a line this program does not know")?))
}
