//! What the disk and the keyring can do to a desk: locked, missing, lost, newer, damaged, read by others.

#![expect(clippy::unwrap_used, reason = "what fails here ends its test")]

mod support;

use chayan_client::ipc::{
    DeskFaultCode, Exit, KeyringState, LinkState, OpenReport, RecordState, SaveDraft, SessionView, Settings,
    SignInArgs, StartTiming, Submit,
};
use chayan_client::{Desk, DeskParts, Secret, SecretFault, Secrets};
use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use support::{Bench, FakeCentre, NOTHING, PHONE, report, until};

async fn settled(desk: &Desk) -> SessionView {
    until("the keyring", || desk.boot_view().session.keyring != KeyringState::Opening).await;
    desk.boot_view().session
}

async fn until_moving(bench: &Bench, what: &str, holds: impl FnMut() -> bool) {
    support::moving(&bench.clock, chayan_domain::time::Span::millis(100), what, holds).await;
}

/// Every file of the folder that holds the text.
fn files_with(folder: &std::path::Path, text: &str) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| {
            std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
        })
        .collect()
}

fn aside(folder: &std::path::Path, word: &str) -> usize {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with(&format!("desk-{word}"))).count()
}

#[tokio::test]
async fn neither_token_nor_customer_is_in_any_file_in_the_clear() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.set_down(true);
    report(&desk, &[Exit::Leader, Exit::Flow]).await;
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    desk.save_draft(SaveDraft { case_id: draft.case_id, form: support::full_form() }).await.unwrap();
    desk.start_timing(StartTiming { label: "王女士".to_owned() }).await.unwrap();
    for text in [PHONE, support::TOKEN, "客户等了三周", "王女士"] {
        assert_eq!(files_with(bench.folder.path(), text), Vec::<std::path::PathBuf>::new(), "{text}");
    }
    assert!(
        !files_with(bench.folder.path(), &draft.case_id.to_string()).is_empty(),
        "the search finds what is there"
    );
    desk.shutdown().await;
}

#[tokio::test]
async fn the_session_lives_on_over_a_restart_with_a_keyring() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    until("reference data", || desk.boot_view().reference.is_some()).await;
    desk.shutdown().await;
    centre.set_down(true);
    let desk = bench.open().await;
    let session = settled(&desk).await;
    assert_eq!(session.me.unwrap().person_id.as_str(), support::CLERK);
    until("cached reference data", || desk.boot_view().reference.is_some()).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn an_offline_start_shows_the_form_and_how_old_its_data_is() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    centre.set_offset(chayan_domain::time::Span::minutes(3));
    let desk = bench.signed_in(&centre).await;
    until("reference data", || desk.boot_view().reference.is_some()).await;
    let fetched = desk.boot_view().reference.unwrap();
    assert_eq!(fetched.as_of, support::MORNING.plus(chayan_domain::time::Span::minutes(3)));
    desk.shutdown().await;
    centre.set_down(true);
    bench.clock.advance(chayan_domain::time::Span::minutes(26 * 60));
    let desk = bench.open().await;
    settled(&desk).await;
    until("the kept reference data", || desk.boot_view().reference.is_some()).await;
    assert_eq!(desk.boot_view().reference.unwrap(), fetched, "as old as it is, not as the start");
    assert_ne!(desk.boot_view().connection.link, LinkState::Online);
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    let submit = Submit { case_id: draft.case_id, form: support::full_form(), exits: vec![Exit::Leader] };
    desk.submit(submit).await.unwrap();
    assert_eq!(desk.boot_view().connection.pending, 1);
    desk.shutdown().await;
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
    assert_eq!((view.timers.len(), view.timers[0].label.as_str()), (1, ""), "the timer runs on without its name");
    centre.set_down(true);
    report(&desk, &[Exit::Leader]).await;
    assert_eq!(desk.verify_chain().await.unwrap(), None);
    desk.shutdown().await;
    bench.secrets.set_fault(None);
    centre.set_down(false);
    let desk = bench.open().await;
    until_moving(&bench, "both", || centre.reports().len() == 2).await;
    assert_eq!(desk.boot_view().timers[0].label, "王女士", "and has it again");
    let sequences: Vec<u64> = centre
        .stored()
        .iter()
        .filter_map(|stored| stored.seal["sequence"].as_u64())
        .collect();
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
async fn a_keyring_that_came_after_the_start_is_found_when_the_person_signs_in() {
    let bench = Bench::new();
    bench.secrets.set_fault(Some(SecretFault::Unavailable));
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.open().await;
    assert_eq!(settled(&desk).await.keyring, KeyringState::Unavailable);
    bench.secrets.set_fault(None);
    let settings = Settings { server: centre.url.clone(), ..Settings::default() };
    desk.save_settings(settings).await.unwrap();
    support::sign_in(&desk).await;
    assert_eq!(settled(&desk).await.keyring, KeyringState::Ready);
    desk.shutdown().await;
    let desk = bench.open().await;
    assert!(settled(&desk).await.me.is_some(), "the session outlived the program");
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

#[tokio::test]
async fn a_store_of_a_newer_program_is_refused_and_left_alone() {
    let bench = Bench::new();
    let desk = bench.open().await;
    desk.shutdown().await;
    let file = bench.folder.path().join("desk.db");
    // The user version stands at byte 60 of the file's head, big endian.
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&file, &bytes).unwrap();
    let opened = Desk::open(DeskParts {
        data_dir: bench.folder.path().to_owned(),
        clock: std::sync::Arc::new(bench.clock.clone()),
        entropy: std::sync::Arc::new(chayan_runtime::SeededEntropy::new(5)),
        secrets: bench.secrets.clone(),
        client_version: "1.0.0".to_owned(),
    })
    .await;
    assert_eq!(opened.err().unwrap().code, DeskFaultCode::StoreNewer);
    assert_eq!(std::fs::read(&file).unwrap()[60..64], 99_u32.to_be_bytes());
}

#[tokio::test]
async fn a_damaged_store_is_set_aside_and_a_new_one_begun() {
    let bench = Bench::new();
    let desk = bench.open().await;
    settled(&desk).await;
    desk.shutdown().await;
    let file = bench.folder.path().join("desk.db");
    std::fs::write(&file, b"this is no database, however long one looks at it").unwrap();
    let desk = bench.open().await;
    assert_eq!(settled(&desk).await.ended, Some(DeskFaultCode::StoreDamaged));
    assert_eq!(aside(bench.folder.path(), "damaged"), 1);
    desk.start_timing(StartTiming { label: "可用".to_owned() }).await.unwrap();
    desk.shutdown().await;
}

#[tokio::test]
async fn a_wrong_password_is_the_centres_word_and_changes_nothing() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.open().await;
    desk.save_settings(Settings { server: centre.url.clone(), ..Settings::default() }).await.unwrap();
    let args = SignInArgs { person_id: PersonId::from(support::CLERK), password: Private::new("wrong") };
    let fault = desk.sign_in(args).await.unwrap_err();
    assert_eq!(fault.code, DeskFaultCode::Problem);
    assert_eq!(fault.problem.unwrap().status, 401);
    assert_eq!(desk.boot_view().session.ended, None);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_token_never_goes_to_another_address() {
    let bench = Bench::new();
    let (centre, other) = (FakeCentre::start(&bench.clock).await, FakeCentre::start(&bench.clock).await);
    let desk = bench.signed_in(&centre).await;
    desk.save_settings(Settings { server: other.url.clone(), ..Settings::default() }).await.unwrap();
    assert_eq!(desk.boot_view().session.me, None);
    assert!(other.seen(|seen| seen.paths.is_empty()));
    desk.shutdown().await;
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_not_saved() {
    let bench = Bench::new();
    let desk = bench.open().await;
    for server in ["http://centre.example", "https://user:word@centre.example", "not an address"] {
        let settings = Settings { server: server.to_owned(), ..Settings::default() };
        assert_eq!(
            desk.save_settings(settings).await.unwrap_err().code,
            DeskFaultCode::BadAddress,
            "{server}"
        );
    }
    let settings =
        Settings { server: "http://127.0.0.1:1/".to_owned(), repeat_seconds: 1, ..Settings::default() };
    let saved = desk.save_settings(settings).await.unwrap();
    assert_eq!((saved.server.as_str(), saved.repeat_seconds), ("http://127.0.0.1:1", 10));
    desk.shutdown().await;
}
