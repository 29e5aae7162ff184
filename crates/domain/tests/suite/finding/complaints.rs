//! The same complaint from two sources.

use chayan_domain::directory::Line;
use chayan_domain::finding::unite;
use chayan_domain::ids::UnitId;
use rstest::rstest;

use super::*;

#[test]
fn a_complaint_from_two_sources_counts_once() {
    let mut regulator = complaint("JG1", Precision::Second, -HOUR);
    regulator.keys = key(KeyKind::Policy, "PD1");
    regulator.merged_into = Some(ComplaintNo::from("TS1"));
    regulator.valid = false;
    regulator.blamed_line = Some(Line::Sales);
    let mut own = complaint("TS1", Precision::Minute, 0);
    own.blamed_unit = Some(UnitId::from("320583"));
    own.blamed_line = Some(Line::Claims);
    let other = complaint("TS2", Precision::Day, 0);
    for complaints in
        [[regulator.clone(), own.clone(), other.clone()], [other.clone(), own.clone(), regulator.clone()]]
    {
        let matters = unite(&complaints);
        assert_eq!(matters.len(), 2);
        let matter = &matters[0];
        assert_eq!(matter.complaint_no, ComplaintNo::from("TS1"));
        assert_eq!(matter.numbers, ["JG1", "TS1"].map(ComplaintNo::from).into());
        assert_eq!(matter.time, regulator.time, "the earliest with its precision");
        assert_eq!(matter.keys.len(), 2, "the keys of all");
        assert_eq!(matter.blamed_unit, Some(UnitId::from("320583")));
        assert_eq!((matter.blamed_line, matter.valid), (Some(Line::Claims), true), "the surviving one's");
        assert_eq!(matters[1], Matter::of(&other));
    }
}

#[test]
fn merged_complaints_end_at_the_last_that_is_there() {
    let into = |number: &str, into: &str| Complaint {
        merged_into: Some(ComplaintNo::from(into)),
        ..complaint(number, Precision::Minute, 0)
    };
    let survivors = |complaints: &[Complaint]| -> Vec<String> {
        unite(complaints).iter().map(|matter| matter.complaint_no.to_string()).collect()
    };
    assert_eq!(survivors(&[into("A", "B"), into("B", "C"), complaint("C", Precision::Minute, 0)]), ["C"]);
    assert_eq!(survivors(&[into("A", "nobody")]), ["A"]);
    assert_eq!(survivors(&[into("B", "C"), into("C", "B"), into("A", "C")]), ["B"], "a circle");
    assert_eq!(survivors(&[into("A", "A")]), ["A"]);
}

#[rstest]
#[case::earlier((Precision::Minute, -MINUTE), (Precision::Second, 0), Precision::Minute)]
#[case::a_day_begins_at_midnight((Precision::Day, 0), (Precision::Second, 0), Precision::Day)]
#[case::a_later_day((Precision::Day, DAY), (Precision::Second, 0), Precision::Second)]
#[case::beginning_together((Precision::Minute, 30 * SECOND), (Precision::Second, 0), Precision::Second)]
fn of_two_times_the_earlier_holds(
    #[case] one: (Precision, i64),
    #[case] other: (Precision, i64),
    #[case] expected: Precision,
) {
    let first = complaint("TS1", one.0, one.1);
    let second =
        Complaint { merged_into: Some(ComplaintNo::from("TS1")), ..complaint("TS2", other.0, other.1) };
    for complaints in [[first.clone(), second.clone()], [second, first]] {
        assert_eq!(unite(&complaints)[0].time.precision, expected);
    }
}
