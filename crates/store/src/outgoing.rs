//! Messages to channels outside, written with the change they tell of and handed over later.

use chayan_domain::ids::{EventId, PersonId};
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Row, int, text};
use crate::write::OutgoingRow;

impl Store {
    /// Messages to a channel that were not handed over yet, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn outgoing(&self, channel: &str, limit: u32) -> Result<Vec<OutgoingRow>, StoreError> {
        let sql = "SELECT message_id, channel, person_id, at, body FROM outgoing \
                   WHERE channel = $1 AND sent_at IS NULL ORDER BY at, message_id LIMIT $2";
        let rows = self.fetch(sql, vec![text(channel), int(i64::from(limit))]).await?;
        let read = |row: &Row| {
            Ok(OutgoingRow {
                message_id: row.parse(0, "outgoing message")?,
                channel: row.text(1)?,
                person_id: PersonId(row.text(2)?),
                at: Timestamp(row.int(3)?),
                body: row.text(4)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Notes that messages were handed over.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn note_sent(&self, message_ids: &[EventId], at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE outgoing SET sent_at = $2 WHERE message_id = $1 AND sent_at IS NULL";
        let statements = message_ids.iter().map(|id| (sql, vec![text(id), int(at.0)])).collect();
        self.execute_all(statements, Vec::new()).await.map(drop)
    }
}
