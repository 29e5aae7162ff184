//! What a person reaches without a toast and without a click on the icon: each item of the menu, an alert by mouse, a
//! link from elsewhere; and what it says when it cannot start.

use anyhow::{Context, Result};
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_api::commands::{CaseAction, Report};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_domain::ids::CaseId;
use chayan_domain::report::{Channel, ReportForm, Trigger};
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::desktop::Equipment;
use chayan_tests::wait::{self, PATIENCE};
use chayan_tests::words::{filled, words};
use chayan_tests::world::{SignedIn, Tempo, Workplace, World};

/// A person reports to their leader from elsewhere.
async fn reports(world: &World, key: &str) -> Result<(SignedIn, CaseId)> {
    let person = world.sign_in(key).await?;
    let mut form = ReportForm::default();
    form.facts.trigger = Some(Trigger::Grumbling);
    let report =
        Report { found_at: SystemClock.now(), timing_started_at: None, channel: Channel::Desktop, form };
    let case_id = SignedIn::new_case();
    person.act(case_id, CaseAction::NotifyLeader { report }).await?;
    Ok((person, case_id))
}

#[tokio::test]
async fn each_of_the_nine_items_of_the_menu_leads_to_what_it_says() -> Result<()> {
    let (_alone, world) = World::alone("menu", Tempo::CALM).await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start_readable().await?;
    clerk.sign_in().await?;
    let entries = clerk.tray().await?.menu().await?;
    assert_eq!(entries.iter().filter(|entry| !entry.label.is_empty()).count(), 9, "{entries:?}");

    clerk.choose("inbox").await?;
    clerk.reads(WindowName::Workbench, words("inbox.lead")?).await?;
    clerk.choose("connection").await?;
    clerk.reads(WindowName::Workbench, words("connection.lead")?).await?;
    clerk.choose("settings").await?;
    clerk.reads(WindowName::Workbench, words("settings.server_hint")?).await?;
    clerk.close(WindowName::Workbench).await?;
    clerk.choose("workbench").await?;
    clerk.focused(WindowName::Workbench).await?;
    clerk.choose("test_alert").await?;
    clerk.window(WindowName::Alert).await?;
    clerk.reads(WindowName::Alert, words("alert.test_body")?).await?;
    clerk.choose("start_timing").await?;
    clerk.window(WindowName::Timer).await?;
    clerk.choose("quick_report").await?;
    clerk.focused(WindowName::QuickReport).await?;
    clerk.choose("switch_user").await?;
    clerk.focused(WindowName::Workbench).await?;
    clerk.reads(WindowName::Workbench, words("sign_in.lead")?).await?;
    let signed_out = words("native.state.signed_out")?;
    let tray = clerk.tray().await?;
    tray.tooltip_when("the tray to say 未登录", |tooltip| tooltip.contains(signed_out)).await?;
    clerk.choose("quit").await?;
    wait::until("the icon to go", PATIENCE, async || match clerk.stage().tray().items().await {
        Ok(items) if items.is_empty() => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await
}

#[tokio::test]
async fn without_toasts_the_alert_comes_on_top_and_a_click_on_it_takes_the_case_over() -> Result<()> {
    let (_alone, world) = World::alone("no-toasts", Tempo::CALM).await?;
    let silent = Equipment { toasts: false, ..Equipment::default() };
    let mut leader = Workplace::with(&world, "leader1", "leader1", silent).await?;
    leader.start()?;
    leader.sign_in().await?;
    leader.close(WindowName::Workbench).await?;
    let (clerk, case_id) = reports(&world, "clerk").await?;
    let alert = leader.window(WindowName::Alert).await?;
    assert!(alert.above, "the alert is the first channel");
    leader.page_shown(WindowName::Alert).await?;
    leader.answer_alert().await?;
    let handled = clerk.state_of(case_id, CaseState::LeaderHandling, PATIENCE).await;
    handled.with_context(|| leader.picture_of_failure())?;
    leader.gone(WindowName::Alert).await
}

#[tokio::test]
async fn a_link_opens_a_case_of_ones_own_and_says_no_more_of_anothers_than_that_it_cannot_be_seen()
-> Result<()> {
    let (_alone, world) = World::alone("links", Tempo::CALM).await?;
    let (_, own) = reports(&world, "clerk").await?;
    let (agent, others) = reports(&world, "agent1").await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start_readable().await?;
    clerk.sign_in().await?;
    let number = |case_id: CaseId| filled("case.number", &[("id", &case_id.to_string())]);

    clerk.follow_link(&format!("chayan://case/{own}")).await?;
    clerk.reads(WindowName::Workbench, &number(own)?).await?;
    clerk.reads(WindowName::Workbench, words("words.trigger.grumbling")?).await?;

    clerk.follow_link(&format!("chayan://case/{others}")).await?;
    clerk.reads(WindowName::Workbench, words("case.gone_title")?).await?;
    clerk.reads(WindowName::Workbench, words("problem.not_found")?).await?;
    let reporter = agent.me().name.clone();
    for told in [number(others)?, words("words.trigger.grumbling")?.to_owned(), reporter] {
        assert!(!clerk.says(WindowName::Workbench, &told).await?, "{told}");
    }

    clerk.close(WindowName::Workbench).await?;
    for garbage in
        ["chayan://case/not-a-case", "chayan://case/../settings", "chayan://format/disk", "file:///etc"]
    {
        clerk.follow_link(garbage).await?;
        assert!(!clerk.says(WindowName::Workbench, &number(own)?).await?, "{garbage}");
    }
    let seen = |case: &CaseSummary| case.case_id == own;
    world.sign_in("clerk").await?.case_when("the case as it was", CaseView::Mine, seen).await.map(drop)
}

#[test]
fn without_a_folder_for_its_data_the_program_says_so_in_the_persons_language_and_ends() -> Result<()> {
    let mut command = std::process::Command::new(chayan_tests::programs::path("chayan")?);
    let ended = command.env_clear().output()?;
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains(words("native.start.no_home")?), "{said}");
    Ok(())
}
