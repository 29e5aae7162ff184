//! The rules as a history: parts with dates of their own, laid over each other; what a change may be, and what it changes.

use chayan_domain::directory::Directory;
use chayan_domain::ids::UnitId;
use chayan_domain::rules::{
    LimitName, NumberName, Origin, Overlay, OverlayLimit, RuleContent, RuleDraft, RuleEntry, RuleFault,
    RuleHistory, RuleSet, SettingName, SettingValue, SwitchName,
};
use chayan_domain::time::{Span, Timestamp};

use crate::support::*;

const NOW: Timestamp = Timestamp(1_795_395_600_000);

fn directory() -> Directory {
    Directory::build(province()).expect("valid")
}

fn day(n: i64) -> Timestamp {
    NOW.plus(Span::minutes(n * 24 * 60))
}

fn draft(unit: &str, limits: &[(LimitName, i64)]) -> RuleDraft {
    let limits = limits.iter().map(|(name, span)| OverlayLimit { name: *name, span: Span(*span) }).collect();
    RuleDraft::Overlay { unit_id: UnitId::from(unit), limits }
}

fn entry(effective_from: Timestamp, content: RuleContent) -> RuleEntry {
    RuleEntry { version: format!("v{}", effective_from.0), effective_from, added_at: NOW, content }
}

/// The history after a draft that has to do.
fn amended(history: &RuleHistory, draft: &RuleDraft, from: Timestamp) -> RuleHistory {
    let amended = history.amend(draft, (from, NOW), &directory()).expect("usable");
    history.with(entry(from, amended.content))
}

fn span(history: &RuleHistory, unit: &str, name: LimitName, at: Timestamp) -> i64 {
    history.at(at).effective(&UnitId::from(unit), &directory()).span(name).0
}

#[test]
fn one_branchs_change_for_next_month_stands_in_no_other_branchs_way() {
    let later = amended(&RuleHistory::default(), &draft("320500", &[(LimitName::T1, 240_000)]), day(30));
    let both = amended(&later, &draft("320600", &[(LimitName::T1, 200_000)]), day(1));
    let t1 = |unit, at| span(&both, unit, LimitName::T1, at);
    assert_eq!((t1("320600", day(2)), t1("320500", day(2))), (200_000, 300_000));
    assert_eq!((t1("320600", day(31)), t1("320500", day(31))), (200_000, 240_000));
}

#[test]
fn a_new_edition_takes_the_place_of_the_old_one_and_an_empty_one_withdraws_it() {
    let first = amended(&RuleHistory::default(), &draft("320500", &[(LimitName::T1, 240_000)]), day(1));
    let second = amended(&first, &draft("320500", &[(LimitName::T2, 300_000)]), day(2));
    let version = |history: &RuleHistory, at| {
        history.at(at).effective(&UnitId::from("320583"), &directory()).version.to_string()
    };
    assert_eq!(version(&second, day(1)), "2018-1+320500@1");
    assert_eq!(version(&second, day(2)), "2018-1+320500@2");
    assert_eq!(span(&second, "320583", LimitName::T1, day(2)), 300_000, "only what the new one says");
    let third = amended(&second, &draft("320500", &[]), day(3));
    assert_eq!(version(&third, day(3)), "2018-1");
    assert_eq!(third.edition(&UnitId::from("320500")), 3);
}

#[test]
fn what_comes_into_force_later_has_to_do_with_a_change_as_well() {
    let climb =
        amended(&RuleHistory::default(), &draft("320500", &[(LimitName::DeliveryClimb, 70_000)]), day(9));
    let defaults = |value| RuleDraft::Defaults {
        settings: vec![SettingValue { name: SettingName::Limit(LimitName::DeliveryDeputy), value }],
    };
    let refused = climb.amend(&defaults(80_000), (day(1), NOW), &directory()).expect_err("from day 9 on");
    assert!(
        matches!(refused.as_slice(), [RuleFault::ClimbBeforeDeputy { unit_id: Some(unit), .. }] if unit.as_str() == "320500")
    );
    assert!(climb.amend(&defaults(65_000), (day(1), NOW), &directory()).is_ok());
}

#[test]
fn our_defaults_change_their_value_and_not_their_origin() {
    let settings = vec![
        SettingValue { name: SettingName::Number(NumberName::CallbackAttempts), value: 5 },
        SettingValue { name: SettingName::Switch(SwitchName::ReporterOpen), value: 1 },
        SettingValue { name: SettingName::Limit(LimitName::T5), value: 900_000 },
    ];
    let history = RuleHistory::default();
    let found = history.amend(&RuleDraft::Defaults { settings }, (NOW, NOW), &directory()).expect("usable");
    let old_new: Vec<_> = found.changes.iter().map(|change| (change.old, change.new)).collect();
    assert_eq!(old_new, [(1_800_000, 900_000), (3, 5), (0, 1)]);
    let rules = history.with(entry(NOW, found.content)).at(NOW);
    assert!(rules.is_on(SwitchName::ReporterOpen) && !RuleSet::standard().is_on(SwitchName::ReporterOpen));
    let t5 = rules.limits.iter().find(|limit| limit.name == LimitName::T5).expect("T5");
    assert_eq!((t5.span.0, t5.origin), (900_000, Origin::Default));
    assert_eq!(rules.version.as_str(), "2018-1~1");
}

#[test]
fn a_clock_longer_than_a_year_or_a_number_without_sense_is_refused() {
    let set = |name, value| {
        let settings = vec![SettingValue { name, value }];
        RuleHistory::default().amend(&RuleDraft::Defaults { settings }, (NOW, NOW), &directory())
    };
    let too_long = set(SettingName::Limit(LimitName::T7), i64::MAX).expect_err("too long");
    assert!(matches!(too_long.as_slice(), [RuleFault::TooLong { name: LimitName::T7, .. }]));
    for value in [0, -1, i64::MAX] {
        let refused = set(SettingName::Number(NumberName::CallbackAttempts), value).expect_err("no count");
        assert_eq!(refused, [RuleFault::UnusableNumber { name: NumberName::CallbackAttempts }]);
    }
    let nothing = set(SettingName::Number(NumberName::CallbackAttempts), 3).expect_err("as it was");
    assert_eq!(nothing, [RuleFault::NothingChanged]);
}

#[test]
fn a_whole_set_ends_every_part_before_it_and_a_change_waits_for_it() {
    let branch = amended(&RuleHistory::default(), &draft("320500", &[(LimitName::T1, 240_000)]), day(1));
    let set = RuleSet { effective_from: day(5), ..RuleSet::standard() };
    let history = branch.with(entry(day(5), RuleContent::Set(Box::new(set))));
    assert_eq!(span(&history, "320500", LimitName::T1, day(4)), 240_000);
    assert_eq!(span(&history, "320500", LimitName::T1, day(5)), 300_000);
    let early = history.amend(&draft("320600", &[(LimitName::T1, 240_000)]), (day(2), NOW), &directory());
    assert_eq!(early, Err(vec![RuleFault::TooEarly { earliest: day(5) }]));
}

#[test]
fn stored_content_is_read_as_what_it_was() {
    let overlay =
        RuleContent::Overlay(Overlay { unit_id: UnitId::from("320500"), edition: 2, limits: Vec::new() });
    let defaults = RuleContent::Defaults { settings: Vec::new() };
    let set = RuleContent::Set(Box::new(RuleSet::standard()));
    for content in [overlay, defaults, set] {
        let json = serde_json::to_string(&content).expect("JSON");
        assert_eq!(serde_json::from_str::<RuleContent>(&json).expect("read"), content);
    }
}
