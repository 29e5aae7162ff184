//! A server that was down fires what is overdue once, and says how late.

use chayan_api::alerts::ReceiptKind;
use chayan_api::commands::CaseAction;
use chayan_domain::case::{AlertKind, CaseState};
use chayan_domain::time::Span;
use rstest::rstest;

use super::town::{
    AGENT_1, CLERK, Database, LEADER_1, LEADER_2, MONDAY, Town, full_report, new_case, short_report, until,
};

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn an_overdue_callback_is_told_once_after_a_restart_with_how_late_it_is(#[case] database: Database) {
    let mut town = Town::on(database).await;
    let clerk = town.sign_in(CLERK).await;
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800000005") }).await;
    town.stop().await;
    town.clock.advance(Span::seconds(330));
    for _ in 0..2 {
        town.start_again().await;
        let agent = town.sign_in(AGENT_1).await;
        agent.alert(|alert| alert.kind.word() == Some(&AlertKind::CallbackOverdue)).await;
        let overdue: Vec<_> = agent
            .detail(case_id)
            .await
            .timeline
            .into_iter()
            .filter(|line| line.kind == "callback_overdue")
            .map(|line| (line.word, line.late))
            .collect();
        assert_eq!(
            overdue,
            [(Some("t3".to_owned()), Span::seconds(30))],
            "once, also after a second restart"
        );
    }
}

#[tokio::test]
async fn a_ladder_goes_on_where_it_was_and_alerts_are_still_there() {
    let mut town = Town::new().await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let case_id = new_case();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    let alert = leader.alert(|alert| alert.level == 1).await;
    leader.report_back(alert.alert_id, ReceiptKind::Delivered).await;
    town.start_again().await;
    let leader = town.sign_in(LEADER_1).await;
    let kept = leader.alert(|alert| alert.level == 1).await;
    assert_eq!((kept.alert_id, kept.due_at), (alert.alert_id, Some(MONDAY.plus(Span::minutes(10)))));
    town.clock.advance(Span::minutes(10));
    town.sign_in(LEADER_2).await.alert(|alert| alert.level == 2).await;
}

#[tokio::test]
async fn a_thousand_timers_of_one_moment_all_fire_and_each_once() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let cases: Vec<_> = (0..1_000).map(|_| new_case()).collect();
    for chunk in cases.chunks(50) {
        let sent = chunk.iter().map(|case_id| {
            clerk.act(*case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800000006") })
        });
        futures_util::future::join_all(sent).await;
    }
    town.clock.advance(Span::minutes(5));
    let fired = until("every timer", async || {
        let found = town.store.cases_by_id(&cases).await.unwrap();
        let told = found.iter().map(|listed| listed.case.callback.overdue_told.len()).sum::<usize>();
        (told >= cases.len()).then_some(found)
    })
    .await;
    assert!(fired.iter().all(|listed| listed.case.callback.overdue_told.len() == 1));
    assert!(fired.iter().all(|listed| listed.case.state == CaseState::Submitted));
    for case_id in cases.iter().take(20) {
        let events = town.store.events(*case_id).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.kind == "callback_overdue").count(), 1);
    }
}
