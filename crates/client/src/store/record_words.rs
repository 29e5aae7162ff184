//! What a record is and where it stands, as words in a column.

use chayan_domain::evidence::SealKind;

use super::{Result, StoreFault};
use crate::ipc::RecordState;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordKind {
    /// A sealed report.
    Sealed(SealKind),
    /// 开始计时, told to the centre when it is there; not a report and not counted.
    StartTiming,
    /// 误触 of a timer that the centre was told of.
    Discard,
}

impl RecordKind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Sealed(SealKind::Notice) => "notice",
            Self::Sealed(SealKind::Flow) => "flow",
            Self::Sealed(SealKind::Verbal) => "verbal",
            Self::Sealed(SealKind::Spot) => "spot",
            Self::Sealed(SealKind::Supplement) => "supplement",
            Self::StartTiming => "start_timing",
            Self::Discard => "discard",
        }
    }

    pub(super) fn parse(word: &str) -> Result<Self> {
        Ok(match word {
            "notice" => Self::Sealed(SealKind::Notice),
            "flow" => Self::Sealed(SealKind::Flow),
            "verbal" => Self::Sealed(SealKind::Verbal),
            "spot" => Self::Sealed(SealKind::Spot),
            "supplement" => Self::Sealed(SealKind::Supplement),
            "start_timing" => Self::StartTiming,
            "discard" => Self::Discard,
            _ => return Err(StoreFault::Damaged),
        })
    }

    /// Only the course of a timer; nothing is lost when it never arrives.
    pub(crate) const fn is_announcement(self) -> bool {
        matches!(self, Self::StartTiming | Self::Discard)
    }
}

pub(super) const fn state_word(state: RecordState) -> &'static str {
    match state {
        RecordState::Sealed => "sealed",
        RecordState::Delivered => "delivered",
        RecordState::Quarantined => "quarantined",
        RecordState::Superseded => "superseded",
        RecordState::Lost => "lost",
    }
}

pub(super) fn parse_state(word: &str) -> Result<RecordState> {
    Ok(match word {
        "sealed" => RecordState::Sealed,
        "delivered" => RecordState::Delivered,
        "quarantined" => RecordState::Quarantined,
        "superseded" => RecordState::Superseded,
        "lost" => RecordState::Lost,
        _ => return Err(StoreFault::Damaged),
    })
}
