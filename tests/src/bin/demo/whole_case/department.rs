//! The department that caused it, its head, and the customer-service department that rules where they disagree.

use anyhow::{Context, Result, ensure};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;

use super::cast::Cast;
use super::hands::{self, Answers};
use crate::steps::Players as _;

/// 退回: a department may do that once.
pub(crate) async fn returns(cast: &mut Cast) -> Result<String> {
    refuse(cast, 1, "该案由上级机构定损。").await?;
    cast.case_in(CaseState::Returned, "agent1").await?;
    Ok("退回 with its reason".to_owned())
}

/// The second time is a dispute, and the department does not decide it.
pub(crate) async fn disputes(cast: &mut Cast) -> Result<String> {
    refuse(cast, 0, "仍认为非本条线。").await?;
    cast.case_in(CaseState::Ruling, "csd").await?;
    Ok("归口认定中".to_owned())
}

/// 归口认定 binds.
pub(crate) async fn is_ruled_on(cast: &mut Cast) -> Result<String> {
    let before = cast.case_in(CaseState::Ruling, "csd").await?;
    let lead = before.rounds.last().context("no round")?.lead.clone();
    let fits = |one: &chayan_api::rounds::DepartmentChoice| {
        one.unit_name == lead.unit_name && lead.line.word() == Some(&one.department.line)
    };
    let line = before.departments.iter().position(fits).context("the department is not in the list")?;
    let service = cast.workplace("csd")?;
    hands::open_first(service, "rulings").await?;
    let department = before.departments.iter().all(|one| !one.proposed).then_some(line);
    let answers = Answers { department, note: "定损环节归理赔条线。", ..Answers::default() };
    hands::act_with(service, "rule", answers).await?;
    let detail = cast.case_in(CaseState::Dispatched, "csd").await?;
    let round = detail.rounds.last().context("no round")?;
    ensure!(round.binding && round.lead == lead, "{:?}", round.lead);
    service.page_ready(WindowName::Workbench).await?;
    Ok(format!("binding: {} {:?}", lead.unit_name, lead.line))
}

/// 签收, from the alert.
pub(crate) async fn signs(cast: &mut Cast) -> Result<String> {
    let handler = cast.workplace("handler")?;
    hands::open_first(handler, "handling").await?;
    hands::act(handler, "sign").await?;
    let detail = cast.case_in(CaseState::Handling, "handler").await?;
    ensure!(detail.rounds.len() == 3, "{} rounds", detail.rounds.len());
    handler.page_ready(WindowName::Workbench).await?;
    Ok("签收 in the third round".to_owned())
}

/// 首次联系.
pub(crate) async fn contacts(cast: &mut Cast) -> Result<String> {
    let handler = cast.workplace("handler")?;
    hands::open_from_alert(handler).await?;
    hands::act_with(handler, "log_contact", Answers { note: "已致电说明。", ..Answers::default() }).await?;
    hands::told(cast.at_centre("handler")?, cast.case()?, "contact_logged", 1).await?;
    Ok("联系客户, with what was said".to_owned())
}

/// 办理结果.
pub(crate) async fn writes_result(cast: &mut Cast) -> Result<String> {
    let handler = cast.workplace("handler")?;
    hands::act_with(
        handler,
        "write_result",
        Answers { choice: Some(0), note: "已说明定损进度,客户认可。", ..Answers::default() },
    )
    .await?;
    hands::told(cast.at_centre("handler")?, cast.case()?, "result_written", 1).await?;
    handler.page_ready(WindowName::Workbench).await?;
    Ok("已化解-解释认可, waits for the head".to_owned())
}

/// 审批通过: the head, and nobody else.
pub(crate) async fn approves(cast: &mut Cast) -> Result<String> {
    let head = cast.workplace("leader2")?;
    hands::open_first(head, "handling").await?;
    hands::act(head, "approve_result").await?;
    cast.case_in(CaseState::Replied, "agent1").await?;
    head.page_ready(WindowName::Workbench).await?;
    Ok("已办复".to_owned())
}

/// 签收, 联系, 办理结果 once more.
pub(crate) async fn reworks(cast: &mut Cast) -> Result<String> {
    let handler = cast.workplace("handler")?;
    hands::open_first(handler, "handling").await?;
    hands::act(handler, "sign").await?;
    cast.case_in(CaseState::Handling, "handler").await?;
    hands::act_with(handler, "log_contact", Answers { note: "已告知赔付日期。", ..Answers::default() })
        .await?;
    hands::told(cast.at_centre("handler")?, cast.case()?, "contact_logged", 2).await?;
    hands::act_with(
        handler,
        "write_result",
        Answers { choice: Some(1), note: "已补办并告知赔付日期。", ..Answers::default() },
    )
    .await?;
    hands::told(cast.at_centre("handler")?, cast.case()?, "result_written", 2).await?;
    Ok("a second result".to_owned())
}

async fn refuse(cast: &Cast, reason: usize, note: &'static str) -> Result<()> {
    let handler = cast.workplace("handler")?;
    hands::open_from_alert(handler).await?;
    hands::act_with(handler, "return", Answers { choice: Some(reason), note, ..Answers::default() }).await
}
