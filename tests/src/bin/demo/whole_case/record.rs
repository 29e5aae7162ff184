//! What is left when everybody has done their part: a record that verifies.

use anyhow::Result;

use super::cast::Cast;

/// `chayan-server verify-audit` on what six people did.
pub(crate) async fn verifies(cast: &mut Cast) -> Result<String> {
    let centre = cast.world.centre();
    centre.stop().await?;
    Ok(centre.verify_audit()?.trim().to_owned())
}
