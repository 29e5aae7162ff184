//! 转办: the proposal, exactly one lead, one return, then a ruling that binds.

use chayan_domain::case::{CaseState, Command, DepartmentFault, Refusal, ReturnReason, TimerName, proposal};
use chayan_domain::directory::{Department, Line};
use chayan_domain::report::Step;
use chayan_domain::time::Span;
use rstest::rstest;

use crate::support::*;

fn unusable(department: Department, fault: DepartmentFault) -> Refusal {
    Refusal::DepartmentUnusable { department, fault }
}

#[rstest]
#[case::survey(Step::Survey, Line::Claims, Some(claims()))]
#[case::sold_in_the_city(Step::Quotation, Line::Claims, Some(sales()))]
#[case::enquiry_in_the_province(Step::Enquiry, Line::Claims, Some(service()))]
#[case::a_line_without_a_department(Step::Underwriting, Line::Claims, Some(claims()))]
#[case::other(Step::Other, Line::Sales, Some(sales()))]
#[case::nobody_at_all(Step::Underwriting, Line::TeleSales, None)]
fn the_proposal_is_the_nearest_department_of_the_steps_line(
    #[case] step: Step,
    #[case] line: Line,
    #[case] expected: Option<Department>,
) {
    let mut world = World::new();
    world.dissatisfied();
    let mut case = world.case().clone();
    (case.facts.step, case.line) = (Some(step), line);
    assert_eq!(proposal(&case, &world.directory), expected);
}

#[test]
fn what_was_returned_is_not_proposed_again() {
    let mut world = World::new();
    world.dispatched();
    assert_eq!(world.case().rounds[0].proposed, Some(claims()), "kept beside what was decided");
    world.give_back(HEAD);
    assert_eq!(proposal(world.case(), &world.directory), None);
}

#[test]
fn a_dispatch_has_exactly_one_lead_and_any_number_of_helpers() {
    let mut world = World::new();
    world.dissatisfied();
    let dispatch = |lead, assisting| Command::Dispatch { lead, assisting, note: None };
    let nobody = department("320600", Line::Claims);
    for (command, department, fault) in [
        (dispatch(claims(), vec![claims()]), claims(), DepartmentFault::Leads),
        (dispatch(claims(), vec![sales(), sales()]), sales(), DepartmentFault::Twice),
        (dispatch(nobody.clone(), Vec::new()), nobody.clone(), DepartmentFault::Unstaffed),
        (dispatch(claims(), vec![nobody.clone()]), nobody, DepartmentFault::Unstaffed),
    ] {
        assert_eq!(world.refused(AGENT, command), unusable(department, fault));
    }
    world.by(AGENT, dispatch(claims(), vec![sales(), service()]));
    let round = world.case().round().expect("dispatched");
    assert_eq!(round.departments().cloned().collect::<Vec<_>>(), [claims(), sales(), service()]);
    assert_eq!((world.state(), round.label().as_str()), (CaseState::Dispatched, "1"));
}

#[test]
fn help_is_asked_of_another_department_once() {
    let mut world = World::new();
    world.handling();
    let ask = |department| Command::AskAssistance { department, note: None };
    assert_eq!(world.refused(HANDLER, ask(claims())), unusable(claims(), DepartmentFault::Leads));
    world.by(HANDLER, ask(sales()));
    assert_eq!(world.refused(HEAD, ask(sales())), unusable(sales(), DepartmentFault::Twice));
    assert_eq!(world.refused(SERVICE, Command::Assist { note: note() }), Refusal::NotAllowed);
    world.by(SALES, Command::Assist { note: note() });
    let helped = &world.case().round().expect("round").assisting[0];
    assert_eq!(helped.answered.as_ref().map(|stamp| stamp.person_id.clone()), Some(id(SALES)));
    assert_eq!(world.refused(SALES, Command::LogContact { reached: true, note: None }), Refusal::NotAllowed);
}

#[test]
fn the_first_dispute_is_a_return_the_second_a_ruling_and_the_ruling_binds() {
    let mut world = World::new();
    world.dispatched().give_back(HANDLER);
    assert_eq!(world.state(), CaseState::Returned);
    world.dispatch_to(sales(), &[]);
    assert_eq!(world.refused(HANDLER, Command::Sign), Refusal::NotAllowed, "no longer this department's");
    world.give_back(SALES_HEAD);
    assert_eq!(world.state(), CaseState::Ruling, "never a second return");
    let again = Command::Dispatch { lead: sales(), assisting: Vec::new(), note: None };
    assert_eq!(world.refused(AGENT, again), Refusal::WrongState { state: CaseState::Ruling });
    let rule = Command::Rule { lead: sales(), assisting: vec![claims()], reason: note() };
    assert_eq!(world.refused(AGENT, rule.clone()), Refusal::NotAllowed);
    assert_eq!(world.refused(STRANGER, rule.clone()), Refusal::NotAllowed, "another city's department");
    world.by(CITY_SERVICE, rule);
    let dispute = Command::Return { reason: ReturnReason::NotOurUnit, note: None };
    assert_eq!(world.refused(SALES, dispute), Refusal::Binding);
    let disputed: Vec<_> = world.case().rounds.iter().map(|round| round.returned.is_some()).collect();
    assert_eq!((disputed, world.case().disputes()), (vec![true, true, false], 2));
    world.by(SALES, Command::Sign);
    assert_eq!(world.state(), CaseState::Handling);
}

#[test]
fn each_dispatch_restarts_its_clocks_and_the_total_is_kept() {
    let mut world = World::new();
    world.dissatisfied().wait(Span(4 * MINUTE)).dispatch_to(claims(), &[]);
    assert_eq!(world.clock(TimerName::T4).in_time(), Some(true));
    world.wait(Span(20 * MINUTE)).give_back(HEAD);
    let t5 = world.clock(TimerName::T5);
    assert_eq!((t5.in_time(), t5.due_at.since(t5.started_at)), (Some(true), Span(30 * MINUTE)));
    world.wait(Span(3 * MINUTE)).dispatch_to(sales(), &[]);
    let again = world.clock(TimerName::T5);
    assert_eq!((again.round, again.due_at), (2, world.now.plus(Span(30 * MINUTE))));
    world.wait(Span(15 * MINUTE));
    let calendar = world.calendars.province();
    assert_eq!(world.case().spent(TimerName::T5, calendar, world.now), Span(35 * MINUTE));
    assert_eq!(world.case().spent(TimerName::T4, calendar, world.now), Span(7 * MINUTE));
}
