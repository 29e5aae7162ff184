//! 督办: four steps over each clock of working time, 催办 and 督办 by hand, who saw it, and risks that alert at once.

use chayan_domain::case::{
    Actor, AlertKind, CallbackResult, Command, EventBody, Refusal, Submission, TimerName, UrgeKind,
};
use chayan_domain::directory::DirectoryDraft;
use chayan_domain::report::RiskTag;
use chayan_domain::time::{Span, Timestamp};
use rstest::rstest;

use crate::support::*;

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn people(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn told(world: &World, kind: AlertKind) -> Vec<String> {
    world.raised(kind).into_iter().map(|(person, _)| person).collect()
}

/// The step of a clock, fired at its own moment.
fn step_at(world: &mut World, name: TimerName, at: Timestamp, step: u8) -> UrgeKind {
    world.now = at;
    let fired = World::bodies(&world.fire(name, step));
    let [EventBody::Urged { urge, clock, late, .. }] = fired.as_slice() else { panic!("{fired:?}") };
    assert_eq!((*clock, *late), (Some(name), Span(0)));
    *urge
}

#[test]
fn a_clock_warns_urges_and_climbs_to_the_head_and_to_the_line_leader() {
    let mut world = World::new();
    world.dispatched();
    let clock = world.clock(TimerName::T5);
    let share = |percent| clock.started_at.plus(Span(30 * MINUTE).percent(percent));
    assert_eq!(
        [clock.warn_at, clock.due_at, clock.head_at, clock.leader_at],
        [share(80), share(100), share(150), share(200)]
    );
    assert_eq!(world.case().supervised(), 0);
    assert_eq!(step_at(&mut world, TimerName::T5, clock.warn_at, 1), UrgeKind::Warning);
    assert_eq!(told(&world, AlertKind::Urged), people(&[HANDLER, COLLEAGUE, HEAD]));
    assert_eq!(step_at(&mut world, TimerName::T5, clock.due_at, 2), UrgeKind::Urge);
    assert_eq!(step_at(&mut world, TimerName::T5, clock.head_at, 3), UrgeKind::Head);
    assert_eq!(told(&world, AlertKind::Urged), people(&[HEAD]));
    assert_eq!(step_at(&mut world, TimerName::T5, clock.leader_at, 4), UrgeKind::Leader);
    assert_eq!(told(&world, AlertKind::Escalated), people(&[LINE_LEADER]));
    assert_eq!((world.case().supervised(), due(&world)), (4, Vec::new()));
    let steps: Vec<_> = world.case().urges.iter().map(|urge| (urge.number, urge.kind.step())).collect();
    assert_eq!(steps, [(1, 1), (2, 2), (3, 3), (4, 4)], "each step is recorded");
    assert!(world.case().urges.iter().all(|urge| urge.by == Actor::System));
}

#[rstest]
#[case::dispatch(TimerName::T4, 10 * MINUTE, &[AGENT, OTHER_AGENT], GROUP_HEAD, SERVICE_LEADER)]
#[case::contact(TimerName::T6, 2 * HOUR, &[HANDLER], HEAD, LINE_LEADER)]
#[case::reply(TimerName::T7, 24 * HOUR, &[HANDLER], HEAD, LINE_LEADER)]
#[case::recall(TimerName::T9, 24 * HOUR, &[AGENT, OTHER_AGENT], GROUP_HEAD, SERVICE_LEADER)]
fn every_clock_knows_its_doers_its_head_and_its_line_leader(
    #[case] name: TimerName,
    #[case] limit: i64,
    #[case] doers: &[&str],
    #[case] head: &str,
    #[case] leader: &str,
) {
    let mut world = World::new();
    match name {
        TimerName::T4 => world.dissatisfied(),
        TimerName::T9 => world.replied(),
        _ => world.handling(),
    };
    let clock = world.clock(name);
    let calendar = world.calendars.province().clone();
    assert_eq!(calendar.worked(clock.started_at, clock.due_at), Span(limit));
    assert_eq!(calendar.worked(clock.started_at, clock.leader_at), Span(2 * limit));
    step_at(&mut world, name, clock.warn_at, 1);
    assert_eq!(told(&world, AlertKind::Urged), people(doers));
    step_at(&mut world, name, clock.due_at, 2);
    step_at(&mut world, name, clock.head_at, 3);
    assert_eq!(told(&world, AlertKind::Urged), people(&[head]));
    step_at(&mut world, name, clock.leader_at, 4);
    assert_eq!(told(&world, AlertKind::Escalated), people(&[leader]));
}

#[test]
fn the_approver_is_urged_while_a_result_waits() {
    let mut world = World::new();
    world.handling().contact_and_write();
    let clock = world.clock(TimerName::T7);
    step_at(&mut world, TimerName::T7, clock.warn_at, 1);
    assert_eq!(told(&world, AlertKind::Urged), people(&[HEAD]));
}

#[test]
fn a_warning_and_its_limit_both_overdue_show_only_the_limit() {
    let mut world = World::new();
    world.dispatched();
    let clock = world.clock(TimerName::T5);
    world.now = clock.due_at.plus(Span(7));
    let fired = World::bodies(&world.fire(TimerName::T5, 1));
    let [EventBody::Urged { urge, late, .. }] = fired.as_slice() else { panic!("{fired:?}") };
    assert_eq!((*urge, *late), (UrgeKind::Urge, Span(7)));
    assert!(world.fire(TimerName::T5, 1).events.is_empty() && world.fire(TimerName::T5, 2).events.is_empty());
}

#[test]
fn working_time_leaps_over_the_lunch_the_night_the_weekend_and_the_holiday() {
    // Friday 2026-03-06 17:50 in China: ten minutes are left of the working day, and of T5 twenty more on Monday.
    let mut world = World::new();
    world.dissatisfied();
    world.now = START.plus(Span(4 * DAY + 8 * HOUR + 50 * MINUTE));
    world.dispatch_to(claims(), &[]);
    let monday = START.plus(Span(7 * DAY - 30 * MINUTE));
    assert_eq!(world.clock(TimerName::T5).due_at, monday.plus(Span(20 * MINUTE)));
    world.now = monday;
    world.by(HANDLER, Command::Sign);
    let wednesday_evening = monday.plus(Span(2 * DAY + 9 * HOUR + 30 * MINUTE));
    assert_eq!(world.clock(TimerName::T7).due_at, wednesday_evening, "three working days of eight hours");
}

#[test]
fn the_clocks_of_the_counter_run_through_national_day_and_the_dispatch_waits_for_its_end() {
    // Saturday 2026-10-03 22:00 in China, in the holiday of 1 to 7 October.
    let night = START.plus(Span(215 * DAY + 13 * HOUR));
    let mut world = World::new();
    world.now = night;
    let found_now = |words| Submission { found_at: night, timing_started_at: Some(night), ..words };
    let after = |world: &World| -> Vec<(TimerName, i64)> {
        chayan_domain::case::timers(world.case())
            .into_iter()
            .map(|timer| (timer.name, timer.due_at.since(night).0))
            .collect()
    };
    let words = found_now(world.words(trigger_only()));
    world.by(CLERK, Command::StartTiming(words));
    assert_eq!(after(&world), [(TimerName::T1Warning, 4 * MINUTE), (TimerName::T1, 5 * MINUTE)]);
    let words = found_now(world.words(trigger_only()));
    world.by(CLERK, Command::NotifyLeader(words));
    world.deliver(LEADER);
    assert!(after(&world).contains(&(TimerName::T2, 10 * MINUTE)), "{:?}", after(&world));
    let words = found_now(world.words(full_sheet()));
    world.by(CLERK, Command::StartFlow(words));
    assert!(after(&world).contains(&(TimerName::T3, 5 * MINUTE)), "{:?}", after(&world));
    world.claim_and_dial().record(CallbackResult::Dissatisfied);
    // The first working minute after it is Thursday the 8th, 08:30.
    let opens = START.plus(Span(220 * DAY - HOUR / 2));
    assert_eq!(world.clock(TimerName::T4).due_at, opens.plus(Span(10 * MINUTE)));
}

#[test]
fn a_step_that_came_due_at_night_fires_once_however_late_it_is_heard() {
    let mut world = World::new();
    world.handling().wait(Span(30 * DAY));
    let fired = world.fire_due();
    let of = |wanted: TimerName| fired.iter().filter(|name| **name == wanted).count();
    assert_eq!((of(TimerName::T6), of(TimerName::T7)), (3, 3), "the warnings are swallowed by their limits");
    assert!(world.wait(Span(30 * DAY)).fire_due().is_empty());
}

#[test]
fn calendars_that_change_later_move_no_running_clock() {
    let mut world = World::new();
    world.dispatched();
    let before = due(&world);
    let mut rules = world.rules.clone();
    rules.limits.iter_mut().for_each(|limit| limit.span = Span(1_000));
    world.rules = rules;
    assert_eq!(due(&world), before);
    world.by(HANDLER, Command::Sign);
    let clock = world.clock(TimerName::T6);
    assert_eq!(clock.due_at.since(clock.started_at), Span(2 * HOUR), "a case keeps its own limits");
}

#[test]
fn an_urge_by_hand_has_a_least_gap_and_who_saw_it_is_known() {
    let mut world = World::new();
    world.handling();
    let urge = Command::Urge { note: None };
    world.by(AGENT, urge.clone());
    assert_eq!(told(&world, AlertKind::Urged), people(&[HANDLER]));
    let earliest = world.now.plus(Span(30 * MINUTE));
    world.wait(Span(30 * MINUTE - 1));
    assert_eq!(world.refused(OTHER_AGENT, urge.clone()), Refusal::TooSoon { earliest });
    let shown = Command::NoteUrgeSeen { person_id: id(HANDLER) };
    let seen = World::bodies(&world.by(HANDLER, shown.clone()));
    assert_eq!(seen, [EventBody::UrgeSeen { number: 1, person_id: id(HANDLER) }]);
    assert!(world.by(HANDLER, shown).events.is_empty(), "a second device");
    world.wait(Span(1)).by(AGENT, urge);
    assert_eq!(world.case().urges.len(), 2);
}

#[test]
fn a_supervision_sheet_goes_to_the_doers_the_head_and_the_line_leader_who_answers() {
    let mut world = World::new();
    world.handling();
    assert_eq!(world.refused(LINE_LEADER, Command::Comment { note: note() }), Refusal::NotAllowed);
    world.by(CITY_SERVICE, Command::Supervise { note: note() });
    assert_eq!(told(&world, AlertKind::Urged), people(&[HANDLER, HEAD]));
    assert_eq!(world.raised(AlertKind::Escalated), [(LINE_LEADER.to_owned(), 5)]);
    world.by(LINE_LEADER, Command::AcknowledgeEscalation);
    assert_eq!(world.refused(LINE_LEADER, Command::AcknowledgeEscalation), Refusal::AlreadyAcknowledged);
    world.by(LINE_LEADER, Command::Comment { note: note() });
    let known = world.case().escalation(&id(LINE_LEADER)).expect("escalated").clone();
    assert_eq!((known.acknowledged_at, known.comments.len()), (Some(world.now), 1));
}

#[test]
fn without_a_line_leader_the_service_departments_are_told() {
    let mut draft = province();
    draft.line_leaders = Vec::new();
    draft.people.retain(|person| ![id(LINE_LEADER), id(SERVICE_LEADER)].contains(&person.person_id));
    let mut world = World::with(draft);
    world.dispatched();
    let clock = world.clock(TimerName::T5);
    step_at(&mut world, TimerName::T5, clock.leader_at, 4);
    assert_eq!(told(&world, AlertKind::Urged), people(&[COUNTY_SERVICE, CITY_SERVICE]));
    assert!(told(&world, AlertKind::Escalated).is_empty());
}

#[test]
fn an_absent_head_is_stood_in_for() {
    let mut draft: DirectoryDraft = province();
    let head = draft.people.iter_mut().find(|person| person.person_id == id(HEAD)).expect("head");
    head.deputies = vec![id(CITY)];
    draft.absences = vec![away(HEAD, START, START.plus(Span(30 * DAY)))];
    let mut world = World::with(draft);
    world.dispatched();
    let clock = world.clock(TimerName::T5);
    step_at(&mut world, TimerName::T5, clock.head_at, 3);
    assert_eq!(told(&world, AlertKind::Urged), people(&[HEAD, CITY]));
}

#[rstest]
#[case::regulator(RiskTag::Regulator, true)]
#[case::media(RiskTag::Media, true)]
#[case::lawsuit(RiskTag::Lawsuit, true)]
#[case::group(RiskTag::Group, true)]
#[case::safety(RiskTag::PersonalSafety, true)]
#[case::key_account(RiskTag::KeyAccount, false)]
#[case::repeated(RiskTag::Repeated, false)]
fn some_risks_must_be_known_at_once_by_those_who_answer(#[case] tag: RiskTag, #[case] at_once: bool) {
    let mut world = World::new();
    let mut words = world.words(trigger_only());
    words.sheet.facts.risk_tags = vec![tag];
    world.by(CLERK, Command::NotifyLeader(words));
    let everybody = [AGENT, OTHER_AGENT, GROUP_HEAD, COUNTY_SERVICE, CITY_SERVICE, LINE_LEADER];
    assert_eq!(told(&world, AlertKind::Risk), if at_once { people(&everybody) } else { Vec::new() });
    assert_eq!(world.case().risks_told.contains(&tag), at_once);
    let mut more = phone_only();
    more.facts.risk_tags = vec![tag, RiskTag::Media];
    world.by(CLERK, Command::Supplement { sheet: more });
    let again = told(&world, AlertKind::Risk).is_empty();
    assert_eq!(again, tag == RiskTag::Media, "a risk is told once, a new one at once");
}
