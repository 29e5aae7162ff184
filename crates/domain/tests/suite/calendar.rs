//! The business calendar: published days, tables of deadlines, every fault of a document, and a reckoning by hand that
//! the fast one must agree with.

mod by_hand;
mod faults;

use chayan_domain::calendar::{
    Calendar, CalendarFault, Calendars, CalendarsDraft, Day, DayOfWeek, FreeDraft, HoursDraft,
    UnitCalendarDraft, YearDraft,
};
use chayan_domain::directory::Directory;
use chayan_domain::ids::UnitId;
use chayan_domain::time::{Span, Timestamp};
use chrono::{Duration, NaiveDateTime};
use rstest::rstest;

use crate::support::province;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// The standard day is of eight hours.
const WORKDAY: i64 = 8 * HOUR;

/// A moment by the clocks of Shanghai.
fn at(text: &str) -> Timestamp {
    let format = if text.len() > 16 { "%Y-%m-%d %H:%M:%S%.f" } else { "%Y-%m-%d %H:%M" };
    let local = NaiveDateTime::parse_from_str(text, format).expect("a moment");
    Timestamp((local - Duration::hours(8)).and_utc().timestamp_millis())
}

fn shown(at: Timestamp) -> String {
    let utc = at.to_chrono().expect("within chrono's range").naive_utc();
    (utc + Duration::hours(8)).format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

fn standard() -> Calendar {
    Calendars::standard().province().clone()
}

fn hours(from: &str, to: &str) -> HoursDraft {
    HoursDraft { from: from.to_owned(), to: to.to_owned() }
}

fn year(number: i32, free: &[(&str, &str)], make_up: &[&str]) -> YearDraft {
    YearDraft {
        year: number,
        source: "a notice".to_owned(),
        seen_at: Vec::new(),
        note: String::new(),
        free: free
            .iter()
            .map(|(from, to)| FreeDraft {
                name: "a holiday".to_owned(),
                from: (*from).to_owned(),
                to: (*to).to_owned(),
            })
            .collect(),
        make_up: make_up.iter().map(|day| (*day).to_owned()).collect(),
    }
}

fn own(unit: &str) -> UnitCalendarDraft {
    UnitCalendarDraft { unit_id: UnitId::from(unit), week: None, years: Vec::new() }
}

// ---- what comes with the program

#[test]
fn the_published_years_come_with_their_source() {
    let draft = CalendarsDraft::standard();
    let years: Vec<i32> = draft.years.iter().map(|year| year.year).collect();
    assert_eq!(years, [2024, 2025, 2026]);
    for (year, number) in draft.years.iter().zip(["〔2023〕7号", "〔2024〕12号", "〔2025〕7号"]) {
        assert!(year.source.contains("国办发明电") && year.source.contains(number), "{}", year.source);
        assert!(!year.seen_at.is_empty() && !year.note.is_empty(), "{} says where it was read", year.year);
    }
}

/// Weekdays of the year, less those that fall into holidays, plus make-up days.
#[rstest]
#[case(2024, 251)]
#[case(2025, 248)]
#[case(2026, 248)]
fn a_published_year_has_as_many_workdays_as_its_notice_says(#[case] year: i32, #[case] workdays: i64) {
    let (from, to) = (at(&format!("{year}-01-01 00:00")), at(&format!("{}-01-01 00:00", year + 1)));
    assert_eq!(standard().worked(from, to), Span(workdays * WORKDAY));
}

#[rstest]
#[case::weekday("2026-03-02", true)]
#[case::saturday("2026-03-07", false)]
#[case::sunday("2026-03-08", false)]
#[case::only_recommended("2024-02-09", true)]
#[case::spring_festival_2024("2024-02-12", false)]
#[case::last_of_spring_festival_2025("2025-02-04", false)]
#[case::day_after_it("2025-02-05", true)]
#[case::mid_autumn_within_national_day_2025("2025-10-08", false)]
#[case::make_up_after_it("2025-10-11", true)]
#[case::new_year_2026("2026-01-02", false)]
#[case::its_make_up_sunday("2026-01-04", true)]
#[case::nine_days_of_spring_festival_2026("2026-02-23", false)]
#[case::make_up_before_it("2026-02-14", true)]
#[case::make_up_after_it_2026("2026-02-28", true)]
#[case::mid_autumn_2026("2026-09-25", false)]
#[case::make_up_sunday_2026("2026-09-20", true)]
#[case::national_day_2026("2026-10-07", false)]
#[case::make_up_saturday_2026("2026-10-10", true)]
#[case::first_uncovered_new_year("2027-01-01", true)]
fn days_are_worked_as_published(#[case] day: &str, #[case] worked: bool) {
    assert_eq!(standard().is_open(at(&format!("{day} 09:00"))), worked);
}

#[rstest]
#[case("08:29:59.999", false)]
#[case("08:30:00.000", true)]
#[case("11:59:59.999", true)]
#[case("12:00:00.000", false)]
#[case("13:29:59.999", false)]
#[case("13:30:00.000", true)]
#[case("17:59:59.999", true)]
#[case("18:00:00.000", false)]
#[case("00:00:00.000", false)]
fn hours_are_half_open(#[case] time: &str, #[case] open: bool) {
    assert_eq!(standard().is_open(at(&format!("2026-03-02 {time}"))), open);
}

// ---- deadlines

#[rstest]
#[case::within_the_morning("2026-03-02 09:00", 10, "2026-03-02 09:10")]
#[case::over_lunch("2026-03-02 11:50", 30, "2026-03-02 13:50")]
#[case::in_the_lunch_break("2026-03-02 12:10", 30, "2026-03-02 14:00")]
#[case::before_opening("2026-03-02 07:00", 10, "2026-03-02 08:40")]
#[case::after_hours("2026-03-02 18:30", 10, "2026-03-03 08:40")]
#[case::ends_with_the_morning("2026-03-02 11:50", 10, "2026-03-02 12:00")]
#[case::ends_with_the_day("2026-03-02 17:30", 30, "2026-03-02 18:00")]
#[case::at_the_end_of_the_day("2026-03-02 18:00", 1, "2026-03-03 08:31")]
#[case::over_the_night("2026-03-02 17:30", 120, "2026-03-03 10:00")]
#[case::over_the_weekend("2026-03-06 17:00", 120, "2026-03-09 09:30")]
#[case::on_a_saturday("2026-03-07 10:00", 30, "2026-03-09 09:00")]
#[case::three_workdays("2026-03-02 09:00", 24 * 60, "2026-03-05 09:00")]
#[case::three_workdays_over_the_weekend("2026-03-05 15:00", 24 * 60, "2026-03-10 15:00")]
#[case::national_day_2026("2026-09-30 15:00", 24 * 60, "2026-10-10 15:00")]
#[case::first_contact_over_national_day("2026-09-30 17:00", 120, "2026-10-08 09:30")]
#[case::on_a_make_up_saturday("2026-10-10 17:00", 120, "2026-10-12 09:30")]
#[case::make_up_sunday_before_mid_autumn("2026-09-18 17:00", 120, "2026-09-20 09:30")]
#[case::dispatched_on_mid_autumn("2026-09-25 10:00", 10, "2026-09-28 08:40")]
#[case::spring_festival_2026("2026-02-14 17:00", 120, "2026-02-24 09:30")]
#[case::spring_festival_2025_has_a_make_up_sunday("2025-01-24 17:00", 120, "2025-01-26 09:30")]
#[case::spring_festival_2024_leaves_the_eve("2024-02-08 17:00", 120, "2024-02-09 09:30")]
#[case::beyond_the_covered_years("2026-12-31 17:30", 60, "2027-01-01 09:00")]
#[case::a_hundred_workdays("2026-03-02 08:30", 100 * 8 * 60, "2026-07-23 18:00")]
fn due(#[case] start: &str, #[case] minutes: i64, #[case] expected: &str) {
    let calendar = standard();
    let due = calendar.due(at(start), Span::minutes(minutes));
    assert_eq!(shown(due), shown(at(expected)));
    assert_eq!(calendar.worked(at(start), due), Span::minutes(minutes), "no more and no less has passed");
}

#[test]
fn no_work_is_due_at_once_whatever_the_hour() {
    let night = at("2026-03-02 03:00");
    assert_eq!(standard().due(night, Span(0)), night);
    assert_eq!(standard().due(night, Span(-1)), night);
}

#[rstest]
#[case::a_day("2026-03-02 00:00", "2026-03-03 00:00", 480)]
#[case::lunch("2026-03-02 11:00", "2026-03-02 14:00", 90)]
#[case::only_lunch("2026-03-02 12:00", "2026-03-02 13:30", 0)]
#[case::a_week("2026-03-02 00:00", "2026-03-09 00:00", 5 * 480)]
#[case::national_day("2026-10-01 00:00", "2026-10-08 00:00", 0)]
#[case::make_up_weekend("2026-10-10 00:00", "2026-10-12 00:00", 480)]
#[case::nothing("2026-03-02 09:00", "2026-03-02 09:00", 0)]
#[case::backwards("2026-03-02 10:00", "2026-03-02 09:00", -60)]
fn worked(#[case] from: &str, #[case] to: &str, #[case] minutes: i64) {
    assert_eq!(standard().worked(at(from), at(to)), Span::minutes(minutes));
}

// ---- how far it knows

#[test]
fn a_calendar_says_how_far_its_days_are_known() {
    let calendar = standard();
    assert_eq!(calendar.covered_from(), Some(at("2024-01-01 00:00")));
    assert_eq!(calendar.covered_until(), Some(at("2027-01-01 00:00")));
    let start = at("2026-12-31 17:30");
    assert!(calendar.covers(start, calendar.due(start, Span::minutes(30))));
    assert!(!calendar.covers(start, calendar.due(start, Span::minutes(31))), "that is due in 2027");
    assert!(calendar.covers(at("2026-12-31 23:59"), at("2024-01-01 00:00")), "in either order");
    assert!(!calendar.covers(at("2023-12-31 23:59"), start));
    assert!(!calendar.covers(start, at("2027-01-01 00:00")));
}

#[test]
fn a_calendar_without_years_covers_nothing_and_still_reckons() {
    let calendars = Calendars::build(CalendarsDraft { years: Vec::new(), ..CalendarsDraft::standard() });
    let calendar = calendars.expect("a plain week is a calendar").province().clone();
    assert_eq!((calendar.covered_from(), calendar.covered_until()), (None, None));
    assert!(!calendar.covers(at("2026-03-02 09:00"), at("2026-03-02 10:00")));
    assert_eq!(calendar.due(at("2026-09-30 17:00"), Span::minutes(120)), at("2026-10-01 09:30"));
}

// ---- units

#[test]
fn a_unit_uses_its_own_calendar_or_the_nearest_above() {
    let directory = Directory::build(province()).expect("the province is valid");
    let mut draft = CalendarsDraft::standard();
    let early = |from: &str| {
        let mut week = CalendarsDraft::standard().week;
        week.monday = vec![hours(from, "12:00")];
        Some(week)
    };
    draft.units = vec![
        UnitCalendarDraft { week: early("07:00"), ..own("320500") },
        UnitCalendarDraft { week: early("06:00"), ..own("320583") },
    ];
    let calendars = Calendars::build(draft).expect("sound");
    let opens = |unit: &str| {
        let calendar = calendars.of(&directory, &UnitId::from(unit));
        shown(calendar.due(at("2026-03-02 00:00"), Span(1)).minus(Span(1)))
    };
    assert_eq!(opens("320583"), "2026-03-02 06:00:00.000", "its own");
    assert_eq!(opens("320500"), "2026-03-02 07:00:00.000", "its own");
    assert_eq!(opens("320600"), "2026-03-02 08:30:00.000", "nobody above has one");
    assert_eq!(opens("nowhere"), "2026-03-02 08:30:00.000", "an unknown unit has the province's");
    assert_eq!(calendars.check_units(&directory), Ok(()));

    let mut draft = calendars.draft().clone();
    draft.units.retain(|own| own.unit_id != UnitId::from("320583"));
    let calendars = Calendars::build(draft).expect("sound");
    let county = calendars.of(&directory, &UnitId::from("320583"));
    assert!(county.is_open(at("2026-03-02 07:00")), "the city's, above it");
}

#[test]
fn a_unit_replaces_a_year_and_keeps_the_others() {
    let directory = Directory::build(province()).expect("the province is valid");
    let mut draft = CalendarsDraft::standard();
    let flood = year(2026, &[("2026-07-01", "2026-07-02")], &[]);
    draft.units = vec![UnitCalendarDraft { years: vec![flood], ..own("320500") }];
    let calendars = Calendars::build(draft).expect("sound");
    let city = calendars.of(&directory, &UnitId::from("320500"));
    assert!(!city.is_open(at("2026-07-01 09:00")), "its own free day");
    assert!(city.is_open(at("2026-10-01 09:00")), "its year stands instead of the province's");
    assert!(!city.is_open(at("2025-10-01 09:00")), "the years before are the province's");
    assert!(calendars.province().is_open(at("2026-07-01 09:00")));
}

#[test]
fn make_up_days_have_hours_of_their_own() {
    let mut draft = CalendarsDraft::standard();
    draft.week.make_up = vec![hours("09:00", "11:00")];
    let calendar = Calendars::build(draft).expect("sound").province().clone();
    assert_eq!(calendar.worked(at("2026-10-10 00:00"), at("2026-10-11 00:00")), Span(2 * HOUR));
    assert_eq!(calendar.due(at("2026-10-10 10:30"), Span(HOUR)), at("2026-10-12 09:00"));
}

#[test]
fn a_day_and_night_desk_works_on() {
    let mut draft = CalendarsDraft::standard();
    let always = vec![hours("00:00", "24:00")];
    let week = &mut draft.week;
    for day in
        [&mut week.monday, &mut week.tuesday, &mut week.wednesday, &mut week.thursday, &mut week.friday]
    {
        day.clone_from(&always);
    }
    let calendar = Calendars::build(draft).expect("sound").province().clone();
    assert_eq!(calendar.due(at("2026-03-02 22:00"), Span(4 * HOUR)), at("2026-03-03 02:00"));
    assert_eq!(
        calendar.due(at("2026-03-06 22:00"), Span(4 * HOUR)),
        at("2026-03-09 02:00"),
        "not at the weekend"
    );
}
