//! What holds for any cases at all.

use proptest::prelude::*;

use super::*;

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
