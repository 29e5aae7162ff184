//! Rule sets: the rule's own numbers, our defaults, and overlays that may only be stricter.

use chayan_domain::directory::Directory;
use chayan_domain::ids::UnitId;
use chayan_domain::rules::{LimitName, NumberName, Origin, Overlay, OverlayLimit, RuleFault, RuleSet};
use chayan_domain::time::Span;
use proptest::prelude::*;
use rstest::rstest;

use crate::support::*;

fn directory() -> Directory {
    Directory::build(province()).expect("valid")
}

fn overlay(unit: &str, limits: &[(LimitName, i64)]) -> Overlay {
    let limits = limits.iter().map(|(name, span)| OverlayLimit { name: *name, span: Span(*span) }).collect();
    Overlay { unit_id: UnitId::from(unit), edition: 0, limits }
}

fn with(overlays: Vec<Overlay>) -> RuleSet {
    RuleSet { overlays, ..RuleSet::standard() }
}

#[test]
fn the_rule_of_2018_has_its_three_numbers_and_everything_else_is_ours() {
    let rules = RuleSet::standard();
    assert_eq!(rules.check(&directory()), Ok(()));
    let stated: Vec<_> = rules
        .limits
        .iter()
        .filter(|limit| limit.origin == Origin::Rule)
        .map(|limit| (limit.name, limit.span, limit.article))
        .collect();
    let expected = [
        (LimitName::T1, Span::minutes(5), Some(8)),
        (LimitName::T2, Span::minutes(10), Some(8)),
        (LimitName::T3, Span::minutes(5), Some(12)),
    ];
    assert_eq!(stated, expected);
    assert!(rules.limits.iter().all(|limit| (limit.origin == Origin::Rule) == limit.article.is_some()));
    let from = rules.effective_from.to_chrono().expect("in range").to_rfc3339();
    assert_eq!(from, "2018-05-31T16:00:00+00:00", "midnight of 2018-06-01 in Jiangsu");
    assert!(rules.supersedes.is_some_and(|number| number.contains("148")));
    assert_eq!(rules.version.as_str(), "2018-1");
}

#[test]
fn each_default_is_what_the_process_says() {
    let rules = RuleSet::standard().effective(&UnitId::from("320583"), &directory());
    let spans: Vec<_> = LimitName::ALL.iter().map(|name| rules.span(*name).0 / 1_000).collect();
    let counter = [300, 600, 300, 60, 60, 120, 450, 600, 30, 86_400, 5];
    let handling = [600, 1_800, 7_200, 86_400, 86_400, 1_800, 600, 1_800];
    let hotline = [86_400, 30 * 86_400];
    let retention = [(3 * 365 + 1) * 86_400];
    assert_eq!(spans, [&counter[..], &handling[..], &hotline[..], &retention[..]].concat());
    let numbers: Vec<_> = NumberName::ALL.iter().map(|name| rules.number(*name)).collect();
    assert_eq!(numbers, [80, 150, 200, 3]);
}

#[test]
fn a_set_from_before_a_name_existed_has_the_standard_number_for_it() {
    let mut older = RuleSet::standard();
    older.numbers.clear();
    older.limits.retain(|limit| !matches!(limit.name, LimitName::T4 | LimitName::T7));
    let rules = older.effective(&UnitId::from("320583"), &directory());
    assert_eq!(
        rules.case_limits(),
        RuleSet::standard().effective(&UnitId::from("JS"), &directory()).case_limits()
    );
    let text = serde_json::to_string(&rules.case_limits()).expect("JSON");
    let mut kept: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    kept.as_object_mut().expect("limits").remove("handling");
    let kept: chayan_domain::rules::CaseLimits = serde_json::from_value(kept).expect("an older case");
    assert_eq!(kept, rules.case_limits());
}

#[rstest]
#[case::warn_at_the_limit(NumberName::WarnPercent, 100)]
#[case::head_at_the_limit(NumberName::HeadPercent, 100)]
#[case::leader_before_the_head(NumberName::LeaderPercent, 150)]
#[case::no_attempt(NumberName::CallbackAttempts, 0)]
fn the_steps_of_supervision_keep_their_order(#[case] name: NumberName, #[case] value: u32) {
    let mut rules = RuleSet::standard();
    rules.numbers.iter_mut().filter(|number| number.name == name).for_each(|number| number.value = value);
    assert_eq!(rules.check(&directory()), Err(vec![RuleFault::UnusableNumber { name }]));
}

#[rstest]
#[case::shorter(240_000, true)]
#[case::a_moment_shorter(299_999, true)]
#[case::equal(300_000, false)]
#[case::longer(360_000, false)]
fn five_may_become_four_and_never_six(#[case] span: i64, #[case] accepted: bool) {
    let checked = with(vec![overlay("320500", &[(LimitName::T1, span)])]).check(&directory());
    let fault = RuleFault::NotStricter {
        unit_id: UnitId::from("320500"),
        name: LimitName::T1,
        holds: Span::minutes(5),
        overlay: Span(span),
    };
    assert_eq!(checked, if accepted { Ok(()) } else { Err(vec![fault]) });
}

#[test]
fn a_county_is_measured_against_its_citys_overlay() {
    let city = overlay("320500", &[(LimitName::T2, 300_000)]);
    let looser = with(vec![overlay("320583", &[(LimitName::T2, 400_000)]), city.clone()]);
    assert!(matches!(
        looser.check(&directory()).expect_err("looser than the city's").as_slice(),
        [RuleFault::NotStricter { holds: Span(300_000), overlay: Span(400_000), .. }]
    ));
    let stricter = with(vec![city, overlay("320583", &[(LimitName::T2, 200_000)])]);
    assert_eq!(stricter.check(&directory()), Ok(()));
    let effective = stricter.effective(&UnitId::from("320583"), &directory());
    assert_eq!(effective.span(LimitName::T2), Span(200_000));
    assert_eq!(effective.version.as_str(), "2018-1+320500+320583");
    let elsewhere = stricter.effective(&UnitId::from("320600"), &directory());
    assert_eq!((elsewhere.span(LimitName::T2), elsewhere.version.as_str()), (Span::minutes(10), "2018-1"));
}

#[test]
fn an_overlaid_number_says_so_and_keeps_its_article() {
    let rules = with(vec![overlay("320500", &[(LimitName::T1, 240_000)])]);
    let effective = rules.effective(&UnitId::from("320583"), &directory());
    let t1 = effective.limits.iter().find(|limit| limit.name == LimitName::T1).expect("T1");
    assert_eq!((t1.origin, t1.article), (Origin::Overlay, Some(8)));
}

#[rstest]
#[case::shorter_t3(&[(LimitName::T3, 200_000)], 300_000, 400_000)]
#[case::seconds(&[(LimitName::T3, 6_000)], 9_000, 12_000)]
#[case::own_step(&[(LimitName::T3, 200_000), (LimitName::T3Head, 250_000)], 250_000, 400_000)]
#[case::own_step_alone(&[(LimitName::T3Head, 310_000)], 310_000, 600_000)]
fn the_steps_after_t3_keep_their_share_of_it(
    #[case] limits: &[(LimitName, i64)],
    #[case] head: i64,
    #[case] department: i64,
) {
    let effective = with(vec![overlay("JS", limits)]).effective(&UnitId::from("320583"), &directory());
    assert_eq!(effective.span(LimitName::T3Head), Span(head));
    assert_eq!(effective.span(LimitName::T3Department), Span(department));
}

#[test]
fn a_demo_may_shorten_everything_to_seconds() {
    let seconds = [
        (LimitName::T1, 8_000),
        (LimitName::T2, 10_000),
        (LimitName::T3, 8_000),
        (LimitName::DeliveryDeputy, 3_000),
        (LimitName::DeliveryClimb, 6_000),
    ];
    let rules = with(vec![overlay("JS", &seconds)]);
    assert_eq!(rules.check(&directory()), Ok(()));
    let limits = rules.effective(&UnitId::from("320583"), &directory()).case_limits();
    assert_eq!(
        (limits.t1_warning, limits.delivery_climb, limits.t3_head),
        (Span(4_000), Span(6_000), Span(12_000))
    );
}

#[test]
fn every_broken_set_is_named() {
    let mut rules = RuleSet::standard();
    rules.limits.retain(|limit| limit.name != LimitName::OnlineWithin);
    if let Some(limit) = rules.limits.first_mut() {
        limit.span = Span(0);
    }
    let doubled = rules.limits.get(1).expect("T2").clone();
    rules.limits.push(doubled);
    rules.overlays = vec![
        overlay("nowhere", &[(LimitName::T2, 1)]),
        overlay("320500", &[(LimitName::T3, -5), (LimitName::T3, 10)]),
        overlay("320500", &[(LimitName::T3, 10)]),
    ];
    let (unit_id, no_unit) = (UnitId::from("320500"), None);
    let expected = [
        RuleFault::NotPositive { name: LimitName::T1, unit_id: no_unit.clone() },
        RuleFault::DuplicateLimit { name: LimitName::T2, unit_id: no_unit },
        RuleFault::MissingLimit { name: LimitName::OnlineWithin },
        RuleFault::UnknownUnit { unit_id: UnitId::from("nowhere") },
        RuleFault::DuplicateLimit { name: LimitName::T3, unit_id: Some(unit_id.clone()) },
        RuleFault::NotPositive { name: LimitName::T3, unit_id: Some(unit_id.clone()) },
        RuleFault::DuplicateOverlay { unit_id },
    ];
    assert_eq!(rules.check(&directory()).expect_err("broken"), expected);
}

proptest! {
    #[test]
    fn whatever_an_overlay_says_nothing_becomes_looser(
        spans in proptest::collection::vec((0_usize..LimitName::ALL.len(), 1_i64..2_000_000, 0_usize..3), 0..12)
    ) {
        let units = ["JS", "320500", "320583"];
        let directory = directory();
        let mut rules = RuleSet::standard();
        for (name, span, unit) in spans {
            rules.overlays.push(overlay(units[unit], &[(LimitName::ALL[name], span)]));
        }
        let (base, effective) =
            (RuleSet::standard(), rules.effective(&UnitId::from("320583"), &directory));
        let base = base.effective(&UnitId::from("320583"), &directory);
        for &name in LimitName::ALL {
            prop_assert!(!name.is_stricter(base.span(name), effective.span(name)));
            prop_assert!(effective.span(name).0 >= 0);
        }
        prop_assert!(effective.span(LimitName::T1Warning) < effective.span(LimitName::T1));
    }
}

#[rstest]
#[case::shorter(Some(30), None, true)]
#[case::the_same_moment(Some(60), None, true)]
#[case::a_little_later(Some(61), None, false)]
#[case::both_shorter(Some(40), Some(20), false)]
fn a_notice_never_climbs_before_the_deputy_was_alerted(
    #[case] climb: Option<i64>,
    #[case] deputy: Option<i64>,
    #[case] refused: bool,
) {
    let named = [(LimitName::DeliveryClimb, climb), (LimitName::DeliveryDeputy, deputy)];
    let limits: Vec<_> =
        named.into_iter().filter_map(|(name, seconds)| Some((name, seconds? * 1_000))).collect();
    let checked = with(vec![overlay("320500", &limits)]).check(&directory());
    let found = checked.is_err_and(|faults| {
        faults.iter().any(|fault| {
            matches!(fault, RuleFault::ClimbBeforeDeputy { unit_id: Some(unit), .. } if unit.as_str() == "320500")
        })
    });
    assert_eq!(found, refused);
    let mut own = RuleSet::standard();
    for limit in &mut own.limits {
        if limit.name == LimitName::DeliveryClimb {
            limit.span = Span::seconds(climb.unwrap_or(120));
        }
    }
    let found = own.check(&directory()).is_err_and(|faults| {
        faults.iter().any(|fault| matches!(fault, RuleFault::ClimbBeforeDeputy { unit_id: None, .. }))
    });
    assert_eq!(found, climb.is_some_and(|seconds| seconds <= 60));
}

#[test]
fn of_a_keeping_the_longer_is_the_stricter_and_nothing_is_kept_for_less_than_three_years() {
    let (year, three) = (365 * 86_400_000, (3 * 365 + 1) * 86_400_000);
    let faults = |span: i64| {
        let mut rules = RuleSet::standard();
        rules.overlays.push(overlay("320500", &[(LimitName::Retention, span)]));
        rules.check(&directory()).err().unwrap_or_default()
    };
    assert_eq!(faults(three + year), []);
    let (unit_id, name) = (UnitId::from("320500"), LimitName::Retention);
    let equal =
        RuleFault::NotStricter { unit_id: unit_id.clone(), name, holds: Span(three), overlay: Span(three) };
    assert_eq!(faults(three), [equal], "no longer than for all");
    assert!(faults(year).contains(&RuleFault::TooShort {
        name,
        unit_id: Some(unit_id),
        shortest: Span(three)
    }));

    let mut rules = RuleSet::standard();
    rules.overlays.push(overlay("320500", &[(LimitName::Retention, three + year)]));
    rules.overlays.push(overlay("320583", &[(LimitName::Retention, three + 2 * year)]));
    let span = |unit: &str| rules.effective(&UnitId::from(unit), &directory()).span(LimitName::Retention).0;
    assert_eq!((span("JS"), span("320500"), span("320583")), (three, three + year, three + 2 * year));
    let source = rules.source(&UnitId::from("320583"), LimitName::Retention, &directory());
    assert_eq!(source, Some(UnitId::from("320583")), "the longest is whose it is");
}
