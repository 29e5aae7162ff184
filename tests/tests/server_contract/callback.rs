//! 首次回访: D1, D2, D5, figures, and what a customer's field takes to be seen.

use chayan_api::alerts::Alert;
use chayan_api::cases::{CallbackFigures, RevealRequest, Revealed};
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_domain::case::{AlertKind, CallbackResult, CaseState, Refusal};
use chayan_domain::ids::{CaseId, PersonId};
use chayan_domain::report::{FieldName, Private};
use chayan_domain::time::Span;
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{
    AGENT_1, AGENT_2, CLERK, DEPARTMENT, Database, Desk, GROUP_HEAD, IT, LEADER_1, MONDAY, STRANGER, Town,
    full_report, new_case, new_command, problem, until,
};

async fn flow(clerk: &Desk) -> CaseId {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800000002") }).await;
    case_id
}

fn of_kind(kind: AlertKind) -> impl Fn(&Alert) -> bool {
    move |alert| alert.kind.word() == Some(&kind)
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn of_two_agents_who_claim_one_wins_and_the_other_learns_who(#[case] database: Database) {
    let town = Town::on(database).await;
    let (clerk, one, two) =
        (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await, town.sign_in(AGENT_2).await);
    let case_id = flow(&clerk).await;
    assert_eq!(one.list("callback").await.cases.len(), 1);
    two.alert(of_kind(AlertKind::CallbackDue)).await;
    let claim = async |desk: &Desk| {
        let command_id = new_command();
        let envelope = desk.envelope(case_id, command_id, CaseAction::ClaimCallback);
        desk.send(case_id, command_id, &envelope).await
    };
    let (first, second) = tokio::join!(claim(&one), claim(&two));
    let (winner, lost) = if first.status() == StatusCode::OK { (AGENT_1, second) } else { (AGENT_2, first) };
    let told = problem(lost).await;
    assert_eq!(told.code, ErrorCode::Refused);
    assert_eq!(told.refusal, Some(Refusal::ClaimedByOther { person_id: PersonId::from(winner) }));
    for desk in [&one, &two] {
        assert!(!desk.alerts().await.iter().any(of_kind(AlertKind::CallbackDue)), "nobody is asked any more");
    }
}

#[rstest]
#[case::in_time(Span(299_999), 1)]
#[case::at_the_limit(Span(300_000), 1)]
#[case::late(Span(300_001), 0)]
#[tokio::test]
async fn a_dial_at_exactly_five_minutes_is_in_time(#[case] after: Span, #[case] in_time: u32) {
    let town = Town::new().await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = flow(&clerk).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    town.clock.advance(after);
    agent.act(case_id, CaseAction::LogDial).await;
    let figures: CallbackFigures = agent.get(paths::CALLBACK_FIGURES).await;
    assert_eq!((figures.dialled_in_time.part, figures.dialled_in_time.whole), (in_time, 1));
}

#[tokio::test]
async fn t3_without_a_dial_calls_the_group_then_its_head_then_the_department() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let (agent, head, department) =
        (town.sign_in(AGENT_1).await, town.sign_in(GROUP_HEAD).await, town.sign_in(DEPARTMENT).await);
    let case_id = flow(&clerk).await;
    for (after, desk, step) in [(300, &agent, 1), (150, &head, 2), (150, &department, 3)] {
        assert!(
            !desk.alerts().await.iter().any(of_kind(AlertKind::CallbackOverdue)),
            "step {step} is not yet due"
        );
        town.clock.advance(Span::seconds(after));
        let alert = desk.alert(of_kind(AlertKind::CallbackOverdue)).await;
        assert_eq!(alert.level, step);
    }
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    for desk in [&agent, &head, &department] {
        assert!(desk.alerts().await.is_empty(), "the dial settles it for everybody");
    }
}

#[rstest]
#[case(CallbackResult::NotDissatisfied, CaseState::ArchivedNoDissatisfaction)]
#[case(CallbackResult::Dissatisfied, CaseState::ToDispatch)]
#[case(CallbackResult::Complained, CaseState::ToComplaint)]
#[case(CallbackResult::NotReached, CaseState::NotReached)]
#[case(CallbackResult::Refused, CaseState::NotReached)]
#[case(CallbackResult::WrongNumber, CaseState::NotReached)]
#[tokio::test]
async fn each_result_leads_to_its_state(#[case] result: CallbackResult, #[case] state: CaseState) {
    let town = Town::new().await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = flow(&clerk).await;
    let record = CaseAction::RecordCallback {
        result,
        appointment_at: None,
        note: Private::new("客户已接听"),
        recording: Private::default(),
    };
    agent.act(case_id, CaseAction::ClaimCallback).await;
    let told = agent.refused(case_id, record.clone()).await;
    assert_eq!(told.refusal, Some(Refusal::NoDial), "a result needs a dial");
    agent.act(case_id, CaseAction::LogDial).await;
    let done = agent.act(case_id, record).await;
    assert_eq!(done.case.state.word(), Some(&state));
    let mine = clerk.list("mine").await;
    assert_eq!(mine.cases.first().unwrap().state.word(), Some(&state), "the clerk sees what became of it");
    let dispatch = agent.list("to_dispatch").await.cases.len();
    assert_eq!(dispatch, usize::from(state == CaseState::ToDispatch));
}

#[tokio::test]
async fn an_appointment_calls_the_group_again_at_the_agreed_moment() {
    let town = Town::new().await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = flow(&clerk).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let at = MONDAY.plus(Span::minutes(90));
    let record = CaseAction::RecordCallback {
        result: CallbackResult::Appointment,
        appointment_at: Some(at),
        note: Private::default(),
        recording: Private::default(),
    };
    agent.act(case_id, record).await;
    town.clock.set(at.minus(Span(1)));
    assert!(agent.alerts().await.is_empty());
    town.clock.set(at);
    agent.alert(of_kind(AlertKind::CallbackDue)).await;
}

#[tokio::test]
async fn a_masked_field_is_shown_only_with_a_reason_and_the_showing_is_an_event() {
    let town = Town::new().await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = flow(&clerk).await;
    let phone = |detail: chayan_api::cases::CaseDetail| {
        detail.customer.into_iter().find(|shown| shown.field == FieldName::Phone).unwrap()
    };
    assert_eq!(phone(clerk.detail(case_id).await).text, "13800000002", "whoever wrote it may read it");
    let masked = phone(agent.detail(case_id).await);
    assert_eq!((masked.text.as_str(), masked.masked, masked.revealable), ("138****0002", true, true));

    let ask = async |reason: &str| {
        let body =
            RevealRequest { command_id: new_command(), field: FieldName::Phone, reason: reason.to_owned() };
        agent.request(Method::POST, &paths::reveal(case_id)).json(&body).send().await.unwrap()
    };
    assert_eq!(problem(ask(" ").await).await.code, ErrorCode::FormFaults);
    let shown: Revealed = ask("拨打回访电话").await.json().await.unwrap();
    assert_eq!(shown.text.reveal(), "13800000002");
    let event = agent.detail(case_id).await.timeline.pop().unwrap();
    assert_eq!((event.kind.as_str(), event.word.as_deref()), ("field_revealed", Some("phone")));
}

#[tokio::test]
async fn who_has_nothing_to_do_with_a_case_does_not_even_learn_that_it_exists() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let case_id = flow(&clerk).await;
    for person in [STRANGER, IT] {
        let desk = town.sign_in(person).await;
        assert_eq!(desk.refused_get(&paths::case(case_id)).await.code, ErrorCode::NotFound, "{person}");
        assert_eq!(
            desk.refused(case_id, CaseAction::ClaimCallback).await.code,
            ErrorCode::NotFound,
            "{person}"
        );
        assert_eq!(
            desk.refused_get(&format!("{}?view=callback", paths::CASES)).await.code,
            ErrorCode::NotAllowed,
            "{person}"
        );
        assert!(
            desk.events("0-0")
                .await
                .events
                .iter()
                .all(|event| { !matches!(event.body, chayan_api::stream::FeedBody::CaseChanged { .. }) })
        );
    }
    let leader = town.sign_in(LEADER_1).await;
    assert_eq!(
        leader.detail(case_id).await.summary.case_id,
        case_id,
        "the direct leader sees the team's reports"
    );
    until("the queue", async || {
        (town.sign_in(GROUP_HEAD).await.list("callback").await.cases.len() == 1).then_some(())
    })
    .await;
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn after_t3_a_colleague_takes_over_from_an_agent_who_vanished_and_both_are_named(
    #[case] database: Database,
) {
    let town = Town::on(database).await;
    let (clerk, gone, other) =
        (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await, town.sign_in(AGENT_2).await);
    let case_id = flow(&clerk).await;
    gone.act(case_id, CaseAction::ClaimCallback).await;
    gone.request(Method::DELETE, paths::SESSION).send().await.unwrap();
    town.clock.advance(Span::minutes(5));
    let held = Refusal::ClaimedByOther { person_id: PersonId::from(AGENT_1) };
    assert_eq!(other.refused(case_id, CaseAction::ClaimCallback).await.refusal, Some(held));
    town.clock.advance(Span(1));
    other.alert(of_kind(AlertKind::CallbackOverdue)).await;
    let offered = other.detail(case_id).await.actions;
    let claim = offered.iter().find(|offer| offer.action == chayan_domain::process::Action::ClaimCallback);
    assert_eq!(claim.unwrap().refusal, None, "the screen offers it");
    let taken = other.act(case_id, CaseAction::ClaimCallback).await;
    assert_eq!(taken.case.holder.unwrap().person_id.as_str(), AGENT_2);
    let line = other.detail(case_id).await.timeline.pop().unwrap();
    assert_eq!(line.kind, "callback_claimed");
    let named = (line.actor.unwrap().person_id, line.about.unwrap().person_id);
    assert_eq!(named, (PersonId::from(AGENT_2), PersonId::from(AGENT_1)));
    other.act(case_id, CaseAction::LogDial).await;
    let back = town.sign_in(AGENT_1).await.refused(case_id, CaseAction::LogDial).await;
    assert_eq!(back.refusal, Some(Refusal::ClaimedByOther { person_id: PersonId::from(AGENT_2) }));
}
