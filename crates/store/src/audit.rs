//! The audit: reads everything that is evidence, in one snapshot, and names each place that does not hold.
//!
//! An event must follow the one before it, be the bytes that were hashed, and say the same as the columns beside it. The
//! case must be what its events say. Customer data must be what an event committed to, unless its removal is recorded.
//! The walk changes nothing and may run beside a server.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use chayan_domain::case::{Case, CaseEvent, replay};
use chayan_domain::evidence::{Commitment, Hash, chain_hash, commit};
use chayan_domain::ids::CaseId;

use crate::Store;
use crate::accesses;
use crate::amendments;
use crate::customers::keys_of_cases;
use crate::error::StoreError;
use crate::removals;
use crate::sql::{Dialect, Link, Param, Row, fetch_by_keys, int, text};
use crate::vault::Vault;
use crate::words::{self, word};

/// Events read at a time.
const PORTION: i64 = 1_000;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Cases read.
    pub cases: u64,
    /// Events read.
    pub events: u64,
    /// Changes of the rules read.
    pub amendments: u64,
    /// Accesses read.
    pub accesses: u64,
    /// Removals of customer data read.
    pub removals: u64,
    /// What does not hold, case by case; empty when everything does.
    pub faults: Vec<AuditFault>,
    /// The same for changes of the rules, by their number.
    pub broken_amendments: Vec<(u32, AuditFaultKind)>,
    /// The first recorded access that does not hold.
    pub broken_access: Option<i64>,
    /// The first removal that does not hold.
    pub broken_removal: Option<i64>,
}

impl AuditReport {
    /// Whether everything holds.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.count() == 0
    }

    /// How much does not hold.
    #[must_use]
    pub fn count(&self) -> usize {
        let chains = [self.broken_access, self.broken_removal];
        self.faults.len() + self.broken_amendments.len() + chains.iter().flatten().count()
    }
}

/// One place that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFault {
    /// The case, as it is written in the database.
    pub case_id: String,
    /// The event's position in the case, from 1; `None` where the fault is of the case as a whole.
    pub event: Option<u32>,
    /// What is wrong.
    pub kind: AuditFaultKind,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditFaultKind {
    /// What is stored has no readable form.
    Unreadable,
    /// Events before this one are missing.
    Missing,
    /// It does not name the event before it.
    Unlinked,
    /// Its bytes are not those that were hashed.
    Altered,
    /// The columns beside the bytes say something else than the bytes.
    Mislabelled,
    /// The case says something else than its events, or has lost its last ones.
    CaseDiffers,
    /// The customer data that the event commits to is missing or is another.
    CustomerDiffers,
    /// Customer data that no event commits to.
    CustomerUnbound,
    /// A version of the rules is not what the change that made it says.
    VersionDiffers,
}

impl AuditFaultKind {
    /// Its stable word.
    #[must_use]
    pub fn code(self) -> String {
        word(self)
    }
}

impl Store {
    /// Reads all events, cases and customer data. A fault of the data is no error but in the report.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn audit(&self) -> Result<AuditReport, StoreError> {
        self.audit_telling(&AtomicU64::new(0)).await
    }

    /// The same, telling how many events have been read so far.
    ///
    /// # Errors
    /// As [`Store::audit`].
    pub async fn audit_telling(&self, events: &AtomicU64) -> Result<AuditReport, StoreError> {
        // A connection of its own: a walk that is given up takes its snapshot with it.
        let mut link = self.own_link().await?;
        link.execute(snapshot(link.dialect()), Vec::new()).await?;
        let report = async {
            let mut report = walk(&mut link, self.vault(), events).await?;
            (report.amendments, report.broken_amendments) = amendments::audit(&mut link).await?;
            Ok(report)
        }
        .await;
        link.close().await?;
        report
    }
}

const fn snapshot(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }
}

/// The events of one case as they were read.
struct Trail {
    case_id: String,
    events: Vec<(Vec<u8>, Hash)>,
    /// Where the chain stands after the last event: its stored hash, and the hash of its bytes where that differs.
    ends: Vec<Hash>,
    last: u32,
    commitments: Vec<(u32, Commitment)>,
    faults: Vec<AuditFault>,
}

async fn walk(link: &mut Link, vault: &Vault, told: &AtomicU64) -> Result<AuditReport, StoreError> {
    let sql = "SELECT case_id, sequence, event_id, at, kind, prev_hash, hash, bytes FROM events \
               WHERE (case_id, sequence) > ($1, $2) ORDER BY case_id, sequence LIMIT $3";
    let (mut report, mut place, mut open) = (AuditReport::default(), (String::new(), 0), None);
    loop {
        let rows = link.fetch(sql, vec![text(&place.0), int(place.1), int(PORTION)]).await?;
        let (end, mut whole) = (rows.is_empty(), Vec::new());
        for row in &rows {
            place = (row.text(0)?, row.int(1)?);
            whole.extend(open.take_if(|trail: &mut Trail| trail.case_id != place.0));
            open.get_or_insert_with(|| Trail::new(&place.0)).add(row, place.1);
        }
        if end {
            whole.extend(open.take());
        }
        check(link, vault, whole, &mut report).await?;
        told.store(report.events, Ordering::Relaxed);
        if end {
            report.faults.extend(without_events(link).await?);
            (report.accesses, report.broken_access) = accesses::walk(link).await?;
            (report.removals, report.broken_removal) = removals::walk(link).await?;
            return Ok(report);
        }
    }
}

/// Compares whole trails with the cases and the customer data that are stored beside them.
async fn check(
    link: &mut Link,
    vault: &Vault,
    trails: Vec<Trail>,
    report: &mut AuditReport,
) -> Result<(), StoreError> {
    let ids: Vec<Param> = trails.iter().map(|trail| text(&trail.case_id)).collect();
    let bodies =
        by_case(fetch_by_keys(link, "SELECT case_id, body FROM cases WHERE case_id {in keys}", &ids).await?)?;
    let keys: HashMap<CaseId, Vec<u8>> = keys_of_cases(link, &ids).await?.into_iter().collect();
    let sql = "SELECT case_id, command_id, sealed FROM customer_rows WHERE case_id {in keys}";
    let customers = by_case(fetch_by_keys(link, sql, &ids).await?)?;
    let removed = removals::of_cases(link, &ids).await?;
    for mut trail in trails {
        let bodies = bodies.get(&trail.case_id).map_or(&[] as &[Row], Vec::as_slice);
        trail.check_case(bodies.first());
        let rows = customers.get(&trail.case_id).map_or(&[] as &[Row], Vec::as_slice);
        let key = trail.case_id.parse().ok().and_then(|id: CaseId| Some((id, keys.get(&id)?)));
        let kept = match key {
            Some((case_id, key)) => kept(vault, case_id, key, rows),
            None => vec![None; rows.len()],
        };
        trail.check_customer(&kept, removed.get(&trail.case_id).copied().unwrap_or(0));
        report.cases += 1;
        report.events += trail.events.len() as u64;
        report.faults.append(&mut trail.faults);
    }
    Ok(())
}

/// The commitments that the stored customer data of a case amounts to; what does not open amounts to none.
fn kept(vault: &Vault, case_id: CaseId, wrapped: &[u8], rows: &[Row]) -> Vec<Option<Commitment>> {
    let open = |row: &Row| -> Result<Commitment, StoreError> {
        let key = vault.unwrap(case_id, wrapped)?;
        let command_id = row.parse(1, "customer row")?;
        let (plaintext, salt) = vault.open_customer(case_id, &key, command_id, &row.blob(2)?)?;
        Ok(commit(&salt, &plaintext))
    };
    rows.iter().map(|row| open(row).ok()).collect()
}

fn by_case(rows: Vec<Row>) -> Result<HashMap<String, Vec<Row>>, StoreError> {
    let mut found: HashMap<String, Vec<Row>> = HashMap::new();
    for row in rows {
        found.entry(row.text(0)?).or_default().push(row);
    }
    Ok(found)
}

/// Cases that have lost all of their events.
async fn without_events(link: &mut Link) -> Result<Vec<AuditFault>, StoreError> {
    let sql = "SELECT case_id FROM cases \
               WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.case_id = cases.case_id) ORDER BY case_id";
    let fault =
        |row: &Row| Ok(AuditFault { case_id: row.text(0)?, event: None, kind: AuditFaultKind::CaseDiffers });
    link.fetch(sql, Vec::new()).await?.iter().map(fault).collect()
}

impl Trail {
    fn new(case_id: &str) -> Self {
        Self {
            case_id: case_id.to_owned(),
            events: Vec::new(),
            ends: vec![Hash::ZERO],
            last: 0,
            commitments: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, event: Option<u32>, kind: AuditFaultKind) {
        self.faults.push(AuditFault { case_id: self.case_id.clone(), event, kind });
    }

    /// The next event of the case. One fault per event: the first that explains the others.
    fn add(&mut self, row: &Row, position: i64) {
        let sequence = u32::try_from(position).unwrap_or(u32::MAX);
        let Ok(stored) = Stored::read(row) else {
            self.fault(Some(sequence), AuditFaultKind::Unreadable);
            self.events.push((Vec::new(), Hash::ZERO));
            (self.ends, self.last) = (Vec::new(), sequence);
            return;
        };
        let made = chain_hash(&stored.prev_hash, &stored.bytes);
        // After an event that could not be read nobody knows what the next one must name.
        let linked = self.ends.is_empty() || self.ends.contains(&stored.prev_hash);
        let read: Option<CaseEvent> = serde_json::from_slice(&stored.bytes).ok();
        let before = self.ends.iter().map(|end| chain_hash(end, &stored.bytes)).collect::<Vec<_>>();
        let kind = if sequence != self.last.saturating_add(1) {
            Some(AuditFaultKind::Missing)
        } else if !linked && before.contains(&stored.hash) {
            Some(AuditFaultKind::Unlinked)
        } else if !linked || made != stored.hash {
            Some(AuditFaultKind::Altered)
        } else {
            match &read {
                None => Some(AuditFaultKind::Unreadable),
                Some(event) => {
                    (!stored.labels(event, &self.case_id, sequence)).then_some(AuditFaultKind::Mislabelled)
                }
            }
        };
        if let Some(kind) = kind {
            self.fault(Some(sequence), kind);
        }
        if let Some(commitment) = read.as_ref().and_then(|event| event.body.commitment()) {
            self.commitments.push((sequence, commitment));
        }
        self.ends = vec![stored.hash, made];
        self.ends.extend(before);
        self.last = sequence;
        self.events.push((stored.bytes, stored.hash));
    }

    /// The case as stored against the case that sound events lead to.
    fn check_case(&mut self, row: Option<&Row>) {
        let stored: Option<Case> =
            row.and_then(|row| row.text(1).ok()).and_then(|body| serde_json::from_str(&body).ok());
        if !self.faults.is_empty() {
            return;
        }
        match replay(self.events.iter().map(|(bytes, hash)| (bytes, *hash))) {
            Err(fault) => self.fault(Some(fault.sequence), AuditFaultKind::Unreadable),
            Ok(case) if stored.as_ref() == Some(&case) => {}
            Ok(_) => self.fault(None, AuditFaultKind::CaseDiffers),
        }
    }

    /// What was kept for events up to `removed` is gone, and its removal recorded.
    fn check_customer(&mut self, kept: &[Option<Commitment>], removed: u32) {
        self.commitments.retain(|(sequence, _)| *sequence > removed);
        let bound: BTreeSet<Hash> = self.commitments.iter().map(|(_, commitment)| commitment.0).collect();
        let found: BTreeSet<Hash> = kept.iter().flatten().map(|commitment| commitment.0).collect();
        let lost: Vec<u32> = self
            .commitments
            .iter()
            .filter(|(_, commitment)| !found.contains(&commitment.0))
            .map(|(sequence, _)| *sequence)
            .collect();
        // A row that does not open is the one that an event misses, unless no event misses any.
        let strange = found.difference(&bound).count() + kept.iter().filter(|row| row.is_none()).count();
        for sequence in &lost {
            if !self.faults.iter().any(|fault| fault.event == Some(*sequence)) {
                self.fault(Some(*sequence), AuditFaultKind::CustomerDiffers);
            }
        }
        if strange > lost.len() && self.faults.is_empty() {
            self.fault(None, AuditFaultKind::CustomerUnbound);
        }
    }
}

/// A row of the table, column by column.
struct Stored {
    event_id: String,
    at: i64,
    kind: String,
    prev_hash: Hash,
    hash: Hash,
    bytes: Vec<u8>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            event_id: row.text(2)?,
            at: row.int(3)?,
            kind: row.text(4)?,
            prev_hash: words::hash(&row.blob(5)?, "event")?,
            hash: words::hash(&row.blob(6)?, "event")?,
            bytes: row.blob(7)?,
        })
    }

    /// Whether the columns say what the event says.
    fn labels(&self, event: &CaseEvent, case_id: &str, sequence: u32) -> bool {
        let kind = serde_json::to_value(&event.body).ok();
        let kind = kind.as_ref().and_then(|body| body["kind"].as_str());
        event.case_id.to_string() == case_id
            && event.sequence == sequence
            && event.event_id.to_string() == self.event_id
            && event.at.0 == self.at
            && event.prev_hash == self.prev_hash
            && kind == Some(&self.kind)
    }
}
