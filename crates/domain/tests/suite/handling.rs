//! 承办, 审批, 复访 and 重办; and who may not take part (回避).

use chayan_domain::case::{
    AlertKind, CaseState, Command, HandlingResult, RecallResult, Refusal, ReturnReason, TimerName,
};
use chayan_domain::time::Span;
use rstest::rstest;

use crate::support::*;

fn contact(reached: bool) -> Command {
    Command::LogContact { reached, note: None }
}

fn write(result: HandlingResult) -> Command {
    Command::WriteResult { result, note: None }
}

fn assign(handler: &str) -> Command {
    Command::AssignHandler { handler: id(handler) }
}

fn running(world: &World) -> Vec<TimerName> {
    world.case().clocks.iter().filter(|clock| clock.runs()).map(|clock| clock.name).collect()
}

#[test]
fn the_whole_way_from_the_dispatch_to_the_archive() {
    let mut world = World::new();
    world.dissatisfied();
    assert_eq!(running(&world), [TimerName::T4]);
    world.dispatch_to(claims(), &[]);
    assert_eq!(running(&world), [TimerName::T5]);
    world.by(HANDLER, Command::Sign);
    assert_eq!(running(&world), [TimerName::T6, TimerName::T7]);
    world.by(HANDLER, contact(false));
    assert_eq!(running(&world), [TimerName::T7], "an attempt stops T6");
    world.by(HANDLER, write(HandlingResult::ResolvedExplained));
    assert_eq!((world.state(), running(&world)), (CaseState::Handling, vec![TimerName::T7]));
    world.by(HEAD, Command::ApproveResult);
    assert_eq!((world.state(), running(&world)), (CaseState::Replied, vec![TimerName::T9]));
    world.recall();
    assert_eq!(running(&world), [TimerName::T9], "a dial is no callback yet");
    world.record_recall(RecallResult::Satisfied);
    assert_eq!((world.state(), running(&world)), (CaseState::ArchivedResolved, Vec::new()));
    assert!(due(&world).is_empty());
}

#[test]
fn the_handler_alone_handles_and_a_result_needs_a_contact() {
    let mut world = World::new();
    world.handling();
    let held = Refusal::HandledByOther { person_id: id(HANDLER) };
    assert_eq!(world.refused(COLLEAGUE, contact(true)), held);
    assert_eq!(world.refused(HANDLER, write(HandlingResult::Unresolved)), Refusal::NoContact);
    world.by(HANDLER, contact(true));
    assert_eq!(world.refused(HEAD, Command::ApproveResult), Refusal::NoResult);
    world.by(HANDLER, write(HandlingResult::Unresolved));
    assert_eq!(world.refused(HANDLER, write(HandlingResult::Unresolved)), Refusal::ResultWaits);
    assert_eq!(world.refused(HANDLER, Command::ApproveResult), Refusal::NotAllowed);
    world.by(HEAD, Command::RejectResult { note: note() });
    let round = world.case().round().expect("round");
    assert_eq!((world.state(), round.reply.is_none(), round.rejections), (CaseState::Handling, true, 1));
}

#[test]
fn a_head_assigns_inside_the_department_and_the_new_handler_goes_on() {
    let mut world = World::new();
    world.dispatched();
    assert_eq!(world.refused(HANDLER, assign(COLLEAGUE)), Refusal::NotAllowed);
    assert_eq!(world.refused(HEAD, assign(SALES)), Refusal::NotInDepartment { person_id: id(SALES) });
    world.by(HEAD, assign(COLLEAGUE));
    let held = Refusal::HandledByOther { person_id: id(COLLEAGUE) };
    assert_eq!(world.refused(HANDLER, Command::Sign), held);
    world.by(HEAD, Command::Sign);
    assert_eq!(world.case().round().and_then(|round| round.handler.clone()), Some(id(COLLEAGUE)));
    world.by(COLLEAGUE, contact(true));
    world.by(HEAD, assign(HANDLER));
    world.by(HANDLER, write(HandlingResult::ResolvedRemedied));
}

#[test]
fn nobody_approves_their_own_result_and_without_another_head_the_line_leader_does() {
    let mut world = World::new();
    world.dispatched();
    world.by(HEAD, Command::Sign);
    world.by(HEAD, contact(true));
    world.by(HEAD, write(HandlingResult::ResolvedApologised));
    assert_eq!(world.raised(AlertKind::ApprovalNeeded), [(LINE_LEADER.to_owned(), 0)]);
    assert_eq!(world.refused(HEAD, Command::ApproveResult), Refusal::OwnResult);
    world.by(LINE_LEADER, Command::ApproveResult);
    assert_eq!(world.state(), CaseState::Replied);
}

#[test]
fn a_deputy_approves_only_while_the_head_is_away_and_both_are_named() {
    let mut draft = province();
    let head = draft.people.iter_mut().find(|person| person.person_id == id(HEAD)).expect("head");
    head.deputies = vec![id(CITY)];
    let mut world = World::with(draft.clone());
    world.handling().contact_and_write();
    assert_eq!(world.refused(CITY, Command::ApproveResult), Refusal::NotAllowed);
    draft.absences = vec![away(HEAD, START, START.plus(Span(60 * MINUTE)))];
    let mut world = World::with(draft);
    world.handling().contact_and_write();
    let step = world.by(CITY, Command::ApproveResult);
    assert_eq!(step.events[0].event.acting_for, Some(id(HEAD)));
}

#[test]
fn a_handler_signs_and_returns_in_their_own_name_also_as_the_heads_deputy() {
    let mut draft = province();
    let head = draft.people.iter_mut().find(|person| person.person_id == id(HEAD)).expect("head");
    head.deputies = vec![id(HANDLER)];
    for act in [Command::Sign, Command::Return { reason: ReturnReason::NotOurLine, note: None }] {
        let mut world = World::with(draft.clone());
        world.dissatisfied();
        world.dispatch_to(claims(), &[]);
        let step = world.by(HANDLER, act);
        assert_eq!(step.events[0].event.acting_for, None);
    }
}

#[test]
fn a_dissatisfied_customer_sends_it_back_as_the_next_rework_with_its_own_time() {
    let mut world = World::new();
    world.replied().wait(Span(60 * MINUTE)).recall();
    world.record_recall(RecallResult::Dissatisfied);
    assert_eq!((world.state(), running(&world)), (CaseState::Rework, vec![TimerName::T7]));
    assert_eq!(world.raised(AlertKind::ReworkNeeded), [(HANDLER.to_owned(), 0)]);
    let labels = |world: &World| -> Vec<String> {
        world.case().rounds.iter().map(chayan_domain::case::Round::label).collect()
    };
    assert_eq!(labels(&world), ["1", "1.1"]);
    let t7 = world.clock(TimerName::T7);
    assert_eq!((t7.round, t7.rework, t7.started_at), (1, 1, world.now));
    world.by(HANDLER, Command::Sign);
    assert_eq!(running(&world), [TimerName::T7], "the rework has its time already");
    assert_eq!(world.refused(HANDLER, write(HandlingResult::Unresolved)), Refusal::NoContact);
    world.contact_and_write();
    world.by(HEAD, Command::ApproveResult);
    world.recall();
    world.record_recall(RecallResult::Dissatisfied);
    assert_eq!((labels(&world), world.case().reworks()), (vec!["1".into(), "1.1".into(), "1.2".into()], 2));
    assert!(world.case().rounds[0].recalled() && world.case().rounds[1].reply.is_some(), "nothing is lost");
}

#[test]
fn an_unresolved_end_is_for_the_service_department_alone_and_after_a_second_callback() {
    let mut world = World::new();
    world.replied().recall();
    let archive = Command::ArchiveUnresolved { reason: note() };
    assert_eq!(world.refused(CITY_SERVICE, archive.clone()), Refusal::NoRecall);
    world.record_recall(RecallResult::Unresolved);
    assert_eq!(world.state(), CaseState::Recalling);
    let asked = [(COUNTY_SERVICE.to_owned(), 0), (CITY_SERVICE.to_owned(), 0)];
    assert_eq!(world.raised(AlertKind::ArchiveApproval), asked);
    assert_eq!(world.refused(AGENT, archive.clone()), Refusal::NotAllowed);
    world.by(CITY_SERVICE, archive);
    assert_eq!(world.state(), CaseState::ArchivedUnresolved);
}

#[test]
fn one_person_holds_the_second_callback_also_of_the_service_department() {
    let mut world = World::new();
    world.replied();
    assert_eq!(world.refused(AGENT, Command::LogRecallDial), Refusal::NotClaimed);
    world.by(CITY_SERVICE, Command::ClaimRecall);
    let held = Refusal::ClaimedByOther { person_id: id(CITY_SERVICE) };
    assert_eq!(world.refused(AGENT, Command::ClaimRecall), held);
    assert!(world.by(CITY_SERVICE, Command::ClaimRecall).events.is_empty(), "a retry changes nothing");
    world.by(CITY_SERVICE, Command::ReleaseRecall);
    assert_eq!(world.state(), CaseState::Replied);
    world.recall();
    let missed = Command::RecordRecall { result: RecallResult::NotReached, appointment_at: None, note: None };
    world.by(AGENT, missed.clone());
    assert_eq!(world.refused(AGENT, missed), Refusal::NotClaimed, "each result its own claim and dial");
    assert_eq!(world.wait(Span(30 * MINUTE)).fire_due(), [TimerName::RecallAppointment]);
    assert_eq!(world.raised(AlertKind::RecallDue).len(), 2);
}

#[rstest]
#[case::sign(HANDLER, Command::Sign)]
#[case::assign(HEAD, assign(COLLEAGUE))]
#[case::give_back(HEAD, Command::Return { reason: chayan_domain::case::ReturnReason::Duplicate, note: None })]
fn who_is_involved_takes_no_part(#[case] who: &str, #[case] command: Command) {
    let mut world = World::new();
    world.dispatched();
    world.by(CLERK, Command::NameInvolved { people: vec![id(who)] });
    assert_eq!(world.refused(who, command), Refusal::Recused { person_id: id(who) });
}

#[test]
fn an_involved_person_is_not_assigned_not_told_and_does_not_approve() {
    let mut world = World::new();
    world.dissatisfied();
    assert_eq!(world.refused(CLERK, Command::NameInvolved { people: Vec::new() }), Refusal::UnknownPerson);
    world.by(CLERK, Command::NameInvolved { people: vec![id(COLLEAGUE), id(HEAD)] });
    world.dispatch_to(claims(), &[]);
    assert_eq!(world.raised(AlertKind::SignNeeded), [(HANDLER.to_owned(), 0)]);
    world.by(HANDLER, Command::Sign);
    world.contact_and_write();
    assert_eq!(world.raised(AlertKind::ApprovalNeeded), [(LINE_LEADER.to_owned(), 0)]);
    assert_eq!(world.refused(HEAD, Command::ApproveResult), Refusal::Recused { person_id: id(HEAD) });
    world.by(LINE_LEADER, Command::ApproveResult);
}

#[test]
fn a_handler_who_turns_out_to_be_involved_loses_the_case_and_the_unapproved_result() {
    let mut world = World::new();
    world.handling().contact_and_write();
    world.by(AGENT, Command::NameInvolved { people: vec![id(HANDLER)] });
    let round = world.case().round().expect("round");
    assert_eq!((round.handler.clone(), round.reply.clone()), (None, None));
    assert_eq!(world.raised(AlertKind::HandlerNeeded), [(HEAD.to_owned(), 0)]);
    let involved = Refusal::Recused { person_id: id(HANDLER) };
    assert_eq!(world.refused(HEAD, assign(HANDLER)), involved);
    world.by(HEAD, assign(COLLEAGUE));
    world.by(COLLEAGUE, write(HandlingResult::PartlyResolved));
}
