//! 首次回访: the claim, the first dial against T3, results, another number, appointments.

use chayan_domain::case::{CallbackResult, CaseState, Command, EventBody, Refusal, TimerName};
use chayan_domain::time::{Span, Timestamp};
use rstest::rstest;

use crate::support::*;

fn record(result: CallbackResult) -> Command {
    Command::RecordCallback { result, appointment_at: None, note: None }
}

#[test]
fn five_minutes_run_from_the_receipt_with_steps_at_half_more_and_twice() {
    let mut world = World::new();
    world.start_flow();
    let expected =
        [(TimerName::T3, 0, 300_000), (TimerName::T3Head, 0, 450_000), (TimerName::T3Department, 0, 600_000)];
    assert_eq!(due(&world), expected);
    world.by(AGENT, Command::ClaimCallback);
    assert_eq!(due(&world), expected, "a claim is no dial");
}

#[rstest]
#[case::early(299_000, &[])]
#[case::exactly(300_000, &[])]
#[case::a_moment_late(300_001, &[TimerName::T3])]
#[case::very_late(600_001, &[TimerName::T3, TimerName::T3Head, TimerName::T3Department])]
fn the_first_dial_stops_the_clock(#[case] after: i64, #[case] fired: &[TimerName]) {
    let mut world = World::new();
    world.start_flow();
    // An engine that is busy hears the agent first when both come at the same moment.
    world.at(Span(after - 1)).fire_due();
    world.at(Span(after));
    world.by(AGENT, Command::ClaimCallback);
    if after > 300_001 || fired.len() == 1 {
        world.fire_due();
    }
    world.by(AGENT, Command::LogDial);
    assert_eq!(world.case().callback.overdue_told, fired);
    assert!(due(&world).is_empty());
    world.wait(Span(60 * MINUTE));
    for name in [TimerName::T3, TimerName::T3Head, TimerName::T3Department] {
        assert!(world.fire(name, 0).events.is_empty());
    }
}

#[test]
fn one_agent_holds_it_and_the_other_is_told_who() {
    let mut world = World::new();
    world.start_flow();
    world.by(AGENT, Command::ClaimCallback);
    let by_other = Refusal::ClaimedByOther { person_id: id(AGENT) };
    for command in [
        Command::ClaimCallback,
        Command::LogDial,
        Command::ReleaseCallback,
        record(CallbackResult::NotDissatisfied),
    ] {
        assert_eq!(world.refused(OTHER_AGENT, command), by_other);
    }
    assert!(world.by(AGENT, Command::ClaimCallback).events.is_empty(), "a retry changes nothing");
    world.by(AGENT, Command::ReleaseCallback);
    world.by(OTHER_AGENT, Command::ClaimCallback);
}

#[test]
fn a_dial_needs_a_claim_and_a_result_needs_a_dial() {
    let mut world = World::new();
    world.start_flow();
    assert_eq!(world.refused(AGENT, Command::LogDial), Refusal::NotClaimed);
    assert_eq!(world.refused(AGENT, record(CallbackResult::NotDissatisfied)), Refusal::NotClaimed);
    world.by(AGENT, Command::ClaimCallback);
    assert_eq!(world.refused(AGENT, record(CallbackResult::NotDissatisfied)), Refusal::NoDial);
    world.by(AGENT, Command::LogDial);
    world.by(AGENT, record(CallbackResult::NotReached));
    world.by(AGENT, Command::ClaimCallback);
    assert_eq!(
        world.refused(AGENT, record(CallbackResult::Dissatisfied)),
        Refusal::NoDial,
        "each result its own dial"
    );
}

#[rstest]
#[case(CallbackResult::NotDissatisfied, CaseState::ArchivedNoDissatisfaction)]
#[case(CallbackResult::Dissatisfied, CaseState::ToDispatch)]
#[case(CallbackResult::Complained, CaseState::ToComplaint)]
#[case(CallbackResult::NotReached, CaseState::NotReached)]
#[case(CallbackResult::Refused, CaseState::NotReached)]
#[case(CallbackResult::WrongNumber, CaseState::NotReached)]
fn each_result_leads_to_its_state(#[case] result: CallbackResult, #[case] state: CaseState) {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    world.by(AGENT, record(result));
    assert_eq!(world.state(), state);
    assert_eq!(world.case().callback.claimed_by, None);
    let after: Vec<_> = due(&world).into_iter().map(|(name, ..)| name).collect();
    let expected: &[TimerName] = match state {
        CaseState::ToDispatch => &[TimerName::T4; 4],
        _ if result == CallbackResult::NotReached => &[TimerName::Appointment],
        _ => &[],
    };
    assert_eq!(after, expected);
}

#[test]
fn who_was_not_reached_is_tried_again_at_set_times_and_then_goes_to_the_dispatch() {
    let mut world = World::new();
    world.start_flow();
    for attempt in 1..=2 {
        world.claim_and_dial();
        world.by(AGENT, record(CallbackResult::NotReached));
        let left = Refusal::AttemptsLeft { made: attempt, needed: 3 };
        assert_eq!(world.refused(AGENT, Command::SendToDispatch { note: None }), left);
        let next = world.now.plus(Span(30 * MINUTE)).since(START).0;
        assert_eq!(due(&world), [(TimerName::Appointment, 0, next)]);
        assert_eq!(world.wait(Span(30 * MINUTE)).fire_due(), [TimerName::Appointment]);
        assert!(!world.raised(chayan_domain::case::AlertKind::CallbackDue).is_empty());
    }
    world.claim_and_dial();
    world.by(AGENT, record(CallbackResult::NotReached));
    assert!(due(&world).is_empty(), "no fourth attempt is planned");
    world.by(AGENT, Command::SendToDispatch { note: None });
    assert_eq!(world.state(), CaseState::ToDispatch);
}

#[test]
fn who_refuses_the_call_goes_to_the_dispatch_at_once() {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    world.by(AGENT, record(CallbackResult::Refused));
    world.by(AGENT, Command::SendToDispatch { note: None });
    assert_eq!(world.state(), CaseState::ToDispatch);
}

#[test]
fn a_wrong_number_waits_for_another_one_from_the_reporter() {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    world.by(AGENT, record(CallbackResult::WrongNumber));
    assert!(world.case().callback.number_needed);
    world.by(CLERK, Command::Supplement { sheet: phone_only() });
    assert!(!world.case().callback.number_needed);
    world.by(OTHER_AGENT, Command::ClaimCallback);
    assert_eq!(world.state(), CaseState::Calling);
}

#[rstest]
#[case::missing(None)]
#[case::now(Some(0))]
#[case::past(Some(-1))]
fn an_appointment_lies_ahead(#[case] offset: Option<i64>) {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    let appointment_at = offset.map(|offset| world.now.plus(Span(offset)));
    let command = Command::RecordCallback { result: CallbackResult::Appointment, appointment_at, note: None };
    assert_eq!(world.refused(AGENT, command), Refusal::AppointmentNeeded);
}

fn agree(world: &mut World, at: Timestamp) {
    let result = CallbackResult::Appointment;
    world.by(AGENT, Command::RecordCallback { result, appointment_at: Some(at), note: None });
}

#[test]
fn an_agreed_moment_comes_once() {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    agree(&mut world, START.plus(Span(30 * MINUTE)));
    assert_eq!(due(&world), [(TimerName::Appointment, 0, 30 * MINUTE)]);
    assert_eq!(world.at(Span(30 * MINUTE)).fire_due(), [TimerName::Appointment]);
    assert!(due(&world).is_empty());
}

#[test]
fn an_agreed_moment_survives_a_claim_that_is_given_back() {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    agree(&mut world, START.plus(Span(30 * MINUTE)));
    world.by(OTHER_AGENT, Command::ClaimCallback);
    assert!(due(&world).is_empty(), "somebody has it in hand");
    world.by(OTHER_AGENT, Command::ReleaseCallback);
    assert_eq!(due(&world), [(TimerName::Appointment, 0, 30 * MINUTE)]);
}

#[test]
fn showing_a_field_is_an_event_of_whoever_has_to_call_the_customer() {
    use chayan_domain::case::EventBody;
    use chayan_domain::evidence::{Commitment, Hash};
    use chayan_domain::report::FieldName;
    let mut world = World::new();
    world.start_flow();
    let reveal = Command::RevealField { field: FieldName::Phone, reason: Commitment(Hash([1; 32])) };
    for other in [CLERK, LEADER, HANDLER, AUDITOR, ADMIN, GROUP_HEAD] {
        assert_eq!(world.refused(other, reveal.clone()), Refusal::NotAllowed, "{other}");
    }
    let not_yet = Refusal::WrongState { state: CaseState::Submitted };
    assert_eq!(world.refused(CITY_SERVICE, reveal.clone()), not_yet, "only to rule or to call again");
    let step = world.by(AGENT, reveal.clone());
    assert!(matches!(World::bodies(&step).as_slice(), [EventBody::FieldRevealed { .. }]));
    world.claim_and_dial();
    world.record(CallbackResult::Dissatisfied);
    world.dispatch_to(claims(), &[]);
    world.by(HANDLER, reveal.clone());
    assert_eq!(world.refused(SALES, reveal), Refusal::NotAllowed, "another line");
}

#[rstest]
#[case::early(10_000, 300_000)]
#[case::at_the_last_moment(300_000, 300_000)]
#[case::after_t3(400_000, 700_000)]
fn a_claim_without_a_dial_holds_until_t3_runs_out_and_at_least_so_long_after_it(
    #[case] claimed: i64,
    #[case] holds: i64,
) {
    let mut world = World::new();
    world.start_flow().at(Span(claimed));
    world.by(AGENT, Command::ClaimCallback);
    world.at(Span(holds));
    let held = Refusal::ClaimedByOther { person_id: id(AGENT) };
    assert_eq!(world.refused(OTHER_AGENT, Command::ClaimCallback), held);
    world.at(Span(holds + 1));
    assert!(world.by(AGENT, Command::ClaimCallback).events.is_empty(), "its holder needs no new one");
    let step = world.by(OTHER_AGENT, Command::ClaimCallback);
    assert!(matches!(
        World::bodies(&step).as_slice(),
        [EventBody::CallbackClaimed { person_id, taken_from: Some(from) }]
            if *person_id == id(OTHER_AGENT) && *from == id(AGENT)
    ));
    let held = Refusal::ClaimedByOther { person_id: id(OTHER_AGENT) };
    assert_eq!(world.refused(AGENT, Command::LogDial), held, "the former holder learns who has it");
    assert_eq!(world.refused(AGENT, Command::ClaimCallback), held, "and cannot snatch it back at once");
}

#[test]
fn a_call_that_was_dialled_is_left_alone_for_twice_t3() {
    let mut world = World::new();
    world.start_flow().at(Span(60_000)).claim_and_dial();
    world.at(Span(660_000));
    assert!(matches!(world.refused(OTHER_AGENT, Command::ClaimCallback), Refusal::ClaimedByOther { .. }));
    world.at(Span(660_001));
    world.by(OTHER_AGENT, Command::ClaimCallback);
    assert_eq!(world.refused(OTHER_AGENT, record(CallbackResult::NotDissatisfied)), Refusal::NoDial);
    world.by(OTHER_AGENT, Command::LogDial);
    world.by(OTHER_AGENT, record(CallbackResult::NotDissatisfied));
}
