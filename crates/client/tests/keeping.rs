//! What a desk keeps and what the disk can do to it: sessions, reference data, a newer, a damaged, a foreign file.

#![expect(clippy::unwrap_used, reason = "what fails here ends its test")]

mod support;

use chayan_client::ipc::{
    DeskFaultCode, Exit, KeyringState, LinkState, OpenReport, SaveDraft, SessionView, Settings, SignInArgs,
    StartTiming, Submit,
};
use chayan_client::{Desk, DeskParts, SecretFault};
use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use support::{Bench, FakeCentre, PHONE, report, until};

async fn settled(desk: &Desk) -> SessionView {
    until("the keyring", || desk.boot_view().session.keyring != KeyringState::Opening).await;
    desk.boot_view().session
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
