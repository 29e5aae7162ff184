//! Every fault of a document, and the document as it travels.

use super::*;

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
        assert_eq!(faults(&[(bad, "2027-03-01")], &[]), vec![expected.clone()], "{bad:?}");
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
    assert_eq!(Calendars::read(&json).expect_err("refused"), vec![fault.clone()]);
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
