//! An amendment: one change of the rules, the directory or the calendar as evidence, chained to the one before it. What
//! was, what is, who and why.

use serde::{Deserialize, Serialize};

use crate::evidence::{Hash, chain_hash};
use crate::ids::{AmendmentId, PersonId, UnitId};
use crate::time::Timestamp;

use super::SettingChange;

/// One change. Appended, never altered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Its id, and the idempotency key of the request that made it.
    pub amendment_id: AmendmentId,
    /// Position in the chain, from 1.
    pub number: u32,
    /// The centre's clock.
    pub at: Timestamp,
    /// Who; `None` for the administrator at the machine itself.
    pub person_id: Option<PersonId>,
    /// Why.
    pub reason: String,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// The version that was stored with it.
    pub version: String,
    /// SHA-256 of that version's content as it is stored.
    pub content: Hash,
    /// Of what.
    pub subject: AmendmentSubject,
    /// What was, and what is.
    pub changes: Vec<SettingChange>,
    /// SHA-256 of what was asked for, so that a repetition is recognised.
    pub asked: Hash,
    /// The hash of the amendment before it; zero for the first.
    pub prev_hash: Hash,
}

/// What an amendment is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AmendmentSubject {
    /// A rule set or overlays from a file.
    RulesImported,
    /// 实施细则 of a unit.
    OverlayAmended {
        /// The unit.
        unit_id: UnitId,
        /// 第几版
        edition: u32,
        /// It has no stricter limits any more.
        withdrawn: bool,
    },
    /// Our own settings.
    DefaultsSet,
    /// The text of a unit's 实施细则.
    TextAttached {
        /// The unit.
        unit_id: UnitId,
        /// 第几版
        edition: u32,
    },
    /// 机构与人员 from a file. What it changed is the difference of two stored versions.
    DirectoryImported {
        /// The names of the files.
        source: String,
        /// The version that held on its first day before; `None` for the first.
        before: Option<String>,
    },
    /// 工作日历 from a file; the same holds.
    CalendarImported {
        /// The name of the file.
        source: String,
        /// The version that held before; `None`: the plain week.
        before: Option<String>,
    },
}

impl AmendmentSubject {
    /// Whether it is of the rules themselves.
    #[must_use]
    pub const fn is_of_rules(&self) -> bool {
        !matches!(self, Self::DirectoryImported { .. } | Self::CalendarImported { .. })
    }
}

/// An amendment as it is stored: its bytes, and their hash after the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAmendment {
    /// What it says.
    pub amendment: Amendment,
    /// What was hashed.
    pub bytes: Vec<u8>,
    /// See [`chain_hash`].
    pub hash: Hash,
}

impl Amendment {
    /// Fixes the bytes.
    ///
    /// # Errors
    /// Never with what an amendment is made of.
    pub fn seal(self) -> serde_json::Result<SealedAmendment> {
        let bytes = serde_json::to_vec(&self)?;
        let hash = chain_hash(&self.prev_hash, &bytes);
        Ok(SealedAmendment { amendment: self, bytes, hash })
    }
}
