//! 口头报告 (rule 8): the claim stops T1, the leader's word starts T2, a denial makes T1 overdue at once.

use chayan_domain::case::{AlertKind, CaseState, Command, EvidenceKind, LevelEnd, Refusal, TimerName};
use chayan_domain::time::Span;
use rstest::rstest;

use crate::support::*;

fn claim(world: &mut World, leader: &str) {
    let submission = world.words(trigger_only());
    world.by(CLERK, Command::ReportVerbally { submission, leader: id(leader), told_at: world.now });
}

fn claimed() -> World {
    let mut world = World::new();
    world.start_timing().at(Span(2 * MINUTE));
    claim(&mut world, LEADER);
    world
}

const REFUSE: Command = Command::RefuseCountersign { note: None };

#[test]
fn the_claim_answers_the_clerks_limit_and_asks_the_leader() {
    let world = claimed();
    assert_eq!(world.state(), CaseState::LeaderNotified);
    assert_eq!(due(&world), [(TimerName::Countersign, 1, 12 * MINUTE)], "neither T1 nor T2 runs");
    assert_eq!(world.raised(AlertKind::CountersignNeeded), [(LEADER.to_owned(), 1)]);
    assert_eq!(world.case().evidence()[0].kind, EvidenceKind::Verbal);
    assert_eq!(world.case().evidence()[0].proven_at, None, "unproved as long as nobody countersigns");
}

#[test]
fn a_question_that_reaches_the_leaders_desk_proves_nothing() {
    let mut world = claimed();
    world.deliver(LEADER);
    assert_eq!(due(&world), [(TimerName::Countersign, 1, 12 * MINUTE)]);
}

#[test]
fn the_leaders_time_holds_and_starts_ten_minutes() {
    let mut world = claimed();
    world.at(Span(4 * MINUTE));
    let ahead = Command::Countersign { told_at: START.plus(Span(9 * MINUTE)) };
    assert_eq!(world.refused(LEADER, ahead), Refusal::TimeAhead);
    world.by(LEADER, Command::Countersign { told_at: START.plus(Span(MINUTE)) });
    assert_eq!(due(&world), [(TimerName::T2, 1, 11 * MINUTE)]);
    let level = world.case().level(1).expect("level 1");
    assert_eq!(level.delivered_at, Some(START.plus(Span(MINUTE))));
    assert_eq!(world.case().evidence()[0].proven_at, Some(world.now), "proven when it was signed");
    assert_eq!(world.refused(LEADER, Command::Countersign { told_at: START }), Refusal::NothingToCountersign);
}

#[rstest]
#[case::the_named_leader(LEADER, &[], None)]
#[case::the_deputy_of_a_leader_who_is_here(DEPUTY, &[], None)]
#[case::the_deputy_of_an_absent_one(DEPUTY, &[LEADER], None)]
#[case::a_deputy_who_is_away_too(DEPUTY, &[LEADER, DEPUTY], Some(Refusal::NothingToCountersign))]
#[case::another_leader(CITY, &[], Some(Refusal::NotAllowed))]
fn only_the_named_leader_or_the_deputy_on_duty_countersigns(
    #[case] who: &str,
    #[case] absent: &[&str],
    #[case] refusal: Option<Refusal>,
) {
    let mut draft = province();
    draft.absences = absent.iter().map(|code| away(code, START, START.plus(Span(60 * MINUTE)))).collect();
    let mut world = World::with(draft);
    claim(&mut world, LEADER);
    let outcome = world.attempt(&person(who), &Command::Countersign { told_at: START });
    assert_eq!(outcome.err(), refusal);
}

#[rstest]
#[case::before_the_limit(3, 3)]
#[case::after_the_limit(8, 5)]
fn a_denial_makes_the_clerks_limit_overdue_at_once(#[case] after: i64, #[case] overdue_since: i64) {
    let mut world = claimed();
    world.at(Span(after * MINUTE)).by(LEADER, REFUSE);
    let timing = &world.case().timing;
    assert_eq!((world.state(), timing.overdue, timing.answered_at), (CaseState::Timing, true, None));
    assert_eq!(timing.due_at, START.plus(Span(overdue_since * MINUTE)));
    assert_eq!(world.raised(AlertKind::CountersignRefused), [(CLERK.to_owned(), 0)]);
    assert!(due(&world).is_empty() && world.case().first_report_time.is_none());
    world.notify();
    let levels: Vec<_> = world.case().ladder.iter().map(|level| (level.level, level.end)).collect();
    assert_eq!(levels, [(1, Some(LevelEnd::Refused)), (1, None)], "the leader is told by a notice after all");
    world.deliver(LEADER);
    assert!(due(&world).iter().all(|(name, ..)| *name == TimerName::T2));
}

#[test]
fn a_denial_changes_nothing_where_another_act_has_answered() {
    let mut world = claimed();
    world.start_flow();
    world.by(LEADER, REFUSE);
    assert_eq!(world.state(), CaseState::Submitted);
    assert!(!world.case().timing.overdue && world.case().timing.answered_at.is_some());
    assert!(
        world
            .case()
            .level(1)
            .and_then(|level| level.verbal.clone())
            .is_some_and(|claim| claim.refused.is_some())
    );
}

#[test]
fn a_claim_that_nobody_answers_climbs_and_can_still_be_proven() {
    let mut world = claimed();
    assert_eq!(world.at(Span(12 * MINUTE)).fire_due(), [TimerName::Countersign]);
    let ends: Vec<_> = world.case().ladder.iter().map(|level| (level.level, level.end)).collect();
    assert_eq!(ends, [(1, Some(LevelEnd::Unconfirmed)), (2, None)]);
    world.by(LEADER, Command::Countersign { told_at: START.plus(Span(2 * MINUTE)) });
    assert!(!due(&world).iter().any(|(name, ..)| *name == TimerName::T2), "the level was climbed over");
}

#[test]
fn a_claim_names_a_leader_above_the_reporter() {
    let mut world = World::new();
    let submission = world.words(trigger_only());
    let told = |leader: &str, told_at| Command::ReportVerbally {
        submission: submission.clone(),
        leader: id(leader),
        told_at,
    };
    let wrong = world.refused_before(CLERK, told(DEPUTY, START));
    assert_eq!(wrong, Refusal::NotALeader { person_id: id(DEPUTY) });
    let ahead = world.refused_before(CLERK, told(LEADER, START.plus(Span(MINUTE))));
    assert_eq!(ahead, Refusal::TimeAhead);
    world.by(CLERK, told(CITY, START));
    assert_eq!(world.case().ladder.last().map(|level| level.level), Some(2));
}
