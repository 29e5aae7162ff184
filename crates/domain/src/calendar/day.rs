//! Civil days in Asia/Shanghai.
//!
//! The offset is fixed at eight hours: there has been no summer time since 1991, and nothing here is older.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};

use crate::time::{Span, Timestamp};

const OFFSET: i64 = Span::minutes(8 * 60).0;
pub(super) const DAY: i64 = Span::minutes(24 * 60).0;
/// 1970-01-01 in days since the beginning of the era.
const EPOCH: i64 = 719_163;

/// A civil day in Asia/Shanghai, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day in which a moment lies.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        // Both ends of the number range are days that an i64 can count.
        Self(i64::try_from(local(at).div_euclid(i128::from(DAY))).unwrap_or(i64::MAX))
    }

    /// Reads `YYYY-MM-DD`, exactly so; `None` for a day that does not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let shape =
            |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        if text.len() != 10 || !text.bytes().enumerate().all(shape) {
            return None;
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::from_date)
    }

    /// The first day of a month; `None` for a month that does not exist.
    #[must_use]
    pub fn first_of(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(Self::from_date)
    }

    /// Its first moment. Saturates at the ends of the number range.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0.saturating_mul(DAY).saturating_sub(OFFSET))
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// 0 for Monday to 6 for Sunday.
    #[must_use]
    pub fn weekday(self) -> usize {
        usize::try_from(self.since_monday().rem_euclid(7)).unwrap_or(0)
    }

    /// Whole weeks since the Monday before 1970; with [`Day::weekday`] it is the day again.
    pub(super) fn week(self) -> i128 {
        self.since_monday().div_euclid(7)
    }

    pub(super) const fn number(self) -> i64 {
        self.0
    }

    pub(super) const fn numbered(number: i64) -> Self {
        Self(number)
    }

    /// 1970-01-01 was a Thursday.
    fn since_monday(self) -> i128 {
        i128::from(self.0) + 3
    }

    fn from_date(date: NaiveDate) -> Self {
        Self(i64::from(date.num_days_from_ce()) - EPOCH)
    }

    fn date(self) -> Option<NaiveDate> {
        let days = self.0.checked_add(EPOCH).and_then(|days| i32::try_from(days).ok())?;
        NaiveDate::from_num_days_from_ce_opt(days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{date}"),
            None => write!(f, "day {}", self.0),
        }
    }
}

/// Milliseconds since 1970-01-01T00:00 by the clocks of Shanghai.
pub(super) fn local(at: Timestamp) -> i128 {
    i128::from(at.0) + i128::from(OFFSET)
}

/// The moment at which the clocks of Shanghai show this. Saturates at the ends of the number range.
pub(super) fn from_local(local: i128) -> Timestamp {
    let utc = local - i128::from(OFFSET);
    Timestamp(i64::try_from(utc).unwrap_or(if utc < 0 { i64::MIN } else { i64::MAX }))
}
