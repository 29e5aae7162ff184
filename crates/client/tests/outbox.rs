//! From sealed to delivered through every kind of trouble: nothing lost, nothing doubled, order kept.

#![expect(clippy::unwrap_used, reason = "what fails here ends its test")]

mod support;

use chayan_client::ipc::{DeskEvent, DeskFaultCode, Exit, LinkState, RecordState};
use chayan_domain::ids::CommandId;
use chayan_domain::time::Span;
use support::{
    Bench, FakeCentre, NOTHING, Trouble, moving, next_event, report, sign_in, until, until_pending,
};

#[tokio::test]
async fn a_report_is_delivered_with_its_exact_bytes_and_the_evidence_of_an_online_attempt() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
    let submitted = report(&desk, &[Exit::Flow]).await;
    assert_eq!(submitted.records[0].state, RecordState::Sealed);
    until_pending(&desk, 0).await;
    let stored = centre.stored().into_iter().find(|stored| stored.payload.contains("start_flow")).unwrap();
    assert_eq!(stored.command_id, CommandId(submitted.records[0].record_id.0));
    assert_eq!(stored.seal["sequence"], 1);
    assert_eq!(stored.attempt["number"], 1);
    assert_eq!(
        stored.attempt["began_at"], stored.seal["sealed_at"],
        "no time passed between sealing and sending"
    );
    assert_eq!(desk.verify_chain().await.unwrap(), None);
    let records = desk.local_records(NOTHING).await.unwrap().records;
    assert_eq!(records[0].state, RecordState::Delivered);
    assert_eq!(records[0].receipt.as_ref().unwrap().command_id.0, records[0].record_id.0);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_lost_reply_is_replayed_with_the_same_bytes_and_stored_once() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.trouble([Trouble::LoseReply]);
    let record = report(&desk, &[Exit::Flow]).await.records.remove(0);
    moving(&bench.clock, Span::seconds(1), "delivery", || desk.boot_view().connection.pending == 0).await;
    let sent: Vec<(CommandId, String)> = centre
        .seen(|seen| seen.arrivals.iter().filter(|(id, _)| id.0 == record.record_id.0).cloned().collect());
    assert_eq!(sent.len(), 2, "sent, reply lost, sent again");
    assert_eq!(sent[0], sent[1]);
    assert_eq!(centre.reports().len(), 1);
    desk.shutdown().await;
}

#[tokio::test]
async fn one_refusal_among_five_is_put_aside_with_its_reason_and_the_others_arrive() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.refuse("resolve_on_spot", 422, "form_faults");
    for exit in [Exit::Flow, Exit::Leader, Exit::Spot, Exit::Flow, Exit::Leader] {
        report(&desk, &[exit]).await;
    }
    until("four deliveries", || centre.reports().len() == 4).await;
    until_pending(&desk, 0).await;
    let view = desk.boot_view().connection;
    assert_eq!((view.pending, view.quarantined), (0, 1));
    let refused: Vec<_> = desk
        .local_records(NOTHING)
        .await
        .unwrap()
        .records
        .into_iter()
        .filter(|record| record.state == RecordState::Quarantined)
        .collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].refused.as_ref().unwrap().status, 422);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_corrected_refusal_gets_a_new_id_names_the_old_one_and_is_delivered() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.refuse("start_flow", 422, "form_faults");
    let old = report(&desk, &[Exit::Flow]).await.records.remove(0);
    until("the refusal", || desk.boot_view().connection.quarantined == 1).await;
    centre.accept_everything();
    let draft =
        desk.correct_record(chayan_client::ipc::RecordRef { record_id: old.record_id }).await.unwrap();
    assert_eq!(draft.corrects, Some(old.record_id));
    assert_eq!(draft.refused.as_ref().unwrap().status, 422);
    let submit =
        chayan_client::ipc::Submit { case_id: draft.case_id, form: draft.form, exits: vec![Exit::Flow] };
    let new = desk.submit(submit).await.unwrap().records.remove(0);
    assert_ne!(new.record_id, old.record_id);
    until_pending(&desk, 0).await;
    until("the correction", || desk.boot_view().connection.quarantined == 0).await;
    let stored = centre.stored().into_iter().find(|stored| stored.command_id.0 == new.record_id.0).unwrap();
    assert_eq!(stored.seal["corrects"], serde_json::to_value(old.record_id).unwrap());
    desk.shutdown().await;
}

#[tokio::test]
async fn what_is_no_refusal_is_tried_again_until_it_arrives() {
    let troubles = [
        Trouble::Problem(500, "internal"),
        Trouble::Problem(503, "unavailable"),
        Trouble::Portal,
        Trouble::Close,
        Trouble::Cut,
        Trouble::Hang,
        Trouble::Busy(3),
    ];
    for trouble in troubles {
        let bench = Bench::new();
        let centre = FakeCentre::start(&bench.clock).await;
        let desk = bench.signed_in(&centre).await;
        centre.trouble([trouble.clone()]);
        report(&desk, &[Exit::Flow]).await;
        moving(&bench.clock, Span::seconds(1), &format!("{trouble:?}"), || {
            desk.boot_view().connection.pending == 0
        })
        .await;
        assert_eq!(centre.reports().len(), 1, "{trouble:?}");
        assert_eq!(desk.boot_view().connection.quarantined, 0, "{trouble:?}");
        desk.shutdown().await;
    }
}

#[tokio::test]
async fn retry_after_is_kept_to_even_when_there_is_new_work() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.trouble([Trouble::Busy(30)]);
    let mut events = desk.events();
    report(&desk, &[Exit::Flow]).await;
    next_event(&mut events, "the first attempt", |event| match event {
        DeskEvent::Records { records } => {
            records.records.iter().any(|record| record.attempts == 1).then_some(())
        }
        _ => None,
    })
    .await;
    report(&desk, &[Exit::Leader]).await;
    moving(&bench.clock, Span::seconds(1), "both", || centre.reports().len() == 2).await;
    let report_times: Vec<_> = centre.seen(|seen| {
        let arrivals = seen.arrivals.iter().zip(&seen.arrived_at);
        arrivals.filter(|((_, payload), _)| payload.contains("report")).map(|(_, at)| *at).collect()
    });
    assert_eq!(report_times.len(), 3, "one refused attempt, two deliveries");
    assert!(report_times[1].since(report_times[0]) >= Span::seconds(30), "{report_times:?}");
    desk.shutdown().await;
}

#[tokio::test]
async fn somebody_whom_the_directory_drops_is_told_so_and_loses_nothing() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
    centre.set_member(false);
    report(&desk, &[Exit::Flow]).await;
    report(&desk, &[Exit::Leader]).await;
    until("the end of the session", || desk.boot_view().session.ended == Some(DeskFaultCode::UnknownMember))
        .await;
    let view = desk.boot_view();
    assert!(view.session.me.is_some(), "who works here stays known");
    assert_eq!((view.connection.pending, view.connection.quarantined), (2, 0), "nothing is put aside");
    until("no loop around the centre", || desk.boot_view().connection.link == LinkState::Idle).await;
    let list = chayan_client::ipc::CaseListArgs {
        view: chayan_api::cases::CaseView::Mine,
        after: None,
        filter: None,
    };
    assert_eq!(desk.cases(list).await.unwrap_err().code, DeskFaultCode::UnknownMember);
    centre.set_member(true);
    sign_in(&desk).await;
    until_pending(&desk, 0).await;
    assert_eq!(centre.reports().len(), 2);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_receipt_that_the_known_key_did_not_sign_delivers_nothing() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.sign_with(9);
    let mut events = desk.events();
    report(&desk, &[Exit::Flow]).await;
    next_event(&mut events, "an attempt that failed", |event| match event {
        DeskEvent::Records { records } => {
            records.records.iter().any(|record| record.attempts == 1).then_some(())
        }
        _ => None,
    })
    .await;
    let records = desk.local_records(NOTHING).await.unwrap().records;
    assert_eq!((records[0].state, records[0].receipt.clone()), (RecordState::Sealed, None));
    assert_eq!(desk.boot_view().connection.pending, 1);
    centre.sign_with(7);
    moving(&bench.clock, Span::seconds(1), "delivery", || desk.boot_view().connection.pending == 0).await;
    assert_eq!(centre.reports().len(), 1, "the centre had it all the time");
    desk.shutdown().await;
}

#[tokio::test]
async fn an_id_that_the_centre_knows_with_other_content_is_put_aside_with_that_reason() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.trouble([Trouble::Problem(409, "id_reused")]);
    report(&desk, &[Exit::Flow]).await;
    until("the refusal", || desk.boot_view().connection.quarantined == 1).await;
    let records = desk.local_records(NOTHING).await.unwrap().records;
    assert_eq!(records[0].refused.as_ref().unwrap().code, chayan_api::error::ErrorCode::IdReused);
    report(&desk, &[Exit::Leader]).await;
    until("the next", || centre.reports().len() == 1).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn an_ended_session_pauses_sending_and_signing_in_again_resumes_it() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
    centre.set_token_valid(false);
    report(&desk, &[Exit::Flow]).await;
    until("the end of the session", || desk.boot_view().session.ended == Some(DeskFaultCode::SessionOver))
        .await;
    let view = desk.boot_view();
    assert!(view.session.me.is_some(), "who works here stays known");
    assert_eq!(view.connection.pending, 1);
    report(&desk, &[Exit::Leader]).await;
    assert_eq!(centre.reports().len(), 0);
    sign_in(&desk).await;
    until_pending(&desk, 0).await;
    assert_eq!(centre.reports().len(), 2);
    desk.shutdown().await;
}

#[tokio::test]
async fn what_is_sealed_offline_survives_a_restart_and_is_sent_by_itself() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
    centre.set_down(true);
    let record = report(&desk, &[Exit::Leader, Exit::Flow]).await.records;
    desk.shutdown().await;
    let desk = bench.open().await;
    until("the queue", || desk.boot_view().connection.pending == 2).await;
    assert_eq!(centre.reports().len(), 0);
    centre.set_down(false);
    moving(&bench.clock, Span::seconds(1), "delivery", || desk.boot_view().connection.pending == 0).await;
    let sent: Vec<uuid::Uuid> = centre.reports().iter().map(|id| id.0).collect();
    let sealed: Vec<uuid::Uuid> = record.iter().map(|record| record.record_id.0).collect();
    assert_eq!(sent, sealed, "in sealing order");
    desk.shutdown().await;
}

#[tokio::test]
async fn a_sealed_report_cannot_be_edited_or_sealed_twice() {
    let bench = Bench::new();
    let desk = bench.open().await;
    let centre = FakeCentre::start(&bench.clock).await;
    desk.shutdown().await;
    let desk = bench.signed_in(&centre).await;
    let record = report(&desk, &[Exit::Flow]).await.records.remove(0);
    let form = support::full_form();
    let save = chayan_client::ipc::SaveDraft { case_id: record.case_id, form: form.clone() };
    assert_eq!(desk.save_draft(save).await.unwrap_err().code, DeskFaultCode::SealedRecord);
    let again = chayan_client::ipc::Submit { case_id: record.case_id, form, exits: vec![Exit::Flow] };
    assert_eq!(desk.submit(again).await.unwrap_err().code, DeskFaultCode::SealedRecord);
    let open = chayan_client::ipc::OpenReport { case_id: Some(record.case_id) };
    assert_eq!(desk.open_draft(open).await.unwrap_err().code, DeskFaultCode::SealedRecord);
    desk.shutdown().await;
}

#[tokio::test]
async fn after_a_notice_the_same_case_may_still_start_the_flow() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    let notice = report(&desk, &[Exit::Leader]).await.records.remove(0);
    let open = chayan_client::ipc::OpenReport { case_id: Some(notice.case_id) };
    let draft = desk.open_draft(open).await.unwrap();
    assert_eq!(draft.form, support::full_form());
    assert!(draft.noticed, "the form knows that only the flow is left");
    assert_eq!(draft.asks, [], "nothing is missing");
    let flow =
        chayan_client::ipc::Submit { case_id: notice.case_id, form: draft.form, exits: vec![Exit::Flow] };
    desk.submit(flow).await.unwrap();
    until("both", || centre.reports().len() == 2).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_notice_with_its_trigger_only_says_what_the_flow_still_needs_and_leaves_the_next_customer_alone() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    let new = desk.open_draft(chayan_client::ipc::OpenReport::default()).await.unwrap();
    assert!(!new.noticed);
    let mut form = chayan_domain::report::ReportForm::default();
    form.facts.trigger = Some(chayan_domain::report::Trigger::Grumbling);
    let notice = chayan_client::ipc::Submit { case_id: new.case_id, form, exits: vec![Exit::Leader] };
    desk.submit(notice).await.unwrap();
    let open = chayan_client::ipc::OpenReport { case_id: Some(new.case_id) };
    let draft = desk.open_draft(open).await.unwrap();
    assert_eq!(draft.asks, draft.form.faults(chayan_domain::report::Purpose::Flow));
    assert!(!draft.asks.is_empty());
    let next = desk.open_draft(chayan_client::ipc::OpenReport::default()).await.unwrap();
    assert_ne!(next.case_id, new.case_id, "the next customer gets a form of their own");
    desk.shutdown().await;
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 12, ..Default::default() })]

    #[test]
    fn through_any_trouble_every_report_arrives_exactly_once_and_in_sealing_order(
        troubles in proptest::collection::vec(0_u8..8, 0..10),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new();
            let centre = FakeCentre::start(&bench.clock).await;
            let desk = bench.signed_in(&centre).await;
            centre.trouble(troubles.iter().map(|word| match word {
                0 => Trouble::Problem(500, "internal"),
                1 => Trouble::Problem(503, "unavailable"),
                2 => Trouble::Busy(2),
                3 => Trouble::Portal,
                4 => Trouble::Close,
                5 => Trouble::LoseReply,
                6 => Trouble::Cut,
                _ => Trouble::Hang,
            }));
            let mut sealed = Vec::new();
            for exit in [Exit::Flow, Exit::Leader, Exit::Spot, Exit::Flow] {
                sealed.push(report(&desk, &[exit]).await.records[0].record_id.0);
            }
            moving(&bench.clock, Span::seconds(2), "all", || desk.boot_view().connection.pending == 0).await;
            let arrived: Vec<uuid::Uuid> = centre.reports().iter().map(|id| id.0).collect();
            // A record that the centre stumbles over five times lets others go first; fewer troubles keep the order.
            let stumbles = troubles.iter().filter(|word| **word == 0).count();
            if stumbles < 5 {
                assert_eq!(arrived, sealed);
            }
            assert_eq!(arrived.len(), sealed.len());
            assert_eq!(desk.boot_view().connection.quarantined, 0);
            desk.shutdown().await;
        });
    }
}
