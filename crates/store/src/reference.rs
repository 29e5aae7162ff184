//! Versions of the directory and of the rules: appended, never changed.

use chayan_domain::time::Timestamp;

/// Which reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceKind {
    /// 机构与人员
    Directory,
    /// 制度版本
    RuleSet,
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
