//! The fast reckoning against one by hand, and against the ends of time.

use chrono::{Datelike as _, NaiveDate};
use proptest::prelude::*;

use super::*;

/// The working hours of the standard week on the published days, minute by minute, from the same document but by
/// chrono's calendar.
struct ByHand {
    free: Vec<NaiveDate>,
    make_up: Vec<NaiveDate>,
}

impl ByHand {
    fn new() -> Self {
        let draft = CalendarsDraft::standard();
        let date = |text: &String| text.parse::<NaiveDate>().expect("a day");
        let (mut free, mut make_up) = (Vec::new(), Vec::new());
        for year in &draft.years {
            for holiday in &year.free {
                free.extend(date(&holiday.from).iter_days().take_while(|day| *day <= date(&holiday.to)));
            }
            make_up.extend(year.make_up.iter().map(date));
        }
        Self { free, make_up }
    }

    fn opens(&self, day: NaiveDate) -> bool {
        let weekday = day.weekday().num_days_from_monday() < 5;
        self.make_up.contains(&day) || (weekday && !self.free.contains(&day))
    }

    /// Milliseconds worked between two local moments, span by span.
    fn worked(&self, from: NaiveDateTime, to: NaiveDateTime) -> i64 {
        let mut sum = 0;
        for day in from.date().iter_days().take_while(|day| *day <= to.date()) {
            if !self.opens(day) {
                continue;
            }
            for (open, close) in [((8, 30), (12, 0)), ((13, 30), (18, 0))] {
                let clock = |(hour, minute)| day.and_hms_opt(hour, minute, 0).expect("a time of day");
                let (open, close) = (clock(open).max(from), clock(close).min(to));
                sum += (close - open).num_milliseconds().max(0);
            }
        }
        sum
    }
}

fn local(at: Timestamp) -> NaiveDateTime {
    at.to_chrono().expect("within chrono's range").naive_utc() + Duration::hours(8)
}

/// 2020 to 2035, also where no year is covered.
fn moments() -> impl Strategy<Value = Timestamp> {
    let (from, to) = (at("2020-01-01 00:00").0, at("2036-01-01 00:00").0);
    prop_oneof![
        3 => from..to,
        // Whole minutes hit the edges of the hours.
        2 => (from / MINUTE..to / MINUTE).prop_map(|minute| minute * MINUTE),
        2 => (at("2024-01-01 00:00").0 / (30 * MINUTE)..at("2027-01-01 00:00").0 / (30 * MINUTE))
            .prop_map(|half| half * 30 * MINUTE),
    ]
    .prop_map(Timestamp)
}

fn work() -> impl Strategy<Value = Span> {
    prop_oneof![
        Just(Span::minutes(10)),
        Just(Span::minutes(30)),
        Just(Span::minutes(120)),
        Just(Span::minutes(24 * 60)),
        (1_i64..5 * WORKDAY).prop_map(Span),
        (1_i64..500 * WORKDAY).prop_map(Span),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn working_time_is_what_the_days_add_up_to(from in moments(), length in 0_i64..400 * 24 * HOUR) {
        let to = from.plus(Span(length));
        let by_hand = ByHand::new().worked(local(from), local(to));
        prop_assert_eq!(standard().worked(from, to), Span(by_hand));
        prop_assert_eq!(standard().worked(to, from), Span(-by_hand));
    }

    #[test]
    fn a_deadline_is_the_first_moment_at_which_the_work_has_passed(start in moments(), work in work()) {
        let calendar = standard();
        let due = calendar.due(start, work);
        prop_assert_eq!(calendar.worked(start, due), work);
        prop_assert_eq!(calendar.worked(start, due.minus(Span(1))), Span(work.0 - 1), "not a moment sooner");
        prop_assert!(calendar.is_open(due.minus(Span(1))), "it is due while somebody works");
        prop_assert!(start < due);
    }

    #[test]
    fn two_shares_of_work_are_due_like_both_together(start in moments(), first in work(), second in work()) {
        let calendar = standard();
        let apart = calendar.due(calendar.due(start, first), second);
        prop_assert_eq!(apart, calendar.due(start, Span(first.0 + second.0)));
    }

    #[test]
    fn nothing_panics_and_time_never_runs_back(at in any::<i64>(), other in any::<i64>(), work in any::<i64>()) {
        let calendar = standard();
        let (earlier, later) = (Timestamp(at.min(other)), Timestamp(at.max(other)));
        prop_assert!(calendar.due(earlier, Span(work)) >= earlier);
        prop_assert!(calendar.worked(earlier, later) >= Span(0));
        let _ = calendar.is_open(later);
        let _ = calendar.covers(earlier, later);
        let _ = Day::of(later).to_string();
    }

    #[test]
    fn no_document_panics(json in "[\\[\\]{}\":,a-z0-9 -]{0,80}") {
        let _ = Calendars::read(&json);
    }

    #[test]
    fn slips_in_a_document_never_panic(number in any::<i32>(), text in "[0-9:-]{0,12}", other in "[0-9:-]{0,12}") {
        let mut draft = CalendarsDraft::standard();
        draft.week.monday = vec![hours(&text, &other)];
        draft.years.push(year(number, &[(&text, &other)], &[&text, &other]));
        let _ = Calendars::build(draft);
    }
}

#[test]
fn the_ends_of_time_are_reached_and_not_passed() {
    let calendar = standard();
    let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
    assert_eq!(calendar.due(last, Span(1)), last);
    assert_eq!(calendar.due(Timestamp(0), Span(i64::MAX)), last);
    assert_eq!(calendar.due(first, Span(i64::MAX)).0.signum(), 1, "far ahead, and found");
    assert!(calendar.worked(first, last) > Span(0));
    assert_eq!(calendar.worked(first, last).0, -calendar.worked(last, first).0);
}

#[test]
fn a_day_begins_at_midnight_in_shanghai() {
    assert_eq!(Day::of(Timestamp(0)).to_string(), "1970-01-01");
    assert_eq!(Day::of(at("2026-03-02 00:00")), Day::of(at("2026-03-02 23:59:59.999")));
    assert_eq!(Day::of(at("2026-03-01 23:59:59.999")).next(), Day::of(at("2026-03-02 00:00")));
    assert_eq!(Day::parse("2026-03-02").map(Day::start), Some(at("2026-03-02 00:00")));
    assert_eq!(Day::parse("2026-03-02").map(Day::weekday), Some(0), "a Monday");
    assert_eq!(Day::parse("1969-12-28").map(Day::weekday), Some(6), "a Sunday before the beginning");
    assert_eq!(Day::parse("1969-12-28").map(|day| day.to_string()).as_deref(), Some("1969-12-28"));
}
