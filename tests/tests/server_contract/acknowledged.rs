//! What each device of a leader did with a notice: events of the case for the first of each kind, and every device's own
//! account beside them.

use chayan_api::alerts::ReceiptKind;
use chayan_api::commands::CaseAction;
use chayan_domain::case::{AlertKind, CaseState};
use chayan_domain::time::Span;
use chayan_store::ReceiptAct;
use rstest::rstest;

use super::town::{CLERK, Database, LEADER_1, MONDAY, Town, new_case, short_report};

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn sent_delivered_shown_and_acknowledged_are_four_events_and_each_device_keeps_its_own(
    #[case] database: Database,
) {
    let town = Town::on(database).await;
    let (clerk, office, phone) =
        (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await, town.sign_in(LEADER_1).await);
    let case_id = new_case();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    let alert = office.alert(|alert| alert.kind.word() == Some(&AlertKind::LeaderNotice)).await;
    for (desk, kind) in [
        (&office, ReceiptKind::Delivered),
        (&phone, ReceiptKind::Delivered),
        (&phone, ReceiptKind::Shown),
        (&phone, ReceiptKind::Acknowledged),
        (&phone, ReceiptKind::Acknowledged),
        (&office, ReceiptKind::Acknowledged),
    ] {
        town.clock.advance(Span::seconds(1));
        desk.report_back(alert.alert_id, kind).await;
    }
    let events = town.store.events(case_id).await.unwrap();
    let after = |kind: &str| {
        let found: Vec<_> = events.iter().filter(|event| event.kind == kind).collect();
        assert_eq!(found.len(), 1, "one event {kind}");
        let device = String::from_utf8_lossy(&found[0].bytes).contains(&phone.device.to_string());
        (found[0].at.since(MONDAY), device)
    };
    assert_eq!(after("leader_notified"), (Span(0), false));
    assert_eq!(after("notice_delivered"), (Span::seconds(1), false), "the office was first");
    assert_eq!(after("notice_shown"), (Span::seconds(3), true));
    assert_eq!(after("notice_acknowledged"), (Span::seconds(4), true));
    let level = clerk.detail(case_id).await.ladder.remove(0);
    assert_eq!(level.acknowledged_at, Some(MONDAY.plus(Span::seconds(4))));
    assert_eq!(level.taken_over_by, None, "an acknowledgement takes nothing over");
    clerk.in_state(case_id, CaseState::LeaderNotified).await;

    let kept: Vec<_> = town.store.alert_receipts(alert.alert_id).await.unwrap();
    let account = |device, act| {
        kept.iter()
            .find(|row| row.device_id == device && row.act == act)
            .map(|row| row.received_at.since(MONDAY))
    };
    assert_eq!(account(office.device, ReceiptAct::Delivered), Some(Span::seconds(1)));
    assert_eq!(account(phone.device, ReceiptAct::Delivered), Some(Span::seconds(2)));
    assert_eq!(account(office.device, ReceiptAct::Shown), None);
    assert_eq!(account(phone.device, ReceiptAct::Acknowledged), Some(Span::seconds(4)));
    assert_eq!(account(office.device, ReceiptAct::Acknowledged), Some(Span::seconds(6)));
}
