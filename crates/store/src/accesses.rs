//! The record of accesses that no case can keep: who looked for a customer, who took a list along.
//!
//! Appended and chained like the events of a case, so that a row that was changed, moved or left out is noticed.

use chayan_domain::evidence::{Hash, chain_hash};
use chayan_domain::ids::{DeviceId, PersonId};
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Link, Row, blob, int, text};
use crate::words;

/// Others may append at the same moment; each of them takes a number once.
const TRIES: usize = 64;
/// Rows read at a time.
const PORTION: i64 = 1_000;

/// An access to be recorded. Nothing of it is customer data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessDraft {
    /// The centre's clock.
    pub at: Timestamp,
    /// Who.
    pub person_id: PersonId,
    /// From which device.
    pub device_id: DeviceId,
    /// The word of what it was.
    pub kind: String,
    /// Everything of it as JSON: the bytes that are hashed.
    pub bytes: Vec<u8>,
}

/// A recorded access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// From 1, without gap.
    pub number: i64,
    /// What was recorded.
    pub draft: AccessDraft,
    /// Hash of the one before; all zero for the first.
    pub prev_hash: Hash,
    /// Its own.
    pub hash: Hash,
}

macro_rules! columns {
    () => {
        "SELECT number, at, person_id, device_id, kind, prev_hash, hash, bytes FROM accesses "
    };
}

impl Store {
    /// Appends an access; durable when it returns.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn record_access(&self, draft: &AccessDraft) -> Result<Access, StoreError> {
        let sql = "INSERT INTO accesses (number, at, person_id, device_id, kind, prev_hash, hash, bytes) \
                   SELECT $1, $2, $3, $4, $5, $6, $7, $8 \
                   WHERE $1 = (SELECT COALESCE(MAX(number), 0) + 1 FROM accesses)";
        for _ in 0..TRIES {
            let last = self.fetch(concat!(columns!(), "ORDER BY number DESC LIMIT 1"), Vec::new()).await?;
            let last = last.first().map(read).transpose()?;
            let prev_hash = last.as_ref().map_or(Hash::ZERO, |last| last.hash);
            let access = Access {
                number: last.map_or(0, |last| last.number) + 1,
                hash: chain_hash(&prev_hash, &draft.bytes),
                prev_hash,
                draft: draft.clone(),
            };
            let params = vec![
                int(access.number),
                int(draft.at.0),
                text(&draft.person_id),
                text(draft.device_id),
                text(&draft.kind),
                blob(&access.prev_hash.0),
                blob(&access.hash.0),
                blob(&draft.bytes),
            ];
            match self.execute(sql, params).await {
                Ok(1) => return Ok(access),
                // Another one was faster.
                Ok(_) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Unavailable)
    }
}

/// Walks the whole chain; the numbers of the rows and the first that does not hold.
pub(crate) async fn walk(link: &mut Link) -> Result<(u64, Option<i64>), StoreError> {
    let sql = concat!(columns!(), "WHERE number > $1 ORDER BY number LIMIT $2");
    let (mut count, mut number, mut hash) = (0, 0, Hash::ZERO);
    loop {
        let rows = link.fetch(sql, vec![int(number), int(PORTION)]).await?;
        if rows.is_empty() {
            return Ok((count, None));
        }
        for row in &rows {
            let holds = |access: &Access| {
                access.number == number + 1
                    && access.prev_hash == hash
                    && access.hash == chain_hash(&hash, &access.draft.bytes)
                    && access.draft.says_the_same()
            };
            let Some(access) = read(row).ok().filter(holds) else { return Ok((count, Some(number + 1))) };
            (count, number, hash) = (count + 1, access.number, access.hash);
        }
    }
}

impl AccessDraft {
    /// The columns beside the bytes say what the bytes say.
    fn says_the_same(&self) -> bool {
        let Ok(said) = serde_json::from_slice::<serde_json::Value>(&self.bytes) else { return false };
        let is = |name: &str, text: String| said.get(name).and_then(|value| value.as_str()) == Some(&text);
        said.get("at").and_then(serde_json::Value::as_i64) == Some(self.at.0)
            && is("person_id", self.person_id.to_string())
            && is("device_id", self.device_id.to_string())
            && is("kind", self.kind.clone())
    }
}

fn read(row: &Row) -> Result<Access, StoreError> {
    const WHAT: &str = "access";
    Ok(Access {
        number: row.int(0)?,
        draft: AccessDraft {
            at: Timestamp(row.int(1)?),
            person_id: PersonId(row.text(2)?),
            device_id: row.parse(3, WHAT)?,
            kind: row.text(4)?,
            bytes: row.blob(7)?,
        },
        prev_hash: words::hash(&row.blob(5)?, WHAT)?,
        hash: words::hash(&row.blob(6)?, WHAT)?,
    })
}
