//! Forgetting what nobody needs any more: old feed rows, ended sessions, old wrong passwords. In portions, so that a
//! report never waits for a broom. Cases, events, commands and receipts are never touched.

use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::feed::Cursor;
use crate::sql::{Dialect, int};

/// The first rows of the feed, as far as they are old: the order of the feed is (nearly) that of time, so nothing is
/// searched. What is left behind by "nearly" goes with the next portion.
macro_rules! old_rows {
    ($what:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM (SELECT xid, seq, at FROM feed ORDER BY seq LIMIT $2) AS first_rows WHERE at < $1"
        )
    };
}

const SQLITE_FLOOR: &str = concat!(
    "INSERT INTO feed_floor (only_row, xid, seq) SELECT 1, 0, seq FROM (",
    old_rows!("MAX(seq) AS seq"),
    ") AS highest WHERE seq IS NOT NULL ON CONFLICT (only_row) DO UPDATE SET seq = excluded.seq \
     WHERE excluded.seq > feed_floor.seq"
);
const SQLITE_FORGET: &str = "DELETE FROM feed WHERE at < $1 AND seq <= (SELECT seq FROM feed_floor) AND seq <= \
     (SELECT MAX(seq) FROM (SELECT seq FROM feed ORDER BY seq LIMIT $2) AS first_rows)";
/// One statement, so that no row goes that the floor does not name.
const POSTGRES_FORGET: &str = concat!(
    "WITH gone AS (DELETE FROM feed WHERE seq IN (",
    old_rows!("seq"),
    ") RETURNING xid, seq) INSERT INTO feed_floor (only_row, xid, seq) \
     SELECT 1, xid, seq FROM gone ORDER BY xid DESC, seq DESC LIMIT 1 \
     ON CONFLICT (only_row) DO UPDATE SET xid = GREATEST(feed_floor.xid, excluded.xid), \
     seq = CASE WHEN (excluded.xid, excluded.seq) > (feed_floor.xid, feed_floor.seq) \
     THEN excluded.seq ELSE feed_floor.seq END"
);

impl Store {
    /// Forgets at most `portion` feed rows from before a moment; returns whether there may be more.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn forget_feed(&self, before: Timestamp, portion: u32) -> Result<bool, StoreError> {
        let params = vec![int(before.0), int(i64::from(portion))];
        let statements = match self.dialect() {
            Dialect::Sqlite => vec![(SQLITE_FLOOR, params.clone()), (SQLITE_FORGET, params)],
            Dialect::Postgres => vec![(POSTGRES_FORGET, params)],
        };
        let touched = self.execute_all(statements, Vec::new()).await?;
        Ok(touched.last().is_some_and(|rows| *rows > 0))
    }

    /// The place up to which feed rows were forgotten. Whoever stands before it has missed something.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn feed_floor(&self) -> Result<Cursor, StoreError> {
        let rows = self.fetch("SELECT xid, seq FROM feed_floor", Vec::new()).await?;
        let Some(row) = rows.first() else { return Ok(Cursor::default()) };
        Ok(Cursor { transaction: row.int(0)?, sequence: row.int(1)? })
    }

    /// Forgets at most `portion` sessions that ended before a moment; returns whether there may be more.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn forget_sessions(&self, before: Timestamp, portion: u32) -> Result<bool, StoreError> {
        let sql = "DELETE FROM sessions WHERE token_hash IN \
                   (SELECT token_hash FROM sessions WHERE expires_at < $1 OR revoked_at < $1 LIMIT $2)";
        let gone = self.execute(sql, vec![int(before.0), int(i64::from(portion))]).await?;
        Ok(gone > 0)
    }

    /// Forgets at most `portion` wrong passwords, and locks, that were over before a moment; returns whether there may
    /// be more.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn forget_wrong_sign_ins(&self, before: Timestamp, portion: u32) -> Result<bool, StoreError> {
        let tries = "DELETE FROM wrong_sign_ins WHERE number IN \
                     (SELECT number FROM wrong_sign_ins WHERE at < $1 ORDER BY number LIMIT $2)";
        let locks = "DELETE FROM sign_in_locks WHERE who IN (SELECT who FROM sign_in_locks WHERE locked_until < $1 \
                     AND NOT EXISTS (SELECT 1 FROM wrong_sign_ins WHERE wrong_sign_ins.who = sign_in_locks.who) \
                     LIMIT $2)";
        let params = vec![int(before.0), int(i64::from(portion))];
        let touched = self.execute_all(vec![(tries, params.clone()), (locks, params)], Vec::new()).await?;
        Ok(touched.iter().any(|rows| *rows > 0))
    }
}
