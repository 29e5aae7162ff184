//! Accounts, sessions, devices, and versions of directory and rules.

use chayan_domain::evidence::sha256;
use chayan_domain::ids::PersonId;
use chayan_domain::time::Span;
use chayan_store::{Lockout, ReferenceKind, ReferenceVersion, Session, StoreError};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, device_id};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_lock_until_a_time_over_a_restart_and_on_every_node(#[case] kind: Kind) {
    let home = Home::new(kind);
    let mut store = home.open().await;
    let lockout = Lockout { attempts: 3, window: Span::minutes(15), length: Span::minutes(20) };
    let (person, stranger): (PersonId, PersonId) = ("10001".into(), "no such account".into());
    store.put_account(&person, "$argon2id$first", NOW).await.unwrap();
    let at = |minute| NOW.plus(Span::minutes(minute));
    for who in [&person, &stranger] {
        assert_eq!(store.note_wrong_sign_in(who, at(0), lockout).await.unwrap(), None);
        assert_eq!(store.note_wrong_sign_in(who, at(14), lockout).await.unwrap(), None);
        store.shutdown().await;
        store = home.open().await;
        assert_eq!(
            store.note_wrong_sign_in(who, at(15), lockout).await.unwrap(),
            None,
            "the first is too old"
        );
        assert_eq!(store.note_wrong_sign_in(who, at(16), lockout).await.unwrap(), Some(at(36)));
        assert_eq!(store.locked_until(who).await.unwrap(), Some(at(36)));
        assert_eq!(store.note_wrong_sign_in(who, at(37), lockout).await.unwrap(), None, "counted anew");
    }
    store.put_account(&person, "$argon2id$second", NOW).await.unwrap();
    assert_eq!(store.locked_until(&person).await.unwrap(), None, "a new password ends the lock");
    assert_eq!(store.locked_until(&stranger).await.unwrap(), Some(at(36)));
    store.set_account_disabled(&person, true).await.unwrap();
    let account = store.account(&person).await.unwrap().unwrap();
    assert_eq!((account.password_hash.as_str(), account.disabled), ("$argon2id$second", true));
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_wrong_passwords_on_two_nodes_at_once_none_is_missed() {
    let home = Home::new(Kind::Postgres);
    let nodes = [home.open().await, home.open().await];
    let lockout = Lockout { attempts: 12, window: Span::minutes(15), length: Span::minutes(15) };
    let person: PersonId = "10001".into();
    let tries = (0..12).map(|index| nodes[index % 2].note_wrong_sign_in(&person, NOW, lockout));
    let locked = futures_util::future::join_all(tries).await;
    assert_eq!(locked.into_iter().filter(|one| one.as_ref().unwrap().is_some()).count(), 1);
    for node in nodes {
        assert_eq!(node.locked_until(&person).await.unwrap(), Some(NOW.plus(lockout.length)));
        node.shutdown().await;
    }
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
    let lockout = Lockout { attempts: 1, window: Span::minutes(1), length: Span::minutes(1) };
    store.note_wrong_sign_in(&person, NOW, lockout).await.unwrap();
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
    assert_eq!(store.locked_until(&person).await.unwrap(), None, "the right password forgets the wrong ones");
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
    let stamps: Vec<_> =
        store.reference_stamps(directory).await.unwrap().into_iter().map(|(_, version)| version).collect();
    assert_eq!(stamps, ["a", "d", "b", "c"], "in the order in which they come into force");
    assert_eq!(store.reference(directory, "b").await.unwrap(), Some(version("b", 10)));
    assert_eq!(store.reference(ReferenceKind::RuleSet, "b").await.unwrap(), None);
    store.shutdown().await;
}
