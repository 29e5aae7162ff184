//! Who sees the case, and which field of the customer.

use std::fmt::Write as _;

use chayan_domain::case::Command;
use chayan_domain::ids::PersonId;
use chayan_domain::report::FieldName;
use chayan_domain::time::Span;
use chayan_domain::visibility::{FieldAccess, Scope, case_scope, field_access, may_see, reporter_access};

use crate::support::*;

fn seers(world: &World) -> Vec<&'static str> {
    PEOPLE.into_iter().filter(|code| may_see(world.case(), &id(code), &world.directory)).collect()
}

#[test]
fn a_notice_is_seen_by_the_reporter_the_direct_leader_the_departments_and_audit() {
    let mut world = World::new();
    world.notify();
    assert_eq!(seers(&world), [CLERK, LEADER, COUNTY_SERVICE, CITY_SERVICE, AUDITOR]);
}

#[test]
fn a_climb_opens_it_to_the_next_leader_and_a_flow_to_the_complaint_group() {
    let mut world = World::new();
    world.notify().at(Span(MINUTE)).fire_due();
    world.at(Span(2 * MINUTE)).fire_due();
    assert_eq!(seers(&world), [CLERK, LEADER, DEPUTY, CITY, COUNTY_SERVICE, CITY_SERVICE, AUDITOR]);
    world.start_flow();
    let after =
        [CLERK, LEADER, DEPUTY, CITY, GROUP_HEAD, AGENT, OTHER_AGENT, COUNTY_SERVICE, CITY_SERVICE, AUDITOR];
    assert_eq!(seers(&world), after);
}

#[test]
fn every_field_of_every_person_is_hidden_masked_or_clear() {
    let mut world = World::new();
    world.notify().start_flow();
    let mut text = String::new();
    for someone in PEOPLE.into_iter().chain(["nobody"]) {
        let access = |wanted| -> Vec<String> {
            let shown = |field: &&FieldName| {
                field_access(world.case(), &id(someone), &world.directory, **field) == wanted
            };
            FieldName::ALL.iter().filter(shown).map(|field| format!("{field:?}")).collect()
        };
        let (masked, clear) = (access(FieldAccess::Masked), access(FieldAccess::Clear));
        let hidden = access(FieldAccess::Hidden).len();
        writeln!(text, "{someone}: hidden {hidden}; masked {masked:?}; clear {clear:?}").expect("text");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn an_administrator_sees_no_customer_even_as_somebodys_leader() {
    let mut draft = province();
    let clerk = draft.people.iter_mut().find(|person| person.person_id == id(CLERK)).expect("clerk");
    clerk.direct_leader = Some(id(ADMIN));
    let mut world = World::with(draft);
    world.notify();
    assert!(may_see(world.case(), &id(ADMIN), &world.directory));
    for &field in FieldName::ALL {
        assert_eq!(field_access(world.case(), &id(ADMIN), &world.directory, field), FieldAccess::Hidden);
    }
}

#[test]
fn scopes_name_what_a_list_query_needs() {
    let world = World::new();
    let own =
        |code: &str| vec![Scope::Reporter(id(code)), Scope::Involved(id(code)), Scope::Escalated(id(code))];
    let with = |code: &str, more: Scope| [own(code), vec![more]].concat();
    assert_eq!(case_scope(&id(CLERK), &world.directory), own(CLERK));
    assert_eq!(case_scope(&id(LEADER), &world.directory), with(LEADER, Scope::Team(id(LEADER))));
    assert_eq!(case_scope(&id(AGENT), &world.directory), with(AGENT, Scope::Callback));
    let subtree = Scope::Subtree("JS/320500/320583".to_owned());
    assert_eq!(case_scope(&id(COUNTY_SERVICE), &world.directory), with(COUNTY_SERVICE, subtree));
    assert_eq!(case_scope(&id(AUDITOR), &world.directory), with(AUDITOR, Scope::All));
    assert_eq!(case_scope(&id(ADMIN), &world.directory), own(ADMIN));
    let department = Scope::Department(claims());
    assert_eq!(case_scope(&id(HANDLER), &world.directory), with(HANDLER, department));
    assert_eq!(
        case_scope(&id(LINE_LEADER), &world.directory),
        own(LINE_LEADER),
        "nothing until it is escalated"
    );
    assert!(case_scope(&PersonId::from("nobody"), &world.directory).is_empty());
}

#[test]
fn a_subtree_is_no_prefix_of_a_neighbours_code() {
    let mut world = World::new();
    world.notify();
    assert!(!Scope::Subtree("JS/32050".to_owned()).shows(world.case(), &world.directory));
    assert!(Scope::Subtree("JS/320500".to_owned()).shows(world.case(), &world.directory));
}

#[test]
fn a_case_is_seen_by_the_departments_it_was_dispatched_to_and_by_no_other_line() {
    let mut world = World::new();
    world.dissatisfied();
    let unit = [HEAD, HANDLER, COLLEAGUE, SALES_HEAD, SALES, SERVICE, LINE_LEADER, SERVICE_LEADER];
    let of_units = |world: &World| -> Vec<&str> {
        seers(world).into_iter().filter(|person| unit.contains(person)).collect()
    };
    assert!(of_units(&world).is_empty());
    world.dispatch_to(claims(), &[]);
    assert_eq!(of_units(&world), [HEAD, HANDLER, COLLEAGUE]);
    world.by(HANDLER, Command::Sign);
    world.by(HANDLER, Command::AskAssistance { department: sales(), note: None });
    assert_eq!(of_units(&world), [HEAD, HANDLER, COLLEAGUE, SALES_HEAD, SALES]);
    world.wait(Span(14 * 24 * 60 * MINUTE)).fire_due();
    assert!(of_units(&world).contains(&LINE_LEADER), "brought before the 分管领导");
}

#[test]
fn the_handling_unit_learns_of_the_matter_and_not_of_who_reported_it() {
    let mut world = World::new();
    world.handling().wait(Span(14 * 24 * 60 * MINUTE)).fire_due();
    let reporter = |person: &str, open| reporter_access(world.case(), &id(person), &world.directory, open);
    for person in [HEAD, HANDLER, COLLEAGUE, LINE_LEADER] {
        assert_eq!(reporter(person, false), FieldAccess::Hidden, "{person}");
        assert_eq!(reporter(person, true), FieldAccess::Clear, "{person}");
        let field = |field| field_access(world.case(), &id(person), &world.directory, field);
        assert_eq!(field(FieldName::Phone), FieldAccess::Masked);
        assert_eq!(field(FieldName::Narrative), FieldAccess::Clear);
    }
    for person in [CLERK, LEADER, AGENT, CITY_SERVICE, AUDITOR] {
        assert_eq!(reporter(person, false), FieldAccess::Clear, "{person}");
    }
    assert_eq!(reporter(SALES, false), FieldAccess::Hidden, "another line sees nothing at all");
}
