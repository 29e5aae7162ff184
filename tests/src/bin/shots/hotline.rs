//! 95518 投诉组: the alert, the queue, one claimed case.

use anyhow::Result;
use chayan_client::ipc::WindowName;
use chayan_tests::world::{Workplace, World};

use crate::album::Album;

/// The flow that the clerk started without the server waits for its first callback.
pub(crate) async fn shoot(world: &World, album: &mut Album) -> Result<()> {
    let mut agent = Workplace::set_up(world, "agent1").await?;
    agent.start()?;
    agent.sign_in().await?;
    album.moving(&agent, WindowName::Alert, "alert-callback").await?;
    agent.alert_aside().await?;
    agent.choose("workbench").await?;
    agent.focused(WindowName::Workbench).await?;
    album.moving(&agent, WindowName::Workbench, "callback-queue").await?;
    let screen = agent.stage().screen();
    screen.key("n")?;
    agent.gone(WindowName::Alert).await?;
    agent.page_ready(WindowName::Workbench).await?;
    album.moving(&agent, WindowName::Workbench, "callback-case").await?;
    screen.key("d")?;
    agent.page_ready(WindowName::Workbench).await?;
    album.moving(&agent, WindowName::Workbench, "callback-dialled").await
}
