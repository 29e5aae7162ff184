//! Nobody settles it: the direct leader's alert, the climb, and above the top the flow.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chayan_client::ipc::WindowName;
use chayan_domain::case::{AlertKind, CaseState, Starter};
use chayan_tests::wait::{self, PATIENCE};
use chayan_tests::words::says;
use chayan_tests::world::{SignedIn, Workplace};

use super::cast::{Cast, NARRATIVE, PHONE};

/// Longer than every limit of the demo's overlay taken together.
const WHOLE_LADDER: Duration = Duration::from_secs(120);

/// On top, with level and remaining time, without the keyboard; the toast says nothing about the customer.
pub(crate) async fn leader_is_alerted(cast: &mut Cast) -> Result<String> {
    let leader = &cast.leader1;
    let alert = leader.window(WindowName::Alert).await?;
    leader.page_shown(WindowName::Alert).await?;
    ensure!(alert.above, "the alert is not above other windows");
    ensure!(!alert.focused, "the alert took the keyboard");
    leader.focused(WindowName::Workbench).await.context("the workbench lost the keyboard")?;
    let at_centre = cast.world.sign_in("leader1").await?;
    let open = alert_of(&at_centre, AlertKind::LeaderNotice).await?;
    ensure!(open.level == 1, "level {}", open.level);
    ensure!(open.due_at.is_some(), "no remaining time, though it was delivered");
    let toast = leader.stage().toasts().toast("a toast", |toast| !toast.closed).await?;
    let said = format!("{}\n{}", toast.summary, toast.body);
    ensure!(!said.contains(PHONE) && !said.contains(NARRATIVE), "the toast names the customer");
    Ok(format!("level 1 with its clock, keyboard left alone, toast “{}”", toast.summary))
}

/// `kill -9`, started again as at log-in: the alert is there by itself.
pub(crate) async fn leader_is_killed(cast: &mut Cast) -> Result<String> {
    cast.leader1.kill().await?;
    cast.leader1.gone(WindowName::Alert).await?;
    cast.leader1.start()?;
    cast.leader1.window(WindowName::Alert).await?;
    cast.leader1.page_shown(WindowName::Alert).await?;
    let at_centre = cast.world.sign_in("leader1").await?;
    let open = alert_of(&at_centre, AlertKind::LeaderNotice).await?;
    ensure!(open.case_id == cast.first()?, "the alert of another case");
    Ok("signed in from the keyring, the same alert on the screen".to_owned())
}

/// T2 runs out: leader 2 is alerted at level 2 by the system.
pub(crate) async fn climbs_to_second(cast: &mut Cast) -> Result<String> {
    let at_centre = cast.world.sign_in("leader2").await?;
    let leader = &cast.leader2;
    let case_id = cast.first()?;
    let open = wait::until("an alert at level 2", WHOLE_LADDER, async || {
        let list = at_centre.alerts().await.map_err(|error| error.to_string())?;
        list.alerts.into_iter().find(|alert| alert.case_id == case_id).ok_or_else(|| "no alert".to_owned())
    })
    .await?;
    ensure!(open.level == 2, "level {}", open.level);
    leader.window(WindowName::Alert).await?;
    leader.page_shown(WindowName::Alert).await?;
    let by_system = open.story.iter().any(|line| line.by_system && line.level == 2);
    ensure!(by_system, "the story does not say that the system climbed");
    Ok("level 2, 系统自动".to_owned())
}

/// Leader 1 and the clerk hear of the climb.
pub(crate) async fn lower_levels_are_told(cast: &mut Cast) -> Result<String> {
    let leader = cast.world.sign_in("leader1").await?;
    for person in [&cast.clerk_at_centre, &leader] {
        let told = alert_of(person, AlertKind::Climbed).await.with_context(|| person.me().name.clone())?;
        ensure!(told.level == 2, "level {}", told.level);
    }
    told_by_toast(&cast.clerk, "native.toast.climbed").await?;
    told_by_toast(&cast.leader1, "native.toast.climbed").await?;
    ensure!(!cast.clerk.shows(WindowName::Alert)?, "what only informs must not interrupt");
    cast.clerk.choose("inbox").await?;
    cast.clerk.focused(WindowName::Workbench).await?;
    cast.clerk.page_ready(WindowName::Workbench).await?;
    Ok("clerk and leader 1 were told of level 2 by toast and 我的待办, without a window".to_owned())
}

/// It climbs on, past leaders without a program, and above the top the system starts jsk.22.
pub(crate) async fn flow_starts(cast: &mut Cast) -> Result<String> {
    let case_id = cast.first()?;
    let detail = cast.clerk_at_centre.state_of(case_id, CaseState::Submitted, WHOLE_LADDER).await?;
    let flow = detail.flow.context("no flow")?;
    ensure!(flow.starter.word() == Some(&Starter::System), "{:?}", flow.starter);
    ensure!(flow.started_by.is_none(), "a person is named");
    ensure!(detail.ladder.len() == 4, "{} levels", detail.ladder.len());
    see(&cast.clerk).await?;
    Ok(format!("{} levels, then jsk.22 by 系统", detail.ladder.len()))
}

/// The clerk looks into 我的报告.
pub(crate) async fn see(clerk: &Workplace) -> Result<()> {
    clerk.choose("workbench").await?;
    clerk.focused(WindowName::Workbench).await?;
    clerk.page_ready(WindowName::Workbench).await
}

/// Waits for a toast with this title.
pub(crate) async fn told_by_toast(place: &Workplace, title: &str) -> Result<()> {
    let (what, says) = (format!("the toast `{title}`"), says(title)?);
    place.stage().toasts().toast(&what, |toast| says(&toast.summary)).await.map(drop)
}

/// Waits for an open alert of a kind.
pub(crate) async fn alert_of(person: &SignedIn, kind: AlertKind) -> Result<chayan_api::alerts::Alert> {
    wait::until(&format!("the alert {kind:?}"), PATIENCE, async || {
        let list = person.alerts().await.map_err(|error| error.to_string())?;
        let kinds: Vec<String> = list.alerts.iter().map(|alert| format!("{:?}", alert.kind)).collect();
        list.alerts.into_iter().find(|alert| alert.kind.word() == Some(&kind)).ok_or_else(|| kinds.join(", "))
    })
    .await
}
