//! The tray's picture once it says something.

use anyhow::Result;
use chayan_tests::words::says;
use chayan_tests::world::Workplace;

use crate::album::Album;

/// Waits until the tooltip says what stands at `key` under `native`, and keeps the icon that goes with it.
pub(crate) async fn saying(album: &mut Album, place: &Workplace, key: &str, name: &str) -> Result<()> {
    let what = format!("the tray to say `{key}`");
    place.tray().await?.tooltip_when(&what, says(&format!("native.{key}"))?).await?;
    album.tray(place, name).await
}
