//! Days as the trade counts them: in Asia/Shanghai, from midnight to midnight.

use chayan_domain::time::{Span, Timestamp};
use chrono::NaiveDate;

/// Asia/Shanghai has had no summer time since 1991.
pub(crate) const SHANGHAI: Span = Span::minutes(8 * 60);
pub(crate) const DAY: Span = Span::minutes(24 * 60);

/// The first moment of a day such as `2025-06-30`; `None` for anything else.
#[must_use]
pub fn first_moment(text: &str) -> Option<Timestamp> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    // Years have four digits: further ones are slips of the hand.
    (text.len() == 10).then(|| {
        Timestamp(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis()).minus(SHANGHAI)
    })
}

/// The last moment of a day.
pub(crate) fn last_moment(text: &str) -> Option<Timestamp> {
    first_moment(text).map(|first| first.plus(DAY).minus(Span(1)))
}

/// The midnight before (or at) a moment.
pub(crate) const fn midnight(moment: Timestamp) -> Timestamp {
    let local = moment.plus(SHANGHAI);
    Timestamp(local.0.div_euclid(DAY.0) * DAY.0).minus(SHANGHAI)
}

/// A moment as people read it: `2026-11-22 14:03:18`.
pub(crate) fn moment_text(moment: Timestamp) -> String {
    let local = chrono::DateTime::from_timestamp_millis(moment.plus(SHANGHAI).0);
    local.map_or_else(String::new, |local| local.format("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_by_the_clock_of_shanghai() {
        assert_eq!(moment_text(Timestamp(1_795_363_199_999)), "2026-11-22 23:59:59");
    }

    #[test]
    fn a_day_begins_at_sixteen_hours_utc_of_the_day_before() {
        // 2026-11-22T15:59:59.999Z is the last moment of the 22nd in Shanghai.
        assert_eq!(midnight(Timestamp(1_795_363_199_999)), Timestamp(1_795_276_800_000));
        assert_eq!(midnight(Timestamp(1_795_363_200_000)), Timestamp(1_795_363_200_000));
        assert_eq!(first_moment("2026-11-22"), Some(Timestamp(1_795_276_800_000)));
        assert_eq!(last_moment("2026-11-22"), Some(Timestamp(1_795_363_199_999)));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["", "2026", "2026-02-30", "2026-11-22T00:00:00", "22.11.2026", "2026-1-1"] {
            assert_eq!(first_moment(text), None, "{text}");
        }
    }
}
