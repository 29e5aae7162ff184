//! A clerk at the tray: signed in, with every window closed, in a world of its own.

use std::path::Path;

use anyhow::Result;
use chayan_client::ipc::WindowName;
use chayan_tests::world::{Tempo, Workplace, World};

/// Founds the world, starts the program and signs the clerk in.
pub(crate) async fn at_the_tray(folder: &Path) -> Result<(World, Workplace)> {
    let world = World::found(folder, Tempo::CALM).await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.sign_in().await?;
    clerk.page_ready(WindowName::Workbench).await?;
    clerk.close(WindowName::Workbench).await?;
    Ok((world, clerk))
}
