//! Article 9: keys, candidates, times and the order of decisions, as a table; and what holds for any cases at all.

mod candidates;
mod complaints;
mod keys;
mod matters;
mod order;
mod random;
mod says;
mod times;

use std::collections::BTreeSet;

use chayan_domain::case::{Command, EvidenceKind, VoidReason};
use chayan_domain::evidence::{ReportTime, TimeProof};
use chayan_domain::finding::{
    CaseKey, CaseRecord, Complaint, ComplaintTime, Countersign, Decision, Evidence, Finding, FindingRules,
    Ground, Key, KeyKind, KeyMatch, Link, Matter, OpenSpan, Precision, Standing, Verdict, change, find,
};
use chayan_domain::ids::{CaseId, ComplaintNo, PersonId};
use chayan_domain::report::AbsentWords;
use chayan_domain::time::{Span, Timestamp};
use rstest::rstest;
use uuid::Uuid;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// 2026-03-02 10:00 in Jiangsu: the complaint of the table, unless a row says otherwise.
const TEN: i64 = 1_772_416_800_000;

const PHONE: &str = "13800001111";

fn at(after: i64) -> Timestamp {
    Timestamp(TEN + after)
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

/// Found by this key alone.
fn keyed_case(kind: KeyKind, text: &str) -> CaseRecord {
    CaseRecord { keys: keyed(kind, text, false), ..case(1, vec![flow(-MINUTE)]) }
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
    row(what, vec![case(1, vec![evidence])], decision, grounds)
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

fn table() -> Vec<Row> {
    let parts = [order::rows(), times::rows(), candidates::rows(), matters::different(), matters::merged()];
    parts.into_iter().flatten().collect()
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

/// A settled case as the process keeps it, in the words of the matching.
fn traced(called_back: bool) -> CaseRecord {
    let mut world = crate::support::World::new();
    for switch in world.rules.switches.iter_mut() {
        switch.on = called_back && switch.name == chayan_domain::rules::SwitchName::SpotCallback;
    }
    let words = world.words(crate::support::trigger_only());
    let step = world.by(crate::support::CLERK, Command::ResolveOnSpot(words));
    assert_eq!(step.case.flow.is_some(), called_back);
    let evidence = step.case.evidence().into_iter().map(|piece| match piece.kind {
        EvidenceKind::Flow => Evidence::Flow { time: piece.time },
        EvidenceKind::Spot => Evidence::Spot { time: piece.time },
        EvidenceKind::Notice | EvidenceKind::Verbal => panic!("nobody was told"),
    });
    case(1, evidence.collect())
}

#[rstest]
#[case::a_record_alone(false)]
#[case::called_back_too(true)]
fn a_complaint_after_a_spot_trace_is_pending_and_not_unreported(#[case] called_back: bool) {
    let found = find(&matter(), &[traced(called_back)], &[], &FindingRules::default());
    assert_eq!(found.decision.verdict(), Verdict::Pending);
    let nothing = find(&matter(), &[], &[], &FindingRules::default());
    assert_eq!(nothing.decision.verdict(), Verdict::NoRecord, "what the trace protects from");
}
