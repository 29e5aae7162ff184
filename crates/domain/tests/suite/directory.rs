//! The organisation: what an import is refused for, and what the lookups answer.

use chayan_domain::directory::{
    Absence, ChangeKind, Directory, DirectoryDraft, DirectoryFault, DirectoryField, Line, LineLeader, Role,
    Subject, UnitLevel, diff,
};
use chayan_domain::ids::UnitId;
use chayan_domain::time::{Span, Timestamp};
use rstest::rstest;

use crate::support::*;

fn ids(people: &[&chayan_domain::directory::Person]) -> Vec<String> {
    people.iter().map(|person| person.person_id.as_str().to_owned()).collect()
}

fn change(
    draft: &mut DirectoryDraft,
    code: &str,
    change: impl FnOnce(&mut chayan_domain::directory::Person),
) {
    change(draft.people.iter_mut().find(|person| person.person_id == id(code)).expect("known"));
}

fn refused(break_it: impl FnOnce(&mut DirectoryDraft)) -> Vec<DirectoryFault> {
    let mut draft = province();
    break_it(&mut draft);
    Directory::build(draft).expect_err("must be refused")
}

#[test]
fn duplicates_are_refused() {
    let faults = refused(|draft| {
        draft.people.push(member(CLERK, "320583", Some(LEADER), &[]));
        draft.units.push(unit("320583", Some("320500"), UnitLevel::County));
    });
    let expected = [
        DirectoryFault::DuplicateUnit { unit_id: UnitId::from("320583") },
        DirectoryFault::DuplicatePerson { person_id: id(CLERK) },
    ];
    assert_eq!(faults, expected);
}

#[test]
fn unknown_names_are_refused() {
    let faults = refused(|draft| {
        change(draft, CLERK, |person| {
            person.unit_id = UnitId::from("nowhere");
            person.direct_leader = Some(id("nobody"));
            person.deputies = vec![id("nobody"), id(CLERK)];
        });
        draft.units.push(unit("320999", Some("nowhere"), UnitLevel::City));
        draft.absences = vec![away("nobody", START, START.plus(Span(1))), away(CLERK, START, START)];
    });
    let expected = [
        DirectoryFault::UnknownParent { unit_id: UnitId::from("320999"), parent: UnitId::from("nowhere") },
        DirectoryFault::UnknownUnit { person_id: id(CLERK), unit_id: UnitId::from("nowhere") },
        DirectoryFault::UnknownLeader { person_id: id(CLERK), leader: id("nobody") },
        DirectoryFault::UnknownDeputy { person_id: id(CLERK), deputy: id("nobody") },
        DirectoryFault::SelfDeputy { person_id: id(CLERK) },
        DirectoryFault::UnknownAbsentee { person_id: id("nobody") },
        DirectoryFault::EmptyAbsence { person_id: id(CLERK), from: START, to: START },
    ];
    assert_eq!(faults, expected);
}

#[test]
fn a_cycle_of_leaders_is_refused_and_named_once() {
    let faults = refused(|draft| change(draft, CITY, |person| person.direct_leader = Some(id(LEADER))));
    assert_eq!(faults, [DirectoryFault::LeaderCycle { person_ids: vec![id(LEADER), id(CITY)] }]);
    let own = refused(|draft| change(draft, CLERK, |person| person.direct_leader = Some(id(CLERK))));
    assert_eq!(own, [DirectoryFault::LeaderCycle { person_ids: vec![id(CLERK)] }]);
}

#[rstest]
#[case::county(LEADER, true)]
#[case::city(CITY, true)]
#[case::province(GROUP_HEAD, false)]
fn a_chain_must_end_at_province_level_or_above(#[case] top: &str, #[case] orphan: bool) {
    let mut draft = province();
    change(&mut draft, top, |person| person.direct_leader = None);
    let expected = if orphan { vec![DirectoryFault::Orphan { person_id: id(top) }] } else { Vec::new() };
    assert_eq!(Directory::build(draft).err().unwrap_or_default(), expected);
}

#[test]
fn units_form_one_tree() {
    let faults = refused(|draft| draft.units.push(unit("ZJ", None, UnitLevel::Province)));
    let roots = vec![UnitId::from("JS"), UnitId::from("ZJ")];
    assert_eq!(faults, [DirectoryFault::SeveralRoots { unit_ids: roots }]);
    let faults = refused(|draft| {
        let county = draft.units.iter_mut().find(|unit| unit.unit_id.as_str() == "320500").expect("city");
        county.parent = Some(UnitId::from("320583"));
    });
    let cycle = vec![UnitId::from("320500"), UnitId::from("320583")];
    assert_eq!(faults, [DirectoryFault::UnitCycle { unit_ids: cycle }]);
}

#[test]
fn a_directory_travels_as_its_import_and_a_bad_one_does_not_arrive() {
    let directory = Directory::build(province()).expect("valid");
    let text = serde_json::to_string(&directory).expect("JSON");
    let back: Directory = serde_json::from_str(&text).expect("back");
    assert_eq!(back.draft(), directory.draft());
    let mut bad = province();
    change(&mut bad, CLERK, |person| person.direct_leader = Some(id("nobody")));
    let text = serde_json::to_string(&bad).expect("JSON");
    assert!(serde_json::from_str::<Directory>(&text).is_err());
}

#[test]
fn leaders_teams_and_roles_are_answered_from_the_tree() {
    let directory = Directory::build(province()).expect("valid");
    assert_eq!(ids(&directory.leader_chain(&id(CLERK))), [LEADER, CITY, PROVINCE]);
    assert_eq!(ids(&directory.subordinates(&id(LEADER))), [CLERK, DEPUTY, COUNTY_SERVICE, HEAD]);
    assert_eq!(directory.roles_of(&id(CLERK)), [Role::Rep]);
    assert_eq!(directory.roles_of(&id(LEADER)), [Role::Rep, Role::Ldr]);
    assert_eq!(directory.roles_of(&id(AGENT)), [Role::Rep, Role::Cmp]);
    assert!(directory.roles_of(&id("nobody")).is_empty());
    assert_eq!(ids(&directory.with_role(Role::Cmp)), [AGENT, OTHER_AGENT]);
    let leaders = [LEADER, CITY, PROVINCE, GROUP_HEAD, HEAD, SALES_HEAD];
    assert_eq!(ids(&directory.with_role(Role::Ldr)), leaders);
    assert_eq!(directory.with_role(Role::Rep).len(), directory.people().len());
    assert_eq!(ids(&directory.callback_head()), [GROUP_HEAD]);
    assert_eq!(ids(&directory.csd_of(&UnitId::from("320583"))), [COUNTY_SERVICE, CITY_SERVICE]);
    assert_eq!(directory.unit_path(&UnitId::from("320583")).as_deref(), Some("JS/320500/320583"));
    assert!(directory.is_within(&UnitId::from("320583"), &UnitId::from("JS")));
    assert!(!directory.is_within(&UnitId::from("JS"), &UnitId::from("320583")));
}

#[rstest]
#[case::before(-1, None)]
#[case::first_moment(0, Some(DEPUTY))]
#[case::last_moment(9, Some(DEPUTY))]
#[case::back(10, None)]
fn an_absence_counts_from_its_first_moment_to_before_its_last(
    #[case] after: i64,
    #[case] away_now: Option<&str>,
) {
    let mut draft = province();
    draft.absences = vec![away(LEADER, START, START.plus(Span(10)))];
    let directory = Directory::build(draft).expect("valid");
    let now = Timestamp(START.0 + after);
    assert_eq!(directory.is_absent(&id(LEADER), now), away_now.is_some());
    let on_duty = directory.deputy_on_duty(&id(LEADER), now).expect("the deputy is here");
    assert_eq!(on_duty.person_id, id(DEPUTY));
}

#[test]
fn the_first_listed_deputy_who_is_here_stands_in() {
    let mut draft = province();
    change(&mut draft, LEADER, |person| person.deputies = vec![id(DEPUTY), id(STRANGER)]);
    draft.absences = vec![away(DEPUTY, START, START.plus(Span(10)))];
    let directory = Directory::build(draft).expect("valid");
    let stands_in =
        |at: Timestamp| directory.deputy_on_duty(&id(LEADER), at).map(|person| person.person_id.clone());
    assert_eq!(stands_in(START), Some(id(STRANGER)));
    assert_eq!(stands_in(START.plus(Span(10))), Some(id(DEPUTY)));
}

#[test]
fn twenty_thousand_people_in_a_long_chain_are_built_and_walked() {
    let mut draft =
        DirectoryDraft { units: vec![unit("JS", None, UnitLevel::Province)], ..DirectoryDraft::default() };
    for number in 0..20_000_u32 {
        let leader =
            (number > 0).then(|| format!("P{}", if number < 5_000 { number - 1 } else { number % 50 }));
        draft.people.push(member(&format!("P{number}"), "JS", leader.as_deref(), &[]));
    }
    let directory = Directory::build(draft).expect("valid");
    assert_eq!(directory.leader_chain(&id("P4999")).len(), 4_999);
    assert_eq!(directory.subordinates(&id("P7")).len(), 301);
}

#[test]
fn a_department_is_found_upwards_and_so_is_the_leader_of_its_line() {
    let directory = Directory::build(province()).expect("valid");
    let county = UnitId::from("320583");
    assert_eq!(directory.nearest_department(&county, Line::Claims), Some(claims()));
    assert_eq!(directory.nearest_department(&county, Line::Sales), Some(sales()), "the city's");
    assert_eq!(directory.nearest_department(&county, Line::TeleSales), None);
    let leader = |department| directory.line_leader(&department).map(|leader| leader.person_id.clone());
    assert_eq!(leader(claims()), Some(id(LINE_LEADER)), "named for the city, holds for the county");
    assert_eq!(leader(service()), Some(id(SERVICE_LEADER)));
    assert_eq!(leader(sales()), Some(id(LINE_LEADER)), "nobody is named: the leadership of the nearest unit");
    assert_eq!(ids(&directory.heads_of(&claims())), [HEAD]);
    assert_eq!(ids(&directory.handlers_of(&claims())), [HANDLER, COLLEAGUE]);
}

#[test]
fn a_line_leader_must_exist_and_there_is_one() {
    let mut draft = province();
    let named = |unit: &str, person: &str| LineLeader {
        unit_id: UnitId::from(unit),
        line: Line::Claims,
        person_id: id(person),
    };
    draft.line_leaders = vec![
        named("320500", LINE_LEADER),
        named("320500", CITY),
        named("nowhere", CITY),
        named("JS", "nobody"),
    ];
    let faults = Directory::build(draft).expect_err("faulty");
    let (city, line) = (UnitId::from("320500"), Line::Claims);
    let expected = [
        DirectoryFault::SeveralLineLeaders { unit_id: city, line },
        DirectoryFault::UnknownLineUnit { unit_id: UnitId::from("nowhere"), line },
        DirectoryFault::UnknownLineLeader { unit_id: UnitId::from("JS"), line, person_id: id("nobody") },
    ];
    assert_eq!(faults, expected);
}

#[test]
fn who_is_named_for_an_absence_stands_in_before_the_listed_deputies_while_it_lasts() {
    let mut draft = province();
    let end = START.plus(Span(10));
    draft.absences = vec![Absence { deputy: Some(id(STRANGER)), ..away(LEADER, START, end) }];
    let directory = Directory::build(draft).expect("valid");
    let on_duty = |at: Timestamp| directory.deputy_on_duty(&id(LEADER), at).map(|one| one.person_id.clone());
    assert_eq!(on_duty(START), Some(id(STRANGER)));
    assert_eq!(on_duty(end), Some(id(DEPUTY)), "the absence is over");
    assert!(directory.stands_in(&id(STRANGER), &id(LEADER)) && directory.stands_in(&id(DEPUTY), &id(LEADER)));
    assert!(!directory.stands_in(&id(CITY), &id(LEADER)));
    for deputy in [LEADER, "nobody"] {
        let faults = refused(|draft| {
            draft.absences = vec![Absence { deputy: Some(id(deputy)), ..away(LEADER, START, end) }];
        });
        assert_eq!(faults, [DirectoryFault::UnknownStandIn { person_id: id(LEADER), deputy: id(deputy) }]);
    }
}

#[test]
fn absences_that_are_entered_come_beside_the_imported_ones_and_replace_those_entered_before() {
    let mut draft = province();
    draft.absences = vec![away(CITY, START, START.plus(Span(10)))];
    let directory = Directory::build(draft.clone()).expect("valid");
    let gone = Absence { deputy: Some(id("gone")), ..away(LEADER, START, START.plus(Span(10))) };
    let first = directory.with_absences([gone, away("gone", START, START.plus(Span(10)))]);
    assert!(first.is_absent(&id(CITY), START) && first.is_absent(&id(LEADER), START));
    assert_eq!(first.deputy_on_duty(&id(LEADER), START).map(|one| &one.person_id), Some(&id(DEPUTY)));
    let second = first.with_absences([away(CLERK, START, START.plus(Span(10)))]);
    assert!(second.is_absent(&id(CITY), START) && second.is_absent(&id(CLERK), START));
    assert!(!second.is_absent(&id(LEADER), START));
    assert_eq!(second.draft(), &draft, "what was imported stays what it was");
}

#[test]
fn every_difference_of_two_lists_is_named_and_nothing_else() {
    let before = province();
    assert_eq!(diff(&before, &before), []);
    let mut after = before.clone();
    after.people.reverse();
    assert_eq!(diff(&before, &after), [], "the order says nothing");
    after.units.push(unit("320584", Some("320500"), UnitLevel::County));
    change(&mut after, CLERK, |person| {
        person.unit_id = UnitId::from("320584");
        person.deputies = vec![id(DEPUTY), id(HEAD)];
    });
    after.people.retain(|person| person.person_id != id(AUDITOR));
    after.line_leaders.retain(|leader| leader.line != Line::Claims);
    after.absences.push(away(LEADER, START, START.plus(Span(10))));
    let changes = diff(&before, &after);
    let told: Vec<_> = changes.iter().map(|one| (one.subject, one.kind, one.id.as_str())).collect();
    assert_eq!(
        told,
        [
            (Subject::Unit, ChangeKind::Added, "320584"),
            (Subject::Person, ChangeKind::Changed, CLERK),
            (Subject::Person, ChangeKind::Removed, AUDITOR),
            (Subject::LineLeader, ChangeKind::Removed, "320500/claims"),
            (Subject::Absence, ChangeKind::Added, LEADER),
        ]
    );
    let clerk = &changes[1].fields;
    let told: Vec<_> =
        clerk.iter().map(|one| (one.field, one.before.as_deref(), one.after.as_deref())).collect();
    let deputies = format!("{DEPUTY};{HEAD}");
    assert_eq!(
        told,
        [
            (DirectoryField::Unit, Some("320583"), Some("320584")),
            (DirectoryField::Deputies, None, Some(deputies.as_str())),
        ]
    );
    assert_eq!(changes[2].name, format!("name of {AUDITOR}"), "who goes has the name of before");
}
