//! What the database remembers about itself.

use crate::error::StoreError;
use crate::sql::{Link, text};

const MASTER_KEY: &str = "master_key";

/// Remembers which master key fills the database, and refuses another: its customer data would be unreadable.
pub(crate) async fn check_master_key(link: &mut Link, key_id: &str) -> Result<(), StoreError> {
    link.execute(
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        vec![text(MASTER_KEY), text(key_id)],
    )
    .await?;
    let rows = link.fetch("SELECT value FROM settings WHERE name = $1", vec![text(MASTER_KEY)]).await?;
    let stored = rows.first().map(|row| row.text(0)).transpose()?;
    if stored.as_deref() == Some(key_id) { Ok(()) } else { Err(StoreError::WrongMasterKey) }
}
