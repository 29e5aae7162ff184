//! Bad input: each kind gets its stable code, and nothing is stored.

use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_domain::case::Refusal;
use chayan_domain::report::{FieldFaultKind, FieldName, Private};
use chayan_domain::time::Span;
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{
    CLERK, Database, LEADER_1, MONDAY, PASSWORD, Town, client, full_report, new_case, new_command, problem,
    short_report,
};

#[tokio::test]
async fn a_flow_names_every_missing_and_overlong_field() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let mut report = short_report(MONDAY);
    report.form.customer.narrative = Private::new("短");
    report.form.customer.remark = Private::new("长".repeat(5_000));
    let told = clerk.refused(new_case(), CaseAction::StartFlow { report }).await;
    assert_eq!(told.code, ErrorCode::FormFaults);
    let kind =
        |field: FieldName| told.fields.iter().find(|fault| fault.field == field).map(|fault| fault.kind);
    assert_eq!(kind(FieldName::Step), Some(FieldFaultKind::Missing));
    assert_eq!(kind(FieldName::Phone), Some(FieldFaultKind::Missing));
    assert_eq!(kind(FieldName::Narrative), Some(FieldFaultKind::TooShort));
    assert_eq!(kind(FieldName::Remark), Some(FieldFaultKind::TooLong));
    assert!(clerk.list("mine").await.cases.is_empty());
}

#[tokio::test]
async fn a_notice_needs_the_trigger_only_and_the_rest_is_to_be_added() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let mut report = short_report(MONDAY);
    let accepted = clerk.act(new_case(), CaseAction::NotifyLeader { report: report.clone() }).await;
    assert!(accepted.case.missing.contains(&FieldName::Phone.into()), "待补");
    report.form.facts.trigger = None;
    let told = clerk.refused(new_case(), CaseAction::NotifyLeader { report }).await;
    assert_eq!(told.fields.iter().map(|fault| fault.field).collect::<Vec<_>>(), [FieldName::Trigger]);
}

#[tokio::test]
async fn a_finding_after_the_timer_and_a_missing_reason_are_refused() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800000004") }).await;
    let told = clerk.refused(case_id, CaseAction::Withdraw { note: Private::new("  ") }).await;
    assert_eq!(told.code, ErrorCode::FormFaults);
    let mut late = full_report(MONDAY.plus(Span::minutes(600)), "13800000004");
    late.timing_started_at = Some(MONDAY);
    let told = clerk.refused(new_case(), CaseAction::StartFlow { report: late }).await;
    assert_eq!((told.code, told.refusal), (ErrorCode::Refused, Some(Refusal::FoundLater)));
}

#[tokio::test]
async fn what_is_not_the_contract_is_a_bad_request_that_quotes_nothing() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let path = paths::command(new_case(), new_command());
    let bodies = [
        "",
        "{",
        "[]",
        "{\"payload\":{}}",
        "{\"payload\":{\"phone\":\"13811112222\"},\"attempt\":1}",
        "\u{0}",
    ];
    for body in bodies {
        let answer = clerk.request(Method::PUT, &path).body(body).send().await.unwrap();
        let told = problem(answer).await;
        assert_eq!(told.code, ErrorCode::BadRequest, "{body}");
        assert!(!serde_json::to_string(&told).unwrap().contains("13811112222"), "the answer quotes nothing");
    }
    let case_id = new_case();
    for (method, path) in [
        (Method::GET, "/v1/cases/not-a-case".to_owned()),
        (Method::GET, format!("{}?view=everything", paths::CASES)),
        (Method::GET, format!("{}?view=mine&limit=0", paths::CASES)),
        (Method::GET, format!("{}?view=mine&after=nowhere", paths::CASES)),
        (Method::GET, format!("{}?cursor=here", paths::EVENTS)),
        (Method::GET, format!("{}?wait=26", paths::EVENTS)),
        (Method::PATCH, paths::case(case_id)),
        (Method::DELETE, paths::case(case_id)),
    ] {
        let told = problem(clerk.request(method, &path).send().await.unwrap()).await;
        assert_eq!(told.code, ErrorCode::BadRequest, "{path}");
    }
    assert_eq!(clerk.refused_get("/v1/elsewhere").await.code, ErrorCode::NotFound);
    assert_eq!(clerk.refused_get(&paths::case(case_id)).await.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_too_large() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let path = paths::command(new_case(), new_command());
    let answer = clerk.request(Method::PUT, &path).body("x".repeat(257 * 1_024)).send().await.unwrap();
    assert_eq!(problem(answer).await.code, ErrorCode::TooLarge);
}

#[tokio::test]
async fn ids_in_path_and_payload_must_agree_and_the_person_must_be_the_tokens() {
    let town = Town::new().await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let (case_id, command_id) = (new_case(), new_command());
    let envelope =
        clerk.envelope(case_id, command_id, CaseAction::NotifyLeader { report: short_report(MONDAY) });
    let told = problem(clerk.send(new_case(), command_id, &envelope).await).await;
    assert_eq!(told.code, ErrorCode::BadRequest);
    let told = problem(leader.send(case_id, command_id, &envelope).await).await;
    assert_eq!(told.code, ErrorCode::NotAllowed, "nobody reports in another's name");
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn no_text_holds_nul(#[case] database: Database) {
    let town = Town::on(database).await;
    let device = town.sign_in(CLERK).await.device;
    for number in ["\0", "3001\0"] {
        let told = problem(town.try_sign_in(number, PASSWORD, device).await).await;
        assert_eq!(told.code, ErrorCode::BadRequest);
    }
    let told = problem(town.try_sign_in(r"\u0000", PASSWORD, device).await).await;
    assert_eq!(told.code, ErrorCode::WrongCredentials, "these are six signs, and none of them is NUL");
}

#[tokio::test]
async fn a_command_to_a_case_that_does_not_exist_is_not_found() {
    let town = Town::new().await;
    let leader = town.sign_in(LEADER_1).await;
    assert_eq!(leader.refused(new_case(), CaseAction::TakeOver).await.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn the_callers_request_id_comes_back_and_a_wild_one_is_replaced() {
    let town = Town::new().await;
    let ask = async |id: &str| {
        let answer = client()
            .get(format!("{}{}", town.base(), paths::HEALTH))
            .header(paths::REQUEST_ID, id)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.headers().get(paths::REQUEST_ID).unwrap().to_str().unwrap().to_owned()
    };
    assert_eq!(ask("desk-7-42").await, "desk-7-42");
    assert_ne!(ask("no spaces, no \"quotes\"").await, "no spaces, no \"quotes\"");
}
