//! Step 2: keys, the window, what is open, what does not count, links.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    let before = || case(1, vec![flow(-MINUTE)]);
    let other_phone = |number| {
        let mut case = case(number, vec![flow(-MINUTE)]);
        case.keys = keyed(KeyKind::Phone, "13900002222", false);
        case
    };
    let flow_at = |time| case(1, vec![Evidence::Flow { time }]);
    let window = 30 * DAY;
    let standing = |standing| {
        let mut case = before();
        case.standing = standing;
        case
    };
    vec![
        row("no equal key", vec![other_phone(1)], NoRecord, &[]),
        row("no key at all never equals", vec![case_without_keys(1)], NoRecord, &[])
            .against(Matter { keys: BTreeSet::new(), ..matter() }),
        row("another kind never equals", vec![keyed_case(KeyKind::Plate, PHONE)], NoRecord, &[]),
        row("one equal key of several", vec![claiming(before(), "PC1")], FlowInTime, &[in_time]),
        row("an equal policy number", vec![keyed_case(KeyKind::Policy, "pd-1")], FlowInTime, &[in_time])
            .against(with(matter(), KeyKind::Policy, "PD1")),
        row(
            "an equal loss report number",
            vec![keyed_case(KeyKind::LossReport, "r 1")],
            FlowInTime,
            &[in_time],
        )
        .against(with(matter(), KeyKind::LossReport, "R1")),
        row("an equal plate", vec![keyed_case(KeyKind::Plate, "苏E·12345")], FlowInTime, &[in_time])
            .against(with(matter(), KeyKind::Plate, "苏e12345")),
        row("thirty days before", vec![flow_at(online(-window))], FlowInTime, &[in_time]),
        row("a moment more", vec![flow_at(online(-window - 1))], NoRecord, &[]),
        row(
            "an interval that reaches the window",
            vec![flow_at(proven(-40 * DAY, -window))],
            FlowInTime,
            &[in_time],
        ),
        row("thirty days after", vec![flow_at(online(window))], OnlyLater, &[Later]),
        row(
            "the last moment of that minute",
            vec![flow_at(online(window + MINUTE - 1))],
            OnlyLater,
            &[Later],
        ),
        row("a moment more after", vec![flow_at(online(window + MINUTE))], NoRecord, &[]),
        row(
            "one without a beginning counts from thirty days before it came",
            vec![flow_at(open_ended(2 * window))],
            Doubtful,
            &[TimeUncertain],
        ),
        row("and no further", vec![flow_at(open_ended(2 * window + MINUTE))], NoRecord, &[]),
        row(
            "an older case still open",
            vec![open_since(flow_at(online(-60 * DAY)), -60 * DAY, None)],
            FlowInTime,
            &[in_time],
        ),
        row(
            "an older case closed before",
            vec![open_since(flow_at(online(-60 * DAY)), -60 * DAY, Some(-31 * DAY))],
            NoRecord,
            &[],
        ),
        row(
            "one closed at that moment is not open",
            vec![open_since(flow_at(online(-60 * DAY)), -60 * DAY, Some(0))],
            NoRecord,
            &[],
        ),
        row(
            "one closed within that minute may have been open",
            vec![open_since(flow_at(online(-60 * DAY)), -60 * DAY, Some(1))],
            FlowInTime,
            &[in_time],
        ),
        row(
            "one reopened and open",
            vec![open_since(open_since(flow_at(online(-60 * DAY)), -60 * DAY, Some(-50 * DAY)), -DAY, None)],
            FlowInTime,
            &[in_time],
        ),
        row(
            "a later case far away, opened after",
            vec![open_since(flow_at(online(60 * DAY)), 60 * DAY, None)],
            NoRecord,
            &[],
        ),
        row(
            "a timer left running is no report",
            vec![open_since(case(1, vec![]), -HOUR, None)],
            NoRecord,
            &[],
        ),
        row(
            "one piece in the window brings the others",
            vec![case(1, vec![flow(-40 * DAY), spot(-DAY)])],
            FlowInTime,
            &[in_time],
        ),
        row("误触 does not count", vec![standing(Standing::Voided(VoidReason::Accidental))], NoRecord, &[]),
        row("测试 does not count", vec![standing(Standing::Voided(VoidReason::Test))], NoRecord, &[]),
        row("a discarded timer does not count", vec![standing(Standing::Discarded)], NoRecord, &[]),
        row("重复 counts", vec![standing(Standing::Voided(VoidReason::Duplicate))], FlowInTime, &[in_time]),
        row("a link by hand needs no key", vec![other_phone(1)], FlowInTime, &[in_time]).linked(1),
        row("nor the window", vec![flow_at(online(-90 * DAY))], FlowInTime, &[in_time]).linked(1),
        row(
            "but cannot make 误触 count",
            vec![standing(Standing::Voided(VoidReason::Accidental))],
            NoRecord,
            &[],
        )
        .linked(1),
        row("a link to another case brings nothing", vec![other_phone(1)], NoRecord, &[]).linked(2),
    ]
}

fn case_without_keys(number: u128) -> CaseRecord {
    CaseRecord { keys: Vec::new(), ..case(number, vec![flow(-MINUTE)]) }
}
