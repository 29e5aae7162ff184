//! Comparing times of different precision. “晚于” is strict: what cannot be told apart is not late.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::time::{Span, Timestamp};

/// How precisely a time is known, the finest first.
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
pub enum Precision {
    /// 秒
    Second,
    /// 分
    Minute,
    /// 日, in Asia/Shanghai
    Day,
}

impl Precision {
    /// The first moment that looks like this one.
    #[must_use]
    pub fn floor(self, at: Timestamp) -> Timestamp {
        let within = |length: Span| at.minus(Span(at.0.rem_euclid(length.0)));
        match self {
            Self::Second => within(Span::seconds(1)),
            Self::Minute => within(Span::minutes(1)),
            Self::Day => Day::of(at).start(),
        }
    }

    /// The last moment that looks like this one.
    #[must_use]
    pub fn ceiling(self, at: Timestamp) -> Timestamp {
        let end = match self {
            Self::Second => self.floor(at).plus(Span::seconds(1)),
            Self::Minute => self.floor(at).plus(Span::minutes(1)),
            Self::Day => Day::of(at).next().start(),
        };
        end.minus(Span(1))
    }
}

/// When somebody complained, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ComplaintTime {
    /// Any moment of the second, minute or day.
    pub at: Timestamp,
    /// Which of them is known.
    pub precision: Precision,
}

impl ComplaintTime {
    /// The first moment at which it may have been.
    #[must_use]
    pub fn earliest(&self) -> Timestamp {
        self.precision.floor(self.at)
    }

    /// The last moment at which it may have been.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.precision.ceiling(self.at)
    }

    /// Where something that happened between two moments, both included, stands to the complaint. `None` as the
    /// earlier one: it may have been at any time before.
    ///
    /// Compared at the coarser of the complaint's precision and `finest`. On a day that is all that is known of the
    /// complaint nothing is certain.
    #[must_use]
    pub fn compare(&self, earliest: Option<Timestamp>, latest: Timestamp, finest: Precision) -> Timing {
        let precision = self.precision.max(finest);
        let complaint = precision.floor(self.at);
        let is_late = |at: Timestamp| precision.floor(at) > complaint;
        let is_in_time = |at: Timestamp| match precision {
            Precision::Day => precision.floor(at) < complaint,
            Precision::Second | Precision::Minute => !is_late(at),
        };
        if is_in_time(latest) {
            Timing::InTime
        } else if earliest.is_some_and(is_late) {
            Timing::Late
        } else {
            Timing::Uncertain
        }
    }
}

/// Where something stands to a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// Certainly not later.
    InTime,
    /// Either.
    Uncertain,
    /// Certainly later.
    Late,
}
