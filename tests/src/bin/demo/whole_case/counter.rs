//! The counter and its leader: the report, the flow on the clerk's behalf, the outcome.

use anyhow::{Context, Result, ensure};
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_client::ipc::WindowName;
use chayan_domain::case::{AlertKind, CaseState, Starter};
use chayan_domain::report::{Cause, CauseDetail, Step, Trigger};
use chayan_tests::wait::{self, PATIENCE};
use chayan_tests::words::words;
use chayan_tests::world::Told;

use super::cast::Cast;
use super::hands;
use crate::steps::Players as _;

/// Six programs, each with its own navigation.
pub(crate) async fn everybody_signs_in(cast: &mut Cast) -> Result<String> {
    cast.sign_in().await?;
    for (key, page) in [("agent1", "callback"), ("handler", "handling"), ("csd", "rulings")] {
        cast.workplace(key)?.reads(WindowName::Workbench, words(&format!("nav.{page}"))?).await?;
    }
    let clerk = cast.workplace("clerk")?;
    ensure!(
        !clerk.says(WindowName::Workbench, words("nav.callback")?).await?,
        "a clerk is offered the queue"
    );
    Ok("6 programs 在线, each with the lists of its role".to_owned())
}

/// 报直接领导 by keyboard.
pub(crate) async fn clerk_reports(cast: &mut Cast) -> Result<String> {
    let told = Told {
        trigger: Trigger::Grumbling,
        step: Step::LossAssessment,
        cause: Cause::Timeliness,
        detail: Some(CauseDetail::TimelinessAssessment),
        phone: "13800005678",
        narrative: "客户已等定损两天,第三次来柜台催办。",
    };
    report(cast, &told, "ctrl+Return", CaseState::LeaderNotified).await?;
    Ok("已报直接领导".to_owned())
}

/// 代启动流程, from the alert.
pub(crate) async fn leader_starts_the_flow(cast: &mut Cast) -> Result<String> {
    let leader = cast.workplace("leader1")?;
    hands::open_from_alert(leader).await?;
    hands::act(leader, "start_flow_as_leader").await?;
    leader.confirm(WindowName::Workbench).await?;
    let detail = cast.case_in(CaseState::Submitted, "clerk").await?;
    let flow = detail.flow.context("no flow")?;
    ensure!(flow.starter.word() == Some(&Starter::Leader), "{:?}", flow.starter);
    Ok("jsk.22 started by the leader for the clerk, both named".to_owned())
}

/// The way of the case is closed for the clerk too.
pub(crate) async fn clerk_sees_the_outcome(cast: &mut Cast) -> Result<String> {
    let case_id = cast.case()?;
    let clerk = cast.at_centre("clerk")?;
    wait::until("the outcome", PATIENCE, async || {
        let list = clerk.alerts().await.map_err(|error| error.to_string())?;
        let outcome = |alert: &chayan_api::alerts::Alert| {
            alert.case_id == case_id && alert.kind.word() == Some(&AlertKind::Outcome)
        };
        if list.alerts.iter().any(outcome) { Ok(()) } else { Err(format!("{} alerts", list.alerts.len())) }
    })
    .await?;
    let place = cast.workplace("clerk")?;
    hands::open_list(place, "my_reports").await?;
    place.reads(WindowName::Workbench, words("words.state.ARCHIVED_RESOLVED")?).await?;
    place.page_ready(WindowName::Workbench).await?;
    Ok("我的报告 says 归档·已化解".to_owned())
}

/// 启动流程 at once.
pub(crate) async fn clerk_starts_a_flow(cast: &mut Cast) -> Result<String> {
    let told = Told {
        trigger: Trigger::Grumbling,
        step: Step::ClaimPayment,
        cause: Cause::Timeliness,
        detail: Some(CauseDetail::TimelinessAssessment),
        phone: "13800007890",
        narrative: "客户称赔款一直没有到账。",
    };
    report(cast, &told, "ctrl+shift+Return", CaseState::Submitted).await?;
    Ok("a second case, straight to 95518".to_owned())
}

async fn report(cast: &mut Cast, told: &Told, keys: &str, state: CaseState) -> Result<()> {
    let before = cast.case().ok();
    let place = cast.workplace("clerk")?;
    place.open_report().await?;
    place.fill_report(told)?;
    place.page_ready(WindowName::QuickReport).await?;
    place.stage().screen().key(keys)?;
    let new = |case: &CaseSummary| case.state.word() == Some(&state) && Some(case.case_id) != before;
    let case = cast.at_centre("clerk")?.case_when("the report", CaseView::Mine, new).await?;
    place.page_ready(WindowName::QuickReport).await?;
    cast.case_is(case.case_id);
    Ok(())
}
