//! The queue of 首次回访 in the order of what is left, and connected calls counted apart from dialled ones.

use chayan_api::cases::{CallbackFigures, CaseList, Share, Wallboard};
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_domain::case::CallbackResult;
use chayan_domain::ids::CaseId;
use chayan_domain::report::Private;
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::Clock as _;
use rstest::rstest;

use super::town::{AGENT_1, CLERK, Database, Desk, MONDAY, Town, full_report, new_case};

async fn flow(clerk: &Desk) -> CaseId {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800000002") }).await;
    case_id
}

async fn record(agent: &Desk, case_id: CaseId, result: CallbackResult, appointment_at: Option<Timestamp>) {
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let (note, recording) = (Private::new("已拨打"), Private::default());
    agent.act(case_id, CaseAction::RecordCallback { result, appointment_at, note, recording }).await;
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn the_queue_begins_with_what_has_the_least_time_left_whole_and_page_by_page(
    #[case] database: Database,
) {
    let town = Town::on(database).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let mut received = Vec::new();
    for _ in 0..4 {
        received.push(flow(&clerk).await);
        town.clock.advance(Span::seconds(50));
    }
    // The oldest is to be called in an hour, as agreed: now it has the most time left.
    let agreed = town.clock.now().plus(Span::minutes(60));
    record(&agent, received[0], CallbackResult::Appointment, Some(agreed)).await;
    received.rotate_left(1);

    let ids = |list: &CaseList| list.cases.iter().map(|case| case.case_id).collect::<Vec<_>>();
    let whole = agent.list("callback").await;
    assert_eq!(ids(&whole), received);
    let due: Vec<_> = whole.cases.iter().map(|case| case.clock.as_ref().map(|clock| clock.due_at)).collect();
    assert!(due.is_sorted() && due.iter().all(Option::is_some), "{due:?}");

    let (mut paged, mut after) = (Vec::new(), String::new());
    while paged.len() < received.len() {
        let page: CaseList = agent.get(&format!("{}?view=callback&limit=1{after}", paths::CASES)).await;
        paged.extend(ids(&page));
        let Some(next) = page.next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, received, "page by page");
}

#[tokio::test]
async fn a_dial_that_nobody_answers_is_in_time_and_not_connected() {
    let town = Town::new().await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    for result in [CallbackResult::NotReached, CallbackResult::WrongNumber, CallbackResult::NotDissatisfied] {
        let case_id = flow(&clerk).await;
        record(&agent, case_id, result, None).await;
    }
    let dialled_only = flow(&clerk).await;
    agent.act(dialled_only, CaseAction::ClaimCallback).await;
    agent.act(dialled_only, CaseAction::LogDial).await;
    flow(&clerk).await;
    let figures: CallbackFigures = agent.get(paths::CALLBACK_FIGURES).await;
    let share = |part, whole| Share { part, whole };
    assert_eq!(figures.dialled_in_time, share(4, 4), "four were dialled, the fifth has time left");
    assert_eq!(figures.connected, share(1, 4), "one of the four was answered");
    assert_eq!(figures.not_dissatisfied, share(1, 1));
    assert_eq!(figures.waiting, 1);
}

#[tokio::test]
async fn the_wall_shows_the_next_ten_calls_and_the_figures_and_names_nobodys_customer() {
    let town = Town::new().await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    for _ in 0..12 {
        flow(&clerk).await;
        town.clock.advance(Span::seconds(1));
    }
    let called = flow(&clerk).await;
    record(&agent, called, CallbackResult::NotDissatisfied, None).await;
    let claimed = agent.list("callback").await.cases[0].case_id;
    agent.act(claimed, CaseAction::ClaimCallback).await;
    let board: Wallboard = agent.get(paths::WALLBOARD).await;
    assert_eq!(board.next.len(), 10);
    let due: Vec<_> = board.next.iter().map(|call| call.clock.due_at).collect();
    let first = MONDAY.plus(Span::minutes(5));
    assert_eq!(due, (0..10).map(|second| first.plus(Span::seconds(second))).collect::<Vec<_>>());
    assert_eq!(board.next[0].holder.as_deref(), Some("人员1101"));
    assert_eq!(board.next[0].unit_name, "昆山支公司");
    assert_eq!(board.figures, agent.get::<CallbackFigures>(paths::CALLBACK_FIGURES).await);
    assert_eq!(board.figures.waiting, 11);
    assert_eq!(board.figures.dialled_in_time, Share { part: 1, whole: 1 });
    let said = serde_json::to_string(&board).unwrap();
    assert!(!said.contains("1380000") && !said.contains(&claimed.to_string()), "{said}");
    assert_eq!(clerk.refused_get(paths::WALLBOARD).await.code, ErrorCode::NotAllowed);
}
