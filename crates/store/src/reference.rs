//! Versions of the directory and of the rules: appended, never changed.

use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Row, int, text};

/// Which reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceKind {
    /// 机构与人员
    Directory,
    /// 制度版本
    RuleSet,
    /// 工作日历
    Calendar,
}

/// One version of one reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceVersion {
    /// Unique within its kind.
    pub version: String,
    /// First moment it holds.
    pub effective_from: Timestamp,
    /// When it was stored.
    pub added_at: Timestamp,
    /// Its content, as the server serialised it.
    pub json: String,
}

impl ReferenceKind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::RuleSet => "rule_set",
            Self::Calendar => "calendar",
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT version, effective_from, added_at, json FROM reference_versions WHERE kind = $1 AND "
    };
}

impl Store {
    /// Appends a version. Repeating one changes nothing; the same version with other content is a contradiction.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for other content; as [`Store::commit`].
    pub async fn add_reference(
        &self,
        kind: ReferenceKind,
        version: &ReferenceVersion,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO reference_versions (kind, version, effective_from, added_at, json) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, version) DO NOTHING";
        let params = vec![
            text(kind.word()),
            text(&version.version),
            int(version.effective_from.0),
            int(version.added_at.0),
            text(&version.json),
        ];
        if self.execute(sql, params).await? == 1 {
            return Ok(());
        }
        let stored = self.reference(kind, &version.version).await?;
        let same =
            |one: ReferenceVersion| one.json == version.json && one.effective_from == version.effective_from;
        if stored.is_some_and(same) { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// The version in force at `at`: the latest effective one, of those the last stored.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn reference_at(
        &self,
        kind: ReferenceKind,
        at: Timestamp,
    ) -> Result<Option<ReferenceVersion>, StoreError> {
        let sql =
            concat!(columns!(), "effective_from <= $2 ORDER BY effective_from DESC, number DESC LIMIT 1");
        let rows = self.fetch(sql, vec![text(kind.word()), int(at.0)]).await?;
        rows.first().map(read).transpose()
    }

    /// Every version with the first moment at which it holds, in the order in which they come into force: of those with
    /// one moment the last one holds.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn reference_stamps(
        &self,
        kind: ReferenceKind,
    ) -> Result<Vec<(Timestamp, String)>, StoreError> {
        let sql = "SELECT effective_from, version FROM reference_versions WHERE kind = $1 \
                   ORDER BY effective_from, number";
        let rows = self.fetch(sql, vec![text(kind.word())]).await?;
        rows.iter().map(|row| Ok((Timestamp(row.int(0)?), row.text(1)?))).collect()
    }

    /// A version by name.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn reference(
        &self,
        kind: ReferenceKind,
        version: &str,
    ) -> Result<Option<ReferenceVersion>, StoreError> {
        let rows =
            self.fetch(concat!(columns!(), "version = $2"), vec![text(kind.word()), text(version)]).await?;
        rows.first().map(read).transpose()
    }
}

fn read(row: &Row) -> Result<ReferenceVersion, StoreError> {
    Ok(ReferenceVersion {
        version: row.text(0)?,
        effective_from: Timestamp(row.int(1)?),
        added_at: Timestamp(row.int(2)?),
        json: row.text(3)?,
    })
}
