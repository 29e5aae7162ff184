//! What the keyring can do to a desk: locked, missing, opened later, emptied. Nothing sealed is lost in silence.

#![expect(clippy::unwrap_used, reason = "what fails here ends its test")]

mod support;

use chayan_client::ipc::{
    DeskFaultCode, Exit, KeyringState, LinkState, OpenReport, RecordState, SaveDraft, SessionView, Settings,
    StartTiming, Submit,
};
use chayan_client::{Desk, Secret, SecretFault, Secrets as _};
use support::{Bench, FakeCentre, NOTHING, report, until};

async fn settled(desk: &Desk) -> SessionView {
    until("the keyring", || desk.boot_view().session.keyring != KeyringState::Opening).await;
    desk.boot_view().session
}

async fn until_moving(bench: &Bench, what: &str, holds: impl FnMut() -> bool) {
    support::moving(&bench.clock, chayan_domain::time::Span::millis(100), what, holds).await;
}

#[tokio::test]
async fn a_token_longer_than_a_windows_keyring_holds_is_used_and_not_kept() {
    for (length, kept) in [(1_280, true), (1_281, false)] {
        let bench = Bench::new();
        let centre = FakeCentre::start(&bench.clock).await;
        centre.set_token("t".repeat(length));
        let desk = bench.signed_in(&centre).await;
        report(&desk, &[Exit::Flow]).await;
        until("delivery", || centre.reports().len() == 1).await;
        assert_eq!(bench.secrets.read(Secret::Token).await.unwrap().is_some(), kept, "{length}");
        desk.shutdown().await;
        let desk = bench.open().await;
        assert_eq!(settled(&desk).await.me.is_some(), kept, "{length}");
        desk.shutdown().await;
    }
}

#[tokio::test]
async fn without_a_keyring_what_is_sealed_offline_survives_a_restart_and_the_sign_in_does_not() {
    for (fault, state) in
        [(SecretFault::Unavailable, KeyringState::Unavailable), (SecretFault::Locked, KeyringState::Locked)]
    {
        let bench = Bench::new();
        bench.secrets.set_fault(Some(fault));
        let centre = FakeCentre::start(&bench.clock).await;
        let desk = bench.signed_in(&centre).await;
        assert_eq!(settled(&desk).await.keyring, state);
        report(&desk, &[Exit::Flow]).await;
        until("delivery", || desk.boot_view().connection.pending == 0).await;
        centre.set_down(true);
        let sealed = report(&desk, &[Exit::Leader]).await.records.remove(0);
        desk.start_timing(StartTiming { label: "王女士".to_owned() }).await.unwrap();
        let draft = desk.open_draft(OpenReport::default()).await.unwrap();
        desk.save_draft(SaveDraft { case_id: draft.case_id, form: support::full_form() }).await.unwrap();
        desk.shutdown().await;
        let desk = bench.open().await;
        let session = settled(&desk).await;
        assert_eq!((session.me, session.keyring), (None, state));
        until("the queue", || desk.boot_view().connection.pending == 1).await;
        assert_eq!(desk.boot_view().connection.lost, 0);
        until("the named timer", || {
            let timers = desk.boot_view().timers;
            timers.iter().any(|timer| timer.label == "王女士")
        })
        .await;
        centre.set_down(false);
        support::sign_in(&desk).await;
        until_moving(&bench, "delivery", || desk.boot_view().connection.pending == 0).await;
        assert_eq!(centre.reports().last().unwrap().0, sealed.record_id.0);
        assert_eq!(desk.local_records(NOTHING).await.unwrap().drafts[0].form, support::full_form());
        assert_eq!(desk.verify_chain().await.unwrap(), None);
        desk.shutdown().await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_in_a_file_is_for_this_login_only_and_goes_away_with_a_keyring() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.secrets.set_fault(Some(SecretFault::Unavailable));
    let desk = bench.open().await;
    settled(&desk).await;
    let file = bench.folder.path().join("desk.key");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    desk.save_draft(SaveDraft { case_id: draft.case_id, form: support::full_form() }).await.unwrap();
    desk.shutdown().await;
    bench.secrets.set_fault(None);
    let desk = bench.open().await;
    assert_eq!(settled(&desk).await.keyring, KeyringState::Ready);
    assert!(!file.exists(), "the keyring keeps the key now");
    assert_eq!(desk.open_draft(OpenReport::default()).await.unwrap().form, support::full_form());
    desk.shutdown().await;
}

#[cfg(unix)]
#[tokio::test]
async fn without_any_place_for_a_key_nothing_is_called_saved() {
    let bench = Bench::new();
    bench.secrets.set_fault(Some(SecretFault::Unavailable));
    // A folder where the file should be: it can be neither read nor replaced.
    std::fs::create_dir_all(bench.folder.path().join("desk.key/in-the-way")).unwrap();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.open().await;
    settled(&desk).await;
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    let save = SaveDraft { case_id: draft.case_id, form: support::full_form() };
    assert_eq!(desk.save_draft(save).await.unwrap_err().code, DeskFaultCode::KeyringUnavailable);
    desk.save_settings(Settings { server: centre.url.clone(), ..Settings::default() }).await.unwrap();
    support::sign_in(&desk).await;
    let submit = Submit { case_id: draft.case_id, form: support::full_form(), exits: vec![Exit::Flow] };
    assert_eq!(desk.submit(submit).await.unwrap_err().code, DeskFaultCode::KeyringUnavailable);
    desk.start_timing(StartTiming::default()).await.unwrap();
    assert_eq!(desk.boot_view().timers.len(), 1, "a timer needs no key");
    desk.shutdown().await;
}

#[tokio::test]
async fn what_was_sealed_behind_a_locked_keyring_waits_for_it_and_nothing_forks() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.set_down(true);
    report(&desk, &[Exit::Flow]).await;
    desk.start_timing(StartTiming { label: "王女士".to_owned() }).await.unwrap();
    desk.shutdown().await;
    bench.secrets.set_fault(Some(SecretFault::Locked));
    centre.set_down(false);
    let desk = bench.open().await;
    support::sign_in(&desk).await;
    let view = desk.boot_view();
    assert_eq!((view.connection.pending, view.connection.lost), (1, 0), "it waits, and is counted");
    assert_eq!(
        (view.timers.len(), view.timers[0].label.as_str()),
        (1, ""),
        "the timer runs on without its name"
    );
    centre.set_down(true);
    report(&desk, &[Exit::Leader]).await;
    assert_eq!(desk.verify_chain().await.unwrap(), None);
    desk.shutdown().await;
    bench.secrets.set_fault(None);
    centre.set_down(false);
    let desk = bench.open().await;
    until_moving(&bench, "both", || centre.reports().len() == 2).await;
    assert_eq!(desk.boot_view().timers[0].label, "王女士", "and has it again");
    let sequences: Vec<u64> =
        centre.stored().iter().filter_map(|stored| stored.seal["sequence"].as_u64()).collect();
    assert_eq!(sequences, [1, 2], "one chain");
    assert_eq!(desk.verify_chain().await.unwrap(), None);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_keyring_that_is_unlocked_later_keeps_what_was_made_meanwhile() {
    let bench = Bench::new();
    bench.secrets.set_fault(Some(SecretFault::Locked));
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
    centre.set_down(true);
    report(&desk, &[Exit::Flow]).await;
    bench.secrets.set_fault(None);
    assert_eq!(desk.retry_keyring(NOTHING).await.unwrap(), KeyringState::Ready);
    desk.shutdown().await;
    let desk = bench.open().await;
    let session = settled(&desk).await;
    assert!(session.me.is_some(), "the session was kept");
    assert_eq!(desk.local_records(NOTHING).await.unwrap().records.len(), 1, "and the sealed report");
    assert_eq!(desk.verify_chain().await.unwrap(), None);
    centre.set_down(false);
    until("delivery", || {
        bench.clock.advance(chayan_domain::time::Span::millis(50));
        centre.reports().len() == 1
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_deleted_key_is_said_with_what_it_cost_while_timers_and_the_chain_go_on() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    report(&desk, &[Exit::Leader]).await;
    until("delivery", || desk.boot_view().connection.pending == 0).await;
    centre.set_down(true);
    let lost = report(&desk, &[Exit::Flow]).await.records.remove(0);
    let timer = desk.start_timing(StartTiming { label: "王女士".to_owned() }).await.unwrap();
    desk.shutdown().await;
    bench.secrets.delete(Secret::StoreKey).await.unwrap();
    let desk = bench.open().await;
    let session = settled(&desk).await;
    assert_eq!((session.me, session.keyring), (None, KeyringState::KeyLost));
    until("the count", || desk.boot_view().connection.lost == 1).await;
    let view = desk.boot_view();
    assert_eq!(view.connection.pending, 0, "nothing is promised that cannot be sent");
    assert_eq!(view.settings.server, centre.url, "settings are not lost");
    until("the timer", || desk.boot_view().timers.len() == 1).await;
    assert_eq!(desk.boot_view().timers[0].case_id, timer.case_id);
    centre.set_down(false);
    support::sign_in(&desk).await;
    let listed = desk.local_records(NOTHING).await.unwrap().records;
    let listed = listed.iter().find(|record| record.record_id == lost.record_id).unwrap();
    assert_eq!(listed.state, RecordState::Lost, "the person sees which report to make again");
    report(&desk, &[Exit::Flow]).await;
    until_moving(&bench, "delivery", || centre.reports().len() == 2).await;
    let seal = centre.stored().pop().unwrap().seal;
    assert_eq!(seal["sequence"], 3, "the chain goes on behind what is lost: no place in it is used twice");
    assert_eq!(desk.verify_chain().await.unwrap(), None);
    desk.shutdown().await;
    let desk = bench.open().await;
    assert_eq!(settled(&desk).await.keyring, KeyringState::Ready, "said once");
    until("the count again", || desk.boot_view().connection.lost == 1).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_key_that_comes_back_brings_back_what_counted_as_lost() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.set_down(true);
    report(&desk, &[Exit::Flow]).await;
    desk.shutdown().await;
    let key = bench.secrets.read(Secret::StoreKey).await.unwrap().unwrap();
    bench.secrets.delete(Secret::StoreKey).await.unwrap();
    let desk = bench.open().await;
    until("the count", || desk.boot_view().connection.lost == 1).await;
    desk.shutdown().await;
    bench.secrets.write(Secret::StoreKey, &key).await.unwrap();
    let desk = bench.open().await;
    until("the queue", || desk.boot_view().connection.pending == 1).await;
    assert_eq!(desk.boot_view().connection.lost, 0);
    centre.set_down(false);
    support::sign_in(&desk).await;
    until_moving(&bench, "delivery", || centre.reports().len() == 1).await;
    desk.shutdown().await;
}
