//! 流程 jsk.22: what it needs, several exits at once, 补充, 撤回, 作废, and how the chain is read back.

use chayan_domain::case::{
    AlertKind, ApplyFault, CaseState, ChainFaultKind, Command, LevelEnd, Refusal, ReportSheet, Starter,
    Submission, TimerName, VoidReason, replay,
};
use chayan_domain::evidence::{Hash, chain_hash};
use chayan_domain::ids::CaseId;
use chayan_domain::report::{Channel, FieldName, RiskTag};
use chayan_domain::time::Span;
use rstest::rstest;
use uuid::Uuid;

use crate::support::*;

#[test]
fn a_persons_flow_needs_all_six_inputs_and_names_what_is_missing() {
    let mut world = World::new();
    let words = world.words(trigger_only());
    let Refusal::Form { faults } = world.refused_before(CLERK, Command::StartFlow(words)) else {
        panic!("form")
    };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
    let missing = [
        FieldName::Step,
        FieldName::Cause,
        FieldName::ComplaintDemanded,
        FieldName::Phone,
        FieldName::Narrative,
    ];
    assert_eq!(fields, missing);
}

#[test]
fn what_the_notice_gave_needs_not_be_given_again() {
    let mut world = World::new();
    let words = world.words(full_sheet());
    world.by(CLERK, Command::NotifyLeader(words));
    let bare = world.words(ReportSheet { missing: trigger_only().missing, ..ReportSheet::default() });
    world.by(CLERK, Command::StartFlow(bare));
    assert_eq!(world.state(), CaseState::Submitted);
    assert!(world.case().missing.is_empty());
}

#[test]
fn notice_and_flow_together_are_two_exits_and_the_flow_stops_every_clock_of_the_ladder() {
    let mut world = World::new();
    world.start_timing();
    world.notify().deliver(LEADER).at(Span(10_000)).start_flow();
    let names: Vec<_> = due(&world).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, [TimerName::T3, TimerName::T3Head, TimerName::T3Department]);
    assert_eq!(world.case().level(1).and_then(|level| level.end), Some(LevelEnd::FlowStarted));
    assert!(world.case().first_report_time.is_some(), "the notice keeps its own time");
}

#[test]
fn a_flow_first_and_a_notice_after_tells_the_leader_without_a_clock() {
    let mut world = World::new();
    world.start_flow().notify();
    assert_eq!(world.state(), CaseState::Submitted);
    assert!(!due(&world).iter().any(|(_, level, _)| *level > 0));
    world.deliver(LEADER);
    assert!(!due(&world).iter().any(|(_, level, _)| *level > 0));
}

#[test]
fn words_under_way_when_the_leader_started_the_flow_join_it() {
    let mut world = World::new();
    world.notify();
    world.by(LEADER, Command::StartFlowAsLeader);
    assert!(!world.case().missing.is_empty());
    world.start_flow();
    let flow = world.case().flow.clone().expect("flow");
    assert_eq!((flow.starter, flow.missing), (Starter::Leader, Vec::new()));
    let mut own = World::new();
    own.start_flow();
    let again = own.words(full_sheet());
    assert_eq!(
        own.refused(CLERK, Command::StartFlow(again)),
        Refusal::WrongState { state: CaseState::Submitted }
    );
}

#[test]
fn a_supplement_adds_and_changes_no_time() {
    let mut world = World::new();
    world.notify();
    world.by(LEADER, Command::StartFlowAsLeader);
    let times = (world.case().flow.clone().map(|flow| flow.report_time), world.case().first_report_time);
    world.wait(Span(MINUTE));
    world.by(CLERK, Command::Supplement { sheet: phone_only() });
    let case = world.case();
    assert_eq!((case.flow.clone().map(|flow| flow.report_time), case.first_report_time), times);
    assert!(case.given.contains(&FieldName::Phone) && !case.missing.contains(&FieldName::Phone));
    assert!(case.missing.contains(&FieldName::Narrative), "what nobody gave stays 待补");
    let empty = Command::Supplement { sheet: ReportSheet::default() };
    assert!(matches!(world.refused(CLERK, empty), Refusal::Form { .. }));
}

#[rstest]
#[case::agent(HOTLINE)]
#[case::complaint_group(AGENT)]
fn an_agent_registers_by_telephone_for_the_reporter_and_both_are_named(#[case] agent: &str) {
    let mut world = World::new();
    let called_at = world.at(Span(10 * MINUTE)).now.minus(Span(4 * MINUTE));
    let step = world.by(agent, world.call(called_at));
    assert_eq!((step.case.reporter.clone(), step.case.submitter.clone()), (id(CLERK), Some(id(agent))));
    let flow = step.case.flow.as_ref().expect("a flow");
    assert_eq!((flow.starter, flow.channel), (Starter::Agent, Channel::Telephone));
    assert_eq!(flow.report_time.latest, called_at, "the report counts from the beginning of the call");
    assert_eq!(flow.received_at, world.now, "the callback from its registration");
    assert!(step.events.iter().all(|sealed| sealed.event.acting_for == Some(id(CLERK))));
    assert_eq!(world.raised(AlertKind::Outcome), [(CLERK.to_owned(), 0)], "the reporter is told");
    assert_eq!(world.raised(AlertKind::CallbackDue).len(), 2, "and the group is called");
    world.by(agent, Command::Supplement { sheet: phone_only() });
    assert_eq!(world.refused(agent, world.call(called_at)), Refusal::AlreadyBegun);
}

#[test]
fn a_registration_names_somebody_else_and_a_call_of_the_last_day_that_tells_of_the_past() {
    let mut world = World::new();
    let now = world.at(Span(2 * DAY)).now;
    let with = |change: &dyn Fn(&mut Submission)| {
        let Command::RegisterAsAgent { mut submission, called_at } = world.call(now) else { unreachable!() };
        change(&mut submission);
        Command::RegisterAsAgent { submission, called_at }
    };
    let unknown = with(&|words| words.reporter = id("nobody"));
    let own = with(&|words| words.reporter = id(HOTLINE));
    let later = with(&|words| words.found_at = now.plus(Span(1)));
    let bare = with(&|words| words.sheet = trigger_only());
    let (ahead, old) = (world.call(now.plus(Span(1_001))), world.call(now.minus(Span(DAY + 1))));
    for someone in [CLERK, LEADER, CITY_SERVICE, AUDITOR, ADMIN, HANDLER] {
        assert_eq!(world.refused_before(someone, world.call(now)), Refusal::NotAllowed, "{someone}");
        assert_eq!(world.refused_before(someone, unknown.clone()), Refusal::NotAllowed, "{someone}");
    }
    assert_eq!(world.refused_before(HOTLINE, unknown), Refusal::UnknownPerson);
    assert_eq!(world.refused_before(HOTLINE, own), Refusal::OwnReport);
    assert_eq!(world.refused_before(HOTLINE, later), Refusal::FoundAfterCall);
    assert!(matches!(world.refused_before(HOTLINE, bare), Refusal::Form { .. }), "all six inputs");
    assert_eq!(world.refused_before(HOTLINE, ahead), Refusal::TimeAhead);
    let earliest = now.minus(Span(DAY));
    assert_eq!(world.refused_before(HOTLINE, old), Refusal::CallTooOld { earliest });
    world.by(HOTLINE, world.call(earliest));
}

#[test]
fn the_system_alone_says_which_cases_are_of_the_same_customer_and_says_it_once() {
    let mut world = World::new();
    world.start_flow();
    let [one, two] = [CaseId(Uuid::from_u128(8)), CaseId(Uuid::from_u128(9))];
    let note = |cases: &[CaseId]| Command::NoteSimilar { cases: cases.to_vec() };
    assert_eq!(world.refused(AGENT, note(&[one])), Refusal::NotAllowed);
    let step = world.by_system(note(&[one, World::case_id()]));
    assert_eq!(step.case.similar, [one], "a case is not like itself");
    assert_eq!(step.case.facts.risk_tags, [RiskTag::Repeated]);
    assert_eq!(step.case.state, CaseState::Submitted, "and nothing else becomes of it");
    assert!(world.by_system(note(&[one])).events.is_empty());
    assert_eq!(world.by_system(note(&[one, two])).case.similar, [one, two]);
}

#[test]
fn an_agent_adds_nothing_to_what_others_entered() {
    let mut world = World::new();
    world.start_flow();
    assert_eq!(world.refused(HOTLINE, Command::Supplement { sheet: phone_only() }), Refusal::NotAllowed);
}

#[test]
fn the_complaint_group_adds_to_what_has_reached_it() {
    let mut world = World::new();
    world.notify();
    assert_eq!(world.refused(AGENT, Command::Supplement { sheet: phone_only() }), Refusal::NotAllowed);
    world.start_flow();
    let step = world.by(AGENT, Command::Supplement { sheet: phone_only() });
    assert_eq!(step.events.last().and_then(|sealed| sealed.event.acting_for.clone()), Some(id(CLERK)));
}

#[test]
fn withdrawal_ends_with_the_first_claim_for_good() {
    let mut world = World::new();
    world.start_flow();
    let mut claimed = world.clone();
    claimed.by(AGENT, Command::ClaimCallback);
    assert_eq!(claimed.refused(CLERK, Command::Withdraw { note: None }), Refusal::AlreadyAccepted);
    claimed.by(AGENT, Command::ReleaseCallback);
    assert_eq!(claimed.state(), CaseState::Submitted);
    assert_eq!(claimed.refused(CLERK, Command::Withdraw { note: None }), Refusal::AlreadyAccepted);
    world.by(CLERK, Command::Withdraw { note: None });
    assert_eq!(world.state(), CaseState::Withdrawn);
    assert!(due(&world).is_empty());
}

#[rstest]
#[case::test_run(VoidReason::Test, None, true)]
#[case::merge(VoidReason::Duplicate, Some(2), true)]
#[case::merge_without_target(VoidReason::Duplicate, None, false)]
#[case::merge_into_itself(VoidReason::Duplicate, Some(1), false)]
#[case::target_without_merge(VoidReason::Accidental, Some(2), false)]
fn a_void_names_the_surviving_case_exactly_when_it_is_a_merge(
    #[case] reason: VoidReason,
    #[case] target: Option<u128>,
    #[case] possible: bool,
) {
    let mut world = World::new();
    world.start_flow();
    let merged_into = target.map(|number| CaseId(Uuid::from_u128(number)));
    let outcome = world.attempt(&person(AGENT), &Command::Void { reason, merged_into });
    assert_eq!(outcome.is_ok(), possible);
    assert_eq!(due(&world).is_empty(), possible, "a void case has no clock");
    if let Err(refusal) = outcome {
        assert_eq!(refusal, Refusal::MergeTarget);
    }
}

#[test]
fn the_service_department_of_the_units_above_may_void_and_no_other() {
    let mut world = World::new();
    world.start_flow();
    let void = Command::Void { reason: VoidReason::Test, merged_into: None };
    assert_eq!(world.refused(STRANGER, void.clone()), Refusal::NotAllowed, "another city's department");
    world.by(CITY_SERVICE, void);
    assert_eq!(world.state(), CaseState::Void);
}

fn stored(world: &World) -> Vec<(Vec<u8>, Hash)> {
    world.events.iter().map(|sealed| (sealed.bytes.clone(), sealed.hash)).collect()
}

#[test]
fn a_stored_chain_reads_back_as_the_same_case() {
    let mut world = World::new();
    world.start_timing();
    world.notify().deliver(LEADER).at(Span(10 * MINUTE)).fire_due();
    world.start_flow().claim_and_dial();
    assert_eq!(replay(stored(&world).into_iter()), Ok(world.case().clone()));
}

#[test]
fn one_flipped_byte_anywhere_names_the_event_it_is_in() {
    let mut world = World::new();
    world.start_timing();
    world.notify().start_flow();
    let chain = stored(&world);
    for (place, (bytes, _)) in chain.iter().enumerate() {
        for byte in 0..bytes.len() {
            let mut broken = chain.clone();
            broken[place].0[byte] ^= 1;
            let fault = replay(broken.into_iter()).expect_err("a flipped byte is found");
            assert_eq!(fault.sequence, u32::try_from(place).expect("few") + 1);
            assert_eq!(fault.kind, ChainFaultKind::Hash);
        }
    }
}

#[test]
fn a_missing_or_moved_event_is_named() {
    let mut world = World::new();
    world.start_timing();
    world.notify().start_flow();
    let mut without = stored(&world);
    without.remove(1);
    assert_eq!(replay(without.into_iter()).expect_err("missing").sequence, 2);
    let mut swapped = stored(&world);
    swapped.swap(1, 2);
    assert_eq!(replay(swapped.into_iter()).expect_err("swapped").sequence, 2);
    assert_eq!(replay(std::iter::empty::<(Vec<u8>, Hash)>()).expect_err("empty").kind, ChainFaultKind::Empty);
}

#[test]
fn a_well_hashed_event_that_does_not_fit_is_named_too() {
    let mut world = World::new();
    world.start_flow();
    let mut second = world.events.last().expect("the flow").event.clone();
    second.sequence += 1;
    second.prev_hash = world.case().hash;
    second.from = Some(second.to);
    let bytes = serde_json::to_vec(&second).expect("JSON");
    let hash = chain_hash(&second.prev_hash, &bytes);
    let mut chain = stored(&world);
    chain.push((bytes, hash));
    let fault = replay(chain.into_iter()).expect_err("a second flow");
    assert_eq!((fault.sequence, fault.kind), (3, ChainFaultKind::Fit(ApplyFault::AlreadyBegun)));
}

#[test]
fn bytes_that_are_no_event_are_unreadable() {
    let bytes = b"{}".to_vec();
    let hash = chain_hash(&Hash::ZERO, &bytes);
    let fault = replay(std::iter::once((bytes, hash))).expect_err("no event");
    assert_eq!((fault.sequence, fault.kind), (1, ChainFaultKind::Unreadable));
}

#[test]
fn events_hold_no_customer_text() {
    let mut world = World::new();
    world.start_flow();
    let text = stored(&world).into_iter().flat_map(|(bytes, _)| bytes).collect::<Vec<u8>>();
    let text = String::from_utf8(text).expect("JSON");
    assert!(text.contains(&Hash([7; 32]).to_string()), "only its commitment");
}
