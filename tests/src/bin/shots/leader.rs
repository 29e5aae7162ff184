//! The direct leader: the alert, the team board, the case page, and the alert that climbed.

use anyhow::Result;
use chayan_api::cases::CaseView;
use chayan_api::commands::CaseAction;
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_tests::world::{Workplace, World};

use crate::album::Album;

/// The direct leader at work before anything is reported, so that the notice is delivered and does not climb.
pub(crate) async fn sign_in(world: &World) -> Result<Workplace> {
    let mut first = Workplace::set_up(world, "leader1").await?;
    first.start()?;
    first.sign_in().await?;
    first.close(WindowName::Workbench).await?;
    Ok(first)
}

/// Level 1, then level 2 after 上报.
pub(crate) async fn shoot(world: &World, first: &Workplace, album: &mut Album) -> Result<()> {
    album.moving(first, WindowName::Alert, "alert-level-1").await?;
    first.alert_aside().await?;
    first.choose("workbench").await?;
    album.still(first, WindowName::Workbench, "team-board").await?;
    first.choose("inbox").await?;
    first.page_ready(WindowName::Workbench).await?;
    album.moving(first, WindowName::Workbench, "inbox").await?;
    let at_centre = world.sign_in("leader1").await?;
    let notified =
        |case: &chayan_api::cases::CaseSummary| case.state.word() == Some(&CaseState::LeaderNotified);
    let case = at_centre.case_when("the reported case", CaseView::Team, notified).await?;
    at_centre.act(case.case_id, CaseAction::Escalate).await?;
    let mut second = Workplace::set_up(world, "leader2").await?;
    second.start()?;
    second.sign_in().await?;
    album.moving(&second, WindowName::Alert, "alert-level-2").await
}
