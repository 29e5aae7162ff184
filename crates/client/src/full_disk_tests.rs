//! A desk whose disk is full: whoever waits for an alert gets it, whoever saves is told, and nothing counts as kept.

#[path = "../tests/support/mod.rs"]
mod support;

use chayan_domain::time::Span;
use support::{Bench, FakeCentre, NOTHING, alert, drain, ended, moving, next_event, raised, until};

use crate::Desk;
use crate::ipc::*;

async fn online(desk: &Desk) {
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
}

#[tokio::test]
async fn an_alert_is_raised_delivered_shown_and_acknowledged_from_memory_and_kept_when_there_is_room() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    desk.fill_disk(true);
    let mut events = desk.events();
    centre.publish([raised(1), raised(2)]);
    for _ in 0..2 {
        next_event(&mut events, "the alert", |event| {
            matches!(event, DeskEvent::AlertRaised { .. }).then_some(())
        })
        .await;
    }
    until("both on the board", || desk.boot_view().alerts.open.len() == 2).await;
    assert_eq!(
        desk.boot_view().connection.store_fault,
        Some(DeskFaultCode::DiskFull),
        "and the person is told"
    );
    assert_eq!(desk.boot_view().connection.link, LinkState::Online, "the link is not blamed");
    until("two deliveries", || centre.receipts("delivered") == 2).await;
    let alert_id = desk.boot_view().alerts.open[0].alert_id;
    desk.alerts_shown(AlertRefs { alert_ids: vec![alert_id] }).await.unwrap();
    desk.acknowledge_alert(AlertRef { alert_id }).await.unwrap();
    until("its acknowledgement", || centre.receipts("acknowledged") == 1).await;
    assert_eq!(desk.boot_view().alerts.open.len(), 1);
    centre.publish_again(0);
    centre.publish([raised(3), ended(2)]);
    until("the third and not the second", || {
        let open = desk.boot_view().alerts.open;
        open.len() == 1 && serde_json::to_value(open[0].alert_id).unwrap() == alert(3)["alert_id"]
    })
    .await;
    let again = drain(&mut events);
    let again = again.iter().filter(|event| matches!(event, DeskEvent::AlertRaised { .. })).count();
    assert_eq!(again, 1, "the third once, the first not again");
    desk.fill_disk(false);
    moving(&bench.clock, Span::seconds(1), "room", || desk.boot_view().connection.store_fault.is_none())
        .await;
    desk.shutdown().await;
    let desk = bench.open().await;
    until("the board", || desk.boot_view().alerts.open.len() == 1).await;
    let open = desk.boot_view().alerts.open;
    assert_eq!(serde_json::to_value(open[0].alert_id).unwrap(), alert(3)["alert_id"], "kept like the others");
    desk.shutdown().await;
}

#[tokio::test]
async fn an_alert_that_was_never_kept_is_raised_again_after_a_restart() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    desk.fill_disk(true);
    centre.publish([raised(1)]);
    until("the alert", || desk.boot_view().alerts.open.len() == 1).await;
    desk.shutdown().await;
    let desk = bench.open().await;
    until("the alert again", || desk.boot_view().alerts.open.len() == 1).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn signing_in_stands_although_nothing_can_be_noted() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    centre.set_open_alerts(vec![alert(7)]);
    let desk = bench.open().await;
    desk.save_settings(Settings { server: centre.url.clone(), ..Settings::default() }).await.unwrap();
    desk.fill_disk(true);
    let mut events = desk.events();
    support::sign_in(&desk).await;
    next_event(&mut events, "the session", |event| match event {
        DeskEvent::Session { session } => session.me.map(drop),
        _ => None,
    })
    .await;
    online(&desk).await;
    until("the open alert", || desk.boot_view().alerts.open.len() == 1).await;
    desk.sign_out(NOTHING).await.unwrap();
    assert_eq!(desk.boot_view().session.me, None, "nor does signing out end half done");
    desk.shutdown().await;
}

#[tokio::test]
async fn a_timer_a_draft_and_a_report_say_that_they_were_not_kept() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    online(&desk).await;
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    desk.fill_disk(true);
    let fault = desk.start_timing(StartTiming::default()).await.unwrap_err();
    assert_eq!((fault.code, fault.retryable), (DeskFaultCode::DiskFull, true));
    let save = SaveDraft { case_id: draft.case_id, form: support::full_form() };
    assert_eq!(desk.save_draft(save).await.unwrap_err().code, DeskFaultCode::DiskFull);
    let submit = Submit { case_id: draft.case_id, form: support::full_form(), exits: vec![Exit::Flow] };
    assert_eq!(desk.submit(submit.clone()).await.unwrap_err().code, DeskFaultCode::DiskFull);
    assert_eq!((desk.boot_view().timers.len(), desk.boot_view().connection.pending), (0, 0));
    desk.fill_disk(false);
    desk.submit(submit).await.unwrap();
    until("delivery", || centre.reports().len() == 1).await;
    desk.shutdown().await;
}
