//! Single values: names in the clear (`meta`) and sealed ones (`kept`), and the change from one key to another.

use chayan_domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Row};

use super::{Result, Store, StoreKey};

/// Every table with sealed columns: table, id column, sealed column.
const SEALED_COLUMNS: &[(&str, &str, &str)] = &[
    ("kept", "name", "body"),
    ("drafts", "case_id", "body"),
    ("timers", "case_id", "body"),
    ("records", "record_id", "body"),
    ("records", "record_id", "outcome"),
    ("alerts", "alert_id", "body"),
];

impl Store {
    /// A value in the clear: no customer data, nothing secret.
    pub(crate) async fn meta(&self, name: &str) -> Result<Option<String>> {
        let pool = self.pool().await;
        let row =
            sqlx::query("SELECT value FROM meta WHERE name = $1").bind(name).fetch_optional(&pool).await?;
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
        let pool = self.pool().await;
        let row =
            sqlx::query("SELECT body FROM kept WHERE name = $1").bind(name).fetch_optional(&pool).await?;
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

    /// Seals everything that `old` sealed with the present key. Used when a keyring becomes usable after a session
    /// that had to do without.
    pub(crate) async fn reseal_all(&self, old: &StoreKey) -> Result<()> {
        let mut change = self.begin().await?;
        for (table, id, column) in SEALED_COLUMNS {
            let select = format!("SELECT {id}, {column} FROM {table} WHERE substr({column}, 2, 8) = $1");
            let rows =
                sqlx::query(AssertSqlSafe(select)).bind(old.mark().to_vec()).fetch_all(&mut *change).await?;
            for row in rows {
                let (name, blob): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
                let blob = self.vault.reseal(old, &format!("{table}.{column}/{name}"), &blob)?;
                let update = format!("UPDATE {table} SET {column} = $1 WHERE {id} = $2");
                sqlx::query(AssertSqlSafe(update)).bind(blob).bind(name).execute(&mut *change).await?;
            }
        }
        Ok(change.commit().await?)
    }

    /// Removes what no key can open any more (sealed in a session without a keyring), after a copy of the whole file
    /// was put aside. Answers how many rows that were.
    pub(crate) async fn drop_unreadable(&self, readable: &[[u8; 8]], now: Timestamp) -> Result<u64> {
        let known: Vec<String> = readable.iter().map(|mark| format!("x'{}'", hex::encode(mark))).collect();
        let known = known.join(", ");
        let condition =
            |column: &str| format!("{column} IS NOT NULL AND substr({column}, 2, 8) NOT IN ({known})");
        let pool = self.pool().await;
        let mut lost = 0;
        for (table, _, column) in SEALED_COLUMNS {
            let count = format!("SELECT count(*) FROM {table} WHERE {}", condition(column));
            lost += sqlx::query(AssertSqlSafe(count))
                .fetch_one(&pool)
                .await?
                .try_get::<i64, _>(0)?
                .unsigned_abs();
        }
        if lost == 0 {
            return Ok(0);
        }
        let aside = self.path.with_file_name(format!("desk-unreadable-{}.db", now.0));
        sqlx::query("VACUUM INTO $1").bind(aside.to_string_lossy().into_owned()).execute(&pool).await?;
        let mut change = self.begin().await?;
        for (table, _, column) in SEALED_COLUMNS {
            let remove = format!("DELETE FROM {table} WHERE {}", condition(column));
            sqlx::query(AssertSqlSafe(remove)).execute(&mut *change).await?;
        }
        change.commit().await?;
        Ok(lost)
    }

    /// Where the person's feed goes on.
    pub(crate) async fn cursor(&self, owner: &str) -> Result<Option<String>> {
        let pool = self.pool().await;
        let row = sqlx::query("SELECT cursor FROM cursors WHERE owner = $1")
            .bind(owner)
            .fetch_optional(&pool)
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
