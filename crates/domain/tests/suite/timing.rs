//! The clerk's five minutes: warning, limit, exits, 误触, and times to the millisecond.

use chayan_domain::case::{
    Actor, AlertKind, CaseState, Command, EventBody, EvidenceKind, Refusal, Starter, TimerName, apply, timers,
};
use chayan_domain::evidence::{ReportTime, TimeProof};
use chayan_domain::ids::UnitId;
use chayan_domain::report::FieldName;
use chayan_domain::rules::{LimitName, Overlay, OverlayLimit, RuleSet, SwitchName};
use chayan_domain::time::{Span, Timestamp};
use rstest::rstest;

use crate::support::*;

#[test]
fn the_warning_comes_at_four_minutes_and_the_limit_at_five() {
    let mut world = World::new();
    world.start_timing();
    assert_eq!(due(&world), [(TimerName::T1Warning, 0, 4 * MINUTE), (TimerName::T1, 0, 5 * MINUTE)]);
}

#[test]
fn each_clock_of_the_clerk_fires_once() {
    let mut world = World::new();
    world.start_timing();
    assert_eq!(world.at(Span(4 * MINUTE)).fire_due(), [TimerName::T1Warning]);
    assert_eq!(world.at(Span(5 * MINUTE)).fire_due(), [TimerName::T1]);
    assert!(world.case().timing.overdue);
    assert!(world.at(Span(50 * MINUTE)).fire_due().is_empty());
}

#[test]
fn a_warning_heard_late_says_how_late() {
    let mut world = World::new();
    world.start_timing().at(Span(4 * MINUTE + 1_500));
    let step = world.fire(TimerName::T1Warning, 0);
    assert_eq!(World::bodies(&step), [EventBody::TimingWarned { late: Span(1_500) }]);
}

#[test]
fn a_warning_and_a_limit_both_overdue_show_only_the_limit_and_how_late_it_is() {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(7 * MINUTE));
    let step = world.fire(TimerName::T1Warning, 0);
    assert_eq!(World::bodies(&step), [EventBody::TimingOverdue { late: Span(2 * MINUTE) }]);
    assert!(step.timers.is_empty());
    assert!(world.fire(TimerName::T1, 0).events.is_empty(), "the limit does not come a second time");
}

#[rstest]
#[case::before(-1, false)]
#[case::exactly(0, true)]
#[case::after(1, true)]
fn a_timer_fires_only_when_it_is_due(#[case] offset: i64, #[case] fires: bool) {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(5 * MINUTE + offset));
    assert_eq!(!world.fire(TimerName::T1, 0).events.is_empty(), fires);
}

#[rstest]
#[case::in_time(5 * MINUTE, false)]
#[case::late(5 * MINUTE + 1, true)]
fn an_act_exactly_at_the_limit_is_in_time(#[case] after: i64, #[case] late: bool) {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(after)).notify();
    let timing = &world.case().timing;
    assert_eq!(timing.answered_at.is_some_and(|at| at > timing.due_at), late);
    assert!(world.fire(TimerName::T1, 0).events.is_empty(), "it was answered before the timer was heard");
}

#[test]
fn a_late_restart_after_the_clerk_acted_tells_nothing() {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(3 * MINUTE)).start_flow();
    assert!(!due(&world).iter().any(|(name, ..)| matches!(name, TimerName::T1 | TimerName::T1Warning)));
}

#[rstest]
#[case::five_minutes(300_000, 240_000)]
#[case::four_minutes(240_000, 180_000)]
#[case::just_over_two(120_001, 60_001)]
#[case::two_minutes(120_000, 60_000)]
#[case::eight_seconds(8_000, 4_000)]
fn a_stricter_branch_is_warned_a_minute_before_or_at_half(#[case] t1: i64, #[case] warned_at: i64) {
    let mut world = World::new();
    let mut rules = RuleSet::standard();
    let limits = vec![OverlayLimit { name: LimitName::T1, span: Span(t1) }];
    rules.overlays = vec![Overlay { unit_id: UnitId::from("320500"), edition: 0, limits }];
    world.rules = rules.effective(&UnitId::from("320583"), &world.directory);
    world.start_timing();
    assert_eq!(due(&world), [(TimerName::T1Warning, 0, warned_at), (TimerName::T1, 0, t1)]);
}

#[test]
fn a_rule_set_that_changes_later_moves_no_running_clock() {
    let mut world = World::new();
    world.start_timing();
    let before = due(&world);
    let version = world.case().rule_version.clone();
    let mut rules = RuleSet::standard();
    let limits = [LimitName::T1, LimitName::T2, LimitName::T3, LimitName::DeliveryClimb]
        .map(|name| OverlayLimit { name, span: Span::seconds(7) })
        .to_vec();
    rules.overlays = vec![Overlay { unit_id: UnitId::from("JS"), edition: 0, limits }];
    world.rules = rules.effective(&UnitId::from("320583"), &world.directory);
    assert_eq!(due(&world), before);
    let step = world.by(CLERK, Command::NotifyLeader(world.words(trigger_only())));
    assert!(due(&world).contains(&(TimerName::DeliveryClimb, 1, 2 * MINUTE)), "{:?}", due(&world));
    assert!(step.events.iter().all(|sealed| sealed.event.rule_version == version));
}

#[rstest]
#[case::at_once(0, Ok(CaseState::Discarded))]
#[case::exactly(30_000, Ok(CaseState::Discarded))]
#[case::late(30_001, Err(Refusal::TooLateToDiscard))]
fn a_slip_can_be_discarded_for_thirty_seconds(
    #[case] after: i64,
    #[case] expected: Result<CaseState, Refusal>,
) {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(after));
    let outcome = world.attempt(&person(CLERK), &Command::Discard).map(|step| step.case.state);
    assert_eq!(outcome, expected);
    assert_eq!(due(&world).is_empty(), expected.is_ok());
}

#[test]
fn the_moment_found_may_be_moved_earlier_and_never_after_the_start() {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(MINUTE));
    let mut words = world.words(trigger_only());
    words.found_at = START.plus(Span(1_001));
    assert_eq!(world.refused(CLERK, Command::NotifyLeader(words.clone())), Refusal::FoundLater);
    words.found_at = START.minus(Span(MINUTE));
    let step = world.by(CLERK, Command::NotifyLeader(words.clone()));
    assert_eq!(step.case.timing.found_at, START.minus(Span(MINUTE)));
    assert_eq!(step.case.timing.due_at, START.plus(Span(4 * MINUTE)));
    let said = step.events.iter().find_map(|sealed| match &sealed.event.body {
        EventBody::Reported { submission, .. } => Some(submission.found_at),
        _ => None,
    });
    assert_eq!(said, Some(words.found_at), "the old moment stands in the first event, the new one here");
}

#[rstest]
#[case::noise(1_000)]
#[case::a_clock_set_an_hour_ahead(60 * MINUTE)]
fn a_device_clock_that_was_set_since_moves_nothing_and_loses_no_report(#[case] ahead: i64) {
    let mut world = World::new();
    world.start_timing();
    let before = world.case().timing.clone();
    let mut words = world.words(trigger_only());
    words.found_at = START.plus(Span(ahead));
    words.timing_started_at = Some(START.plus(Span(ahead)));
    let step = world.by(CLERK, Command::NotifyLeader(words));
    assert_eq!((step.case.timing.found_at, step.case.timing.due_at), (before.found_at, before.due_at));
}

#[test]
fn a_clock_that_runs_ahead_gives_the_clerk_no_extra_time() {
    let mut world = World::new();
    let mut words = world.words(trigger_only());
    words.found_at = START.plus(Span(60 * MINUTE));
    words.timing_started_at = Some(words.found_at);
    world.by(CLERK, Command::StartTiming(words));
    assert_eq!(world.case().timing.due_at, START.plus(Span(5 * MINUTE)));
}

#[test]
fn a_record_sealed_in_time_that_arrives_late_answers_the_limit_at_its_own_time() {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(6 * MINUTE)).fire_due();
    assert!(world.case().timing.overdue);
    world.at(Span(90 * MINUTE));
    let mut words = world.words(trigger_only());
    let (earliest, latest) = (START.plus(Span(3 * MINUTE)), START.plus(Span(3 * MINUTE + 2_000)));
    words.report_time = ReportTime { earliest: Some(earliest), latest, proof: TimeProof::OfflineProven };
    world.by(CLERK, Command::NotifyLeader(words));
    let timing = &world.case().timing;
    assert_eq!(timing.answered_at, Some(latest));
    assert!(!timing.overdue, "it was in time; the alarm stays in the chain as what happened then");
}

#[test]
fn a_spot_trace_needs_the_trigger_and_ends_the_case() {
    let mut world = World::new();
    world.start_timing();
    let empty = world.words(chayan_domain::case::ReportSheet::default());
    let Refusal::Form { faults } = world.refused(CLERK, Command::ResolveOnSpot(empty)) else {
        panic!("form")
    };
    assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), [FieldName::Trigger]);
    let words = world.words(trigger_only());
    world.by(CLERK, Command::ResolveOnSpot(words));
    assert_eq!(world.state(), CaseState::SpotResolved);
    assert!(due(&world).is_empty());
    let again = world.words(full_sheet());
    let refusal = world.refused(CLERK, Command::StartFlow(again));
    assert_eq!(refusal, Refusal::WrongState { state: CaseState::SpotResolved }, "a flare-up is a new case");
}

/// A trace that the centre calls back.
fn called_back() -> World {
    let mut world = World::new();
    for switch in world.rules.switches.iter_mut().filter(|switch| switch.name == SwitchName::SpotCallback) {
        switch.on = true;
    }
    world.start_timing();
    let words = world.words(trigger_only());
    world.by(CLERK, Command::ResolveOnSpot(words));
    world
}

#[test]
fn a_spot_trace_is_called_back_where_the_setting_wants_it_and_stays_a_trace() {
    let mut world = called_back();
    assert_eq!(world.state(), CaseState::Submitted, "in the queue");
    let flow = world.case().flow.as_ref().expect("a flow");
    assert_eq!((flow.starter, flow.started_by.clone()), (Starter::System, None));
    assert!(due(&world).iter().any(|(name, ..)| *name == TimerName::T3));
    assert_eq!(world.raised(AlertKind::CallbackDue).len(), 2);
    assert!(world.raised(AlertKind::Climbed).is_empty(), "nothing has climbed to anybody");
    let kinds: Vec<_> = world.case().evidence().iter().map(|piece| piece.kind).collect();
    assert_eq!(kinds, [EvidenceKind::Spot], "the callback is no report");
    world.by(AGENT, Command::ClaimCallback);
}

#[rstest]
#[case::the_flow(EvidenceKind::Flow)]
#[case::the_leader(EvidenceKind::Notice)]
fn a_report_after_a_trace_that_is_called_back_counts_from_its_own_time(#[case] kind: EvidenceKind) {
    let mut world = called_back();
    let traced_at = world.now;
    world.wait(Span(10 * MINUTE));
    let words = world.words(full_sheet());
    world.by(
        CLERK,
        if kind == EvidenceKind::Flow { Command::StartFlow(words) } else { Command::NotifyLeader(words) },
    );
    let evidence = world.case().evidence();
    let told: Vec<_> = evidence.iter().map(|piece| (piece.kind, piece.time.latest)).collect();
    assert_eq!(told, [(EvidenceKind::Spot, traced_at), (kind, world.now)]);
}

#[test]
fn a_case_begins_once() {
    let mut world = World::new();
    world.start_timing();
    let words = world.words(trigger_only());
    assert_eq!(world.refused(CLERK, Command::StartTiming(words)), Refusal::AlreadyBegun);
}

#[test]
fn nothing_but_first_words_begins_a_case() {
    let mut world = World::new();
    assert_eq!(world.refused_before(CLERK, Command::TakeOver), Refusal::UnknownCase);
    assert_eq!(
        world.refused_before(STRANGER, Command::NotifyLeader(world.words(trigger_only()))),
        Refusal::NotAllowed
    );
    let timer = Command::FireTimer { name: TimerName::T1, level: 0 };
    assert_eq!(world.attempt(&Actor::System, &timer).unwrap_err(), Refusal::UnknownCase);
}

#[test]
fn only_the_system_fires_timers() {
    let mut world = World::new();
    world.start_timing();
    world.at(Span(9 * MINUTE));
    let timer = Command::FireTimer { name: TimerName::T1, level: 0 };
    assert_eq!(world.refused(CLERK, timer), Refusal::NotAllowed);
}

#[test]
fn an_event_of_another_place_does_not_fit() {
    let mut world = World::new();
    world.start_timing();
    let first = world.events.first().expect("begun").clone();
    let again = apply(world.case.clone(), &first.event, first.hash);
    assert!(again.is_err(), "the first event cannot come second");
    assert!(apply(None, &first.event, first.hash).is_ok());
}

#[test]
fn timers_come_in_the_order_in_which_they_fire() {
    let mut world = World::new();
    world.start_flow();
    let dues: Vec<Timestamp> = timers(world.case()).into_iter().map(|timer| timer.due_at).collect();
    assert!(dues.is_sorted());
    assert_eq!(dues.len(), 3);
}
