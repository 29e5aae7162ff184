//! The business calendar: published days, tables of deadlines, every fault of a document, and a reckoning by hand that
//! the fast one must agree with.

use chayan_domain::calendar::{
    Calendar, CalendarFault, Calendars, CalendarsDraft, Day, DayOfWeek, FreeDraft, HoursDraft,
    UnitCalendarDraft, YearDraft,
};
use chayan_domain::directory::Directory;
use chayan_domain::ids::UnitId;
use chayan_domain::time::{Span, Timestamp};
use chrono::{Datelike as _, Duration, NaiveDate, NaiveDateTime};
use proptest::prelude::*;
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

// ---- faults

fn province_faults(change: impl FnOnce(&mut CalendarsDraft)) -> Vec<CalendarFault> {
    let mut draft = CalendarsDraft::standard();
    change(&mut draft);
    Calendars::build(draft).expect_err("it has a fault")
}

#[test]
fn hours_are_checked() {
    let day = DayOfWeek::Tuesday;
    let faults = |hours: Vec<HoursDraft>| province_faults(|draft| draft.week.tuesday = hours);
    for text in ["8:30", "08.30", "24:01", "25:00", "08:60", "０8:30", "", "-1:00", "+8:30", "08:30 "] {
        let expected = CalendarFault::BadTime { unit_id: None, day, text: text.to_owned() };
        assert_eq!(faults(vec![hours(text, "18:00")]), [expected], "{text:?}");
    }
    for (from, to) in [("12:00", "08:30"), ("12:00", "12:00")] {
        let expected =
            CalendarFault::EmptyHours { unit_id: None, day, from: from.to_owned(), to: to.to_owned() };
        assert_eq!(faults(vec![hours(from, to)]), [expected]);
    }
    let overlapping = |from: &str, to: &str| CalendarFault::OverlappingHours {
        unit_id: None,
        day,
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let afternoon = hours("13:30", "18:00");
    assert_eq!(faults(vec![hours("08:30", "14:00"), afternoon.clone()]), [overlapping("13:30", "18:00")]);
    assert_eq!(
        faults(vec![afternoon.clone(), hours("08:30", "13:31")]),
        [overlapping("13:30", "18:00")],
        "in whatever order they stand"
    );
    assert_eq!(
        faults(vec![hours("08:00", "18:00"), hours("09:00", "10:00"), hours("11:00", "12:00")]),
        [overlapping("09:00", "10:00"), overlapping("11:00", "12:00")],
        "both lie in the first"
    );
    let mut touching = CalendarsDraft::standard();
    touching.week.tuesday = vec![hours("08:30", "13:30"), afternoon];
    assert!(Calendars::build(touching).is_ok(), "hours that touch do not overlap");
}

#[test]
fn a_week_needs_hours_and_make_up_days_need_them_too() {
    let faults = province_faults(|draft| draft.week = Default::default());
    assert_eq!(
        faults,
        [CalendarFault::NoWorkingTime { unit_id: None }, CalendarFault::NoMakeUpHours { unit_id: None }]
    );
    assert_eq!(
        province_faults(|draft| draft.week.make_up.clear()),
        [CalendarFault::NoMakeUpHours { unit_id: None }]
    );
}

#[test]
fn years_are_checked() {
    let missing = CalendarFault::MissingYear { unit_id: None, year: 2025 };
    assert_eq!(province_faults(|draft| drop(draft.years.remove(1))), [missing]);
    for source in ["", "  "] {
        let faults = province_faults(|draft| draft.years[1].source = source.to_owned());
        assert_eq!(faults, [CalendarFault::NoSource { unit_id: None, year: 2025 }]);
    }
    let faults = province_faults(|draft| draft.years.push(year(2026, &[], &[])));
    assert_eq!(faults, [CalendarFault::DuplicateYear { unit_id: None, year: 2026 }]);
    for number in [1999, 2200, i32::MIN, i32::MAX] {
        let faults = province_faults(|draft| draft.years = vec![year(number, &[], &[])]);
        assert_eq!(faults, [CalendarFault::BadYear { unit_id: None, year: number }]);
    }
}

#[test]
fn days_are_checked() {
    let faults = |free: &[(&str, &str)], make_up: &[&str]| {
        let draft = year(2027, free, make_up);
        province_faults(|standard| standard.years.push(draft))
    };
    let text = |text: &str| text.to_owned();
    for bad in ["2027-02-29", "2027-2-3", "2027/02/03", "20270203", "", "２027-02-03", "+027-02-03"] {
        let expected = CalendarFault::BadDay { unit_id: None, year: 2027, text: text(bad) };
        assert_eq!(faults(&[(bad, "2027-03-01")], &[]), [expected.clone()], "{bad:?}");
        assert_eq!(faults(&[], &[bad]), [expected]);
    }
    for outside in ["2026-11-30", "2028-01-01", "9999-12-31"] {
        let expected = CalendarFault::OutsideYear { unit_id: None, year: 2027, day: text(outside) };
        assert_eq!(faults(&[("2027-05-01", outside)], &[]), [expected]);
    }
    assert_eq!(
        faults(&[("2027-05-05", "2027-05-01")], &[]),
        [CalendarFault::BackwardHoliday {
            unit_id: None,
            year: 2027,
            from: text("2027-05-05"),
            to: text("2027-05-01")
        }]
    );
    let day = text("2027-05-01");
    assert_eq!(
        faults(&[("2027-05-01", "2027-05-01")], &["2027-05-01"]),
        [CalendarFault::FreeAndMakeUp { unit_id: None, year: 2027, day: day.clone() }]
    );
    assert_eq!(
        faults(&[("2027-04-30", "2027-05-01"), ("2027-05-01", "2027-05-02")], &[]),
        [CalendarFault::DuplicateDay { unit_id: None, year: 2027, day: day.clone() }]
    );
    assert_eq!(
        faults(&[], &["2027-05-01", "2027-05-01"]),
        [CalendarFault::DuplicateDay { unit_id: None, year: 2027, day }]
    );
    assert_eq!(
        faults(&[], &["2027-05-03"]),
        [CalendarFault::MakeUpOnWorkday { unit_id: None, year: 2027, day: text("2027-05-03") }],
        "a Monday"
    );
}

#[test]
fn a_notice_may_speak_of_the_december_before() {
    let mut draft = CalendarsDraft::standard();
    draft.years.push(year(2027, &[("2026-12-31", "2027-01-01")], &["2026-12-26"]));
    let calendar = Calendars::build(draft).expect("sound").province().clone();
    assert!(!calendar.is_open(at("2026-12-31 09:00")));
    assert!(calendar.is_open(at("2026-12-26 09:00")));
    assert_eq!(calendar.covered_until(), Some(at("2028-01-01 00:00")));
}

#[test]
fn the_faults_of_a_unit_name_it() {
    let unit_id = Some(UnitId::from("320583"));
    let mut week = CalendarsDraft::standard().week;
    week.friday = vec![hours("09:00", "09:00")];
    let years = vec![YearDraft { source: String::new(), ..year(2026, &[], &[]) }];
    let faults = province_faults(|draft| {
        draft.units = vec![UnitCalendarDraft { week: Some(week), years, ..own("320583") }, own("320583")];
    });
    let nine = || "09:00".to_owned();
    assert_eq!(
        faults,
        [
            CalendarFault::EmptyHours {
                unit_id: unit_id.clone(),
                day: DayOfWeek::Friday,
                from: nine(),
                to: nine()
            },
            CalendarFault::NoSource { unit_id: unit_id.clone(), year: 2026 },
            CalendarFault::DuplicateUnit { unit_id: UnitId::from("320583") },
        ]
    );
}

#[test]
fn a_unit_that_works_on_saturdays_is_not_at_odds_with_the_published_make_up_days() {
    let mut week = CalendarsDraft::standard().week;
    week.saturday = vec![hours("09:00", "12:00")];
    let six_days = UnitCalendarDraft { week: Some(week), ..own("320500") };
    let mut draft = CalendarsDraft::standard();
    draft.units = vec![six_days.clone()];
    assert!(Calendars::build(draft).is_ok());
    let years = vec![year(2026, &[], &["2026-02-14"])];
    let faults = province_faults(|draft| draft.units = vec![UnitCalendarDraft { years, ..six_days }]);
    let (unit_id, day) = (Some(UnitId::from("320500")), "2026-02-14".to_owned());
    assert_eq!(
        faults,
        [CalendarFault::MakeUpOnWorkday { unit_id, year: 2026, day }],
        "what it says itself is"
    );
}

#[test]
fn units_that_do_not_exist_are_named() {
    let directory = Directory::build(province()).expect("the province is valid");
    let mut draft = CalendarsDraft::standard();
    draft.units = vec![own("320500"), own("nowhere")];
    let calendars = Calendars::build(draft).expect("sound but for the directory");
    let unknown = CalendarFault::UnknownUnit { unit_id: UnitId::from("nowhere") };
    assert_eq!(calendars.check_units(&directory), Err(vec![unknown]));
}

// ---- as a document

#[test]
fn calendars_travel_as_the_document_they_were_built_from() {
    let calendars = Calendars::standard();
    let json = serde_json::to_string(&calendars).expect("writes");
    let again = Calendars::read(&json).expect("reads");
    assert_eq!(again.draft(), calendars.draft());
    assert_eq!(again.province(), calendars.province());
    let read: Calendars = serde_json::from_str(&json).expect("reads through serde too");
    assert_eq!(read.draft(), calendars.draft());
}

#[test]
fn a_document_with_faults_is_not_read() {
    let mut draft = CalendarsDraft::standard();
    draft.years[0].source.clear();
    let json = serde_json::to_string(&draft).expect("writes");
    let fault = CalendarFault::NoSource { unit_id: None, year: 2024 };
    assert_eq!(Calendars::read(&json).expect_err("refused"), [fault.clone()]);
    let refused = serde_json::from_str::<Calendars>(&json).expect_err("refused");
    assert!(refused.to_string().contains("2024 names no source"), "{refused}");
    let code = serde_json::to_value(&fault).expect("writes");
    assert_eq!(code, serde_json::json!({ "code": "no_source", "unit_id": null, "year": 2024 }));
}

#[rstest]
#[case::nothing("", 1, 0)]
#[case::no_json("{\n  week", 2, 3)]
#[case::a_field_unknown("{\"weeks\": 1}", 1, 8)]
fn what_is_no_document_says_where(#[case] json: &str, #[case] line: usize, #[case] column: usize) {
    assert_eq!(Calendars::read(json).expect_err("refused"), [CalendarFault::Unreadable { line, column }]);
}

// ---- against a reckoning by hand

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
