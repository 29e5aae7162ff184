//! A leader who is there but whose devices are not: nobody stands in where the deputy is away, and it still climbs.

use chayan_api::commands::CaseAction;
use chayan_domain::case::{AlertKind, CaseState, LevelEnd};
use chayan_domain::time::Span;
use rstest::rstest;

use super::town::{
    CLERK, DEPUTY_1, Database, LEADER_1, LEADER_2, MONDAY, Town, away, new_case, short_report,
};

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn with_the_leader_offline_and_the_deputy_away_the_clerk_is_told_after_a_minute_and_it_climbs_after_two(
    #[case] database: Database,
) {
    let town = Town::with(database, |_| {}, |draft| draft.absences.push(away(DEPUTY_1))).await;
    let (clerk, second) = (town.sign_in(CLERK).await, town.sign_in(LEADER_2).await);
    let case_id = new_case();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    assert_eq!(
        clerk.detail(case_id).await.summary.level,
        1,
        "the leader is not away: the level is not skipped"
    );

    town.clock.advance(Span(Span::seconds(60).0 - 1));
    let told = |alerts: &[chayan_api::alerts::Alert]| {
        alerts.iter().any(|alert| alert.kind.word() == Some(&AlertKind::Undelivered))
    };
    assert!(!told(&clerk.alerts().await), "one millisecond is missing");
    town.clock.advance(Span(1));
    clerk.alert(|alert| alert.kind.word() == Some(&AlertKind::Undelivered)).await;
    assert!(town.sign_in(DEPUTY_1).await.alerts().await.is_empty(), "who is away is not asked to stand in");

    town.clock.advance(Span(Span::seconds(60).0 - 1));
    let alerts = second.alerts().await;
    let asked = |alert: &chayan_api::alerts::Alert| alert.kind.word() == Some(&AlertKind::LeaderNotice);
    assert!(!alerts.iter().any(asked), "the next level has two minutes to wait");
    town.clock.advance(Span(1));
    second.alert(|alert| alert.level == 2 && asked(alert)).await;
    let detail = clerk.detail(case_id).await;
    assert_eq!(detail.summary.state.word(), Some(&CaseState::LeaderNotified));
    assert_eq!(detail.ladder.first().map(|level| level.end), Some(Some(LevelEnd::Undelivered)));
    assert!(!detail.timeline.iter().any(|line| line.kind == "notice_delivered"), "nothing was delivered");
    let late = town.sign_in(LEADER_1).await;
    assert!(
        !late.alerts().await.iter().any(asked),
        "a leader who comes later is not asked for a level that is over"
    );
}
