//! 逐级报告 by timers: B1 to B5, B8.

use chayan_api::alerts::ReceiptKind;
use chayan_api::commands::CaseAction;
use chayan_domain::case::{AlertEnd, AlertKind, CaseState, LevelEnd, Starter};
use chayan_domain::ids::CaseId;
use chayan_domain::report::Private;
use chayan_domain::time::Span;
use rstest::rstest;

use super::town::{
    AGENT_1, AGENT_2, CLERK, DEPUTY_1, Database, Desk, LEADER_1, LEADER_2, LEADER_3, MONDAY, Town, away,
    full_report, new_case, short_report, until,
};

async fn notify(clerk: &Desk) -> CaseId {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    case_id
}

/// The person's device receives the notice.
async fn deliver(desk: &Desk) {
    let alert = desk.alert(|alert| alert.kind.word() == Some(&AlertKind::LeaderNotice)).await;
    desk.report_back(alert.alert_id, ReceiptKind::Delivered).await;
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn nobody_settles_it_and_it_climbs_to_the_flow(#[case] database: Database) {
    let town = Town::on(database).await;
    let (clerk, first, second) =
        (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await, town.sign_in(LEADER_2).await);
    let (third, agent) = (town.sign_in(LEADER_3).await, town.sign_in(AGENT_1).await);
    let case_id = notify(&clerk).await;

    let alert = first.alert(|alert| alert.level == 1).await;
    assert_eq!(alert.due_at, None, "T2 runs from the delivery, not before");
    town.clock.advance(Span::seconds(20));
    deliver(&first).await;
    let alert = first.alert(|alert| alert.level == 1).await;
    assert_eq!(alert.due_at, Some(MONDAY.plus(Span::seconds(20)).plus(Span::minutes(10))));

    town.clock.advance(Span(Span::minutes(10).0 - 1));
    assert_eq!(first.detail(case_id).await.summary.level, 1, "one millisecond is missing");
    town.clock.advance(Span(1));
    let alert = second.alert(|alert| alert.level == 2).await;
    assert_eq!(alert.story.last().map(|line| (line.kind.as_str(), line.level)), Some(("leader_notified", 2)));
    let climbed = |kind: AlertKind| move |alert: &chayan_api::alerts::Alert| alert.kind.word() == Some(&kind);
    clerk.alert(climbed(AlertKind::Climbed)).await;
    first.alert(climbed(AlertKind::Climbed)).await;
    assert!(!first.alerts().await.iter().any(climbed(AlertKind::LeaderNotice)), "level 1 is asked no more");

    for desk in [&second, &third] {
        deliver(desk).await;
        town.clock.advance(Span::minutes(10));
        until("the level to end", async || {
            let open = desk.alerts().await.iter().any(climbed(AlertKind::LeaderNotice));
            (!open).then_some(())
        })
        .await;
    }
    let detail = clerk.in_state(case_id, CaseState::Submitted).await;
    let flow = detail.flow.unwrap();
    assert_eq!((flow.starter.word(), flow.started_by), (Some(&Starter::System), None));
    let ends: Vec<_> = detail.ladder.iter().map(|level| (level.level, level.end)).collect();
    assert_eq!(ends, [1, 2, 3].map(|level| (level, Some(LevelEnd::RanOut))));
    assert!(
        detail.timeline.iter().any(|line| line.kind == "flow_started" && line.actor.is_none()),
        "系统自动"
    );
    agent.alert(climbed(AlertKind::CallbackDue)).await;
}

#[tokio::test]
async fn undelivered_for_a_minute_the_deputy_is_alerted_and_the_clerk_told_then_it_climbs() {
    let town = Town::new().await;
    let (clerk, deputy, second) =
        (town.sign_in(CLERK).await, town.sign_in(DEPUTY_1).await, town.sign_in(LEADER_2).await);
    let case_id = notify(&clerk).await;
    assert!(deputy.alerts().await.is_empty(), "the leader is there, so nobody stands in yet");
    town.clock.advance(Span::seconds(60));
    deputy.alert(|alert| alert.kind.word() == Some(&AlertKind::LeaderNotice)).await;
    clerk.alert(|alert| alert.kind.word() == Some(&AlertKind::Undelivered)).await;
    town.clock.advance(Span::seconds(60));
    second.alert(|alert| alert.level == 2).await;
    let ladder = clerk.detail(case_id).await.ladder;
    assert_eq!(ladder.first().unwrap().end, Some(LevelEnd::Undelivered));
}

#[tokio::test]
async fn an_absent_leader_is_stood_in_for_and_a_level_without_anybody_is_skipped() {
    let absent = |people: &'static [&'static str]| {
        move |draft: &mut chayan_domain::directory::DirectoryDraft| {
            draft.absences.extend(people.iter().map(|person| away(person)));
        }
    };
    let town = Town::with(Database::Sqlite, |_| {}, absent(&[LEADER_1])).await;
    notify(&town.sign_in(CLERK).await).await;
    town.sign_in(DEPUTY_1).await.alert(|alert| alert.level == 1).await;

    let town = Town::with(Database::Sqlite, |_| {}, absent(&[LEADER_1, DEPUTY_1])).await;
    let case_id = notify(&town.sign_in(CLERK).await).await;
    let second = town.sign_in(LEADER_2).await;
    second.alert(|alert| alert.level == 2).await;
    let detail = second.detail(case_id).await;
    assert!(detail.timeline.iter().any(|line| line.kind == "level_skipped"), "the skipped level is named");
}

#[tokio::test]
async fn acknowledging_on_one_device_closes_the_alert_on_the_others() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let (office, phone) = (town.sign_in(LEADER_1).await, town.sign_in(LEADER_1).await);
    notify(&clerk).await;
    let alert = phone.alert(|alert| alert.level == 1).await;
    let before = phone.events("0-0").await.cursor;
    for _repeated in 0..2 {
        office.report_back(alert.alert_id, ReceiptKind::Delivered).await;
        office.report_back(alert.alert_id, ReceiptKind::Shown).await;
        office.report_back(alert.alert_id, ReceiptKind::Acknowledged).await;
    }
    assert!(phone.alerts().await.is_empty());
    let ended: Vec<_> = phone
        .events(&before)
        .await
        .events
        .into_iter()
        .filter_map(|event| match event.body {
            chayan_api::stream::FeedBody::AlertEnded { alert_id, over, .. } => Some((alert_id, over.reason)),
            _ => None,
        })
        .collect();
    assert_eq!(
        ended,
        [(alert.alert_id, AlertEnd::Acknowledged.into())],
        "told once, however often it was repeated"
    );
    let kept = town.store.alert_receipts(alert.alert_id).await.unwrap();
    assert_eq!(kept.len(), 3, "delivered, shown and acknowledged are kept apart, each once");
}

#[tokio::test]
async fn a_leader_takes_over_and_settles_it_and_the_clerk_sees_the_outcome() {
    let town = Town::new().await;
    let (clerk, first) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let case_id = notify(&clerk).await;
    deliver(&first).await;
    let taken = first.act(case_id, CaseAction::TakeOver).await;
    assert_eq!(taken.case.state.word(), Some(&CaseState::LeaderHandling));
    assert_eq!(taken.case.holder.unwrap().person_id.as_str(), LEADER_1);
    first.act(case_id, CaseAction::ResolveAsLeader { note: Private::new("已当面致歉") }).await;
    assert_eq!(clerk.detail(case_id).await.summary.state.word(), Some(&CaseState::LeaderResolved));
    clerk.alert(|alert| alert.kind.word() == Some(&AlertKind::Outcome)).await;
    town.clock.advance(Span::minutes(60));
    assert_eq!(
        clerk.detail(case_id).await.summary.state.word(),
        Some(&CaseState::LeaderResolved),
        "no timer is left"
    );
}

#[tokio::test]
async fn a_leader_starts_the_flow_for_the_clerk_and_both_are_named() {
    let town = Town::new().await;
    let (clerk, first, agent) =
        (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await, town.sign_in(AGENT_2).await);
    let case_id = notify(&clerk).await;
    first.act(case_id, CaseAction::StartFlowAsLeader).await;
    let detail = agent.detail(case_id).await;
    let started = detail.timeline.iter().find(|line| line.kind == "flow_started").unwrap();
    assert_eq!(started.actor.as_ref().unwrap().person_id.as_str(), LEADER_1);
    assert_eq!(started.acting_for.as_ref().unwrap().person_id.as_str(), CLERK);
    assert!(first.alerts().await.is_empty(), "the flow ends the ladder's alerts");
}

#[tokio::test]
async fn a_flow_beside_the_notice_stops_the_ladder() {
    let town = Town::new().await;
    let (clerk, first) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let case_id = notify(&clerk).await;
    deliver(&first).await;
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800000001") }).await;
    town.clock.advance(Span::minutes(11));
    let detail = first.in_state(case_id, CaseState::Submitted).await;
    assert_eq!(detail.ladder.len(), 1, "nothing climbs any more");
}
