//! The feed: every event once, floods as one summary, alerts that stay, receipts until the centre took them.

mod support;

use chayan_client::ipc::{AlertRef, AlertRefs, DeskEvent, DeskFaultCode, LinkState};
use chayan_client::{Desk, TEST_ALERT};
use chayan_domain::time::Span;
use support::{
    Bench, FakeCentre, NOTHING, StreamMode, alert, drain, ended, moving, next_event, raised, until,
};

fn raised_count(events: &[DeskEvent]) -> usize {
    events.iter().filter(|event| matches!(event, DeskEvent::AlertRaised { .. })).count()
}

async fn online(desk: &Desk) {
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
}

fn receipts(centre: &FakeCentre, kind: &str) -> usize {
    centre.seen(|seen| seen.receipts.iter().filter(|receipt| receipt["kind"] == kind).count())
}

#[tokio::test]
async fn an_alert_is_raised_once_even_when_it_comes_twice_and_over_a_restart() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    let mut events = desk.events();
    centre.publish([raised(1)]);
    next_event(&mut events, "the alert", |event| {
        matches!(event, DeskEvent::AlertRaised { .. }).then_some(())
    })
    .await;
    centre.publish_again(0);
    centre.publish([raised(2)]);
    next_event(&mut events, "the second", |event| match event {
        DeskEvent::AlertRaised { alert } => {
            assert_eq!(serde_json::to_value(alert.alert_id).unwrap(), support::alert(2)["alert_id"]);
            Some(())
        }
        _ => None,
    })
    .await;
    until("two deliveries", || receipts(&centre, "delivered") == 2).await;
    desk.shutdown().await;
    centre.publish_again(0);
    let desk = bench.open().await;
    let mut events = desk.events();
    moving(&bench.clock, Span::millis(100), "the link", || {
        desk.boot_view().connection.link == LinkState::Online
    })
    .await;
    assert_eq!(desk.alerts(NOTHING).await.unwrap().open.len(), 2, "both are still open");
    assert_eq!(raised_count(&drain(&mut events)), 0, "nothing is raised a second time");
    desk.shutdown().await;
}

#[tokio::test]
async fn fifty_missed_events_become_one_summary_and_only_what_is_open_is_raised() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    desk.shutdown().await;
    centre.publish((1..=26).map(raised));
    centre.publish((1..=24).map(ended));
    let desk = bench.open().await;
    let mut events = desk.events();
    let board = next_event(&mut events, "the summary", |event| match event {
        DeskEvent::Alerts { board } if board.missed > 0 => Some(board),
        DeskEvent::AlertRaised { alert } => {
            assert!(alert.ended.is_none());
            None
        }
        _ => None,
    })
    .await;
    assert_eq!((board.missed, board.open.len()), (50, 2));
    desk.alerts_shown(AlertRefs { alert_ids: Vec::new() }).await.unwrap();
    assert_eq!(desk.alerts(NOTHING).await.unwrap().missed, 0, "the summary was read");
    desk.shutdown().await;
}

#[tokio::test]
async fn three_missed_events_come_one_by_one() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    centre.set_down(true);
    until("the loss", || desk.boot_view().connection.link != LinkState::Online).await;
    let mut events = desk.events();
    centre.publish((1..=3).map(raised));
    centre.set_down(false);
    let mut told = Vec::new();
    moving(&bench.clock, Span::millis(500), "three alerts", || {
        told.extend(drain(&mut events));
        raised_count(&told) == 3
    })
    .await;
    assert_eq!(desk.boot_view().alerts.missed, 0);
    desk.shutdown().await;
}

#[tokio::test]
async fn open_alerts_of_before_the_first_connection_are_raised() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    centre.set_open_alerts(vec![alert(7)]);
    let desk = bench.signed_in(&centre).await;
    until("the alert", || desk.boot_view().alerts.open.len() == 1).await;
    until("its receipt", || receipts(&centre, "delivered") == 1).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn acknowledging_closes_here_at_once_and_is_told_when_the_centre_is_back() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    centre.publish([raised(1)]);
    until("the alert", || desk.boot_view().alerts.open.len() == 1).await;
    let alert_id = desk.boot_view().alerts.open[0].alert_id;
    until("its delivery", || receipts(&centre, "delivered") == 1).await;
    centre.set_down(true);
    desk.alerts_shown(AlertRefs { alert_ids: vec![alert_id] }).await.unwrap();
    desk.acknowledge_alert(AlertRef { alert_id }).await.unwrap();
    assert!(desk.boot_view().alerts.open.is_empty());
    desk.shutdown().await;
    centre.set_down(false);
    let desk = bench.open().await;
    until("shown", || receipts(&centre, "shown") == 1).await;
    until("acknowledged", || receipts(&centre, "acknowledged") == 1).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn an_alert_that_ends_elsewhere_closes_and_is_explained_for_a_moment() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    centre.publish([raised(1)]);
    until("the alert", || desk.boot_view().alerts.open.len() == 1).await;
    let alert_id = desk.boot_view().alerts.open[0].alert_id;
    desk.alerts_shown(AlertRefs { alert_ids: vec![alert_id] }).await.unwrap();
    centre.publish([ended(1)]);
    until("its end", || desk.boot_view().alerts.ended.len() == 1).await;
    assert!(desk.boot_view().alerts.open.is_empty());
    moving(&bench.clock, Span::seconds(5), "the end of the explanation", || {
        desk.boot_view().alerts.ended.is_empty()
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_mute_stream_becomes_polling_and_alerts_still_arrive() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    centre.set_stream(StreamMode::Mute);
    let desk = bench.signed_in(&centre).await;
    moving(&bench.clock, Span::seconds(1), "polling", || desk.boot_view().connection.polling).await;
    assert_eq!(desk.boot_view().connection.link, LinkState::Online);
    centre.publish([raised(1)]);
    until("the alert", || desk.boot_view().alerts.open.len() == 1).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_centre_that_goes_away_is_reconnecting_then_offline_and_back_by_itself() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    centre.set_down(true);
    until("reconnecting", || desk.boot_view().connection.link == LinkState::Reconnecting).await;
    moving(&bench.clock, Span::seconds(1), "offline", || {
        desk.boot_view().connection.link == LinkState::Offline
    })
    .await;
    assert_eq!(desk.boot_view().connection.fault, Some(DeskFaultCode::Unreachable));
    centre.set_down(false);
    moving(&bench.clock, Span::seconds(1), "online", || {
        desk.boot_view().connection.link == LinkState::Online
    })
    .await;
    assert_eq!(desk.boot_view().connection.fault, None);
    desk.shutdown().await;
}

#[tokio::test]
async fn waking_from_a_suspend_connects_at_once() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    let streams = |centre: &FakeCentre| {
        centre.seen(|seen| seen.paths.iter().filter(|path| path.starts_with("/v1/stream")).count())
    };
    let before = streams(&centre);
    bench.clock.advance(Span::minutes(60));
    until("a new stream without the clock moving on", || streams(&centre) > before).await;
    online(&desk).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn the_centres_clock_an_hour_off_moves_countdowns_and_found_at_not_the_timer() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    centre.set_offset(Span::minutes(60));
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    assert_eq!(desk.boot_view().connection.clock_offset, Span::minutes(60));
    let record = support::report(&desk, &[chayan_client::ipc::Exit::Flow]).await.records.remove(0);
    until("delivery", || centre.reports().len() == 1).await;
    let hour_later = support::MORNING.plus(Span::minutes(60));
    assert_eq!(record.sealed_at, hour_later, "windows count in the centre's time");
    let stored = centre.stored().into_iter().find(|stored| stored.payload.contains("start_flow")).unwrap();
    let payload: serde_json::Value = serde_json::from_str(&stored.payload).unwrap();
    assert_eq!(payload["action"]["report"]["found_at"], hour_later.0);
    assert_eq!(stored.seal["sealed_at"], support::MORNING.0, "evidence is the device's own clock");
    desk.shutdown().await;
}

#[tokio::test]
async fn a_test_alert_goes_the_whole_way_and_is_not_told_to_the_centre() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    let mut events = desk.events();
    desk.test_alert(NOTHING).await.unwrap();
    let raised = next_event(&mut events, "the alert", |event| match event {
        DeskEvent::AlertRaised { alert } => Some(alert),
        _ => None,
    })
    .await;
    assert_eq!(serde_json::to_value(&raised.kind).unwrap(), TEST_ALERT);
    assert_eq!(desk.boot_view().alerts.open.len(), 1);
    desk.acknowledge_alert(AlertRef { alert_id: raised.alert_id }).await.unwrap();
    assert!(desk.boot_view().alerts.open.is_empty());
    assert!(centre.seen(|seen| seen.receipts.is_empty()));
    desk.shutdown().await;
}

#[tokio::test]
async fn an_anchor_of_the_pinned_key_is_in_the_evidence_of_what_is_sealed_offline() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    until("an anchor", || centre.seen(|seen| seen.paths.iter().any(|path| path == "/v1/anchors"))).await;
    until("reference data", || desk.boot_view().reference.is_some()).await;
    centre.set_down(true);
    until("the loss", || desk.boot_view().connection.link != LinkState::Online).await;
    support::report(&desk, &[chayan_client::ipc::Exit::Flow]).await;
    desk.shutdown().await;
    centre.set_down(false);
    let desk = bench.open().await;
    assert!(desk.boot_view().version == "1.0.0");
    until("delivery", || centre.reports().len() == 1).await;
    let stored = centre.stored().into_iter().find(|stored| stored.payload.contains("start_flow")).unwrap();
    assert_eq!(stored.seal["anchor"]["server_time"], support::MORNING.0);
    assert_eq!(stored.seal["anchor"]["device_id"], serde_json::to_value(desk.boot_view().device_id).unwrap());
    desk.shutdown().await;
}
