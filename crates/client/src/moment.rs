//! A moment by two clocks, such as 发现时间: a wall clock that is corrected meanwhile does not move it.
//!
//! The wall clock says when it was, the clock that counts sleep says how long ago. Within one boot the second is
//! believed; across boots only the first is left.

use chayan_domain::evidence::Elapsed;
use chayan_domain::time::{Span, Timestamp};

use crate::core::Core;

/// Wall clock and elapsed clock may differ by this without anybody having moved the wall clock.
const SAME: Span = Span::seconds(2);

/// A moment as the desk's clocks showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    pub(crate) elapsed: Option<Elapsed>,
}

impl Moment {
    /// How long ago it was.
    pub(crate) fn ago(&self, now: Timestamp, elapsed: Option<&Elapsed>) -> Span {
        let passed = self.elapsed.as_ref().zip(elapsed).and_then(|(then, now)| now.since(then));
        passed.unwrap_or_else(|| now.since(self.at))
    }

    /// By how much the wall clock was set forward since.
    pub(crate) fn moved(&self, now: Timestamp, elapsed: Option<&Elapsed>) -> Span {
        let moved = Span(now.since(self.at).0 - self.ago(now, elapsed).0);
        if moved.0.abs() > SAME.0 { moved } else { Span(0) }
    }
}

impl Core {
    /// This moment by both clocks.
    pub(crate) fn moment_now(&self) -> Moment {
        Moment { at: self.now(), elapsed: self.clock.elapsed() }
    }

    /// The moment in the centre's time.
    pub(crate) fn in_centre_time(&self, moment: &Moment) -> Timestamp {
        let moved = moment.moved(self.now(), self.clock.elapsed().as_ref());
        moment.at.plus(moved).plus(self.offset())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elapsed(boot_id: &str, millis: i64) -> Elapsed {
        Elapsed { boot_id: boot_id.to_owned(), since_boot: Span(millis) }
    }

    #[test]
    fn within_one_boot_the_clock_that_counts_sleep_is_believed_and_across_boots_the_wall_clock() {
        let found = Moment { at: Timestamp(1_000_000), elapsed: Some(elapsed("a", 5_000)) };
        let hour_later = found.at.plus(Span::minutes(60));
        let same_boot = elapsed("a", 65_000);
        assert_eq!(found.ago(hour_later, Some(&same_boot)), Span::seconds(60));
        assert_eq!(found.moved(hour_later, Some(&same_boot)), Span::minutes(59));
        let other_boot = elapsed("b", 1);
        assert_eq!(found.ago(hour_later, Some(&other_boot)), Span::minutes(60));
        assert_eq!(found.moved(hour_later, Some(&other_boot)), Span(0));
        assert_eq!(found.ago(hour_later, None), Span::minutes(60));
    }

    #[test]
    fn two_clocks_that_drift_a_little_were_not_moved() {
        let found = Moment { at: Timestamp(1_000_000), elapsed: Some(elapsed("a", 0)) };
        assert_eq!(found.moved(found.at.plus(Span(61_999)), Some(&elapsed("a", 60_000))), Span(0));
    }
}
