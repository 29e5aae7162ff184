//! Accounts, sessions, devices, and versions of directory and rules.

use chayan_domain::evidence::sha256;
use chayan_domain::ids::PersonId;
use chayan_domain::time::Span;
use chayan_store::{ReferenceKind, ReferenceVersion, Session, StoreError};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, device_id};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_lock_an_account_until_a_time_or_a_new_password(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let person: PersonId = "10001".into();
    assert!(store.account(&person).await.unwrap().is_none());
    store.put_account(&person, "$argon2id$first", NOW).await.unwrap();
    let until = NOW.plus(Span::minutes(15));
    for expected in [1, 2] {
        store.note_failed_sign_in(&person, 3, until).await.unwrap();
        let account = store.account(&person).await.unwrap().unwrap();
        assert_eq!((account.failed_attempts, account.locked_until), (expected, None));
    }
    store.note_failed_sign_in(&person, 3, until).await.unwrap();
    let account = store.account(&person).await.unwrap().unwrap();
    assert_eq!((account.failed_attempts, account.locked_until), (0, Some(until)));
    store.put_account(&person, "$argon2id$second", NOW).await.unwrap();
    store.set_account_disabled(&person, true).await.unwrap();
    let account = store.account(&person).await.unwrap().unwrap();
    assert_eq!((account.password_hash.as_str(), account.locked_until), ("$argon2id$second", None));
    assert!(account.disabled);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_found_by_its_tokens_hash_and_ends_once(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let person: PersonId = "10001".into();
    store.put_account(&person, "$argon2id$", NOW).await.unwrap();
    store.note_failed_sign_in(&person, 9, NOW).await.unwrap();
    let sessions: Vec<Session> = [b"one", b"two"]
        .iter()
        .map(|token| Session {
            token_hash: sha256(*token),
            person_id: person.clone(),
            device_id: device_id(),
            created_at: NOW,
            expires_at: NOW.plus(Span::minutes(60)),
            revoked_at: None,
        })
        .collect();
    for session in &sessions {
        store.open_session(session, "0.1.0").await.unwrap();
        assert_eq!(store.session(&session.token_hash).await.unwrap().as_ref(), Some(session));
        let device = store.device(session.device_id).await.unwrap().unwrap();
        assert_eq!((device.person_id.clone(), device.client_version.as_str()), (person.clone(), "0.1.0"));
    }
    assert_eq!(store.account(&person).await.unwrap().unwrap().failed_attempts, 0);
    assert!(matches!(store.open_session(&sessions[0], "0.1.0").await, Err(StoreError::Conflict)));
    assert_eq!(store.session(&sha256(b"three")).await.unwrap(), None);
    let hash = &sessions[0].token_hash;
    store.revoke_session(hash, NOW).await.unwrap();
    store.revoke_session(hash, NOW.plus(Span::minutes(1))).await.unwrap();
    assert_eq!(store.session(hash).await.unwrap().unwrap().revoked_at, Some(NOW));
    assert_eq!(store.revoke_sessions_of(&person, NOW).await.unwrap(), 1);
    assert_eq!(store.revoke_sessions_of(&person, NOW).await.unwrap(), 0);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_version_in_force_is_the_latest_effective_one_and_none_is_ever_changed(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let version = |name: &str, minute| ReferenceVersion {
        version: name.to_owned(),
        effective_from: NOW.plus(Span::minutes(minute)),
        added_at: NOW,
        json: format!("{{\"name\":\"{name}\"}}"),
    };
    let directory = ReferenceKind::Directory;
    for one in [version("a", 0), version("b", 10), version("c", 10), version("d", 5)] {
        store.add_reference(directory, &one).await.unwrap();
        store.add_reference(directory, &one).await.unwrap();
    }
    let other = ReferenceVersion { json: "{}".to_owned(), ..version("a", 0) };
    assert!(matches!(store.add_reference(directory, &other).await, Err(StoreError::Conflict)));
    for (minute, expected) in [(-1, None), (0, Some("a")), (9, Some("d")), (10, Some("c"))] {
        let found = store.reference_at(directory, NOW.plus(Span::minutes(minute))).await.unwrap();
        assert_eq!(found.map(|one| one.version).as_deref(), expected, "minute {minute}");
    }
    assert_eq!(store.reference(directory, "b").await.unwrap(), Some(version("b", 10)));
    assert_eq!(store.reference(ReferenceKind::RuleSet, "b").await.unwrap(), None);
    store.shutdown().await;
}
