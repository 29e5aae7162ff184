//! Customer data that was removed when its time was over, and the chain that proves what went and when.
//!
//! The rows, their key and their digests go together with the record of it, or not at all. What is left of the case still
//! verifies: its events hold only commitments.

use std::collections::HashMap;

use chayan_domain::case::{Case, CaseState};
use chayan_domain::evidence::{Hash, Removal, chain_hash};
use chayan_domain::ids::CaseId;
use chayan_domain::time::{Span, Timestamp};

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Dialect, Link, Param, Row, blob, fetch_by_keys, int, text};
use crate::words::{self, word};

/// Another one may be appended at the same moment.
const TRIES: usize = 16;
/// Rows read at a time.
const PORTION: i64 = 1_000;

const APPEND: &str = "INSERT INTO removals (number, case_id, at, prev_hash, hash, bytes) \
    SELECT $1, $2, $3, $4, $5, $6 WHERE $1 = (SELECT COALESCE(MAX(number), 0) + 1 FROM removals) \
    AND EXISTS (SELECT 1 FROM cases WHERE case_id = $2 AND version = $7)";
/// Only beside the record.
const ROWS: &str = "DELETE FROM customer_rows WHERE case_id = $1 \
    AND EXISTS (SELECT 1 FROM removals WHERE number = $2 AND hash = $3)";
const KEY: &str = "DELETE FROM case_keys WHERE case_id = $1 \
    AND EXISTS (SELECT 1 FROM removals WHERE number = $2 AND hash = $3)";
const DIGESTS: &str = "DELETE FROM blind_keys WHERE case_id = $1 \
    AND EXISTS (SELECT 1 FROM removals WHERE number = $2 AND hash = $3)";

/// A case of which customer data is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseWithCustomer {
    /// When the centre first heard of it.
    pub received_at: Timestamp,
    /// Which case.
    pub case_id: CaseId,
    /// The case itself; `None` when what is stored of it cannot be read, which the audit names.
    pub readable: Option<Case>,
}

impl CaseWithCustomer {
    /// Its place in the order of [`Store::cases_with_customer`].
    #[must_use]
    pub const fn place(&self) -> (Timestamp, CaseId) {
        (self.received_at, self.case_id)
    }
}

/// What is to be removed, and why it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovalPlan {
    /// The case as it was looked at: when it has changed since, nothing is removed.
    pub case: Case,
    /// How long it had to be kept.
    pub keep: Span,
    /// The rules that say so.
    pub rule_version: chayan_domain::ids::RuleVersion,
    /// The centre's clock.
    pub at: Timestamp,
}

/// A removal as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRemoval {
    /// What it says.
    pub removal: Removal,
    /// Its place in the chain.
    pub hash: Hash,
}

impl Store {
    /// Cases in one of these states that still have customer data and were first heard of before a moment, the oldest
    /// first, after a place in that order ([`CaseWithCustomer::place`]).
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn cases_with_customer(
        &self,
        states: &[CaseState],
        before: Timestamp,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<CaseWithCustomer>, StoreError> {
        let mut params = vec![int(before.0), int(i64::from(limit))];
        let (at, case_id) = after.map_or((i64::MIN, String::new()), |(at, id)| (at.0, id.to_string()));
        params.extend([int(at), text(case_id)]);
        let mut names = Vec::new();
        for state in states {
            params.push(text(word(state)));
            names.push(format!("${}", params.len()));
        }
        let sql = format!(
            "SELECT received_at, case_id, body FROM cases WHERE state IN ({}) AND received_at < $1 \
             AND (received_at, case_id) > ($3, $4) \
             AND (EXISTS (SELECT 1 FROM case_keys WHERE case_keys.case_id = cases.case_id) \
             OR EXISTS (SELECT 1 FROM blind_keys WHERE blind_keys.case_id = cases.case_id)) \
             ORDER BY received_at, case_id LIMIT $2",
            names.join(", ")
        );
        let rows = self.fetch(sqlx::AssertSqlSafe(sql), params).await?;
        let read = |row: &Row| {
            Ok(CaseWithCustomer {
                received_at: Timestamp(row.int(0)?),
                case_id: row.parse(1, "case")?,
                readable: serde_json::from_str(&row.text(2)?).ok(),
            })
        };
        rows.iter().map(read).collect()
    }

    /// Whether customer data of a case is kept: texts of its own, or digests that a merged case handed on.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn has_customer(&self, case_id: CaseId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM case_keys WHERE case_id = $1 \
                   UNION ALL SELECT 1 FROM blind_keys WHERE case_id = $1 LIMIT 1";
        Ok(!self.fetch(sql, vec![text(case_id)]).await?.is_empty())
    }

    /// Removes the customer data of a case with the proof of it. `None` when there is none, or the case has changed.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn remove_customer(&self, plan: &RemovalPlan) -> Result<Option<SealedRemoval>, StoreError> {
        let case = &plan.case;
        for _ in 0..TRIES {
            if !self.has_customer(case.case_id).await? {
                return Ok(None);
            }
            let sealed = self.planned(plan).await?;
            let bytes = bytes_of(&sealed.removal)?;
            let number = int(i64::from(sealed.removal.number));
            let append = vec![
                number.clone(),
                text(case.case_id),
                int(plan.at.0),
                blob(&sealed.removal.prev_hash.0),
                blob(&sealed.hash.0),
                blob(&bytes),
                int(i64::from(case.version)),
            ];
            let gone = vec![text(case.case_id), number, blob(&sealed.hash.0)];
            let mut statements =
                vec![(APPEND, append), (ROWS, gone.clone()), (KEY, gone.clone()), (DIGESTS, gone)];
            if self.dialect() == Dialect::Postgres {
                // A command that is under way has read the key already.
                let lock = int(crate::postgres::lock_key(&case.case_id));
                statements.insert(0, ("SELECT pg_advisory_xact_lock($1)", vec![lock]));
            }
            let touched = match self.execute_all(statements, Vec::new()).await {
                Err(StoreError::Conflict) => continue,
                touched => touched?,
            };
            let appended = touched.get(touched.len().saturating_sub(4)).copied();
            if appended == Some(1) {
                return Ok(Some(sealed));
            }
            let now = self.case(case.case_id).await?;
            if now.is_none_or(|now| now.case.version != case.version) {
                return Ok(None);
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn planned(&self, plan: &RemovalPlan) -> Result<SealedRemoval, StoreError> {
        let case = &plan.case;
        let mut link = self.reader().await?;
        let last = link.fetch("SELECT number, hash FROM removals ORDER BY number DESC LIMIT 1", Vec::new());
        let (number, prev_hash) = match last.await?.first() {
            None => (0, Hash::ZERO),
            Some(row) => (row.int(0)?, words::hash(&row.blob(1)?, "removal")?),
        };
        let sql = "SELECT sealed FROM customer_rows WHERE case_id = $1 ORDER BY number";
        let rows = link.fetch(sql, vec![text(case.case_id)]).await?;
        let mut content = Hash::ZERO;
        for row in &rows {
            content = chain_hash(&content, &row.blob(0)?);
        }
        let sql = "SELECT COUNT(*) FROM blind_keys WHERE case_id = $1";
        let digests =
            link.fetch(sql, vec![text(case.case_id)]).await?.first().map_or(Ok(0), |row| row.int(0))?;
        let removal = Removal {
            number: count(number).saturating_add(1),
            case_id: case.case_id,
            unit_id: case.unit_id.clone(),
            at: plan.at,
            over_at: case.changed_at,
            keep: plan.keep,
            rule_version: plan.rule_version.clone(),
            event: case.version,
            event_hash: case.hash,
            rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            digests: count(digests),
            content,
            prev_hash,
        };
        let hash = chain_hash(&prev_hash, &bytes_of(&removal)?);
        Ok(SealedRemoval { removal, hash })
    }

    /// Removals before a number, newest first; `None` begins with the last.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn removals(&self, before: Option<u32>, limit: u32) -> Result<Vec<SealedRemoval>, StoreError> {
        let sql = "SELECT bytes, hash FROM removals WHERE number < $1 ORDER BY number DESC LIMIT $2";
        let params = vec![int(before.map_or(i64::MAX, i64::from)), int(i64::from(limit))];
        self.fetch(sql, params).await?.iter().map(read).collect()
    }

    /// The last removal of a case.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn removal_of(&self, case_id: CaseId) -> Result<Option<SealedRemoval>, StoreError> {
        let sql = "SELECT bytes, hash FROM removals WHERE case_id = $1 ORDER BY number DESC LIMIT 1";
        self.fetch(sql, vec![text(case_id)]).await?.first().map(read).transpose()
    }
}

fn bytes_of(removal: &Removal) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(removal).map_err(|_| StoreError::Corrupt { what: "removal" })
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn read(row: &Row) -> Result<SealedRemoval, StoreError> {
    const WHAT: &str = "removal";
    let removal = serde_json::from_slice(&row.blob(0)?).map_err(|_| StoreError::Corrupt { what: WHAT })?;
    Ok(SealedRemoval { removal, hash: words::hash(&row.blob(1)?, WHAT)? })
}

/// For each of these cases the last event whose customer data was removed.
pub(crate) async fn of_cases(link: &mut Link, ids: &[Param]) -> Result<HashMap<String, u32>, StoreError> {
    let sql = "SELECT case_id, bytes FROM removals WHERE case_id {in keys}";
    let mut found: HashMap<String, u32> = HashMap::new();
    for row in fetch_by_keys(link, sql, ids).await? {
        // One that cannot be read excuses nothing; the walk over the chain names it.
        let Ok(removal) = serde_json::from_slice::<Removal>(&row.blob(1)?) else { continue };
        let event = found.entry(row.text(0)?).or_default();
        *event = removal.event.max(*event);
    }
    Ok(found)
}

/// Walks the whole chain; the number of rows and the first that does not hold.
pub(crate) async fn walk(link: &mut Link) -> Result<(u64, Option<i64>), StoreError> {
    let sql = "SELECT number, case_id, at, prev_hash, hash, bytes FROM removals WHERE number > $1 \
               ORDER BY number LIMIT $2";
    let (mut count, mut number, mut hash) = (0, 0, Hash::ZERO);
    loop {
        let rows = link.fetch(sql, vec![int(number), int(PORTION)]).await?;
        if rows.is_empty() {
            return Ok((count, None));
        }
        for row in &rows {
            let Some(found) = follows(row, number + 1, &hash) else { return Ok((count, Some(number + 1))) };
            (count, number, hash) = (count + 1, number + 1, found);
        }
    }
}

/// The hash of a row that is the next, is what was hashed, and whose columns say what its bytes say.
fn follows(row: &Row, number: i64, before: &Hash) -> Option<Hash> {
    let bytes = row.blob(5).ok()?;
    let said: Removal = serde_json::from_slice(&bytes).ok()?;
    let prev_hash = words::hash(&row.blob(3).ok()?, "removal").ok()?;
    let hash = words::hash(&row.blob(4).ok()?, "removal").ok()?;
    let holds = row.int(0).ok()? == number
        && i64::from(said.number) == number
        && row.text(1).ok()? == said.case_id.to_string()
        && row.int(2).ok()? == said.at.0
        && prev_hash == *before
        && said.prev_hash == *before
        && hash == chain_hash(before, &bytes);
    holds.then_some(hash)
}
