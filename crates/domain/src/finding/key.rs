//! Keys: what ties a case to a complaint. Each kind is compared with its own kind only.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::report::{AbsentWords, FieldName, normalise_key_unless};

/// Kinds of keys.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// 电话
    Phone,
    /// 保单号
    Policy,
    /// 赔案号
    Claim,
    /// 报案号
    LossReport,
    /// 车牌
    Plate,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Phone, Self::Policy, Self::Claim, Self::LossReport, Self::Plate];

    /// The field of a report that holds keys of this kind.
    #[must_use]
    pub const fn field(self) -> FieldName {
        match self {
            Self::Phone => FieldName::Phone,
            Self::Policy => FieldName::PolicyNo,
            Self::Claim => FieldName::ClaimNo,
            Self::LossReport => FieldName::LossReportNo,
            Self::Plate => FieldName::Plate,
        }
    }
}

/// One normalised key, or what a blind index keeps instead of it. `Debug` shows its kind alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    kind: KeyKind,
    text: String,
}

impl Key {
    /// The keys in one field as people fill it in; none where it is empty, masked or means "none".
    #[must_use]
    pub fn all_in(kind: KeyKind, text: &str, absent: &AbsentWords) -> BTreeSet<Self> {
        let keys = normalise_key_unless(absent, kind.field(), text);
        keys.into_iter().map(|text| Self { kind, text }).collect()
    }

    /// What a blind index keeps; it must have been made from a normalised key. `None` for an empty one, which equals
    /// nothing.
    #[must_use]
    pub fn blind(kind: KeyKind, text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (!text.is_empty()).then_some(Self { kind, text })
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key itself, to make a blind one from it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(•••)", self.kind)
    }
}
