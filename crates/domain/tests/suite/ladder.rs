//! 逐级报告: delivery checks, deputies, absences, climbs, and T2 to the millisecond.

use chayan_domain::case::{Actor, CaseState, Command, EventBody, LevelEnd, Refusal, Starter, TimerName};
use chayan_domain::directory::DirectoryDraft;
use chayan_domain::report::Channel;
use chayan_domain::time::Span;
use rstest::rstest;

use crate::support::*;

fn with_absent(codes: &[&str]) -> DirectoryDraft {
    let mut draft = province();
    draft.absences = codes.iter().map(|code| away(code, START, START.plus(Span(60 * MINUTE)))).collect();
    draft
}

fn notified(level: u8, leader: &str, deputy: Option<&str>) -> EventBody {
    EventBody::LeaderNotified { level, leader: id(leader), deputy: deputy.map(id) }
}

#[test]
fn a_notice_goes_to_the_one_direct_leader_and_waits_for_its_delivery() {
    let mut world = World::new();
    world.notify();
    assert_eq!(world.state(), CaseState::LeaderNotified);
    assert_eq!(world.case().ladder.iter().map(|level| level.leader.as_str()).collect::<Vec<_>>(), [LEADER]);
    assert_eq!(
        due(&world),
        [(TimerName::DeliveryDeputy, 1, MINUTE), (TimerName::DeliveryClimb, 1, 2 * MINUTE)]
    );
}

#[test]
fn ten_minutes_run_from_the_first_delivery() {
    let mut world = World::new();
    world.notify().at(Span(1_234)).deliver(LEADER);
    assert_eq!(due(&world), [(TimerName::T2, 1, 10 * MINUTE + 1_234)]);
    world.at(Span(50_000));
    assert!(
        world.by(LEADER, Command::NoteDelivery { person_id: id(LEADER), level: 1 }).events.is_empty(),
        "a second device"
    );
    assert_eq!(due(&world), [(TimerName::T2, 1, 10 * MINUTE + 1_234)]);
}

#[rstest]
#[case::exactly(10 * MINUTE, true)]
#[case::a_moment_later(10 * MINUTE + 1, false)]
fn a_leader_who_acts_exactly_at_the_limit_is_in_time(#[case] after: i64, #[case] in_time: bool) {
    let mut world = World::new();
    world.notify().deliver(LEADER);
    world.at(Span(after));
    let overdue = due(&world).iter().any(|(_, _, at)| *at < after);
    assert_eq!(!overdue, in_time);
    let step = world.by(LEADER, Command::ResolveAsLeader { note: None });
    assert_eq!(
        step.case.state,
        CaseState::LeaderResolved,
        "heard before the timer, it counts as the leader's"
    );
    assert!(world.fire(TimerName::T2, 1).events.is_empty());
}

#[test]
fn when_ten_minutes_run_out_the_system_climbs_level_by_level_and_above_the_top_starts_the_flow() {
    let mut world = World::new();
    world.notify().deliver(LEADER);
    assert_eq!(world.at(Span(10 * MINUTE)).fire_due(), [TimerName::T2]);
    let ends: Vec<_> = world.case().ladder.iter().map(|level| (level.level, level.end)).collect();
    assert_eq!(ends, [(1, Some(LevelEnd::RanOut)), (2, None)]);
    world.deliver(CITY);
    assert_eq!(world.at(Span(20 * MINUTE)).fire_due(), [TimerName::T2]);
    world.deliver(PROVINCE);
    assert_eq!(world.at(Span(30 * MINUTE)).fire_due(), [TimerName::T2]);
    assert_eq!(world.state(), CaseState::Submitted);
    let flow = world.case().flow.clone().expect("the system started it");
    assert_eq!((flow.starter, flow.started_by, flow.channel), (Starter::System, None, Channel::Desktop));
    assert!(!flow.missing.is_empty(), "what the clerk has not given is 待补");
    let climbs = world.events.iter().filter(|sealed| sealed.event.actor == Actor::System);
    assert_eq!(climbs.count(), 6, "each climb: an end and what follows, by 系统自动");
}

#[test]
fn undelivered_for_a_minute_alerts_the_deputy_and_tells_the_clerk_and_after_two_it_climbs() {
    let mut world = World::new();
    world.notify().at(Span(MINUTE));
    let step = world.fire(TimerName::DeliveryDeputy, 1);
    assert_eq!(
        World::bodies(&step),
        [EventBody::NoticeUndelivered { level: 1, deputy: Some(id(DEPUTY)), late: Span(0) }]
    );
    assert_eq!(due(&world), [(TimerName::DeliveryClimb, 1, 2 * MINUTE)]);
    world.at(Span(2 * MINUTE));
    let step = world.fire(TimerName::DeliveryClimb, 1);
    let ended = EventBody::LevelEnded { level: 1, end: LevelEnd::Undelivered, late: Span(0) };
    assert_eq!(World::bodies(&step), [ended, notified(2, CITY, None)]);
}

#[test]
fn after_a_restart_a_climb_happens_once_and_says_how_late_it_is() {
    let mut world = World::new();
    world.notify().deliver(LEADER).at(Span(25 * MINUTE));
    let step = world.fire(TimerName::T2, 1);
    let ended = EventBody::LevelEnded { level: 1, end: LevelEnd::RanOut, late: Span(15 * MINUTE) };
    assert_eq!(World::bodies(&step), [ended, notified(2, CITY, None)]);
    assert_eq!(
        due(&world).first(),
        Some(&(TimerName::DeliveryDeputy, 2, 26 * MINUTE)),
        "the next level has all its time"
    );
}

#[test]
fn a_delivery_to_the_deputy_starts_ten_minutes() {
    let mut world = World::new();
    world.notify().at(Span(MINUTE)).fire_due();
    world.at(Span(70_000)).deliver(DEPUTY);
    assert_eq!(due(&world), [(TimerName::T2, 1, 70_000 + 10 * MINUTE)]);
}

#[test]
fn a_level_that_was_climbed_over_starts_no_clock_and_its_leader_may_still_settle_it() {
    let mut world = World::new();
    world.notify().at(Span(2 * MINUTE)).fire_due();
    world.deliver(LEADER);
    assert!(world.case().level(1).is_some_and(|level| level.delivered_at.is_some()), "kept as evidence");
    assert!(!due(&world).iter().any(|(name, ..)| *name == TimerName::T2));
    assert_eq!(world.refused(LEADER, Command::TakeOver), Refusal::NotAllowed);
    assert_eq!(world.refused(LEADER, Command::Escalate), Refusal::NotAllowed);
    world.by(LEADER, Command::ResolveAsLeader { note: None });
    assert_eq!(world.state(), CaseState::LeaderResolved);
    assert_eq!(
        world.case().level(1).and_then(|level| level.end),
        Some(LevelEnd::Undelivered),
        "the first end counts"
    );
    assert!(due(&world).is_empty());
}

#[rstest]
#[case::leader_absent(&[LEADER], vec![notified(1, LEADER, Some(DEPUTY))])]
#[case::all_absent(&[LEADER, DEPUTY], vec![
    EventBody::LevelSkipped { level: 1, leader: id(LEADER) },
    notified(2, CITY, None),
])]
#[case::two_levels_absent(&[LEADER, DEPUTY, CITY], vec![
    EventBody::LevelSkipped { level: 1, leader: id(LEADER) },
    EventBody::LevelSkipped { level: 2, leader: id(CITY) },
    notified(3, PROVINCE, None),
])]
fn absences_decide_who_is_told(#[case] absent: &[&str], #[case] expected: Vec<EventBody>) {
    let mut world = World::with(with_absent(absent));
    let step = world.by(CLERK, Command::NotifyLeader(world.words(trigger_only())));
    assert_eq!(World::bodies(&step).split_off(1), expected);
}

#[test]
fn with_everybody_absent_the_system_starts_the_flow_at_once() {
    let mut world = World::with(with_absent(&[LEADER, DEPUTY, CITY, PROVINCE]));
    world.notify();
    assert_eq!(world.state(), CaseState::Submitted);
    assert!(world.case().flow.as_ref().is_some_and(|flow| flow.starter == Starter::System));
    assert!(world.case().ladder.iter().all(|level| level.end == Some(LevelEnd::SkippedAbsent)));
    let actors: Vec<_> = world.events.iter().map(|sealed| sealed.event.actor.clone()).collect();
    let mut expected = vec![Actor::System; 5];
    expected[0] = person(CLERK);
    assert_eq!(actors, expected, "the clerk reported; what followed is 系统自动");
}

#[rstest]
#[case::the_moment_before(-1, None)]
#[case::the_first_moment_away(0, Some(DEPUTY))]
#[case::the_last_moment_away(59, Some(DEPUTY))]
#[case::the_first_moment_back(60, None)]
fn absences_are_half_open(#[case] after: i64, #[case] deputy: Option<&str>) {
    let mut draft = province();
    draft.absences = vec![away(LEADER, START, START.plus(Span(60)))];
    let mut world = World::with(draft);
    world.at(Span(after));
    let mut words = world.words(trigger_only());
    words.timing_started_at = None;
    words.found_at = world.now;
    let step = world.by(CLERK, Command::NotifyLeader(words));
    assert_eq!(World::bodies(&step).last(), Some(&notified(1, LEADER, deputy)));
}

#[test]
fn the_deputy_who_is_the_addressee_already_gets_no_second_alert() {
    let mut world = World::with(with_absent(&[LEADER]));
    world.notify().at(Span(MINUTE));
    let step = world.fire(TimerName::DeliveryDeputy, 1);
    assert_eq!(
        World::bodies(&step),
        [EventBody::NoticeUndelivered { level: 1, deputy: None, late: Span(0) }]
    );
}

#[test]
fn the_second_deputy_steps_in_when_the_first_has_left_since() {
    let mut draft = province();
    let leader = draft.people.iter_mut().find(|person| person.person_id == id(LEADER)).expect("leader");
    leader.deputies.push(id(STRANGER));
    draft.absences = vec![
        away(LEADER, START, START.plus(Span(60 * MINUTE))),
        away(DEPUTY, START.plus(Span(30_000)), START.plus(Span(60 * MINUTE))),
    ];
    let mut world = World::with(draft);
    world.notify().at(Span(MINUTE)).fire_due();
    let alerted = world.case().level(1).expect("level 1").alerted.clone();
    assert_eq!(alerted, [id(LEADER), id(DEPUTY), id(STRANGER)]);
    world.deliver(STRANGER);
    assert!(due(&world).iter().any(|(name, ..)| *name == TimerName::T2));
}

/// The city leader stands in for the county leader.
fn next_leader_is_deputy() -> World {
    let mut draft = with_absent(&[LEADER]);
    let leader = draft.people.iter_mut().find(|person| person.person_id == id(LEADER)).expect("leader");
    leader.deputies = vec![id(CITY)];
    World::with(draft)
}

#[rstest]
#[case::ran_out(true)]
#[case::undelivered(false)]
fn a_next_leader_who_was_alerted_as_deputy_is_passed_over(#[case] delivered: bool) {
    let mut world = next_leader_is_deputy();
    world.notify();
    if delivered {
        world.deliver(CITY);
    }
    world.at(Span(10 * MINUTE)).fire_due();
    let levels: Vec<_> =
        world.case().ladder.iter().map(|level| (level.level, level.leader.as_str())).collect();
    assert_eq!(levels, [(1, LEADER), (3, PROVINCE)]);
}

#[test]
fn the_reporter_never_stands_in_for_their_own_leader() {
    let mut draft = with_absent(&[LEADER]);
    let leader = draft.people.iter_mut().find(|person| person.person_id == id(LEADER)).expect("leader");
    leader.deputies = vec![id(CLERK), id(DEPUTY)];
    let mut world = World::with(draft);
    world.notify();
    assert_eq!(world.case().level(1).and_then(|level| level.deputy.clone()), Some(id(DEPUTY)));
}

#[test]
fn taking_over_counts_as_delivered_and_leaves_the_clock_running() {
    let mut world = World::new();
    world.notify().at(Span(30_000));
    let step = world.by(LEADER, Command::TakeOver);
    assert_eq!(step.case.state, CaseState::LeaderHandling);
    assert_eq!(due(&world), [(TimerName::T2, 1, 30_000 + 10 * MINUTE)]);
    assert_eq!(
        world.refused(LEADER, Command::TakeOver),
        Refusal::WrongState { state: CaseState::LeaderHandling }
    );
    assert_eq!(world.at(Span(11 * MINUTE)).fire_due().first(), Some(&TimerName::T2));
    assert_eq!(world.state(), CaseState::LeaderNotified, "handling does not stop the climb");
}

#[test]
fn a_deputy_acts_for_the_leader_and_both_are_named() {
    let mut world = World::with(with_absent(&[LEADER]));
    world.notify().deliver(DEPUTY);
    let step = world.by(DEPUTY, Command::TakeOver);
    let event = &step.events.last().expect("taken over").event;
    assert_eq!((event.actor.clone(), event.acting_for.clone()), (person(DEPUTY), Some(id(LEADER))));
}

#[test]
fn a_deputy_who_was_not_alerted_has_nothing_to_do_with_the_case() {
    let mut world = World::new();
    world.notify();
    assert_eq!(world.refused(DEPUTY, Command::TakeOver), Refusal::NotAllowed);
}

#[test]
fn a_person_escalates_and_the_next_leader_gets_a_fresh_ten_minutes() {
    let mut world = World::new();
    world.notify().deliver(LEADER).at(Span(4 * MINUTE));
    world.by(LEADER, Command::Escalate);
    let ends: Vec<_> = world.case().ladder.iter().map(|level| (level.level, level.end)).collect();
    assert_eq!(ends, [(1, Some(LevelEnd::Escalated)), (2, None)]);
    world.deliver(CITY);
    assert_eq!(due(&world), [(TimerName::T2, 2, 14 * MINUTE)]);
}

#[test]
fn nobody_escalates_above_the_top() {
    let mut world = World::with(with_absent(&[LEADER, DEPUTY, CITY]));
    world.notify();
    assert_eq!(world.refused(PROVINCE, Command::Escalate), Refusal::NoLeaderAbove);
    world.by(PROVINCE, Command::StartFlowAsLeader);
    assert_eq!(world.state(), CaseState::Submitted);
}

#[test]
fn escalating_to_absent_people_only_starts_the_flow() {
    let mut world = World::with(with_absent(&[PROVINCE]));
    world.notify();
    world.by(LEADER, Command::Escalate);
    world.by(CITY, Command::Escalate);
    assert_eq!(world.state(), CaseState::Submitted);
    assert!(world.case().flow.as_ref().is_some_and(|flow| flow.starter == Starter::System));
}

#[test]
fn whoever_has_no_leader_starts_the_flow_instead() {
    let mut world = World::new();
    let mut words = world.words(trigger_only());
    words.reporter = id(PROVINCE);
    assert_eq!(world.refused_before(PROVINCE, Command::NotifyLeader(words)), Refusal::NoLeaderAbove);
}

#[test]
fn the_same_leader_is_not_told_twice() {
    let mut world = World::new();
    world.notify();
    let words = world.words(trigger_only());
    let refusal = world.refused(CLERK, Command::NotifyLeader(words));
    assert_eq!(refusal, Refusal::WrongState { state: CaseState::LeaderNotified });
}

#[test]
fn a_display_counts_as_delivery_and_is_kept_apart() {
    let mut world = World::new();
    world.notify().at(Span(5_000));
    let step = world.by(LEADER, Command::NoteShown { person_id: id(LEADER), level: 1 });
    let kinds = World::bodies(&step);
    assert!(
        matches!(kinds.as_slice(), [EventBody::NoticeDelivered { .. }, EventBody::NoticeShown { .. }]),
        "{kinds:?}"
    );
    assert_eq!(
        world.refused(CITY, Command::NoteShown { person_id: id(LEADER), level: 1 }),
        Refusal::NotAllowed
    );
}

#[test]
fn a_leader_starts_the_flow_for_the_clerk_with_both_named() {
    let mut world = World::new();
    world.notify().deliver(LEADER);
    let step = world.by(LEADER, Command::StartFlowAsLeader);
    let event = &step.events.last().expect("started").event;
    assert_eq!(event.acting_for, Some(id(CLERK)));
    let flow = step.case.flow.clone().expect("flow");
    assert_eq!((flow.starter, flow.started_by), (Starter::Leader, Some(id(LEADER))));
    assert_eq!(step.case.level(1).and_then(|level| level.end), Some(LevelEnd::FlowStarted));
}

#[test]
fn a_late_delivery_of_one_level_is_not_taken_for_that_of_another() {
    let mut world = World::new();
    world.notify();
    let step = world.by(LEADER, Command::NoteDelivery { person_id: id(LEADER), level: 2 });
    assert!(step.events.is_empty(), "nobody was told at level 2");
    world.by(LEADER, Command::NoteDelivery { person_id: id(LEADER), level: 1 });
    assert_eq!(due(&world), [(TimerName::T2, 1, 10 * MINUTE)]);
}
