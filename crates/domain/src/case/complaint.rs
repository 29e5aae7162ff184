//! 转投诉 and what the law says of it: 15 days, 30 where it is complex, 30 more with an approval
//! (《银行业保险业消费投诉处理管理办法》, 2020 No. 3). The dates are worked out once and stored.

use serde::{Deserialize, Serialize};

use crate::ids::{ComplaintNo, PersonId};
use crate::time::{Span, Timestamp};

const SIMPLE_DAYS: i64 = 15;
const COMPLEX_DAYS: i64 = 30;
const EXTENDED_DAYS: i64 = 60;

const DAY: Span = Span::minutes(24 * 60);
/// China has one time, without summer time since 1991.
const CHINA: Span = Span::minutes(8 * 60);

/// How long the law gives.
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
pub enum ComplaintTerm {
    /// 15 days
    Simple,
    /// 30 days: the circumstances are complex
    Complex,
    /// 30 more, approved by the person in charge
    Extended,
}

impl ComplaintTerm {
    /// The next longer term.
    #[must_use]
    pub const fn longer(self) -> Option<Self> {
        match self {
            Self::Simple => Some(Self::Complex),
            Self::Complex => Some(Self::Extended),
            Self::Extended => None,
        }
    }
}

/// The last moments in which a complaint can be decided. The day of its receipt does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct LegalDates {
    /// When the complaint was received.
    pub received_at: Timestamp,
    /// The end of the 15th day.
    pub simple: Timestamp,
    /// The end of the 30th day.
    pub complex: Timestamp,
    /// The end of the 60th day.
    pub extended: Timestamp,
}

impl LegalDates {
    /// The dates of a complaint received at this moment.
    #[must_use]
    pub const fn of(received_at: Timestamp) -> Self {
        Self {
            received_at,
            simple: end_of_day(received_at, SIMPLE_DAYS),
            complex: end_of_day(received_at, COMPLEX_DAYS),
            extended: end_of_day(received_at, EXTENDED_DAYS),
        }
    }

    /// The date of a term.
    #[must_use]
    pub const fn decide_by(&self, term: ComplaintTerm) -> Timestamp {
        match term {
            ComplaintTerm::Simple => self.simple,
            ComplaintTerm::Complex => self.complex,
            ComplaintTerm::Extended => self.extended,
        }
    }
}

/// The last millisecond of the day in China that lies `days` after the day of `at`.
const fn end_of_day(at: Timestamp, days: i64) -> Timestamp {
    let day = at.plus(CHINA).0.div_euclid(DAY.0);
    let next = day.saturating_add(days).saturating_add(1).saturating_mul(DAY.0);
    Timestamp(next).minus(CHINA).minus(Span(1))
}

/// 转投诉: one-way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Conversion {
    /// Who converted it.
    pub person_id: PersonId,
    /// When.
    pub at: Timestamp,
    /// 投诉编号, once there is one.
    pub complaint_no: Option<ComplaintNo>,
    /// The term that holds.
    pub term: ComplaintTerm,
    /// What the law says, whichever term holds.
    pub dates: LegalDates,
    /// The date that holds.
    pub decide_by: Timestamp,
}

/// 复开 of an archived case by a complaint that was linked to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Reopening {
    /// Who.
    pub person_id: PersonId,
    /// When.
    pub at: Timestamp,
    /// The complaint.
    pub complaint_no: ComplaintNo,
}
