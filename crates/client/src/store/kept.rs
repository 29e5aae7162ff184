//! Single values: names in the clear (`meta`) and sealed ones (`kept`); cursors and owners.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;

use super::{Result, Store};

impl Store {
    /// A value in the clear: no customer data, nothing secret.
    pub(crate) async fn meta(&self, name: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT value FROM meta WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    pub(crate) async fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        let mut change = self.begin().await?;
        sqlx::query(
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
        )
        .bind(name)
        .bind(value)
        .execute(&mut *change)
        .await?;
        Ok(change.commit().await?)
    }

    /// A sealed value; `None` also when it was sealed with a key that is gone.
    pub(crate) async fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let row = sqlx::query("SELECT body FROM kept WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let body: Vec<u8> = row.try_get(0)?;
        Ok(self.vault.open(&format!("kept.body/{name}"), &body).ok())
    }

    pub(crate) async fn keep<T: Serialize + Sync>(&self, name: &str, value: &T) -> Result<()> {
        let body = self.vault.seal(&format!("kept.body/{name}"), value)?;
        let mut change = self.begin().await?;
        sqlx::query(
            "INSERT INTO kept (name, body) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET body = $2",
        )
        .bind(name)
        .bind(body)
        .execute(&mut *change)
        .await?;
        Ok(change.commit().await?)
    }

    pub(crate) async fn forget(&self, name: &str) -> Result<()> {
        let mut change = self.begin().await?;
        sqlx::query("DELETE FROM kept WHERE name = $1").bind(name).execute(&mut *change).await?;
        Ok(change.commit().await?)
    }

    /// Where the person's feed goes on.
    pub(crate) async fn cursor(&self, owner: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT cursor FROM cursors WHERE owner = $1")
            .bind(owner)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Sets or forgets where the person's feed goes on.
    pub(crate) async fn set_cursor(&self, owner: &str, cursor: Option<&str>) -> Result<()> {
        let mut change = self.begin().await?;
        match cursor {
            Some(cursor) => super::alerts::write_cursor(&mut change, owner, cursor).await?,
            None => {
                sqlx::query("DELETE FROM cursors WHERE owner = $1").bind(owner).execute(&mut *change).await?;
            }
        }
        Ok(change.commit().await?)
    }

    /// What was begun before anybody was signed in belongs to the first who signs in.
    pub(crate) async fn adopt(&self, owner: &str) -> Result<()> {
        let mut change = self.begin().await?;
        sqlx::query("UPDATE drafts SET owner = $1 WHERE owner = ''")
            .bind(owner)
            .execute(&mut *change)
            .await?;
        sqlx::query("UPDATE timers SET owner = $1 WHERE owner = ''")
            .bind(owner)
            .execute(&mut *change)
            .await?;
        Ok(change.commit().await?)
    }
}
