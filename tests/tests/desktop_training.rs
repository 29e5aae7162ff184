//! A training on a real desktop: every window says so, what is reported in it stays in it, and a link to a real case
//! leads back to the real work.

use anyhow::{Context, Result};
use chayan_api::cases::CaseView;
use chayan_client::ipc::WindowName;
use chayan_tests::wait::{self, PATIENCE};
use chayan_tests::words::{filled, words};
use chayan_tests::world::{Tempo, Workplace, World, title};

fn trained(window: WindowName) -> Result<String> {
    filled("native.training.title", &[("title", title(window)?)])
}

async fn tray_says(place: &Workplace, training: bool) -> Result<()> {
    let tip = words("native.training.tip")?;
    let holds = |tooltip: &str| tooltip.contains(tip) == training;
    place.tray().await?.tooltip_when("the tray to say whether it is a training", holds).await.map(drop)
}

#[tokio::test]
async fn a_training_is_said_by_every_window_keeps_its_reports_and_ends_with_a_link_to_a_real_case()
-> Result<()> {
    let (_alone, world) = World::alone("training", Tempo::CALM).await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start_readable().await?;
    clerk.sign_in().await?;
    let at_centre = world.sign_in("clerk").await?;

    clerk.click_button(WindowName::Workbench, words("nav.training")?).await?;
    clerk.click(WindowName::Workbench, "[data-role=clerk]").await?;
    clerk.stage().screen().window(&trained(WindowName::Workbench)?).await?;
    clerk.reads(WindowName::Workbench, words("training.bar_note")?).await?;
    tray_says(&clerk, true).await?;

    clerk.tray().await?.activate().await?;
    let report = trained(WindowName::QuickReport)?;
    let screen = clerk.stage().screen();
    screen.window_when("the report in front", &report, |window| window.visible && window.focused).await?;
    clerk.reads(WindowName::QuickReport, words("report.trigger")?).await?;
    screen.key("4")?;
    screen.key("ctrl+Return")?;
    clerk.reads(WindowName::QuickReport, words("report.done_leader")?).await?;
    assert!(at_centre.cases(CaseView::Mine).await?.is_empty(), "the real centre knows nothing of it");

    clerk.follow_link("chayan://case/0190b6f2-7c3a-7e11-8a55-0242ac120002").await?;
    tray_says(&clerk, false).await?;
    clerk.online().await?;
    let said = clerk.says(WindowName::Workbench, words("training.bar_note")?).await?;
    assert!(!said, "the page is one of the real work");
    let left = clerk.folder();
    wait::until("the end of what the training kept", PATIENCE, async || {
        let kept = find(&left, "training").map_err(|error| error.to_string())?;
        let empty =
            kept.is_none_or(|folder| folder.read_dir().is_ok_and(|mut inside| inside.next().is_none()));
        if empty { Ok(()) } else { Err("it is there".to_owned()) }
    })
    .await
    .context("a training leaves nothing")
}

#[tokio::test]
async fn to_switch_user_in_a_training_is_to_leave_it_and_to_sign_out_of_the_real_work() -> Result<()> {
    let (_alone, world) = World::alone("training-switch", Tempo::CALM).await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start_readable().await?;
    clerk.sign_in().await?;
    clerk.click_button(WindowName::Workbench, words("nav.training")?).await?;
    clerk.click(WindowName::Workbench, "[data-role=clerk]").await?;
    clerk.stage().screen().window(&trained(WindowName::Workbench)?).await?;
    tray_says(&clerk, true).await?;

    clerk.choose("switch_user").await?;
    tray_says(&clerk, false).await?;
    clerk.reads(WindowName::Workbench, words("sign_in.lead")?).await?;
    let signed_out = words("native.state.signed_out")?;
    let tray = clerk.tray().await?;
    tray.tooltip_when("the tray to say 未登录", |tooltip| tooltip.contains(signed_out)).await.map(drop)
}

/// A folder of this name below another.
fn find(below: &std::path::Path, name: &str) -> std::io::Result<Option<std::path::PathBuf>> {
    let mut open = vec![below.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(inside) = folder.read_dir() else { continue };
        for entry in inside {
            let path = entry?.path();
            if path.is_dir() && path.file_name().is_some_and(|found| found == name) {
                return Ok(Some(path));
            }
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    Ok(None)
}
