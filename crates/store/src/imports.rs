//! Who brought which version of the directory, from which file and why.

use chayan_domain::ids::PersonId;
use chayan_domain::rules::SealedAmendment;
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::feed::FeedDraft;
use crate::reference::{ReferenceKind, ReferenceVersion};
use crate::sql::{Row, blob, int, opt_text, text};

/// An import beside its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// [`Store::newest_directory`] at the time it was compared: of two with one number only the first is taken.
    pub follows: i64,
    /// Who; `None` on the command line.
    pub person_id: Option<PersonId>,
    /// The names of the files.
    pub source: String,
    /// Why.
    pub reason: String,
}

/// A version of the directory as the history shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedVersion {
    /// Its name.
    pub version: String,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// When it was stored.
    pub added_at: Timestamp,
    /// Who brought it and why; `None` for a version that was written by a program.
    pub import: Option<ImportRow>,
}

impl Store {
    /// The number of the newest version of the directory, whenever it holds; 0 when there is none.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn newest_directory(&self) -> Result<i64, StoreError> {
        let sql = "SELECT COALESCE(MAX(number), 0) FROM reference_versions WHERE kind = $1";
        let rows = self.fetch(sql, vec![text(ReferenceKind::Directory.word())]).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }

    /// Adds a version of the directory with who brought it and the link that proves it, and tells those who should know,
    /// in one commit.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another import was taken since [`ImportRow::follows`] was read, or another change
    /// was chained first; as [`Store::commit`].
    pub async fn import_directory(
        &self,
        sealed: &SealedAmendment,
        version: &ReferenceVersion,
        import: &ImportRow,
        feed: Vec<FeedDraft>,
    ) -> Result<(), StoreError> {
        let note = "INSERT INTO directory_imports (version, follows, person_id, source, reason) \
                    SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM amendments WHERE number = $6 AND hash = $7)";
        let note_row = vec![
            text(&version.version),
            int(import.follows),
            opt_text(import.person_id.as_ref()),
            text(&import.source),
            text(&import.reason),
            int(i64::from(sealed.amendment.number)),
            blob(&sealed.hash.0),
        ];
        self.chained(sealed, ReferenceKind::Directory, version, vec![(note, note_row)], feed).await
    }

    /// The versions of the directory, the last stored first.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn directory_versions(&self, limit: u32) -> Result<Vec<ImportedVersion>, StoreError> {
        let sql = "SELECT one.version, one.effective_from, one.added_at, by_whom.follows, by_whom.person_id, \
                   by_whom.source, by_whom.reason FROM reference_versions AS one \
                   LEFT JOIN directory_imports AS by_whom ON by_whom.version = one.version \
                   WHERE one.kind = $1 ORDER BY one.number DESC LIMIT $2";
        let params = vec![text(ReferenceKind::Directory.word()), int(i64::from(limit))];
        self.fetch(sql, params).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<ImportedVersion, StoreError> {
    let import = match row.opt_int(3)? {
        None => None,
        Some(follows) => Some(ImportRow {
            follows,
            person_id: row.opt_text(4)?.map(PersonId),
            source: row.text(5)?,
            reason: row.text(6)?,
        }),
    };
    Ok(ImportedVersion {
        version: row.text(0)?,
        effective_from: Timestamp(row.int(1)?),
        added_at: Timestamp(row.int(2)?),
        import,
    })
}
