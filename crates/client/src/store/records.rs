//! Sealed records and announcements on their way to the centre. What is sealed never changes again; only where it
//! stands does.

use chayan_api::error::Problem;
use chayan_domain::evidence::{Hash, Receipt, SealEvidence};
use chayan_domain::ids::{CaseId, RecordId};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::record_words::{RecordKind, parse_state, state_word};
use super::timers::{TimerEnd, end_timer_in};
use super::{DraftRow, Result, Store, StoreFault, parsed};
use crate::ipc::RecordState;
use crate::seal::{ChainHead, SealStamp, link};

/// A record before it has its place in the chain.
#[derive(Debug, Clone)]
pub(crate) struct NewRecord {
    pub(crate) record_id: RecordId,
    pub(crate) case_id: CaseId,
    pub(crate) owner: String,
    pub(crate) kind: RecordKind,
    /// The exact text that travels.
    pub(crate) payload: String,
    pub(crate) made_at: Timestamp,
    /// Evidence of time; `None` for an announcement.
    pub(crate) stamp: Option<SealStamp>,
}

/// What travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) payload: String,
    pub(crate) seal: Option<SealEvidence>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Outcome {
    Receipt { receipt: Receipt },
    Refused { problem: Problem },
}

/// A record that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueItem {
    pub(crate) position: i64,
    pub(crate) record_id: RecordId,
    pub(crate) case_id: CaseId,
    pub(crate) owner: String,
    pub(crate) kind: RecordKind,
    pub(crate) attempts: u32,
    /// Put off until then; others go before it.
    pub(crate) not_before: Option<Timestamp>,
}

/// A record as it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecordRow {
    pub(crate) record_id: RecordId,
    pub(crate) case_id: CaseId,
    pub(crate) owner: String,
    pub(crate) kind: RecordKind,
    pub(crate) state: RecordState,
    pub(crate) sealed_at: Timestamp,
    pub(crate) attempts: u32,
    pub(crate) receipt: Option<Receipt>,
    pub(crate) refused: Option<Problem>,
}

/// How much lies on this desk that the centre has not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) pending: u32,
    pub(crate) quarantined: u32,
    /// Sealed records and drafts whose key is gone.
    pub(crate) lost: u32,
}

/// One link of the chain as it stands in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainRow {
    pub(crate) record_id: RecordId,
    pub(crate) prev_hash: Hash,
    pub(crate) head: ChainHead,
}

macro_rules! select_record {
    () => {
        "SELECT record_id, case_id, owner, kind, state, sealed_at, attempts, outcome FROM records"
    };
}

impl Store {
    /// Seals records of one case in one change: chain, draft, timer, and the refused record that they correct.
    pub(crate) async fn seal(&self, draft: &DraftRow, records: Vec<NewRecord>) -> Result<()> {
        let mut change = self.begin().await?;
        // Its report says all that the announcement would have said.
        sqlx::query(
            "UPDATE records SET state = 'superseded' WHERE case_id = $1 AND kind = 'start_timing' AND state = 'sealed'",
        )
        .bind(draft.case_id.to_string())
        .execute(&mut *change)
        .await?;
        for record in &records {
            self.insert_record(&mut change, record).await?;
        }
        if let Some(refused) = draft.corrects {
            set_state(&mut change, refused, RecordState::Superseded).await?;
        }
        self.write_draft(&mut change, draft).await?;
        end_timer_in(&mut change, draft.case_id, TimerEnd::Answered).await?;
        Ok(change.commit().await?)
    }

    /// Queues an announcement.
    pub(crate) async fn announce(&self, record: &NewRecord) -> Result<()> {
        let mut change = self.begin().await?;
        self.insert_record(&mut change, record).await?;
        Ok(change.commit().await?)
    }

    /// Takes back what the centre was not told yet. True when it had been told something of this timer.
    pub(crate) async fn retract_announcement(&self, case_id: CaseId) -> Result<bool> {
        let mut change = self.begin().await?;
        sqlx::query(
            "UPDATE records SET state = 'superseded'
             WHERE case_id = $1 AND kind = 'start_timing' AND state = 'sealed' AND attempts = 0",
        )
        .bind(case_id.to_string())
        .execute(&mut *change)
        .await?;
        let told = sqlx::query(
            "SELECT 1 FROM records WHERE case_id = $1 AND kind = 'start_timing' AND state IN ('sealed', 'delivered')",
        )
        .bind(case_id.to_string())
        .fetch_optional(&mut *change)
        .await?;
        change.commit().await?;
        Ok(told.is_some())
    }

    async fn insert_record(&self, change: &mut Transaction<'_, Sqlite>, record: &NewRecord) -> Result<()> {
        let record_id = record.record_id.to_string();
        let seal = match &record.stamp {
            None => None,
            Some(stamp) => Some(link(chain_head(change).await?, record.record_id, &record.payload, stamp)),
        };
        let sealed = Sealed { payload: record.payload.clone(), seal };
        let body = self.vault.seal(&place(&record_id), &sealed)?;
        let seal = sealed.seal.as_ref();
        let sequence = seal.map(|seal| i64::try_from(seal.sequence)).transpose();
        sqlx::query(
            "INSERT INTO records (record_id, case_id, owner, kind, state, sealed_at, sequence, prev_hash, hash, corrects,
                                  body)
             VALUES ($1, $2, $3, $4, 'sealed', $5, $6, $7, $8, $9, $10)",
        )
        .bind(&record_id)
        .bind(record.case_id.to_string())
        .bind(&record.owner)
        .bind(record.kind.word())
        .bind(record.made_at.0)
        .bind(sequence.map_err(|_| StoreFault::Damaged)?)
        .bind(seal.map(|seal| seal.prev_hash.to_string()))
        .bind(seal.map(|seal| seal.hash.to_string()))
        .bind(seal.and_then(|seal| seal.corrects).map(|id| id.to_string()))
        .bind(body)
        .execute(&mut **change)
        .await?;
        Ok(())
    }

    /// What waits to be sent and can be read with the present key, in sealing order.
    pub(crate) async fn queue(&self) -> Result<Vec<QueueItem>> {
        let Some(key) = self.vault.key() else { return Ok(Vec::new()) };
        let rows = sqlx::query(
            "SELECT position, record_id, case_id, owner, kind, attempts, not_before
             FROM records WHERE state = 'sealed' AND substr(body, 2, 8) = $1 ORDER BY position",
        )
        .bind(key.mark().to_vec())
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let not_before: Option<i64> = row.try_get(6)?;
                Ok(QueueItem {
                    position: row.try_get(0)?,
                    record_id: parsed(row.try_get(1)?)?,
                    case_id: parsed(row.try_get(2)?)?,
                    owner: row.try_get(3)?,
                    kind: RecordKind::parse(row.try_get(4)?)?,
                    attempts: row.try_get(5)?,
                    not_before: not_before.map(Timestamp),
                })
            })
            .collect()
    }

    /// The bytes of a record, with the hash that the chain holds for it.
    pub(crate) async fn sealed_bytes(&self, record_id: RecordId) -> Result<(Sealed, Option<Hash>)> {
        let id = record_id.to_string();
        let row = sqlx::query("SELECT body, hash FROM records WHERE record_id = $1")
            .bind(&id)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreFault::UnknownId)?;
        let (body, hash): (Vec<u8>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        Ok((self.vault.open(&place(&id), &body)?, hash.as_deref().map(parsed).transpose()?))
    }

    /// The centre has it.
    pub(crate) async fn delivered(
        &self,
        record_id: RecordId,
        attempts: u32,
        receipt: &Receipt,
        now: Timestamp,
    ) -> Result<()> {
        let outcome = Outcome::Receipt { receipt: receipt.clone() };
        self.settle(record_id, RecordState::Delivered, attempts, Some(&outcome), now).await
    }

    /// The centre refused it for good; it stays here with the reason.
    pub(crate) async fn quarantine(
        &self,
        record_id: RecordId,
        attempts: u32,
        problem: &Problem,
        now: Timestamp,
    ) -> Result<()> {
        let outcome = Outcome::Refused { problem: problem.clone() };
        self.settle(record_id, RecordState::Quarantined, attempts, Some(&outcome), now).await
    }

    /// Nothing is lost when it never arrives.
    pub(crate) async fn drop_announcement(&self, record_id: RecordId, now: Timestamp) -> Result<()> {
        self.settle(record_id, RecordState::Superseded, 0, None, now).await
    }

    async fn settle(
        &self,
        record_id: RecordId,
        state: RecordState,
        attempts: u32,
        outcome: Option<&Outcome>,
        now: Timestamp,
    ) -> Result<()> {
        let id = record_id.to_string();
        let outcome = outcome.map(|outcome| self.vault.seal(&outcome_place(&id), outcome)).transpose()?;
        let mut change = self.begin().await?;
        sqlx::query(
            "UPDATE records SET state = $2, attempts = max(attempts, $3), outcome = $4, settled_at = $5
             WHERE record_id = $1 AND state = 'sealed'",
        )
        .bind(&id)
        .bind(state_word(state))
        .bind(attempts)
        .bind(outcome)
        .bind(now.0)
        .execute(&mut *change)
        .await?;
        Ok(change.commit().await?)
    }

    /// An attempt begins; whether the record still waits to be sent. From here on nobody takes it back unsent.
    pub(crate) async fn attempt_begins(&self, record_id: RecordId, attempts: u32) -> Result<bool> {
        let mut change = self.begin().await?;
        let waits = sqlx::query("UPDATE records SET attempts = $2 WHERE record_id = $1 AND state = 'sealed'")
            .bind(record_id.to_string())
            .bind(attempts)
            .execute(&mut *change)
            .await?;
        change.commit().await?;
        Ok(waits.rows_affected() == 1)
    }

    /// An attempt failed; it will be tried again, not before `not_before` where that is given.
    pub(crate) async fn attempt_failed(
        &self,
        record_id: RecordId,
        attempts: u32,
        not_before: Option<Timestamp>,
    ) -> Result<()> {
        let mut change = self.begin().await?;
        sqlx::query(
            "UPDATE records SET attempts = $2, not_before = $3 WHERE record_id = $1 AND state = 'sealed'",
        )
        .bind(record_id.to_string())
        .bind(attempts)
        .bind(not_before.map(|moment| moment.0))
        .execute(&mut *change)
        .await?;
        Ok(change.commit().await?)
    }

    pub(crate) async fn record(&self, record_id: RecordId) -> Result<Option<RecordRow>> {
        let row = sqlx::query(concat!(select_record!(), " WHERE record_id = $1"))
            .bind(record_id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| self.record_of(&row)).transpose()
    }

    /// Every sealed record of a case, in sealing order.
    pub(crate) async fn records_of_case(&self, case_id: CaseId) -> Result<Vec<RecordRow>> {
        let rows = sqlx::query(concat!(
            select_record!(),
            " WHERE case_id = $1 AND sequence IS NOT NULL ORDER BY position"
        ))
        .bind(case_id.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| self.record_of(row)).collect()
    }

    /// A person's records, newest first: everything unsettled or refused, and what was sealed since `since`.
    pub(crate) async fn records_of_person(&self, owner: &str, since: Timestamp) -> Result<Vec<RecordRow>> {
        let rows = sqlx::query(concat!(
            select_record!(),
            " WHERE owner = $1 AND sequence IS NOT NULL
              AND (state IN ('sealed', 'quarantined') OR sealed_at >= $2 OR state = 'lost' AND settled_at >= $2)
              ORDER BY position DESC LIMIT 500"
        ))
        .bind(owner)
        .bind(since.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| self.record_of(row)).collect()
    }

    /// How much of anybody lies here that the centre has not; what was lost counts since `since`.
    pub(crate) async fn counts(&self, since: Timestamp) -> Result<Counts> {
        let row = sqlx::query(
            "SELECT count(*) FILTER (WHERE state = 'sealed'), count(*) FILTER (WHERE state = 'quarantined'),
                    count(*) FILTER (WHERE state = 'lost' AND settled_at >= $1)
                      + (SELECT count(*) FROM drafts WHERE state = 'lost' AND saved_at >= $1)
             FROM records WHERE sequence IS NOT NULL",
        )
        .bind(since.0)
        .fetch_one(&self.pool)
        .await?;
        Ok(Counts { pending: row.try_get(0)?, quarantined: row.try_get(1)?, lost: row.try_get(2)? })
    }

    /// The device's chain as its columns tell it, first to last.
    pub(crate) async fn chain(&self) -> Result<Vec<ChainRow>> {
        let rows = sqlx::query(
            "SELECT sequence, record_id, prev_hash, hash FROM records WHERE sequence IS NOT NULL ORDER BY sequence",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ChainRow {
                    record_id: parsed(row.try_get(1)?)?,
                    prev_hash: parsed(row.try_get(2)?)?,
                    head: ChainHead {
                        sequence: row.try_get::<i64, _>(0)?.unsigned_abs(),
                        hash: parsed(row.try_get(3)?)?,
                    },
                })
            })
            .collect()
    }

    fn record_of(&self, row: &SqliteRow) -> Result<RecordRow> {
        let id: String = row.try_get(0)?;
        let outcome: Option<Vec<u8>> = row.try_get(7)?;
        let outcome =
            outcome.and_then(|outcome| self.vault.open::<Outcome>(&outcome_place(&id), &outcome).ok());
        let (receipt, refused) = match outcome {
            Some(Outcome::Receipt { receipt }) => (Some(receipt), None),
            Some(Outcome::Refused { problem }) => (None, Some(problem)),
            None => (None, None),
        };
        Ok(RecordRow {
            record_id: parsed(&id)?,
            case_id: parsed(row.try_get(1)?)?,
            owner: row.try_get(2)?,
            kind: RecordKind::parse(row.try_get(3)?)?,
            state: parse_state(row.try_get(4)?)?,
            sealed_at: Timestamp(row.try_get(5)?),
            attempts: row.try_get(6)?,
            receipt,
            refused,
        })
    }
}

async fn set_state(
    change: &mut Transaction<'_, Sqlite>,
    record_id: RecordId,
    state: RecordState,
) -> Result<()> {
    sqlx::query("UPDATE records SET state = $2 WHERE record_id = $1 AND state = 'quarantined'")
        .bind(record_id.to_string())
        .bind(state_word(state))
        .execute(&mut **change)
        .await?;
    Ok(())
}

async fn chain_head(change: &mut Transaction<'_, Sqlite>) -> Result<ChainHead> {
    let row = sqlx::query(
        "SELECT sequence, hash FROM records WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1",
    )
    .fetch_optional(&mut **change)
    .await?;
    match row {
        None => Ok(ChainHead::EMPTY),
        Some(row) => Ok(ChainHead {
            sequence: row.try_get::<i64, _>(0)?.unsigned_abs(),
            hash: parsed(row.try_get(1)?)?,
        }),
    }
}

fn place(record_id: &str) -> String {
    format!("records.body/{record_id}")
}

fn outcome_place(record_id: &str) -> String {
    format!("records.outcome/{record_id}")
}
