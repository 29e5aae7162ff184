//! Reckoning: working time as a function that only grows, and its inverse.
//!
//! The working time before a moment is whole weeks, the days of the week begun, the exceptions so far and the hours of
//! the day itself. A deadline is the first moment at which that has grown by enough, found by halving the days between.
//! Sums are `i128`, which no pair of moments can exceed.

use crate::time::{Span, Timestamp};

use super::day::{DAY, Day, from_local, local};
use super::{Calendar, Hours};

impl Calendar {
    /// The smallest moment at which `work` of working time has passed since `start`.
    ///
    /// A start outside working hours begins at the next opening; what ends with the hours of a day is due then, not at
    /// the next opening. No work is due at once. Saturates at the end of the number range.
    #[must_use]
    pub fn due(&self, start: Timestamp, work: Span) -> Timestamp {
        if work.0 <= 0 {
            return start;
        }
        let target = self.before(start) + i128::from(work.0);
        let (mut low, mut high) = (Day::of(start).number(), Day::of(Timestamp(i64::MAX)).number());
        if self.before_day(Day::numbered(high).next()) < target {
            return Timestamp(i64::MAX);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.before_day(Day::numbered(middle).next()) >= target {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        self.within(Day::numbered(low), target)
    }

    /// The working time from one moment to another; negative if `to` lies earlier.
    #[must_use]
    pub fn worked(&self, from: Timestamp, to: Timestamp) -> Span {
        let passed = self.before(to) - self.before(from);
        Span(i64::try_from(passed).unwrap_or(if passed < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Whether a moment lies in working hours.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let into_day = local(at).rem_euclid(i128::from(DAY));
        let holds = |hours: &Hours| (i128::from(hours.from)..i128::from(hours.to)).contains(&into_day);
        self.hours_of(Day::of(at)).iter().any(holds)
    }

    /// The first moment whose holidays are known; `None` if no year's are.
    #[must_use]
    pub fn covered_from(&self) -> Option<Timestamp> {
        let (first, _) = self.years?;
        Day::first_of(first, 1).map(Day::start)
    }

    /// The first moment whose holidays are not known any more: from here on the plain week holds. `None` if no year's
    /// are known.
    #[must_use]
    pub fn covered_until(&self) -> Option<Timestamp> {
        let (_, last) = self.years?;
        Day::first_of(last.saturating_add(1), 1).map(Day::start)
    }

    /// Whether the holidays of the whole time between two moments, both included, are known.
    #[must_use]
    pub fn covers(&self, from: Timestamp, to: Timestamp) -> bool {
        let (first, last) = (from.min(to), from.max(to));
        self.covered_from().is_some_and(|covered| covered <= first)
            && self.covered_until().is_some_and(|end| last < end)
    }

    /// The moment of a day at which the working time reaches `target`.
    fn within(&self, day: Day, target: i128) -> Timestamp {
        let midnight = i128::from(day.number()) * i128::from(DAY);
        let mut rest = target - self.before_day(day);
        for hours in self.hours_of(day) {
            let length = i128::from(hours.length());
            if rest <= length {
                return from_local(midnight + i128::from(hours.from) + rest);
            }
            rest -= length;
        }
        from_local(midnight + i128::from(DAY))
    }

    /// The working time before a moment, from a fixed beginning.
    fn before(&self, at: Timestamp) -> i128 {
        let day = Day::of(at);
        let into_day = local(at).rem_euclid(i128::from(DAY));
        let today: i128 = self
            .hours_of(day)
            .iter()
            .map(|hours| (into_day - i128::from(hours.from)).clamp(0, i128::from(hours.length())))
            .sum();
        self.before_day(day) + today
    }

    /// The working time before a day begins, from the same beginning.
    fn before_day(&self, day: Day) -> i128 {
        let whole: i64 = self.week.iter().map(|hours| length(hours)).sum();
        let begun: i64 = self.week.iter().take(day.weekday()).map(|hours| length(hours)).sum();
        let earlier = self.exceptions.partition_point(|exception| exception.day < day);
        let change =
            earlier.checked_sub(1).and_then(|last| self.exceptions.get(last)).map_or(0, |last| last.change);
        day.week() * i128::from(whole) + i128::from(begun) + i128::from(change)
    }

    fn hours_of(&self, day: Day) -> &[Hours] {
        match self.exceptions.binary_search_by_key(&day, |exception| exception.day) {
            Ok(at) if self.exceptions.get(at).is_some_and(|exception| exception.worked) => &self.make_up,
            Ok(_) => &[],
            Err(_) => self.week.get(day.weekday()).map_or(&[], Vec::as_slice),
        }
    }
}

impl Hours {
    pub(super) const fn length(self) -> i64 {
        self.to - self.from
    }
}

pub(super) fn length(hours: &[Hours]) -> i64 {
    hours.iter().map(|hours| hours.length()).sum()
}
