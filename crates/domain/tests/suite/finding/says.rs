//! What a finding says: the evidence, the cases, the keys, the people, and what a later run changes.

use super::*;

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
