//! 95518: a call that is registered for who rang, where its recording lies, who complains again, and what was opened
//! again.

use chayan_api::alerts::Alert;
use chayan_api::cases::{CaseDetail, CaseList};
use chayan_api::commands::{Accepted, CaseAction};
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::rules::{AmendRequest, AmendmentDraft};
use chayan_api::search::{PeopleSearch, PersonChoices};
use chayan_domain::case::{AlertKind, CallbackResult, CaseState, Refusal, Starter, VoidReason};
use chayan_domain::directory::{DirectoryDraft, Line, Role};
use chayan_domain::evidence::TimeProof;
use chayan_domain::ids::{AmendmentId, CaseId, ComplaintNo, PersonId};
use chayan_domain::process::Action;
use chayan_domain::report::{Channel, FieldFaultKind, FieldName, Private, RiskTag};
use chayan_domain::rules::{SettingName, SettingValue, SwitchName};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock as _, Entropy as _, SystemEntropy};
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, GROUP_HEAD, IT, LEADER_1, MONDAY, STRANGER, Town,
    full_report, logs, new_case, new_command, person, problem,
};

/// 95518 客服代表: registers calls, and calls nobody back.
const OPERATOR: &str = "1150";
const CALLERS_PHONE: &str = "0512-5730 3001";

async fn town(database: Database) -> Town {
    let staffed = |draft: &mut DirectoryDraft| {
        draft.people.push(person(OPERATOR, "JS", Line::CustomerService, Some(GROUP_HEAD), &[], &[Role::Agt]));
        let clerk = draft.people.iter_mut().find(|person| person.person_id.as_str() == CLERK).unwrap();
        clerk.phone = Some("051257303001".to_owned());
    };
    Town::with(database, |_| {}, staffed).await
}

fn call(reporter: &str, called_at: Timestamp) -> CaseAction {
    CaseAction::RegisterAsAgent {
        reporter: PersonId::from(reporter),
        called_at,
        report: full_report(called_at, "13800009001"),
        recording: Private::default(),
    }
}

async fn ask_for(desk: &Desk, text: &str) -> reqwest::Response {
    let asked = PeopleSearch { text: Private::new(text) };
    desk.request(Method::POST, paths::PEOPLE_SEARCH).json(&asked).send().await.unwrap()
}

async fn found(desk: &Desk, text: &str) -> Vec<String> {
    let choices: PersonChoices = ask_for(desk, text).await.json().await.unwrap();
    choices.people.into_iter().map(|person| person.person_id.to_string()).collect()
}

fn of_kind(kind: AlertKind, case_id: CaseId) -> impl Fn(&Alert) -> bool {
    move |alert| alert.kind.word() == Some(&kind) && alert.case_id == case_id
}

async fn record(agent: &Desk, case_id: CaseId, result: CallbackResult, recording: &str) {
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let recording = Private::new(recording);
    let note = Private::new("已接通");
    agent.act(case_id, CaseAction::RecordCallback { result, appointment_at: None, note, recording }).await;
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn who_rings_is_found_and_the_call_becomes_their_report_in_the_queue(#[case] database: Database) {
    let town = town(database).await;
    let (clerk, operator) = (town.sign_in(CLERK).await, town.sign_in(OPERATOR).await);
    let agent = town.sign_in(AGENT_1).await;
    for typed in [CLERK, "人员3001", CALLERS_PHONE, "+86 0512 57303001"] {
        assert_eq!(found(&operator, typed).await, [CLERK], "{typed}");
    }
    town.clock.advance(Span::minutes(20));
    let called_at = town.clock.now().minus(Span::minutes(4));
    let case_id = new_case();
    let accepted = operator.act(case_id, call(CLERK, called_at)).await;
    assert_eq!(accepted.receipt.report_time.latest, called_at);

    let queue = agent.list("callback").await;
    assert_eq!(queue.cases.iter().map(|case| case.case_id).collect::<Vec<_>>(), [case_id], "at once");
    let detail = agent.detail(case_id).await;
    let flow = detail.flow.unwrap();
    assert_eq!(flow.starter.word(), Some(&Starter::Agent));
    assert_eq!(flow.channel.word(), Some(&Channel::Telephone));
    assert_eq!(flow.started_by.unwrap().person_id.as_str(), OPERATOR, "who entered it");
    assert_eq!(detail.summary.reporter.unwrap().person_id.as_str(), CLERK, "for whom");
    assert_eq!(detail.summary.unit_name, "昆山支公司", "a case of the reporter's unit");
    let time = detail.summary.report_time.unwrap();
    assert_eq!((time.latest, time.proof), (called_at, TimeProof::Telephone));
    let both = |entry: &chayan_api::cases::TimelineEntry| {
        let named = |person: &Option<chayan_api::cases::PersonRef>| {
            person.as_ref().map(|person| person.person_id.to_string())
        };
        (named(&entry.actor), named(&entry.acting_for))
    };
    assert_eq!(both(&detail.timeline[0]), (Some(OPERATOR.to_owned()), Some(CLERK.to_owned())));

    for desk in [&clerk, &operator] {
        let mine = desk.list("mine").await;
        assert_eq!(mine.cases.iter().map(|case| case.case_id).collect::<Vec<_>>(), [case_id]);
    }
    clerk.alert(of_kind(AlertKind::Outcome, case_id)).await;
    record(&agent, case_id, CallbackResult::NotDissatisfied, "").await;
    let told = clerk.in_state(case_id, CaseState::ArchivedNoDissatisfaction).await;
    assert_eq!(told.callback.dials.len(), 1, "and learns what came of it");
    assert!(!logs().contains("57303001") && !logs().contains("0512-5730"), "no number of anybody is logged");
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_registration_that_is_sent_again_is_stored_once(#[case] database: Database) {
    let town = town(database).await;
    let operator = town.sign_in(OPERATOR).await;
    let (case_id, command_id) = (new_case(), new_command());
    let envelope = operator.envelope(case_id, command_id, call(CLERK, MONDAY));
    let mut answers = Vec::new();
    for _ in 0..2 {
        let response = operator.send(case_id, command_id, &envelope).await;
        answers.push(response.json::<Accepted>().await.unwrap());
    }
    assert_eq!((answers[0].replayed, answers[1].replayed), (false, true));
    assert_eq!(answers[0].receipt, answers[1].receipt);
    let again = operator.refused(case_id, call(CLERK, MONDAY)).await;
    assert_eq!(again.refusal, Some(Refusal::AlreadyBegun), "another press of the same form");
    assert_eq!(operator.list("mine").await.cases.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_registered_names_its_reason_and_leaves_nothing() {
    let town = town(Database::Sqlite).await;
    town.clock.advance(Span::minutes(48 * 60));
    let now = town.clock.now();
    let operator = town.sign_in(OPERATOR).await;
    let why = async |desk: &Desk, action| {
        let case_id = new_case();
        let told = desk.refused(case_id, action).await;
        let page = town.sign_in(DEPARTMENT).await.refused_get(&paths::case(case_id)).await;
        assert_eq!(page.code, ErrorCode::NotFound, "nothing is left of it");
        told
    };
    for nobody in [CLERK, LEADER_1, DEPARTMENT, GROUP_HEAD, IT] {
        let told = why(&town.sign_in(nobody).await, call(STRANGER, now)).await;
        assert_eq!(told.code, ErrorCode::NotAllowed, "{nobody}");
    }
    assert_eq!(why(&operator, call("7777", now)).await.refusal, Some(Refusal::UnknownPerson));
    assert_eq!(why(&operator, call(OPERATOR, now)).await.refusal, Some(Refusal::OwnReport));
    let ahead = call(CLERK, now.plus(Span::minutes(1)));
    assert_eq!(why(&operator, ahead).await.refusal, Some(Refusal::TimeAhead));
    let earliest = now.minus(Span::minutes(24 * 60));
    let old = call(CLERK, earliest.minus(Span(1)));
    assert_eq!(why(&operator, old).await.refusal, Some(Refusal::CallTooOld { earliest }));
    let mut later = call(CLERK, now);
    if let CaseAction::RegisterAsAgent { report, called_at, .. } = &mut later {
        *called_at = now.minus(Span(1));
        report.form.customer.remark = Private::new("后来才发现");
    }
    assert_eq!(why(&operator, later).await.refusal, Some(Refusal::FoundAfterCall));
    let mut bare = call(CLERK, now);
    if let CaseAction::RegisterAsAgent { report, recording, .. } = &mut bare {
        report.form.customer.phone = Private::default();
        *recording = Private::new("javascript:alert(1)");
    }
    let told = why(&operator, bare).await;
    let faults: Vec<_> = told.fields.iter().map(|fault| (fault.field, fault.kind)).collect();
    let expected =
        [(FieldName::Phone, FieldFaultKind::Missing), (FieldName::Recording, FieldFaultKind::Malformed)];
    assert_eq!((told.code, faults.as_slice()), (ErrorCode::FormFaults, expected.as_slice()));
    operator.act(new_case(), call(CLERK, earliest)).await;
}

#[tokio::test]
async fn people_are_looked_up_by_95518_alone_and_no_number_of_theirs_comes_back() {
    let town = town(Database::Sqlite).await;
    for nobody in [CLERK, LEADER_1, DEPARTMENT, GROUP_HEAD, IT] {
        let told = problem(ask_for(&town.sign_in(nobody).await, CLERK).await).await;
        assert_eq!(told.code, ErrorCode::NotAllowed, "{nobody}");
    }
    let agent = town.sign_in(AGENT_1).await;
    assert!(found(&agent, " ").await.is_empty());
    assert!(found(&agent, "57303001").await.is_empty(), "a part of a number finds nobody");
    assert!(found(&agent, "人员").await.len() > 5);
    let answer = ask_for(&agent, CALLERS_PHONE).await.text().await.unwrap();
    let told: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let expected = serde_json::json!({ "people": [
        { "person_id": CLERK, "name": "人员3001", "unit_name": "昆山支公司", "line": "claims" }
    ] });
    assert_eq!(told, expected);
}

async fn flow(clerk: &Desk, phone: &str, plate: &str) -> CaseId {
    let case_id = new_case();
    let mut report = full_report(MONDAY, phone);
    report.form.customer.plate = Private::new(plate);
    report.form.customer.no_phone = phone.is_empty();
    clerk.act(case_id, CaseAction::StartFlow { report }).await;
    case_id
}

fn links(detail: &CaseDetail) -> (Vec<CaseId>, u32) {
    (detail.similar.iter().map(|other| other.case_id).collect(), detail.similar_hidden)
}

fn is_tagged(detail: &CaseDetail) -> bool {
    detail.summary.facts.risk_tags.iter().any(|tag| tag.word() == Some(&RiskTag::Repeated))
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_second_report_of_a_customer_is_tagged_and_linked_as_far_as_one_may_see(
    #[case] database: Database,
) {
    let town = town(database).await;
    let (other, agent) = (town.sign_in(STRANGER).await, town.sign_in(AGENT_1).await);
    let first = flow(&other, "13800009101", "").await;
    assert!(!is_tagged(&agent.detail(first).await));
    town.clock.advance(Span::minutes(29 * 24 * 60));
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let second = flow(&clerk, "138 0000 9101", "苏E·9101A").await;

    let seen = agent.detail(second).await;
    assert!(is_tagged(&seen));
    assert_eq!(links(&seen), (vec![first], 0), "the complaint group sees both");
    assert_eq!(links(&clerk.detail(second).await), (vec![], 1), "the clerk learns that there is one");
    let line = seen.timeline.iter().find(|entry| entry.kind == "similar_found").unwrap();
    assert!(line.actor.is_none() && !line.actor_hidden, "系统自动");
    assert!(!is_tagged(&agent.detail(first).await), "the earlier case stays as it is");
    assert_eq!(seen.summary.state.word(), Some(&CaseState::Submitted), "nothing is merged by itself");
    let offered = seen.actions.iter().find(|offer| offer.action == Action::Void).unwrap();
    assert_eq!(offered.refusal, None, "the dialog that exists");

    town.clock.advance(Span(24 * 60 * 60_000 + 1));
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let third = flow(&clerk, "", "苏E 9101A").await;
    assert_eq!(
        links(&agent.detail(third).await),
        (vec![second], 0),
        "by the plate; the first is too long ago"
    );
    let merge = CaseAction::Void { reason: VoidReason::Duplicate, merged_into: Some(second) };
    agent.act(third, merge).await;
    let fourth = flow(&clerk, "13800009101", "苏E9101A").await;
    assert_eq!(links(&agent.detail(fourth).await), (vec![second], 0), "a voided case is none");
    let stranger = flow(&clerk, "13800009102", "").await;
    assert!(!is_tagged(&agent.detail(stranger).await));
}

#[tokio::test]
async fn a_supplement_that_names_a_known_customer_is_told_too_and_told_once() {
    let town = town(Database::Sqlite).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let first = flow(&clerk, "13800009111", "苏E·9111A").await;
    let second = flow(&clerk, "13800009112", "").await;
    let supplement = || {
        let mut form = chayan_domain::report::ReportForm::default();
        form.customer.plate = Private::new("苏E9111A");
        CaseAction::Supplement { form }
    };
    clerk.act(second, supplement()).await;
    clerk.act(second, supplement()).await;
    let seen = agent.detail(second).await;
    assert_eq!(links(&seen), (vec![first], 0));
    assert_eq!(seen.timeline.iter().filter(|entry| entry.kind == "similar_found").count(), 1);
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn where_a_call_was_recorded_is_kept_beside_it_for_those_who_oversee_it(#[case] database: Database) {
    const OF_CALL: &str = "https://rec.example/13800009001/7";
    const OF_CALLBACK: &str = "REC-20261123-0097";
    let town = town(database).await;
    let (operator, agent) = (town.sign_in(OPERATOR).await, town.sign_in(AGENT_1).await);
    let case_id = new_case();
    let mut action = call(CLERK, MONDAY);
    if let CaseAction::RegisterAsAgent { recording, .. } = &mut action {
        *recording = Private::new(OF_CALL);
    }
    operator.act(case_id, action).await;
    record(&agent, case_id, CallbackResult::NotReached, OF_CALLBACK).await;

    let heard = async |who: &str| {
        let detail = town.sign_in(who).await.detail(case_id).await;
        let of = |entry: chayan_api::cases::TimelineEntry| {
            entry.recording.map(|recording| (entry.kind, recording.reveal().to_owned()))
        };
        detail.timeline.into_iter().filter_map(of).collect::<Vec<_>>()
    };
    let all = [
        ("reported".to_owned(), OF_CALL.to_owned()),
        ("callback_recorded".to_owned(), OF_CALLBACK.to_owned()),
    ];
    for who in [OPERATOR, AGENT_1, DEPARTMENT, LEADER_1] {
        assert_eq!(heard(who).await, all, "{who}");
    }
    assert_eq!(heard(CLERK).await, [], "who was not on the line");
    for event in town.store.events(case_id).await.unwrap() {
        let text = String::from_utf8(event.bytes).unwrap();
        assert!(!text.contains("rec.example") && !text.contains("REC-2026"), "no event holds it: {text}");
    }
    assert!(!logs().contains("rec.example"));

    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    for bad in ["ftp://rec.example/7", "javascript:alert(1)", &"7".repeat(501)] {
        let told = agent
            .refused(
                case_id,
                CaseAction::RecordCallback {
                    result: CallbackResult::NotDissatisfied,
                    appointment_at: None,
                    note: Private::default(),
                    recording: Private::new(bad),
                },
            )
            .await;
        assert_eq!((told.code, told.fields[0].field), (ErrorCode::FormFaults, FieldName::Recording), "{bad}");
    }
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn what_a_complaint_opened_again_stands_in_a_list_of_its_own(#[case] database: Database) {
    let town = town(database).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let mut archived = Vec::new();
    for last in 0..4 {
        let case_id = flow(&clerk, &format!("1380000920{last}"), "").await;
        record(&agent, case_id, CallbackResult::NotDissatisfied, "").await;
        archived.push(case_id);
    }
    let ids = |list: CaseList| list.cases.iter().map(|case| case.case_id).collect::<Vec<_>>();
    assert!(agent.list("reopened").await.cases.is_empty());
    for case_id in [archived[2], archived[0], archived[3]] {
        town.clock.advance(Span::minutes(1));
        let complaint_no = ComplaintNo("TS2026112301".to_owned());
        agent.act(case_id, CaseAction::Reopen { complaint_no, note: Private::default() }).await;
    }
    let expected = [archived[3], archived[0], archived[2]];
    let service = town.sign_in(DEPARTMENT).await;
    for desk in [&agent, &service] {
        assert_eq!(ids(desk.list("reopened").await), expected, "the last one first");
    }
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let page: CaseList = agent.get(&format!("{}?view=reopened&limit=1{after}", paths::CASES)).await;
        let next = page.next.clone();
        paged.extend(ids(page));
        let Some(next) = next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, expected, "page by page");
    for nobody in [CLERK, OPERATOR] {
        let path = format!("{}?view=reopened", paths::CASES);
        let response = town.sign_in(nobody).await.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{nobody}");
    }
}

#[tokio::test]
async fn a_spot_trace_waits_in_the_queue_only_where_the_setting_wants_it() {
    let town = town(Database::Sqlite).await;
    let (clerk, agent, it) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await, town.sign_in(IT).await);
    let trace = async || {
        let case_id = new_case();
        clerk.act(case_id, CaseAction::ResolveOnSpot { report: full_report(MONDAY, "13800009301") }).await;
        case_id
    };
    trace().await;
    assert!(agent.list("callback").await.cases.is_empty(), "系统默认: a record and nothing else");
    let name = SettingName::Switch(SwitchName::SpotCallback);
    let asked = AmendRequest {
        amendment_id: AmendmentId(SystemEntropy.uuid(MONDAY)),
        based_on: 0,
        effective_on: "2026-11-23".to_owned(),
        reason: "试行留痕回访".to_owned(),
        draft: AmendmentDraft::Defaults { settings: vec![SettingValue { name, value: 1 }] },
        preview: false,
    };
    let answer = it.request(Method::POST, paths::AMENDMENTS).json(&asked).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let case_id = trace().await;
    let queue = agent.list("callback").await;
    assert_eq!(queue.cases.iter().map(|case| case.case_id).collect::<Vec<_>>(), [case_id]);
    record(&agent, case_id, CallbackResult::NotDissatisfied, "").await;
    clerk.in_state(case_id, CaseState::ArchivedNoDissatisfaction).await;
}
