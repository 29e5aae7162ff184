//! 请假与代理: who is away is stood in for from that moment on, and not any more once it is over.

use chayan_api::directory::{AbsenceList, AbsenceView, EnterAbsence};
use chayan_api::error::{ErrorCode, Problem};
use chayan_api::paths;
use chayan_api::reference::Reference;
use chayan_api::stream::FeedBody;
use chayan_domain::case::AlertKind;
use chayan_domain::directory::AbsenceKind;
use chayan_domain::ids::{AbsenceId, PersonId};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock as _, Entropy as _, SystemEntropy};
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::feed::Listening;
use super::town::{
    CLERK, DEPUTY_1, Database, Desk, IT, LEADER_1, LEADER_2, LEADER_3, MONDAY, STRANGER, Town, new_case,
    problem, short_report, until,
};
use chayan_api::commands::CaseAction;

const HOUR: Span = Span::minutes(60);

fn absence(person: &str, from: Timestamp, to: Timestamp, deputy: Option<&str>) -> EnterAbsence {
    EnterAbsence {
        absence_id: AbsenceId(SystemEntropy.uuid(MONDAY)),
        person_id: PersonId::from(person),
        kind: AbsenceKind::Leave,
        from,
        to,
        deputy: deputy.map(PersonId::from),
    }
}

async fn enter(desk: &Desk, asked: &EnterAbsence) -> AbsenceView {
    let response = desk.request(Method::POST, paths::ABSENCES).json(asked).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

async fn refused(desk: &Desk, asked: &EnterAbsence) -> Problem {
    problem(desk.request(Method::POST, paths::ABSENCES).json(asked).send().await.unwrap()).await
}

async fn end(desk: &Desk, absence_id: AbsenceId) -> reqwest::Response {
    desk.request(Method::POST, &paths::absence_end(absence_id)).send().await.unwrap()
}

/// Whom a report of the clerk reaches now.
async fn told(town: &Town, clerk: &Desk) -> Option<&'static str> {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(town.clock.now()) }).await;
    for person in [DEPUTY_1, STRANGER, LEADER_1, LEADER_2] {
        let alerts = town.sign_in(person).await.alerts().await;
        let kind = Some(&AlertKind::LeaderNotice);
        if alerts.iter().any(|alert| alert.case_id == case_id && alert.kind.word() == kind) {
            return Some(person);
        }
    }
    None
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn an_absence_sends_reports_to_the_deputy_named_for_it_until_it_ends(#[case] database: Database) {
    let mut town = Town::on(database).await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let now = town.clock.now();
    assert_eq!(told(&town, &clerk).await, Some(LEADER_1));
    // The stranger stands in this time, not the listed deputy.
    let asked = absence(LEADER_1, now.plus(HOUR), now.plus(Span::minutes(180)), Some(STRANGER));
    let entered = enter(&leader, &asked).await;
    assert_eq!(entered.deputy.unwrap().person_id.as_str(), STRANGER);
    assert_eq!(enter(&leader, &asked).await.entered_at, Some(now), "the same again changes nothing");
    assert_eq!(told(&town, &clerk).await, Some(LEADER_1), "it has not begun");
    town.clock.advance(HOUR);
    assert_eq!(told(&town, &clerk).await, Some(STRANGER));
    town.start_again().await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    assert_eq!(told(&town, &clerk).await, Some(STRANGER), "over a restart");
    town.clock.advance(HOUR);
    assert_eq!(end(&leader, asked.absence_id).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(told(&town, &clerk).await, Some(LEADER_1), "back early");
    let again = problem(end(&leader, asked.absence_id).await).await;
    assert_eq!(again.code, ErrorCode::AbsenceOver);
    let list: AbsenceList = leader.get(paths::ABSENCES).await;
    assert_eq!(list.absences, []);
}

#[tokio::test]
async fn everybody_keeps_their_own_absences_and_a_leader_those_of_everybody_below() {
    let town = Town::new().await;
    let now = town.clock.now();
    let asked = absence(CLERK, now, now.plus(HOUR), Some(STRANGER));
    for leader in [LEADER_1, LEADER_2, LEADER_3] {
        let desk = town.sign_in(leader).await;
        enter(&desk, &EnterAbsence { absence_id: AbsenceId(SystemEntropy.uuid(now)), ..asked.clone() }).await;
    }
    for other in [STRANGER, DEPUTY_1, IT] {
        let desk = town.sign_in(other).await;
        assert_eq!(refused(&desk, &asked).await.code, ErrorCode::NotAllowed, "{other}");
        let list: AbsenceList = desk.get(paths::ABSENCES).await;
        assert_eq!(list.absences, [], "{other} does not see that the clerk is away");
    }
    let clerk = town.sign_in(CLERK).await;
    let own: AbsenceList = clerk.get(paths::ABSENCES).await;
    assert_eq!(own.absences.len(), 3);
    assert_eq!(own.absences[0].entered_by.as_ref().unwrap().person_id.as_str(), LEADER_1);
    let people = |list: &AbsenceList| -> Vec<String> {
        list.people.iter().map(|person| person.person_id.to_string()).collect()
    };
    assert_eq!(people(&own), [CLERK]);
    let team: AbsenceList = town.sign_in(LEADER_1).await.get(paths::ABSENCES).await;
    assert_eq!(people(&team), [LEADER_1, CLERK]);
    assert!(team.deputies.iter().any(|person| person.person_id.as_str() == DEPUTY_1));
    let hidden = problem(end(&town.sign_in(STRANGER).await, own.absences[0].absence_id.unwrap()).await).await;
    assert_eq!(hidden.code, ErrorCode::NotFound, "not even that it is there");
    let reused = EnterAbsence { to: now.plus(Span::minutes(90)), ..asked.clone() };
    enter(&clerk, &asked).await;
    assert_eq!(refused(&clerk, &reused).await.code, ErrorCode::IdReused);
}

#[rstest]
#[case::backward(60, 30, None, ErrorCode::AbsenceSpan)]
#[case::over(-60, 0, None, ErrorCode::AbsenceSpan)]
#[case::for_years(0, 367 * 24 * 60, None, ErrorCode::AbsenceSpan)]
#[case::own_deputy(0, 60, Some(CLERK), ErrorCode::AbsenceDeputy)]
#[case::nobody(0, 60, Some("nobody"), ErrorCode::AbsenceDeputy)]
#[tokio::test]
async fn an_absence_that_cannot_be_is_refused(
    #[case] from: i64,
    #[case] to: i64,
    #[case] deputy: Option<&str>,
    #[case] code: ErrorCode,
) {
    let town = Town::new().await;
    let now = town.clock.now();
    let clerk = town.sign_in(CLERK).await;
    let asked = absence(CLERK, now.plus(Span::minutes(from)), now.plus(Span::minutes(to)), deputy);
    assert_eq!(refused(&clerk, &asked).await.code, code);
    let roster = EnterAbsence { kind: AbsenceKind::Duty, ..absence(CLERK, now, now.plus(HOUR), None) };
    assert_eq!(
        refused(&clerk, &roster).await.code,
        ErrorCode::AbsenceDeputy,
        "a roster names who is on duty"
    );
}

#[tokio::test]
async fn those_below_are_told_and_learn_whether_anybody_could_receive_a_report() {
    let town = Town::new().await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let mut clerks_stream = Listening::to(&clerk, None).await;
    let reference: Reference = clerk.get(paths::REFERENCE).await;
    assert!(reference.nobody_receives(), "no leader has a desk connected");
    let here = Listening::to(&leader, None).await;
    let reference: Reference = clerk.get(paths::REFERENCE).await;
    assert!(!reference.nobody_receives());
    let now = town.clock.now();
    let asked = absence(LEADER_1, now, now.plus(HOUR), None);
    enter(&leader, &asked).await;
    clerks_stream.feed_until(|body| matches!(body, FeedBody::ReferenceChanged)).await;
    let reference: Reference = clerk.get(paths::REFERENCE).await;
    assert!(
        reference.leaders[0].absent && reference.nobody_receives(),
        "connected, but away, and no deputy is"
    );
    let deputy = town.sign_in(DEPUTY_1).await;
    let stands_in = Listening::to(&deputy, None).await;
    let reference: Reference = clerk.get(paths::REFERENCE).await;
    assert!(!reference.nobody_receives(), "the deputy has a desk connected");
    drop(stands_in);
    until("the deputy to be gone", async || {
        let reference: Reference = clerk.get(paths::REFERENCE).await;
        reference.nobody_receives().then_some(())
    })
    .await;
    drop(here);
}
