//! The feed: every event once, floods as one summary, alerts that stay, receipts until the centre took them.

#![expect(clippy::unwrap_used, reason = "what fails here ends its test")]

mod support;

use chayan_api::Known;
use chayan_api::error::ErrorCode;
use chayan_client::ipc::{AlertRef, AlertRefs, DeskEvent, DeskFaultCode, LinkState};
use chayan_client::{Desk, TEST_ALERT};
use chayan_domain::time::Span;
use chayan_runtime::Clock as _;
use support::{
    Bench, FakeCentre, NOTHING, StreamMode, Trouble, alert, drain, ended, moving, next_event, raised, until,
};

fn raised_count(events: &[DeskEvent]) -> usize {
    events.iter().filter(|event| matches!(event, DeskEvent::AlertRaised { .. })).count()
}

async fn online(desk: &Desk) {
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
}

fn receipts(centre: &FakeCentre, kind: &str) -> usize {
    centre.receipts(kind)
}

/// The numbers of the alerts that were raised, in order.
fn raised_numbers(events: &[DeskEvent]) -> Vec<u128> {
    let raised = events.iter().filter_map(|event| match event {
        DeskEvent::AlertRaised { alert } => Some(alert.alert_id.0.as_u128() - 0xA000_0000),
        _ => None,
    });
    raised.collect()
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
    centre.publish([raised(3)]);
    until("the third", || desk.boot_view().alerts.open.len() == 3).await;
    assert_eq!(raised_numbers(&drain(&mut events)), [3], "nothing is raised a second time");
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
    let mut told = Vec::new();
    let board = next_event(&mut events, "the summary", |event| {
        told.push(event.clone());
        match event {
            DeskEvent::Alerts { board } if board.missed > 0 => Some(board),
            _ => None,
        }
    })
    .await;
    assert_eq!(raised_numbers(&told), [25, 26], "those that ended meanwhile are not raised");
    assert_eq!((board.missed, board.open.len()), (50, 2));
    for alert in &board.open {
        desk.acknowledge_alert(AlertRef { alert_id: alert.alert_id }).await.unwrap();
    }
    until("each acknowledged by itself", || receipts(&centre, "acknowledged") == 2).await;
    desk.test_alert(NOTHING).await.unwrap();
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
async fn a_mute_stream_becomes_polling_and_alerts_arrive_within_fifteen_seconds() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    centre.set_stream(StreamMode::Mute);
    let desk = bench.signed_in(&centre).await;
    let streams = |centre: &FakeCentre| {
        centre.seen(|seen| seen.paths.iter().filter(|path| path.starts_with("/v1/stream")).count())
    };
    until("the stream", || streams(&centre) == 1).await;
    // Raised while the mute stream is still believed.
    centre.publish([raised(1)]);
    let began = bench.clock.now();
    moving(&bench.clock, Span::seconds(1), "the alert", || desk.boot_view().alerts.open.len() == 1).await;
    assert!(bench.clock.now().since(began) <= Span::seconds(15), "{:?}", bench.clock.now().since(began));
    until("polling", || desk.boot_view().connection.polling).await;
    assert_eq!(desk.boot_view().connection.link, LinkState::Online);
    let began = bench.clock.now();
    centre.publish([raised(2)]);
    until("the next", || desk.boot_view().alerts.open.len() == 2).await;
    assert_eq!(bench.clock.now(), began, "polling waits at the centre, not at the desk");
    desk.shutdown().await;
}

#[tokio::test]
async fn a_stream_that_falls_silent_without_closing_is_noticed_within_thirty_seconds() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    centre.set_stream(StreamMode::Silent);
    let began = bench.clock.now();
    moving(&bench.clock, Span::seconds(1), "the loss", || {
        desk.boot_view().connection.link != LinkState::Online
    })
    .await;
    let noticed = bench.clock.now().since(began);
    assert!(noticed >= Span::seconds(10) && noticed <= Span::seconds(30), "{noticed:?}");
    centre.set_stream(StreamMode::Talks);
    moving(&bench.clock, Span::seconds(1), "the link", || {
        desk.boot_view().connection.link == LinkState::Online
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_feed_that_the_centre_refuses_carries_the_centres_own_reason() {
    for (trouble, code) in [
        (Trouble::Problem(500, "internal"), ErrorCode::Internal),
        (Trouble::Busy(5), ErrorCode::TooManyRequests),
        (Trouble::Problem(403, "not_allowed"), ErrorCode::NotAllowed),
    ] {
        let bench = Bench::new();
        let centre = FakeCentre::start(&bench.clock).await;
        let desk = bench.signed_in(&centre).await;
        online(&desk).await;
        centre.set_troubled(Some(("/v1/", trouble)));
        moving(&bench.clock, Span::millis(100), "the reason", || {
            let fault = desk.boot_view().connection.fault;
            fault.and_then(|fault| fault.problem).is_some_and(|problem| problem.code == code)
        })
        .await;
        centre.set_troubled(None);
        moving(&bench.clock, Span::seconds(1), "the link", || {
            desk.boot_view().connection.link == LinkState::Online
        })
        .await;
        assert_eq!(desk.boot_view().connection.fault, None);
        desk.shutdown().await;
    }
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
    assert_eq!(desk.boot_view().connection.fault.unwrap().code, DeskFaultCode::Unreachable);
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
    let woken = bench.clock.now();
    until("a new stream", || streams(&centre) > before).await;
    online(&desk).await;
    centre.publish([raised(1)]);
    until("what was missed", || desk.boot_view().alerts.open.len() == 1).await;
    assert!(bench.clock.now().since(woken) <= Span::seconds(10), "the clock did not have to move on");
    desk.shutdown().await;
}

#[tokio::test]
async fn words_of_a_newer_centre_hide_neither_the_alert_nor_the_sign_in_nor_the_rules() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    centre.speak_newer();
    let mut before = alert(9);
    before["story"] = serde_json::json!([{ "shape": "of tomorrow" }]);
    centre.set_open_alerts(vec![before]);
    let desk = bench.signed_in(&centre).await;
    let me = desk.boot_view().session.me.unwrap();
    assert_eq!(me.line, Known::Unknown("new_line".to_owned()));
    assert_eq!(
        me.roles,
        [chayan_domain::directory::Role::Rep],
        "a role that this program does not know has no page"
    );
    until("reference data", || desk.boot_view().reference.is_some()).await;
    assert!(!desk.boot_view().reference.unwrap().rules.limits.is_empty());
    until("the open alert", || desk.boot_view().alerts.open.len() == 1).await;
    let mut events = desk.events();
    let mut worded = raised(1);
    worded["alert"]["kind"] = serde_json::json!("new_kind");
    worded["alert"]["facts"] = serde_json::json!({ "cause": "new_cause", "step": "renewal", "risk_tags": ["new_tag"], "new_member": 1 });
    let mut shaped = raised(2);
    shaped["alert"]["span"] = serde_json::json!("PT10M");
    shaped["alert"]["story"] = serde_json::json!("told at length");
    centre.publish([worded, shaped]);
    let mut told = Vec::new();
    until("both", || {
        told.extend(drain(&mut events));
        raised_count(&told) == 2
    })
    .await;
    assert_eq!(raised_numbers(&told), [1, 2]);
    until("two more deliveries", || receipts(&centre, "delivered") == 3).await;
    until("both on the board", || desk.boot_view().alerts.open.len() == 3).await;
    let open = desk.boot_view().alerts.open;
    let worded = open.iter().find(|alert| alert.alert_id.0.as_u128() == 0xA000_0001).unwrap();
    assert_eq!(worded.kind, Known::Unknown("new_kind".to_owned()));
    assert_eq!(worded.facts.cause, Some(Known::Unknown("new_cause".to_owned())), "shown as 其他(代码)");
    assert_eq!(worded.facts.risk_tags, [Known::Unknown("new_tag".to_owned())]);
    let shaped = open.iter().find(|alert| alert.alert_id.0.as_u128() == 0xA000_0002).unwrap();
    assert_eq!((shaped.span, shaped.story.len(), shaped.unit_name.as_str()), (None, 0, "南京市分公司"));
    desk.shutdown().await;
}

#[tokio::test]
async fn the_centres_clock_an_hour_off_moves_countdowns_and_found_at_not_the_timer() {
    for off in [Span::minutes(60), Span::minutes(-60)] {
        let bench = Bench::new();
        let centre = FakeCentre::start(&bench.clock).await;
        centre.set_offset(off);
        let desk = bench.signed_in(&centre).await;
        online(&desk).await;
        assert_eq!(desk.boot_view().connection.clock_offset, off);
        let record = support::report(&desk, &[chayan_client::ipc::Exit::Flow]).await.records.remove(0);
        until("delivery", || centre.reports().len() == 1).await;
        let there = support::MORNING.plus(off);
        assert_eq!(record.sealed_at, there, "windows count in the centre's time");
        let stored =
            centre.stored().into_iter().find(|stored| stored.payload.contains("start_flow")).unwrap();
        let payload: serde_json::Value = serde_json::from_str(&stored.payload).unwrap();
        assert_eq!(payload["action"]["report"]["found_at"], there.0);
        assert_eq!(stored.seal["sealed_at"], support::MORNING.0, "evidence is the device's own clock");
        desk.shutdown().await;
    }
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
    until("delivery", || centre.reports().len() == 1).await;
    let stored = centre.stored().into_iter().find(|stored| stored.payload.contains("start_flow")).unwrap();
    assert_eq!(stored.seal["anchor"]["server_time"], support::MORNING.0);
    assert_eq!(stored.seal["anchor"]["device_id"], serde_json::to_value(desk.boot_view().device_id).unwrap());
    desk.shutdown().await;
}
