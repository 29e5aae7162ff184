//! Events in order, the proof that nobody changed them, and signed checkpoints over all of them.

use chayan_domain::evidence::{Hash, chain_hash};
use chayan_domain::ids::CaseId;
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Row, blob, int, text};
use crate::words;
use crate::write::SealedEvent;

/// Events walked at a time.
const PORTION: i64 = 1_000;

/// What a walk over all chains found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// Cases walked.
    pub cases: u64,
    /// Events walked.
    pub events: u64,
    /// Where a chain does not hold; empty when all do.
    pub breaks: Vec<ChainBreak>,
}

/// A place where a chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainBreak {
    /// The case.
    pub case_id: CaseId,
    /// The event's position, from 1.
    pub sequence: u32,
}

/// A signed hash over all events up to a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// From 1.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// How many events it covers.
    pub events: u64,
    /// Over the hashes of all cases in order.
    pub hash: Hash,
    /// Identifies the signing key.
    pub key_id: String,
    /// Ed25519 over the fields above.
    pub signature: Vec<u8>,
}

impl Store {
    /// Events of a case in order.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn events(&self, case_id: CaseId) -> Result<Vec<SealedEvent>, StoreError> {
        let sql = "SELECT case_id, sequence, event_id, at, kind, prev_hash, hash, bytes FROM events \
                   WHERE case_id = $1 ORDER BY sequence";
        let rows = self.fetch(sql, vec![text(case_id)]).await?;
        rows.iter().map(|row| read(row).map(|(_, event)| event)).collect()
    }

    /// Walks all chains: each event's hash must be that of its bytes after the event before, without a gap.
    ///
    /// # Errors
    /// [`StoreError::Backend`]; what does not hold is no error but in the report.
    pub async fn verify_chain(&self) -> Result<ChainReport, StoreError> {
        let sql = "SELECT case_id, sequence, event_id, at, kind, prev_hash, hash, bytes FROM events \
                   WHERE (case_id, sequence) > ($1, $2) ORDER BY case_id, sequence LIMIT $3";
        let mut report = ChainReport::default();
        let mut last: Option<(CaseId, SealedEvent)> = None;
        loop {
            let (case_id, sequence) = last
                .as_ref()
                .map_or((String::new(), 0), |(id, event)| (id.to_string(), i64::from(event.sequence)));
            let rows = self.fetch(sql, vec![text(case_id), int(sequence), int(PORTION)]).await?;
            if rows.is_empty() {
                return Ok(report);
            }
            for row in &rows {
                let (case_id, event) = read(row)?;
                let before = last.take().filter(|(id, _)| *id == case_id).map(|(_, event)| event);
                report.events += 1;
                report.cases += u64::from(before.is_none());
                if !follows(before.as_ref(), &event) {
                    report.breaks.push(ChainBreak { case_id, sequence: event.sequence });
                }
                last = Some((case_id, event));
            }
        }
    }

    /// Stores a signed checkpoint; its number must be the next.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the number is not the next; [`StoreError::Backend`].
    pub async fn add_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let sql = "INSERT INTO checkpoints (number, at, events, hash, key_id, signature) \
                   SELECT $1, $2, $3, $4, $5, $6 WHERE $1 = (SELECT COALESCE(MAX(number), 0) + 1 FROM checkpoints)";
        let params = vec![
            int(checkpoint.number),
            int(checkpoint.at.0),
            int(i64::try_from(checkpoint.events).unwrap_or(i64::MAX)),
            blob(&checkpoint.hash.0),
            text(&checkpoint.key_id),
            blob(&checkpoint.signature),
        ];
        if self.execute(sql, params).await? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// The last checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        let sql = "SELECT number, at, events, hash, key_id, signature FROM checkpoints ORDER BY number DESC LIMIT 1";
        let rows = self.fetch(sql, Vec::new()).await?;
        let read = |row: &Row| {
            Ok(Checkpoint {
                number: row.int(0)?,
                at: Timestamp(row.int(1)?),
                events: row.int(2)?.unsigned_abs(),
                hash: words::hash(&row.blob(3)?, "checkpoint")?,
                key_id: row.text(4)?,
                signature: row.blob(5)?,
            })
        };
        rows.first().map(read).transpose()
    }
}

fn follows(before: Option<&SealedEvent>, event: &SealedEvent) -> bool {
    let (sequence, hash) = before.map_or((0, Hash::ZERO), |before| (before.sequence, before.hash));
    event.sequence == sequence + 1 && event.prev_hash == hash && event.hash == chain_hash(&hash, &event.bytes)
}

fn read(row: &Row) -> Result<(CaseId, SealedEvent), StoreError> {
    const WHAT: &str = "event";
    let event = SealedEvent {
        sequence: u32::try_from(row.int(1)?).map_err(|_| StoreError::Corrupt { what: WHAT })?,
        event_id: row.parse(2, WHAT)?,
        at: Timestamp(row.int(3)?),
        kind: row.text(4)?,
        prev_hash: words::hash(&row.blob(5)?, WHAT)?,
        hash: words::hash(&row.blob(6)?, WHAT)?,
        bytes: row.blob(7)?,
    };
    Ok((row.parse(0, WHAT)?, event))
}
