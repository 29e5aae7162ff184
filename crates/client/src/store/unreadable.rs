//! What another key sealed: sealed anew when that key is here, counted as lost when it is gone. Never deleted.

use chayan_domain::time::Timestamp;
use sqlx::{AssertSqlSafe, Row, Sqlite, Transaction};

use super::{Result, Store, StoreKey};

/// The key of a sealed body: its first byte names the cipher, the next eight the key (see the vault).
macro_rules! key_of_body {
    () => {
        "substr(body, 2, 8)"
    };
}

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
    /// Seals everything that `old` sealed with the present key. A row that was changed since stays as it is.
    pub(crate) async fn reseal_all(&self, old: &StoreKey) -> Result<()> {
        let mut change = self.begin().await?;
        for (table, id, column) in SEALED_COLUMNS {
            let select = format!("SELECT {id}, {column} FROM {table} WHERE substr({column}, 2, 8) = $1");
            let rows =
                sqlx::query(AssertSqlSafe(select)).bind(old.mark().to_vec()).fetch_all(&mut *change).await?;
            for row in rows {
                let (name, blob): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
                let Ok(blob) = self.vault.reseal(old, &format!("{table}.{column}/{name}"), &blob) else {
                    tracing::error!(table, "a row is not what was sealed");
                    continue;
                };
                let update = format!("UPDATE {table} SET {column} = $1 WHERE {id} = $2");
                sqlx::query(AssertSqlSafe(update)).bind(blob).bind(name).execute(&mut *change).await?;
            }
        }
        Ok(change.commit().await?)
    }

    /// Counts as lost what none of the known keys opens, and as sealed again what was lost and has its key back.
    /// Answers how many sealed records and drafts are newly lost.
    pub(crate) async fn count_lost(&self, known: &[[u8; 8]], now: Timestamp) -> Result<u64> {
        let marks: Vec<String> = known.iter().map(|mark| format!("x'{}'", hex::encode(mark))).collect();
        let marks = marks.join(", ");
        let mut change = self.begin().await?;
        let back = format!(
            "UPDATE records SET state = 'sealed', settled_at = NULL WHERE state = 'lost' AND {} IN ({marks})",
            key_of_body!()
        );
        sqlx::query(AssertSqlSafe(back)).execute(&mut *change).await?;
        let back = format!(
            "UPDATE drafts SET state = 'open' WHERE state = 'lost' AND {} IN ({marks})",
            key_of_body!()
        );
        sqlx::query(AssertSqlSafe(back)).execute(&mut *change).await?;
        let records = format!(
            "UPDATE records SET state = 'lost', settled_at = $1
             WHERE state IN ('sealed', 'quarantined') AND {} NOT IN ({marks})",
            key_of_body!()
        );
        let records = sqlx::query(AssertSqlSafe(records)).bind(now.0).execute(&mut *change).await?;
        let drafts = format!(
            "UPDATE drafts SET state = 'lost' WHERE state = 'open' AND {} NOT IN ({marks})",
            key_of_body!()
        );
        let drafts = sqlx::query(AssertSqlSafe(drafts)).execute(&mut *change).await?;
        self.ask_again_for_unreadable_alerts(&mut change).await?;
        change.commit().await?;
        Ok(records.rows_affected() + drafts.rows_affected())
    }

    /// Open alerts that cannot be shown are asked for again: without a cursor the feed begins with what is open.
    async fn ask_again_for_unreadable_alerts(&self, change: &mut Transaction<'_, Sqlite>) -> Result<()> {
        let Some(key) = self.key() else { return Ok(()) };
        sqlx::query(concat!(
            "DELETE FROM cursors WHERE owner IN
               (SELECT owner FROM alerts WHERE state = 'open' AND ",
            key_of_body!(),
            " <> $1)"
        ))
        .bind(key.mark().to_vec())
        .execute(&mut **change)
        .await?;
        Ok(())
    }

    /// Puts aside what another key sealed at this place before a new text takes it.
    pub(super) async fn put_aside_draft(
        &self,
        change: &mut Transaction<'_, Sqlite>,
        case_id: &str,
        now: Timestamp,
    ) -> Result<()> {
        let Some(key) = self.key() else { return Ok(()) };
        sqlx::query(concat!(
            "INSERT INTO aside (place, at, body)
             SELECT 'drafts.body/' || case_id, $3, body FROM drafts WHERE case_id = $1 AND ",
            key_of_body!(),
            " <> $2"
        ))
        .bind(case_id)
        .bind(key.mark().to_vec())
        .bind(now.0)
        .execute(&mut **change)
        .await?;
        Ok(())
    }
}
