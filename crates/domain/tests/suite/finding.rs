//! Article 9: keys, candidates, times and the order of decisions, as a table; and what holds for any cases at all.

use std::collections::BTreeSet;

use chayan_domain::case::VoidReason;
use chayan_domain::directory::Line;
use chayan_domain::evidence::{ReportTime, TimeProof};
use chayan_domain::finding::{
    CaseKey, CaseRecord, Complaint, ComplaintTime, Countersign, Decision, Evidence, Finding, FindingRules,
    Ground, Key, KeyKind, KeyMatch, Link, Matter, OpenSpan, Precision, Standing, Verdict, change, find,
    unite,
};
use chayan_domain::ids::{CaseId, ComplaintNo, PersonId, UnitId};
use chayan_domain::report::AbsentWords;
use chayan_domain::time::{Span, Timestamp};
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// 2026-03-02 10:00 in Jiangsu: the complaint of the table, unless a row says otherwise.
const NOON: i64 = 1_772_416_800_000;

const PHONE: &str = "13800001111";

fn at(after: i64) -> Timestamp {
    Timestamp(NOON + after)
}

// ---- building

fn key(kind: KeyKind, text: &str) -> BTreeSet<Key> {
    let keys = Key::all_in(kind, text, &AbsentWords::default());
    assert!(!keys.is_empty(), "{text} is no key");
    keys
}

fn complaint(number: &str, precision: Precision, after: i64) -> Complaint {
    Complaint {
        complaint_no: ComplaintNo::from(number),
        time: ComplaintTime { at: at(after), precision },
        keys: key(KeyKind::Phone, PHONE),
        blamed_unit: None,
        blamed_line: None,
        valid: true,
        merged_into: None,
    }
}

/// By the minute, at the hour of the table, from the customer of the table.
fn matter() -> Matter {
    Matter::of(&complaint("TS1", Precision::Minute, 0))
}

fn known_by(precision: Precision, after: i64) -> Matter {
    Matter::of(&complaint("TS1", precision, after))
}

fn with(mut matter: Matter, kind: KeyKind, text: &str) -> Matter {
    matter.keys.extend(key(kind, text));
    matter
}

fn case_id(number: u128) -> CaseId {
    CaseId(Uuid::from_u128(number))
}

fn online(after: i64) -> ReportTime {
    ReportTime { earliest: Some(at(after)), latest: at(after), proof: TimeProof::Online }
}

fn proven(earliest: i64, latest: i64) -> ReportTime {
    ReportTime { earliest: Some(at(earliest)), latest: at(latest), proof: TimeProof::OfflineProven }
}

fn open_ended(received: i64) -> ReportTime {
    ReportTime { earliest: None, latest: at(received), proof: TimeProof::Doubtful }
}

fn flow(after: i64) -> Evidence {
    Evidence::Flow { time: online(after) }
}

fn notice(sent: i64, delivered: Option<i64>) -> Evidence {
    Evidence::Notice { level: 1, sent: online(sent), delivered_at: delivered.map(at) }
}

fn verbal(claimed: i64, countersign: Option<(i64, i64)>) -> Evidence {
    let countersign =
        countersign.map(|(signed, told)| Countersign { signed_at: at(signed), told_at: at(told) });
    Evidence::Verbal { level: 1, claimed: online(claimed), countersign }
}

fn spot(after: i64) -> Evidence {
    Evidence::Spot { time: online(after) }
}

fn quarantined(time: ReportTime) -> Evidence {
    Evidence::Quarantined { time }
}

/// A closed case of the customer of the table.
fn case(number: u128, evidence: Vec<Evidence>) -> CaseRecord {
    CaseRecord {
        case_id: case_id(number),
        standing: Standing::Counts,
        merged_into: None,
        keys: keyed(KeyKind::Phone, PHONE, false),
        open: Vec::new(),
        evidence,
    }
}

fn keyed(kind: KeyKind, text: &str, supplemented: bool) -> Vec<CaseKey> {
    key(kind, text).into_iter().map(|key| CaseKey { key, supplemented }).collect()
}

impl Row {
    fn closed(number: u128, evidence: Evidence) -> CaseRecord {
        case(number, vec![evidence])
    }
}

/// The claim number of a case beside its telephone.
fn claiming(mut case: CaseRecord, claim: &str) -> CaseRecord {
    case.keys.extend(keyed(KeyKind::Claim, claim, false));
    case
}

fn open_since(mut case: CaseRecord, from: i64, to: Option<i64>) -> CaseRecord {
    case.open.push(OpenSpan { from: at(from), to: to.map(at) });
    case
}

fn linked(number: u128) -> Vec<Link> {
    vec![Link { case_id: case_id(number), by: PersonId::from("S1") }]
}

// ---- the table

struct Row {
    what: &'static str,
    matter: Matter,
    cases: Vec<CaseRecord>,
    links: Vec<Link>,
    decision: Decision,
    /// Of the evidence that decided.
    grounds: Vec<Ground>,
}

fn row(what: &'static str, cases: Vec<CaseRecord>, decision: Decision, grounds: &[Ground]) -> Row {
    Row { what, matter: matter(), cases, links: Vec::new(), decision, grounds: grounds.to_vec() }
}

fn one(what: &'static str, evidence: Evidence, decision: Decision, grounds: &[Ground]) -> Row {
    row(what, vec![Row::closed(1, evidence)], decision, grounds)
}

impl Row {
    fn against(mut self, matter: Matter) -> Self {
        self.matter = matter;
        self
    }

    fn linked(mut self, number: u128) -> Self {
        self.links = linked(number);
        self
    }
}

use Decision::*;
use Ground::{
    CountersignedAfter, CountersignedInTime, DeliveredInTime, DifferentMatter, Later, NotCountersigned,
    NotDelivered, Quarantined, TimeUncertain,
};

/// Step 4 alone: one case of one piece, and what the order makes of several.
fn order_of_decisions() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    vec![
        row("no case at all", vec![], NoRecord, &[]),
        one("a flow before", flow(-MINUTE), FlowInTime, &[in_time]),
        one("a flow after", flow(MINUTE), OnlyLater, &[Later]),
        one("a delivered notice", notice(-9 * MINUTE, Some(-8 * MINUTE)), LeaderInTime, &[DeliveredInTime]),
        one(
            "a notice sent and not delivered by then",
            notice(-9 * MINUTE, Some(MINUTE)),
            Doubtful,
            &[NotDelivered],
        ),
        one("a notice never delivered", notice(-9 * MINUTE, None), Doubtful, &[NotDelivered]),
        one("a notice sent later and delivered", notice(MINUTE, Some(2 * MINUTE)), OnlyLater, &[Later]),
        one("a notice sent later and never delivered", notice(MINUTE, None), OnlyLater, &[Later]),
        one(
            "a claim countersigned",
            verbal(-9 * MINUTE, Some((-MINUTE, -8 * MINUTE))),
            LeaderInTime,
            &[CountersignedInTime],
        ),
        one(
            "a claim countersigned after",
            verbal(-9 * MINUTE, Some((MINUTE, -8 * MINUTE))),
            Doubtful,
            &[CountersignedAfter],
        ),
        one(
            "a claim whose leader was told after: the leader's time holds",
            verbal(-9 * MINUTE, Some((3 * MINUTE, MINUTE))),
            OnlyLater,
            &[Later],
        ),
        one(
            "a claim recorded after of something told before",
            verbal(MINUTE, Some((2 * MINUTE, -MINUTE))),
            Doubtful,
            &[CountersignedAfter],
        ),
        one("a claim nobody countersigned", verbal(-9 * MINUTE, None), Unproven, &[NotCountersigned]),
        one("such a claim after the complaint", verbal(9 * MINUTE, None), Unproven, &[NotCountersigned]),
        one("a spot trace before", spot(-MINUTE), SpotTrace, &[Ground::SpotTrace]),
        one("a spot trace after", spot(MINUTE), OnlyLater, &[Later]),
        one("a quarantined record before", quarantined(online(-MINUTE)), Doubtful, &[Quarantined]),
        one(
            "a quarantined record of unknown time",
            quarantined(open_ended(MINUTE)),
            Doubtful,
            &[Quarantined],
        ),
        one("a quarantined record after", quarantined(online(MINUTE)), OnlyLater, &[Later]),
        row(
            "an unproved claim before and a flow after: the best evidence decides",
            vec![case(1, vec![verbal(-9 * MINUTE, None), flow(MINUTE)])],
            OnlyLater,
            &[Later],
        ),
        row(
            "the same in two cases",
            vec![case(1, vec![verbal(-9 * MINUTE, None)]), case(2, vec![flow(MINUTE)])],
            OnlyLater,
            &[Later],
        ),
        row(
            "a delivered notice before and a flow after",
            vec![case(1, vec![notice(-9 * MINUTE, Some(-8 * MINUTE)), flow(MINUTE)])],
            LeaderInTime,
            &[DeliveredInTime],
        ),
        row(
            "a flow goes before a notice",
            vec![case(1, vec![notice(-9 * MINUTE, Some(-8 * MINUTE)), flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "a notice goes before a doubtful record",
            vec![case(1, vec![quarantined(online(-MINUTE)), notice(-9 * MINUTE, Some(-8 * MINUTE))])],
            LeaderInTime,
            &[DeliveredInTime],
        ),
        row(
            "a doubtful record goes before a spot trace",
            vec![case(1, vec![spot(-9 * MINUTE), notice(-MINUTE, None)])],
            Doubtful,
            &[NotDelivered],
        ),
        row(
            "a spot trace goes before a flow after",
            vec![case(1, vec![spot(-9 * MINUTE)]), case(2, vec![flow(MINUTE)])],
            SpotTrace,
            &[Ground::SpotTrace],
        ),
        row(
            "every doubtful piece is named",
            vec![case(1, vec![notice(-MINUTE, None), verbal(-9 * MINUTE, Some((MINUTE, -MINUTE)))])],
            Doubtful,
            &[NotDelivered, CountersignedAfter],
        ),
        row(
            "a higher level was told in time where the first was not",
            vec![case(
                1,
                vec![
                    notice(-9 * MINUTE, None),
                    Evidence::Notice {
                        level: 2,
                        sent: online(-7 * MINUTE),
                        delivered_at: Some(at(-6 * MINUTE)),
                    },
                ],
            )],
            LeaderInTime,
            &[DeliveredInTime],
        ),
    ]
}

/// Step 3: equal times, precision, intervals.
fn times() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    let flow_at = |time| Evidence::Flow { time };
    let day = |after| known_by(Precision::Day, after);
    // 2026-03-02 00:00 and the last millisecond of that day, seen from ten o'clock.
    let (midnight, day_end) = (-10 * HOUR, 14 * HOUR - 1);
    vec![
        one("the same moment is not late", flow(0), FlowInTime, &[in_time]),
        one("within the complaint's minute", flow(MINUTE - 1), FlowInTime, &[in_time]),
        one("the next minute", flow(MINUTE), OnlyLater, &[Later]),
        one(
            "a complaint known by the second is compared by the minute",
            flow(59 * SECOND),
            FlowInTime,
            &[in_time],
        )
        .against(known_by(Precision::Second, 0)),
        one("also where its minute has begun before", flow(0), FlowInTime, &[in_time])
            .against(known_by(Precision::Second, 30 * SECOND)),
        one("and late from the next minute on", flow(MINUTE), OnlyLater, &[Later])
            .against(known_by(Precision::Second, 59 * SECOND)),
        one(
            "a notice delivered within the minute",
            notice(-MINUTE, Some(59 * SECOND)),
            LeaderInTime,
            &[DeliveredInTime],
        ),
        one(
            "a countersign within the minute",
            verbal(-9 * MINUTE, Some((59 * SECOND, -MINUTE))),
            LeaderInTime,
            &[CountersignedInTime],
        ),
        one("a spot trace within the minute", spot(59 * SECOND), SpotTrace, &[Ground::SpotTrace]),
        one(
            "an interval that ends in the minute",
            flow_at(proven(-HOUR, 30 * SECOND)),
            FlowInTime,
            &[in_time],
        ),
        one("an interval that straddles", flow_at(proven(-HOUR, MINUTE)), Doubtful, &[TimeUncertain]),
        one("one that begins in the minute", flow_at(proven(59 * SECOND, HOUR)), Doubtful, &[TimeUncertain]),
        one("one that begins after", flow_at(proven(MINUTE, HOUR)), OnlyLater, &[Later]),
        one("one without a beginning, received before", flow_at(open_ended(-MINUTE)), FlowInTime, &[in_time]),
        one("one without a beginning, received after", flow_at(open_ended(HOUR)), Doubtful, &[TimeUncertain]),
        one(
            "a spot trace whose time straddles",
            Evidence::Spot { time: proven(-HOUR, HOUR) },
            Doubtful,
            &[TimeUncertain],
        ),
        one(
            "a notice whose sending straddles and that came after",
            Evidence::Notice { level: 1, sent: proven(-HOUR, HOUR), delivered_at: Some(at(HOUR)) },
            Doubtful,
            &[TimeUncertain],
        ),
        one(
            "a notice sealed before, received and delivered after",
            Evidence::Notice { level: 1, sent: proven(-HOUR, -MINUTE), delivered_at: Some(at(HOUR)) },
            Doubtful,
            &[NotDelivered],
        ),
        one("the day before is in time", flow(midnight - 1), FlowInTime, &[in_time]).against(day(0)),
        one("the first moment of the day is doubtful", flow(midnight), Doubtful, &[TimeUncertain])
            .against(day(0)),
        one("the last one too", flow(day_end), Doubtful, &[TimeUncertain]).against(day(0)),
        one("the day after is late", flow(day_end + 1), OnlyLater, &[Later]).against(day(0)),
        one("whatever moment of the day is written down", flow(midnight - 1), FlowInTime, &[in_time])
            .against(day(day_end)),
        one("a notice delivered on the day", notice(midnight - 1, Some(0)), Doubtful, &[TimeUncertain])
            .against(day(0)),
        one("a notice sent on the day", notice(0, None), Doubtful, &[TimeUncertain]).against(day(0)),
        one("a countersign on the day", verbal(-DAY, Some((0, -DAY))), Doubtful, &[TimeUncertain])
            .against(day(0)),
        one("a spot trace on the day", spot(0), Doubtful, &[TimeUncertain]).against(day(0)),
    ]
}

/// Step 2: keys, the window, what is open, what does not count, links.
fn candidates() -> Vec<Row> {
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

fn keyed_case(kind: KeyKind, text: &str) -> CaseRecord {
    CaseRecord { keys: keyed(kind, text, false), ..case(1, vec![flow(-MINUTE)]) }
}

/// 不同事项.
fn different_matters() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    let claim = || with(matter(), KeyKind::Claim, "PC2");
    let of_other = |evidence| claiming(Row::closed(1, evidence), "PC1");
    let flagged = |what, evidence, decision, grounds: &[Ground]| {
        row(what, vec![of_other(evidence)], decision, grounds).against(claim())
    };
    let mut both = claiming(case(1, vec![flow(-MINUTE)]), "PC1");
    both.keys.extend(keyed(KeyKind::Claim, "PC2", false));
    let mut loss_reports = case(1, vec![flow(-MINUTE)]);
    loss_reports.keys.extend(keyed(KeyKind::LossReport, "BA1", false));
    vec![
        flagged("a flow of another claim is doubtful", flow(-MINUTE), Doubtful, &[DifferentMatter]),
        flagged("so is its notice", notice(-9 * MINUTE, Some(-MINUTE)), Doubtful, &[DifferentMatter]),
        flagged("so is its spot trace", spot(-MINUTE), Doubtful, &[DifferentMatter]),
        flagged(
            "so is a countersigned claim",
            verbal(-9 * MINUTE, Some((-MINUTE, -MINUTE))),
            Doubtful,
            &[DifferentMatter],
        ),
        flagged("a later flow of another claim is no record of this one", flow(MINUTE), NoRecord, &[]),
        flagged(
            "a claim nobody countersigned is, flagged or not",
            verbal(-9 * MINUTE, None),
            Unproven,
            &[NotCountersigned],
        ),
        row(
            "beside a flow after it is 9-3 still",
            vec![claiming(case(1, vec![verbal(-9 * MINUTE, None), flow(MINUTE)]), "PC1")],
            Unproven,
            &[NotCountersigned],
        )
        .against(claim()),
        row("a link by hand clears it", vec![of_other(flow(-MINUTE))], FlowInTime, &[in_time])
            .against(claim())
            .linked(1),
        row(
            "the same claim number",
            vec![claiming(case(1, vec![flow(-MINUTE)]), "pc 2")],
            FlowInTime,
            &[in_time],
        )
        .against(claim()),
        row("one equal of two", vec![both], FlowInTime, &[in_time]).against(claim()),
        row("no claim number in the case", vec![case(1, vec![flow(-MINUTE)])], FlowInTime, &[in_time])
            .against(claim()),
        row("none in the complaint", vec![of_other(flow(-MINUTE))], FlowInTime, &[in_time]),
        row("a differing loss report number does not set it", vec![loss_reports], FlowInTime, &[in_time])
            .against(with(matter(), KeyKind::LossReport, "BA2")),
        row(
            "another case in time decides before it",
            vec![of_other(flow(-MINUTE)), case(2, vec![flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        )
        .against(claim()),
        row(
            "another case later does not",
            vec![of_other(flow(-MINUTE)), case(2, vec![flow(MINUTE)])],
            Doubtful,
            &[DifferentMatter],
        )
        .against(claim()),
    ]
}

/// 并案.
fn merged_cases() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    let merged = |number, into, evidence| CaseRecord {
        standing: Standing::Voided(VoidReason::Duplicate),
        merged_into: Some(case_id(into)),
        ..case(number, evidence)
    };
    let keyless = |case: CaseRecord| CaseRecord { keys: keyed(KeyKind::Phone, "13900002222", false), ..case };
    let void = |case: CaseRecord| CaseRecord { standing: Standing::Voided(VoidReason::Test), ..case };
    vec![
        row(
            "a merged case keeps its own evidence",
            vec![case(1, vec![flow(MINUTE)]), merged(2, 1, vec![flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "the keys are pooled: the survivor's find the merged one",
            vec![case(1, vec![flow(MINUTE)]), keyless(merged(2, 1, vec![flow(-MINUTE)]))],
            FlowInTime,
            &[in_time],
        ),
        row(
            "and the other way",
            vec![keyless(case(1, vec![flow(-MINUTE)])), merged(2, 1, vec![flow(MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "over two steps",
            vec![
                keyless(case(1, vec![flow(-MINUTE)])),
                keyless(merged(2, 1, vec![])),
                merged(3, 2, vec![flow(MINUTE)]),
            ],
            FlowInTime,
            &[in_time],
        ),
        row(
            "voiding the survivor later does not void the others",
            vec![void(case(1, vec![flow(-9 * MINUTE)])), merged(2, 1, vec![notice(-MINUTE, None)])],
            Doubtful,
            &[NotDelivered],
        ),
        row(
            "a voided survivor still leads further",
            vec![
                keyless(merged(1, 4, vec![flow(-MINUTE)])),
                void(CaseRecord { merged_into: Some(case_id(4)), ..case(2, vec![]) }),
                merged(3, 2, vec![flow(MINUTE)]),
                keyless(case(4, vec![])),
            ],
            FlowInTime,
            &[in_time],
        ),
        row(
            "a circle is one matter",
            vec![merged(1, 2, vec![flow(MINUTE)]), keyless(merged(2, 1, vec![flow(-MINUTE)]))],
            FlowInTime,
            &[in_time],
        ),
        row(
            "merged into a case that is not there it stands alone",
            vec![merged(2, 9, vec![flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "a claim number of the survivor marks what was merged into it",
            vec![claiming(case(1, vec![]), "PC1"), merged(2, 1, vec![flow(-MINUTE)])],
            Doubtful,
            &[DifferentMatter],
        )
        .against(with(matter(), KeyKind::Claim, "PC2")),
        row(
            "a link to one links all",
            vec![keyless(case(1, vec![flow(-MINUTE)])), keyless(merged(2, 1, vec![]))],
            FlowInTime,
            &[in_time],
        )
        .linked(2),
    ]
}

fn table() -> Vec<Row> {
    let mut rows = order_of_decisions();
    rows.extend(times());
    rows.extend(candidates());
    rows.extend(different_matters());
    rows.extend(merged_cases());
    rows
}

fn found(row: &Row, cases: &[CaseRecord]) -> Finding {
    find(&row.matter, cases, &row.links, &FindingRules::default())
}

#[test]
fn every_row_of_the_table_is_decided_as_the_rule_says() {
    let rows = table();
    assert!(rows.len() >= 60, "{} rows", rows.len());
    for row in &rows {
        let finding = found(row, &row.cases);
        assert_eq!(finding.decision, row.decision, "{}: {finding:#?}", row.what);
        let grounds: Vec<Ground> = finding.evidence.iter().map(|piece| piece.ground).collect();
        assert_eq!(grounds, row.grounds, "{}", row.what);
        assert_eq!(finding.verdict, row.decision.verdict(), "{}", row.what);
    }
}

#[rstest]
#[case(FlowInTime, Verdict::Valid)]
#[case(LeaderInTime, Verdict::Valid)]
#[case(Doubtful, Verdict::Pending)]
#[case(SpotTrace, Verdict::Pending)]
#[case(OnlyLater, Verdict::Late)]
#[case(Unproven, Verdict::Unproven)]
#[case(NoRecord, Verdict::NoRecord)]
fn each_place_in_the_order_means_one_verdict(#[case] decision: Decision, #[case] verdict: Verdict) {
    assert_eq!(decision.verdict(), verdict);
}

#[test]
fn every_place_in_the_order_is_in_the_table() {
    for decision in [FlowInTime, LeaderInTime, Doubtful, SpotTrace, OnlyLater, Unproven, NoRecord] {
        assert!(table().iter().any(|row| row.decision == decision), "{decision:?}");
    }
}

#[test]
fn the_order_of_the_cases_changes_nothing() {
    for row in table() {
        let expected = found(&row, &row.cases);
        let mut cases = row.cases.clone();
        for turn in 0..cases.len() {
            cases.rotate_left(1);
            assert_eq!(found(&row, &cases), expected, "{} turned by {turn}", row.what);
            let mut reversed = cases.clone();
            reversed.reverse();
            for case in &mut reversed {
                case.evidence.reverse();
                case.keys.reverse();
                case.open.reverse();
            }
            assert_eq!(found(&row, &reversed), expected, "{} reversed", row.what);
        }
    }
}

// ---- what a finding says

#[test]
fn the_reason_says_which_key_came_later() {
    let mut supplemented = case(1, vec![flow(-MINUTE)]);
    supplemented.keys = keyed(KeyKind::Phone, PHONE, true);
    supplemented.keys.extend(keyed(KeyKind::Plate, "苏E12345", false));
    let finding = find(
        &with(matter(), KeyKind::Plate, "苏E12345"),
        &[supplemented.clone()],
        &[],
        &FindingRules::default(),
    );
    let phone = KeyMatch { kind: KeyKind::Phone, supplemented: true };
    let plate = KeyMatch { kind: KeyKind::Plate, supplemented: false };
    assert_eq!(finding.candidates[0].matched, [phone, plate]);
    assert_eq!(finding.verdict, Verdict::Valid, "it counts");

    supplemented.keys.extend(keyed(KeyKind::Phone, PHONE, false));
    let finding = find(&matter(), &[supplemented], &[], &FindingRules::default());
    let phone = KeyMatch { kind: KeyKind::Phone, supplemented: false };
    assert_eq!(finding.candidates[0].matched, [phone], "it was known from the first as well");
}

#[test]
fn the_finding_names_what_decided_what_else_there_was_and_who_linked() {
    let cases = [
        case(2, vec![flow(MINUTE), verbal(-HOUR, None)]),
        CaseRecord { keys: Vec::new(), ..case(1, vec![notice(-9 * MINUTE, Some(-8 * MINUTE))]) },
    ];
    let finding = find(&matter(), &cases, &linked(1), &FindingRules::default());
    assert_eq!(finding.complaint_no, ComplaintNo::from("TS1"));
    let pieces = |pieces: &[chayan_domain::finding::Weighed]| -> Vec<(CaseId, Ground)> {
        pieces.iter().map(|piece| (piece.case_id, piece.ground)).collect()
    };
    assert_eq!(pieces(&finding.evidence), [(case_id(1), DeliveredInTime)]);
    assert_eq!(pieces(&finding.others), [(case_id(2), Later), (case_id(2), NotCountersigned)]);
    assert_eq!(finding.evidence[0].evidence, notice(-9 * MINUTE, Some(-8 * MINUTE)));
    let listed: Vec<_> = finding.candidates.iter().map(|one| (one.case_id, one.linked_by.clone())).collect();
    assert_eq!(listed, [(case_id(1), vec![PersonId::from("S1")]), (case_id(2), vec![])]);
}

#[test]
fn a_flag_is_shown_with_its_case() {
    let cases = [claiming(case(1, vec![flow(MINUTE)]), "PC1"), case(2, vec![])];
    let matter = with(matter(), KeyKind::Claim, "PC2");
    let finding = find(&matter, &cases, &[], &FindingRules::default());
    assert_eq!(finding.verdict, Verdict::NoRecord);
    assert!(finding.evidence.is_empty());
    assert_eq!(finding.others[0].ground, Ground::LaterDifferentMatter);
    assert!(finding.candidates[0].different_matter);
}

#[test]
fn a_finding_and_its_keys_show_no_customer() {
    let matter = with(matter(), KeyKind::Policy, "PDAA12345");
    let cases = [keyed_case(KeyKind::Policy, "PDAA12345")];
    let finding = find(&matter, &cases, &linked(1), &FindingRules::default());
    let json = serde_json::to_string(&finding).expect("writes");
    let shown = format!("{json} {finding:?} {matter:?} {cases:?}");
    assert!(!shown.contains(PHONE) && !shown.contains("12345"), "{shown}");
    let read: Finding = serde_json::from_str(&json).expect("reads");
    assert_eq!(read, finding);
}

#[test]
fn the_window_and_the_finest_precision_are_settings() {
    let rules = FindingRules { window: Span(DAY), finest: Precision::Second };
    let decided =
        |after| find(&known_by(Precision::Second, 0), &[case(1, vec![flow(after)])], &[], &rules).decision;
    assert_eq!(decided(-DAY), FlowInTime);
    assert_eq!(decided(-DAY - 1), NoRecord);
    assert_eq!(decided(SECOND - 1), FlowInTime);
    assert_eq!(decided(SECOND), OnlyLater);
    assert_eq!(decided(DAY + SECOND - 1), OnlyLater);
    assert_eq!(decided(DAY + SECOND), NoRecord);
}

#[test]
fn a_later_run_says_what_it_found_otherwise() {
    let rules = FindingRules::default();
    let late = case(1, vec![flow(MINUTE)]);
    let arrived = case(2, vec![Evidence::Flow { time: proven(-HOUR, -HOUR + MINUTE) }]);
    let before = find(&matter(), std::slice::from_ref(&late), &[], &rules);
    let after = find(&matter(), &[arrived, late], &[], &rules);
    assert_eq!(change(&before, &before), None);
    let change = change(&before, &after).expect("a sealed report arrived");
    assert_eq!((change.from, change.to), (Verdict::Late, Verdict::Valid));
    assert_eq!(change.gained, after.evidence);
    assert_eq!(change.lost, []);
    assert_eq!(change.joined, after.candidates[1..]);
    assert_eq!(change.left, []);
}

#[test]
fn a_later_run_also_says_when_only_a_reason_changed() {
    let rules = FindingRules::default();
    let mut case = case(1, vec![notice(-9 * MINUTE, None)]);
    let before = find(&matter(), std::slice::from_ref(&case), &[], &rules);
    case.keys.extend(keyed(KeyKind::Plate, "苏E12345", true));
    let plated = with(matter(), KeyKind::Plate, "苏E12345");
    let after = find(&plated, std::slice::from_ref(&case), &[], &rules);
    let changed = change(&before, &after).expect("another key");
    assert_eq!((changed.from, changed.to), (Verdict::Pending, Verdict::Pending));
    assert_eq!((changed.joined, changed.left), (after.candidates.clone(), before.candidates));
    assert_eq!((changed.gained, changed.lost), (vec![], vec![]));
}

// ---- the same complaint from two sources

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

#[test]
fn a_precision_is_a_span_of_moments_in_shanghai() {
    let moment = at(12 * MINUTE + 34 * SECOND + 567);
    let span = |precision: Precision| (precision.floor(moment).0 - NOON, precision.ceiling(moment).0 - NOON);
    assert_eq!(span(Precision::Second), (12 * MINUTE + 34 * SECOND, 12 * MINUTE + 35 * SECOND - 1));
    assert_eq!(span(Precision::Minute), (12 * MINUTE, 13 * MINUTE - 1));
    assert_eq!(span(Precision::Day), (-10 * HOUR, 14 * HOUR - 1));
}

// ---- step 1

#[rstest]
#[case::as_written(KeyKind::Phone, "13800001111", "13800001111")]
#[case::full_width(KeyKind::Phone, "１３８０００0１１１1", "13800001111")]
#[case::country(KeyKind::Phone, "+86 138-0000-1111", "13800001111")]
#[case::country_with_zeros(KeyKind::Phone, "0086 13800001111", "13800001111")]
#[case::country_without_plus(KeyKind::Phone, "8613800001111", "13800001111")]
#[case::country_before_a_land_line(KeyKind::Phone, "+86 0512-57300000", "051257300000")]
#[case::no_country_before_ten_digits(KeyKind::Phone, "861380000111", "861380000111")]
#[case::spreadsheet(KeyKind::Phone, "13800001111.0", "13800001111")]
#[case::one_of_several(KeyKind::Phone, "无/０５１２-57300000，13800001111", "13800001111")]
#[case::ideographic(KeyKind::Phone, "05125730000、13800001111", "13800001111")]
#[case::semicolon(KeyKind::Phone, "05125730000；13800001111", "13800001111")]
#[case::two_at_a_space(KeyKind::Phone, "5730000 13800001111", "5730000")]
#[case::no_split_at_a_space(KeyKind::Phone, "138 0000 1111", "13800001111")]
#[case::seven_digits(KeyKind::Phone, "5730000", "573-0000")]
#[case::spreadsheet_in_the_middle(KeyKind::Phone, "13800001111.0/5730000.0", "13800001111")]
#[case::case_and_fillers(KeyKind::Policy, "pdaa2026-3205.0001", "ＰＤＡＡ 2026 3205 0001")]
#[case::spreadsheet_policy(KeyKind::Policy, "12345.0", "12345")]
#[case::spreadsheet_claim(KeyKind::Claim, "12345．０", "12345")]
#[case::spreadsheet_loss_report(KeyKind::LossReport, " 12345.0 ", "12345")]
#[case::plate_dots(KeyKind::Plate, "苏E·12345", "苏e•12345")]
#[case::plate_katakana_dot(KeyKind::Plate, "苏E・12345", "苏E･12345")]
#[case::dashes(KeyKind::Claim, "PC—1–2‒3−4", "pc1234")]
#[case::ideographic_space(KeyKind::Claim, "PC　1", "PC1")]
#[case::invisible(KeyKind::Claim, "\u{feff}PC\u{200b}1", "PC1")]
fn keys_that_are_equal(#[case] kind: KeyKind, #[case] text: &str, #[case] other: &str) {
    let keys = |text| Key::all_in(kind, text, &AbsentWords::default());
    assert!(keys(text).intersection(&keys(other)).count() > 0, "{text} and {other}");
}

#[rstest]
#[case::nothing("")]
#[case::spaces("  　")]
#[case::none("无")]
#[case::not_left("未留")]
#[case::unknown("不详")]
#[case::not_applicable("n/a")]
#[case::full_width_not_applicable("Ｎ／Ａ")]
#[case::zero("0")]
#[case::zeros("00000000")]
#[case::spreadsheet_zero("0.0")]
#[case::dash("-")]
#[case::long_dash("—")]
#[case::masked("138****1111")]
#[case::full_width_mask("138＊＊＊＊1111")]
fn what_is_no_key_of_any_kind(#[case] text: &str) {
    for kind in KeyKind::ALL {
        assert!(Key::all_in(*kind, text, &AbsentWords::default()).is_empty(), "{kind:?}");
    }
}

#[test]
fn what_is_no_telephone_number() {
    for text in ["110", "573000", "digits: 123456", "110/120", "无电话", "+86"] {
        assert!(Key::all_in(KeyKind::Phone, text, &AbsentWords::default()).is_empty(), "{text}");
    }
    assert_eq!(Key::all_in(KeyKind::Policy, "110", &AbsentWords::default()).len(), 1, "short policies are");
}

#[test]
fn words_for_none_are_a_setting() {
    let own = AbsentWords::new(["keine", "X-1"]);
    assert!(Key::all_in(KeyKind::Policy, "Ｋeine", &own).is_empty());
    assert!(Key::all_in(KeyKind::Policy, "x-1", &own).is_empty());
    assert_eq!(Key::all_in(KeyKind::Policy, "不详", &own).len(), 1, "no word of theirs");
    assert!(Key::all_in(KeyKind::Policy, "000", &own).is_empty(), "zeros never are");
}

#[test]
fn a_blind_key_is_never_empty_and_equals_its_like_alone() {
    assert_eq!(Key::blind(KeyKind::Phone, ""), None);
    let blind = |kind| Key::blind(kind, "9f86d081").expect("a key");
    assert_eq!(blind(KeyKind::Phone), blind(KeyKind::Phone));
    assert_ne!(blind(KeyKind::Phone), blind(KeyKind::Policy));
    assert_eq!(blind(KeyKind::Claim).reveal(), "9f86d081");
    let clear = Key::all_in(KeyKind::Phone, PHONE, &AbsentWords::default());
    assert_eq!(clear.first().map(Key::reveal), Some(PHONE));
    assert_eq!(format!("{clear:?}"), "{Phone(•••)}");
}

// ---- what holds for any cases at all

fn report_time() -> impl Strategy<Value = ReportTime> {
    let moment = prop_oneof![3 => -5_i64..5, 1 => -60_i64 * 24..60 * 24];
    let near = moment.prop_map(|minutes| minutes * MINUTE / 2);
    (near, 0_i64..4, any::<bool>()).prop_map(|(latest, length, ended)| match (ended, length) {
        (true, 0) => online(latest),
        (true, _) => proven(latest - length * MINUTE, latest),
        (false, _) => open_ended(latest),
    })
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let after = || proptest::option::of(-6_i64..6);
    prop_oneof![
        report_time().prop_map(|time| Evidence::Flow { time }),
        report_time().prop_map(|time| Evidence::Spot { time }),
        report_time().prop_map(|time| Evidence::Quarantined { time }),
        (report_time(), after(), 1_u8..3).prop_map(|(sent, delivered, level)| Evidence::Notice {
            level,
            sent,
            delivered_at: delivered.map(|minutes| at(minutes * MINUTE)),
        }),
        (report_time(), after(), 0_i64..6).prop_map(|(claimed, signed, ago)| Evidence::Verbal {
            level: 1,
            claimed,
            countersign: signed.map(|minutes| Countersign {
                signed_at: at(minutes * MINUTE),
                told_at: at((minutes - ago) * MINUTE),
            }),
        }),
    ]
}

fn some_keys() -> impl Strategy<Value = Vec<CaseKey>> {
    let one = (0_usize..5, 0_usize..3, any::<bool>()).prop_map(|(kind, number, supplemented)| {
        let text = ["13800001111", "13900002222", "05125730000"][number];
        keyed(KeyKind::ALL[kind], text, supplemented)
    });
    proptest::collection::vec(one, 0..4).prop_map(|keys| keys.concat())
}

fn some_case() -> impl Strategy<Value = CaseRecord> {
    let standing = prop_oneof![
        6 => Just(Standing::Counts),
        1 => Just(Standing::Discarded),
        1 => Just(Standing::Voided(VoidReason::Test)),
        1 => Just(Standing::Voided(VoidReason::Duplicate)),
    ];
    let open = proptest::option::of((-90_i64..90, proptest::option::of(0_i64..90)));
    let merged = prop_oneof![3 => Just(None), 1 => (0_u128..8).prop_map(Some)];
    (standing, some_keys(), open, proptest::collection::vec(evidence(), 0..4), merged).prop_map(
        |(standing, keys, open, evidence, merged)| CaseRecord {
            case_id: case_id(0),
            standing,
            merged_into: merged.map(case_id),
            keys,
            open: open
                .map(|(from, days)| OpenSpan {
                    from: at(from * DAY),
                    to: days.map(|days| at((from + days) * DAY)),
                })
                .into_iter()
                .collect(),
            evidence,
        },
    )
}

fn some_cases() -> impl Strategy<Value = Vec<CaseRecord>> {
    proptest::collection::vec(some_case(), 0..8).prop_map(|mut cases| {
        for (number, case) in (0..).zip(&mut cases) {
            case.case_id = case_id(number);
        }
        cases
    })
}

fn some_matter() -> impl Strategy<Value = Matter> {
    let precision = prop_oneof![Just(Precision::Second), Just(Precision::Minute), Just(Precision::Day)];
    (precision, -60_i64..60, some_keys()).prop_map(|(precision, seconds, keys)| {
        let mut matter = known_by(precision, seconds * SECOND);
        matter.keys.extend(keys.into_iter().map(|key| key.key));
        matter
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_finding_is_the_same_in_any_order(
        (cases, shuffled) in some_cases().prop_flat_map(|cases| (Just(cases.clone()), Just(cases).prop_shuffle())),
        matter in some_matter(),
        link in 0_u128..10,
    ) {
        let links = linked(link);
        let rules = FindingRules::default();
        let finding = find(&matter, &cases, &links, &rules);
        prop_assert_eq!(&find(&matter, &cases, &links, &rules), &finding, "again");
        prop_assert_eq!(&find(&matter, &shuffled, &links, &rules), &finding, "in another order");
        prop_assert_eq!(finding.verdict, finding.decision.verdict());
        prop_assert_eq!(finding.evidence.is_empty(), finding.verdict == Verdict::NoRecord);
    }

    #[test]
    fn what_arrives_later_only_adds(
        cases in some_cases(),
        later in proptest::collection::vec(some_case(), 1..4),
        matter in some_matter(),
        link in 0_u128..30,
    ) {
        let links = linked(link);
        let rules = FindingRules::default();
        // New cases; nothing that is there is merged into them or with them.
        let mut all: Vec<CaseRecord> = cases
            .iter()
            .cloned()
            .map(|case| CaseRecord { merged_into: case.merged_into.filter(|into| cases.iter().any(|c| c.case_id == *into)), ..case })
            .collect();
        let before = find(&matter, &all, &links, &rules);
        all.extend((20..).zip(later).map(|(number, case)| CaseRecord {
            case_id: case_id(number),
            merged_into: None,
            ..case
        }));
        let after = find(&matter, &all, &links, &rules);
        prop_assert!(after.decision <= before.decision, "never a worse place: {:?} to {:?}", before.decision, after.decision);
        for candidate in &before.candidates {
            prop_assert!(after.candidates.contains(candidate), "no case is lost");
        }
        let pieces = after.evidence.len() + after.others.len();
        prop_assert!(pieces >= before.evidence.len() + before.others.len());
        if let Some(change) = change(&before, &after) {
            prop_assert_eq!(change.lost, vec![]);
            prop_assert_eq!(change.left, vec![]);
        } else {
            prop_assert_eq!(before, after);
        }
    }

    #[test]
    fn cases_that_do_not_count_leave_no_trace(cases in some_cases(), matter in some_matter()) {
        let rules = FindingRules::default();
        let unmerged = |case: CaseRecord| CaseRecord { merged_into: None, ..case };
        let cases: Vec<CaseRecord> = cases.into_iter().map(unmerged).collect();
        let counting: Vec<CaseRecord> = cases
            .iter()
            .filter(|case| matches!(case.standing, Standing::Counts | Standing::Voided(VoidReason::Duplicate)))
            .cloned()
            .collect();
        prop_assert_eq!(find(&matter, &cases, &[], &rules), find(&matter, &counting, &[], &rules));
    }

    #[test]
    fn nothing_panics_at_the_ends_of_time(
        when in any::<i64>(),
        earliest in proptest::option::of(any::<i64>()),
        latest in any::<i64>(),
        window in any::<i64>(),
    ) {
        let time = ReportTime { earliest: earliest.map(Timestamp), latest: Timestamp(latest), proof: TimeProof::Doubtful };
        let cases = [case(1, vec![Evidence::Flow { time }, notice(0, Some(0))])];
        for precision in [Precision::Second, Precision::Minute, Precision::Day] {
            let mut matter = known_by(precision, 0);
            matter.time.at = Timestamp(when);
            let _ = find(&matter, &cases, &[], &FindingRules { window: Span(window), finest: precision });
        }
    }

    #[test]
    fn normalising_twice_is_normalising_once(text in "[0-9０-９a-zＡ-Ｚ苏 ./、,;*·—+-]{0,24}", kind in 0_usize..5) {
        let kind = KeyKind::ALL[kind];
        for key in Key::all_in(kind, &text, &AbsentWords::default()) {
            let again = Key::all_in(kind, key.reveal(), &AbsentWords::default());
            prop_assert!(again.contains(&key) || key.reveal().starts_with("86") || key.reveal().starts_with("0086"));
        }
    }
}
