//! The main job through real windows: reported by keyboard, taken over and settled by the direct leader from the alert;
//! a second report as a flow, called back by the complaint group, and what the clerk reads of both.

use anyhow::Result;
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_domain::report::{Cause, CauseDetail, Step, Trigger};
use chayan_tests::programs;
use chayan_tests::wait::PATIENCE;
use chayan_tests::words::words;
use chayan_tests::world::{Tempo, Told, Workplace, World};

const TOLD: Told = Told {
    trigger: Trigger::Grumbling,
    step: Step::Survey,
    cause: Cause::Attitude,
    detail: Some(CauseDetail::AttitudeCold),
    phone: "13800003333",
    narrative: "客户说查勘员电话里态度冷淡,要求换人。",
};

async fn readable(world: &World, key: &str) -> Result<Workplace> {
    let mut place = Workplace::set_up(world, key).await?;
    place.start_readable().await?;
    place.sign_in().await?;
    Ok(place)
}

#[tokio::test]
async fn a_report_is_settled_by_the_leader_and_a_flow_is_called_back_and_the_clerk_reads_both() -> Result<()>
{
    let folder = programs::workspace().join("target/desktop-tests/main-job");
    let world = World::found(&folder, Tempo::CALM).await?;
    let clerk = readable(&world, "clerk").await?;
    let leader = readable(&world, "leader1").await?;
    let at_centre = world.sign_in("clerk").await?;

    clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.stage().screen().key("ctrl+Return")?;
    clerk.reads(WindowName::QuickReport, words("report.done_leader")?).await?;
    leader.window(WindowName::Alert).await?;
    leader.reads(WindowName::Alert, words("alert.leader_notice_first")?).await?;
    leader.reads(WindowName::Alert, words("words.trigger.grumbling")?).await?;
    assert!(!leader.says(WindowName::Alert, TOLD.phone).await?, "the alert shows the customer's number");
    leader.answer_alert().await?;
    let handled = |case: &CaseSummary| case.state.word() == Some(&CaseState::LeaderHandling);
    let case = at_centre.case_when("领导介入处理", CaseView::Mine, handled).await?;
    leader.gone(WindowName::Alert).await?;
    leader.choose("workbench").await?;
    leader.focused(WindowName::Workbench).await?;
    leader.click_button(WindowName::Workbench, words("team.resolve")?).await?;
    leader.confirm(WindowName::Workbench).await?;
    at_centre.state_of(case.case_id, CaseState::LeaderResolved, PATIENCE).await?;

    let agent = readable(&world, "agent1").await?;
    clerk.stage().screen().key("Escape")?;
    clerk.gone(WindowName::QuickReport).await?;
    clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.stage().screen().key("ctrl+shift+Return")?;
    clerk.reads(WindowName::QuickReport, words("report.done_flow")?).await?;
    agent.window(WindowName::Alert).await?;
    agent.reads(WindowName::Alert, words("alert.callback_due")?).await?;
    agent.choose("workbench").await?;
    agent.focused(WindowName::Workbench).await?;
    agent.reads(WindowName::Workbench, words("callback.state_free")?).await?;
    agent.stage().screen().key("n")?;
    agent.reads(WindowName::Workbench, words("callback.state_mine")?).await?;
    agent.gone(WindowName::Alert).await?;
    agent.stage().screen().key("d")?;
    agent.click_button(WindowName::Workbench, words("callback.dispatch")?).await?;
    agent.reads(WindowName::Workbench, words("callback.to_dispatch_done")?).await?;

    clerk.choose("workbench").await?;
    clerk.reads(WindowName::Workbench, words("words.state.LEADER_RESOLVED")?).await?;
    clerk.reads(WindowName::Workbench, words("words.state.TO_DISPATCH")?).await?;
    Ok(())
}
