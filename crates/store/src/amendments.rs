//! Changes of reference data (rules, directory, calendar): an append-only chain, each link stored together with the
//! version that it made.

use chayan_domain::evidence::{Hash, chain_hash, sha256};
use chayan_domain::ids::AmendmentId;
use chayan_domain::rules::{Amendment, AmendmentSubject, SealedAmendment};

use crate::Store;
use crate::audit::AuditFaultKind;
use crate::error::StoreError;
use crate::feed::FeedDraft;
use crate::reference::{ReferenceKind, ReferenceVersion};
use crate::sql::{Link, Param, Row, blob, int, text};
use crate::words;

/// The last link is asked for again in the statement itself: of two that follow the same one, one is stored.
const APPEND: &str = "INSERT INTO amendments (number, amendment_id, prev_hash, hash, bytes) \
    SELECT $1, $2, $3, $4, $5 WHERE $1 = (SELECT COALESCE(MAX(number), 0) + 1 FROM amendments)";
/// Only beside its own link.
const ADD_VERSION: &str = "INSERT INTO reference_versions (kind, version, effective_from, added_at, json) \
    SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM amendments WHERE number = $6 AND hash = $7)";

impl Store {
    /// Appends a change with the version it makes, and tells `feed` of it: all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another change came first (read again, decide again); as [`Store::commit`].
    pub async fn amend(
        &self,
        sealed: &SealedAmendment,
        kind: ReferenceKind,
        version: &ReferenceVersion,
        feed: Vec<FeedDraft>,
    ) -> Result<(), StoreError> {
        self.chained(sealed, kind, version, Vec::new(), feed).await
    }

    /// The link, its version, and what else belongs to it: all of it or nothing.
    pub(crate) async fn chained(
        &self,
        sealed: &SealedAmendment,
        kind: ReferenceKind,
        version: &ReferenceVersion,
        beside: Vec<(&'static str, Vec<Param>)>,
        feed: Vec<FeedDraft>,
    ) -> Result<(), StoreError> {
        let amendment = &sealed.amendment;
        let number = int(i64::from(amendment.number));
        let link = vec![
            number.clone(),
            text(amendment.amendment_id),
            blob(&amendment.prev_hash.0),
            blob(&sealed.hash.0),
            blob(&sealed.bytes),
        ];
        let added = vec![
            text(kind.word()),
            text(&version.version),
            int(version.effective_from.0),
            int(version.added_at.0),
            text(&version.json),
            number,
            blob(&sealed.hash.0),
        ];
        // Where the link is not the next, nobody is told of anything but to look again.
        let mut statements = vec![(APPEND, link), (ADD_VERSION, added)];
        statements.extend(beside);
        let touched = self.execute_all(statements, feed).await?;
        if touched.iter().all(|rows| *rows == 1) { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Every change, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn amendments(&self) -> Result<Vec<SealedAmendment>, StoreError> {
        let sql = "SELECT bytes, hash FROM amendments ORDER BY number";
        self.fetch(sql, Vec::new()).await?.iter().map(read).collect()
    }

    /// The last change.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn last_amendment(&self) -> Result<Option<SealedAmendment>, StoreError> {
        let sql = "SELECT bytes, hash FROM amendments ORDER BY number DESC LIMIT 1";
        self.fetch(sql, Vec::new()).await?.first().map(read).transpose()
    }

    /// A change by its id.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn amendment(&self, id: AmendmentId) -> Result<Option<SealedAmendment>, StoreError> {
        let sql = "SELECT bytes, hash FROM amendments WHERE amendment_id = $1";
        self.fetch(sql, vec![text(id)]).await?.first().map(read).transpose()
    }
}

fn read(row: &Row) -> Result<SealedAmendment, StoreError> {
    const WHAT: &str = "amendment";
    let bytes = row.blob(0)?;
    let amendment: Amendment =
        serde_json::from_slice(&bytes).map_err(|_| StoreError::Corrupt { what: WHAT })?;
    Ok(SealedAmendment { amendment, hash: words::hash(&row.blob(1)?, WHAT)?, bytes })
}

/// Walks the chain: how many links there are, and where it does not hold.
pub(crate) async fn audit(link: &mut Link) -> Result<(u64, Vec<(u32, AuditFaultKind)>), StoreError> {
    let sql = "SELECT number, amendment_id, prev_hash, hash, bytes FROM amendments ORDER BY number";
    let rows = link.fetch(sql, Vec::new()).await?;
    let (mut faults, mut last, mut end) = (Vec::new(), 0, Hash::ZERO);
    for row in &rows {
        let number = u32::try_from(row.int(0)?).unwrap_or(u32::MAX);
        let (bytes, id) = (row.blob(4)?, row.text(1)?);
        let (prev, hash) = (words::hash(&row.blob(2)?, "amendment"), words::hash(&row.blob(3)?, "amendment"));
        let (Ok(prev), Ok(hash)) = (prev, hash) else {
            faults.push((number, AuditFaultKind::Unreadable));
            continue;
        };
        let said: Option<Amendment> = serde_json::from_slice(&bytes).ok();
        let kind = if number != last + 1 {
            Some(AuditFaultKind::Missing)
        } else if chain_hash(&prev, &bytes) != hash {
            Some(AuditFaultKind::Altered)
        } else if prev != end {
            Some(AuditFaultKind::Unlinked)
        } else {
            match said {
                None => Some(AuditFaultKind::Unreadable),
                Some(said) if said.number != number || said.amendment_id.to_string() != id => {
                    Some(AuditFaultKind::Mislabelled)
                }
                Some(said) => (!holds(link, &said).await?).then_some(AuditFaultKind::VersionDiffers),
            }
        };
        faults.extend(kind.map(|kind| (number, kind)));
        (last, end) = (number, hash);
    }
    Ok((rows.len() as u64, faults))
}

/// Whether the version that a change made is still what it was, and holds from the same moment.
async fn holds(link: &mut Link, said: &Amendment) -> Result<bool, StoreError> {
    let kind = match said.subject {
        AmendmentSubject::TextAttached { .. } => ReferenceKind::BranchText,
        AmendmentSubject::DirectoryImported { .. } => ReferenceKind::Directory,
        AmendmentSubject::CalendarImported { .. } => ReferenceKind::Calendar,
        AmendmentSubject::RulesImported
        | AmendmentSubject::OverlayAmended { .. }
        | AmendmentSubject::DefaultsSet => ReferenceKind::RuleSet,
    };
    let sql = "SELECT json, effective_from FROM reference_versions WHERE kind = $1 AND version = $2";
    let rows = link.fetch(sql, vec![text(kind.word()), text(&said.version)]).await?;
    let Some(row) = rows.first() else { return Ok(false) };
    Ok(sha256(row.text(0)?.as_bytes()) == said.content && row.int(1)? == said.effective_from.0)
}
