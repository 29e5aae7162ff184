//! Who is told what, and when it stops being asked.

use chayan_domain::case::{AlertChange, AlertEnd, AlertKind, CallbackResult, Command, TimerName, VoidReason};
use chayan_domain::directory::DirectoryDraft;
use chayan_domain::time::Span;

use crate::support::*;

fn leader_away() -> DirectoryDraft {
    let mut draft = province();
    draft.absences = vec![away(LEADER, START, START.plus(Span(60 * MINUTE)))];
    draft
}

fn at(people: &[(&str, u8)]) -> Vec<(String, u8)> {
    people.iter().map(|(person, level)| ((*person).to_owned(), *level)).collect()
}

#[test]
fn a_notice_alerts_the_leader_and_the_deputy_of_an_absent_one() {
    let mut world = World::new();
    world.notify();
    assert_eq!(world.raised(AlertKind::LeaderNotice), at(&[(LEADER, 1)]));
    let mut world = World::with(leader_away());
    world.notify();
    assert_eq!(world.raised(AlertKind::LeaderNotice), at(&[(LEADER, 1), (DEPUTY, 1)]));
}

#[test]
fn the_first_delivery_starts_the_clock_on_the_alert() {
    let mut world = World::new();
    world.notify().at(Span(3_000)).deliver(LEADER);
    let due_at = START.plus(Span(10 * MINUTE + 3_000));
    let clock = AlertChange::Clock { kind: AlertKind::LeaderNotice, level: 1, due_at };
    assert!(world.alerts.contains(&clock), "{:?}", world.alerts);
}

#[test]
fn undelivered_alerts_the_deputy_and_tells_the_clerk_until_somebody_has_it() {
    let mut world = World::new();
    world.notify().at(Span(MINUTE)).fire_due();
    assert_eq!(world.raised(AlertKind::LeaderNotice), at(&[(DEPUTY, 1)]));
    assert_eq!(world.raised(AlertKind::Undelivered), at(&[(CLERK, 1)]));
    world.deliver(DEPUTY);
    assert!(world.closed().contains(&("*".to_owned(), Some(AlertKind::Undelivered), AlertEnd::Settled)));
}

#[test]
fn a_climb_tells_every_lower_person_and_the_clerk_and_asks_the_next_leader() {
    let mut world = World::new();
    world.notify().at(Span(MINUTE)).fire_due();
    world.at(Span(2 * MINUTE)).fire_due();
    assert_eq!(world.raised(AlertKind::LeaderNotice), at(&[(CITY, 2)]));
    assert_eq!(world.raised(AlertKind::Climbed), at(&[(LEADER, 2), (DEPUTY, 2), (CLERK, 2)]));
    assert!(world.closed().contains(&("*".to_owned(), Some(AlertKind::LeaderNotice), AlertEnd::Climbed)));
    let closes_first = world.alerts.iter().position(|change| matches!(change, AlertChange::Close { .. }));
    let raises = world.alerts.iter().position(|change| matches!(change, AlertChange::Raise { .. }));
    assert!(closes_first < raises, "what is closed must not be the new notice");
}

#[test]
fn a_person_who_escalates_is_not_told_of_it() {
    let mut world = World::new();
    world.notify().deliver(LEADER);
    world.by(LEADER, Command::Escalate);
    assert_eq!(world.raised(AlertKind::Climbed), at(&[(CLERK, 2)]));
}

#[test]
fn the_systems_flow_tells_everybody_on_the_ladder() {
    let mut world = World::new();
    world.notify();
    for minutes in [2, 4, 6] {
        world.at(Span(minutes * MINUTE)).fire_due();
    }
    let told = at(&[(LEADER, 0), (DEPUTY, 0), (CITY, 0), (PROVINCE, 0), (CLERK, 0)]);
    assert_eq!(world.raised(AlertKind::Climbed), told);
    assert_eq!(world.raised(AlertKind::CallbackDue), at(&[(AGENT, 0), (OTHER_AGENT, 0)]));
}

#[test]
fn one_takes_over_and_the_other_sees_who_has_it() {
    let mut world = World::with(leader_away());
    world.notify().deliver(DEPUTY);
    world.by(LEADER, Command::TakeOver);
    let closed = world.closed();
    assert!(closed.contains(&(LEADER.to_owned(), Some(AlertKind::LeaderNotice), AlertEnd::Acknowledged)));
    assert!(closed.contains(&(DEPUTY.to_owned(), Some(AlertKind::LeaderNotice), AlertEnd::TakenByOther)));
}

#[test]
fn a_settled_case_asks_nobody_and_tells_the_clerk_the_outcome() {
    let mut world = World::new();
    world.notify().deliver(LEADER);
    world.by(LEADER, Command::ResolveAsLeader { note: None });
    assert_eq!(world.closed(), [("*".to_owned(), None, AlertEnd::Settled)]);
    assert_eq!(world.raised(AlertKind::Outcome), at(&[(CLERK, 0)]));
}

#[test]
fn a_flow_calls_the_whole_group_until_t3_and_ends_the_leaders_alerts() {
    let mut world = World::new();
    world.notify().at(Span(1_000)).start_flow();
    let due_at = Some(START.plus(Span(5 * MINUTE + 1_000)));
    for agent in [AGENT, OTHER_AGENT] {
        let raise =
            AlertChange::Raise { person_id: id(agent), kind: AlertKind::CallbackDue, level: 0, due_at };
        assert!(world.alerts.contains(&raise), "{:?}", world.alerts);
    }
    assert!(world.closed().contains(&("*".to_owned(), Some(AlertKind::LeaderNotice), AlertEnd::FlowStarted)));
    assert!(world.raised(AlertKind::Outcome).is_empty(), "the clerk did it and needs no telling");
}

#[test]
fn a_leaders_flow_is_told_to_the_clerk() {
    let mut world = World::new();
    world.notify();
    world.by(LEADER, Command::StartFlowAsLeader);
    assert_eq!(world.raised(AlertKind::Outcome), at(&[(CLERK, 0)]));
}

#[test]
fn a_claim_ends_the_call_for_the_group_and_a_release_renews_it() {
    let mut world = World::new();
    world.start_flow();
    world.by(AGENT, Command::ClaimCallback);
    let expected = [
        (AGENT.to_owned(), Some(AlertKind::CallbackDue), AlertEnd::Acknowledged),
        ("*".to_owned(), Some(AlertKind::CallbackDue), AlertEnd::TakenByOther),
    ];
    assert_eq!(world.closed(), expected);
    world.by(AGENT, Command::ReleaseCallback);
    assert_eq!(world.raised(AlertKind::CallbackDue), at(&[(AGENT, 0), (OTHER_AGENT, 0)]));
}

#[test]
fn an_overdue_callback_goes_to_the_group_then_its_head_then_the_departments() {
    let mut world = World::new();
    world.start_flow().at(Span(20 * MINUTE));
    world.fire(TimerName::T3, 0);
    assert_eq!(world.raised(AlertKind::CallbackOverdue), at(&[(AGENT, 1), (OTHER_AGENT, 1)]));
    world.fire(TimerName::T3Head, 0);
    assert_eq!(world.raised(AlertKind::CallbackOverdue), at(&[(GROUP_HEAD, 2)]));
    world.fire(TimerName::T3Department, 0);
    assert_eq!(world.raised(AlertKind::CallbackOverdue), at(&[(COUNTY_SERVICE, 3), (CITY_SERVICE, 3)]));
    world.by(AGENT, Command::ClaimCallback);
    world.by(AGENT, Command::LogDial);
    assert!(world.closed().contains(&("*".to_owned(), Some(AlertKind::CallbackOverdue), AlertEnd::Settled)));
}

#[test]
fn a_wrong_number_asks_the_reporter_and_the_new_one_calls_the_group_again() {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    let result = CallbackResult::WrongNumber;
    world.by(AGENT, Command::RecordCallback { result, appointment_at: None, note: None });
    assert_eq!(world.raised(AlertKind::NumberNeeded), at(&[(CLERK, 0)]));
    world.by(CLERK, Command::Supplement { sheet: phone_only() });
    assert!(world.closed().contains(&("*".to_owned(), Some(AlertKind::NumberNeeded), AlertEnd::Settled)));
    assert_eq!(world.raised(AlertKind::CallbackDue), at(&[(AGENT, 0), (OTHER_AGENT, 0)]));
    world.by(CLERK, Command::Supplement { sheet: phone_only() });
    assert!(world.alerts.is_empty(), "a further number asks nobody");
}

#[test]
fn an_outcome_of_the_callback_reaches_the_reporter() {
    for result in [CallbackResult::NotDissatisfied, CallbackResult::Dissatisfied, CallbackResult::Complained]
    {
        let mut world = World::new();
        world.start_flow().claim_and_dial();
        world.by(AGENT, Command::RecordCallback { result, appointment_at: None, note: None });
        assert_eq!(world.raised(AlertKind::Outcome), at(&[(CLERK, 0)]));
        assert_eq!(world.closed(), [("*".to_owned(), None, AlertEnd::Settled)]);
    }
}

#[test]
fn a_withdrawn_or_void_case_asks_nobody() {
    let mut world = World::new();
    world.start_flow();
    let mut void = world.clone();
    world.by(CLERK, Command::Withdraw { note: None });
    assert_eq!(world.closed(), [("*".to_owned(), None, AlertEnd::CaseEnded)]);
    void.by(AGENT, Command::Void { reason: VoidReason::Test, merged_into: None });
    assert_eq!(void.closed(), [("*".to_owned(), None, AlertEnd::CaseEnded)]);
    assert_eq!(void.raised(AlertKind::Outcome), at(&[(CLERK, 0)]));
}
