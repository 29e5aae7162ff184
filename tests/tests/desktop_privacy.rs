//! A marked customer goes the whole way over real desktops; no toast, title, log, page storage or file of theirs names
//! the customer.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_domain::report::{Cause, CauseDetail, FieldName, Step, Trigger};
use chayan_tests::wait::PATIENCE;
use chayan_tests::world::{Tempo, Told, Workplace, World};

const PHONE: &str = "13819283746";
const NAME: &str = "欧阳标记";
const POLICY: &str = "PDZA2026889900112233";
const TOLD: Told = Told {
    trigger: Trigger::Grumbling,
    step: Step::Survey,
    cause: Cause::Attitude,
    detail: Some(CauseDetail::AttitudeCold),
    phone: PHONE,
    narrative: "客户欧阳标记,保单PDZA2026889900112233,对查勘不满。",
};

/// The titles of all windows, hidden ones too, as they are on these desktops at this moment.
fn note_titles(places: [&Workplace; 3], titles: &mut BTreeSet<String>) -> Result<()> {
    for place in places {
        titles.extend(place.stage().screen().windows()?.into_iter().map(|window| window.title));
    }
    Ok(())
}

#[tokio::test]
async fn a_marked_customer_is_in_no_toast_title_log_or_file_of_any_desktop() -> Result<()> {
    let (_alone, world) = World::alone("marked-customer", Tempo::CALM).await?;
    let mut places = Vec::new();
    for key in ["clerk", "leader1", "agent1"] {
        let mut place = Workplace::set_up(&world, key).await?;
        place.start()?;
        place.sign_in().await?;
        places.push(place);
    }
    let [clerk, leader, agent] = &places[..] else { anyhow::bail!("three desktops") };
    let all = [clerk, leader, agent];
    let mut titles = BTreeSet::new();
    let at_centre = world.sign_in("clerk").await?;

    clerk.open_report().await?;
    clerk.fill_report(&TOLD)?;
    clerk.page_ready(WindowName::QuickReport).await?;
    note_titles(all, &mut titles)?;
    clerk.stage().screen().key("ctrl+Return")?;
    let notified = |case: &CaseSummary| case.state.word() == Some(&CaseState::LeaderNotified);
    let case = at_centre.case_when("已报直接领导", CaseView::Mine, notified).await;
    let case = case.with_context(|| clerk.picture_of_failure())?;
    let detail = at_centre.case(case.case_id).await?;
    let narrative = detail.customer.iter().find(|shown| shown.field == FieldName::Narrative);
    assert_eq!(
        narrative.map(|shown| shown.text.as_str()),
        Some(TOLD.narrative),
        "the mark went the whole way"
    );

    leader.page_shown(WindowName::Alert).await?;
    note_titles(all, &mut titles)?;
    leader.answer_alert().await?;
    let handled = at_centre.state_of(case.case_id, CaseState::LeaderHandling, PATIENCE).await;
    handled.with_context(|| leader.picture_of_failure())?;
    let leader_at_centre = world.sign_in("leader1").await?;
    leader_at_centre.act(case.case_id, chayan_api::commands::CaseAction::StartFlowAsLeader).await?;
    agent.page_shown(WindowName::Alert).await?;
    agent.choose("workbench").await?;
    agent.focused(WindowName::Workbench).await?;
    agent.page_ready(WindowName::Workbench).await?;
    note_titles(all, &mut titles)?;
    agent.stage().screen().key("n")?;
    at_centre.state_of(case.case_id, CaseState::Calling, PATIENCE).await?;
    agent.page_ready(WindowName::Workbench).await?;
    note_titles(all, &mut titles)?;

    let secrets = [PHONE, NAME, POLICY, TOLD.narrative];
    let found = world.files_with(&secrets)?;
    assert!(found.is_empty(), "{} files name the customer: {:?}", found.len(), found.first());
    let toasts: Vec<String> = all
        .iter()
        .flat_map(|place| place.stage().toasts().all())
        .map(|toast| format!("{} {} {:?}", toast.summary, toast.body, toast.actions))
        .collect();
    assert!(toasts.len() >= 2, "leader and agent were told: {toasts:?}");
    assert!(titles.len() >= 3, "the titles were read: {titles:?}");
    for said in toasts.iter().chain(&titles) {
        assert!(secrets.iter().all(|secret| !said.contains(secret)), "{said}");
    }
    let log = clerk.folder().join("planted.log");
    std::fs::write(&log, format!("name={NAME}"))?;
    assert_eq!(world.files_with(&secrets)?.len(), 1, "what is looked for would be found");
    Ok(())
}
