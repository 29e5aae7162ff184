//! Accounts, sessions, devices, and versions of directory and rules.

use chayan_domain::directory::{Absence, AbsenceKind};
use chayan_domain::evidence::{Hash, sha256};
use chayan_domain::ids::{AbsenceId, AmendmentId, PersonId};
use chayan_domain::rules::{Amendment, AmendmentSubject, SealedAmendment};
use chayan_domain::time::Span;
use chayan_runtime::{Entropy as _, SystemEntropy};
use chayan_store::{
    AbsenceRow, AuditFaultKind, FeedDraft, FeedKind, ImportRow, Lockout, ReferenceKind, ReferenceVersion,
    Session, StoreError, Topic,
};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, device_id, event_id};

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

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_imports_that_were_compared_with_the_same_versions_only_one_is_taken(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let version = |name: &str| ReferenceVersion {
        version: name.to_owned(),
        effective_from: NOW,
        added_at: NOW,
        json: format!("{{\"name\":\"{name}\"}}"),
    };
    let import = |follows, person: Option<&str>| ImportRow {
        follows,
        person_id: person.map(PersonId::from),
        source: "人员.xlsx".to_owned(),
        reason: "调整".to_owned(),
    };
    let take = async |name: &str, row: ImportRow| {
        let link = link(store.last_amendment().await.unwrap().as_ref(), &version(name), &row);
        store.import_directory(&link, &version(name), &row, Vec::new()).await
    };
    assert_eq!(store.newest_directory().await.unwrap(), 0);
    take("a", import(0, None)).await.unwrap();
    let follows = store.newest_directory().await.unwrap();
    let before = store.last_amendment().await.unwrap();
    take("b", import(follows, Some("1009"))).await.unwrap();
    let late = take("c", import(follows, Some("1010"))).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let newest = import(store.newest_directory().await.unwrap(), None);
    let overtaken = link(before.as_ref(), &version("c"), &newest);
    let late = store.import_directory(&overtaken, &version("c"), &newest, Vec::new()).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "another change was chained first: {late:?}");
    assert_eq!(
        store.reference(ReferenceKind::Directory, "c").await.unwrap(),
        None,
        "nothing of it is stored"
    );
    store.add_reference(ReferenceKind::Directory, &version("d")).await.unwrap();
    store.add_reference(ReferenceKind::RuleSet, &version("e")).await.unwrap();
    let listed = store.directory_versions(10).await.unwrap();
    let told: Vec<_> = listed.iter().map(|one| (one.version.as_str(), one.import.clone())).collect();
    let first = Some(import(0, None));
    assert_eq!(told, [("d", None), ("b", Some(import(follows, Some("1009")))), ("a", first)]);
    assert_eq!(store.directory_versions(1).await.unwrap().len(), 1);
    let report = store.audit().await.unwrap();
    assert_eq!((report.amendments, report.is_sound()), (2, true));
    home.run_sql("UPDATE reference_versions SET json = '{}' WHERE version = 'a'").await;
    let broken = store.audit().await.unwrap().broken_amendments;
    assert_eq!(
        broken,
        [(1, AuditFaultKind::VersionDiffers)],
        "an imported directory cannot be changed unseen"
    );
    store.shutdown().await;
}

/// The next link of the chain of changes, of an import.
fn link(last: Option<&SealedAmendment>, version: &ReferenceVersion, import: &ImportRow) -> SealedAmendment {
    let content = sha256(version.json.as_bytes());
    let subject = AmendmentSubject::DirectoryImported { source: import.source.clone(), before: None };
    let amendment = Amendment {
        amendment_id: AmendmentId(SystemEntropy.uuid(NOW)),
        number: last.map_or(1, |last| last.amendment.number + 1),
        at: NOW,
        person_id: import.person_id.clone(),
        reason: import.reason.clone(),
        effective_from: version.effective_from,
        version: version.version.clone(),
        content,
        subject,
        changes: Vec::new(),
        asked: content,
        prev_hash: last.map_or(Hash::ZERO, |last| last.hash),
    };
    amendment.seal().unwrap()
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn of_an_absence_the_last_row_holds_and_every_row_is_counted_and_told(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let row = |person: &str, from, to, deputy: Option<&str>| AbsenceRow {
        absence_id: AbsenceId(SystemEntropy.uuid(NOW)),
        kind: AbsenceKind::Duty,
        absence: Absence {
            person_id: person.into(),
            from: NOW.plus(Span::minutes(from)),
            to: NOW.plus(Span::minutes(to)),
            deputy: deputy.map(PersonId::from),
        },
        entered_by: person.into(),
        entered_at: NOW,
    };
    let told = |topic| FeedDraft {
        topic,
        event_id: event_id(),
        at: NOW,
        kind: FeedKind::ReferenceChanged,
        case_id: None,
        alert_id: None,
        detail: None,
    };
    let mut changes = store.feed_changes();
    assert_eq!(store.absence_rows().await.unwrap(), 0);
    let (long, short, past) = (row("1", 10, 90, Some("2")), row("2", 0, 60, None), row("3", -60, -1, None));
    store.put_absence(&long, vec![told(Topic::nodes())]).await.unwrap();
    assert!(changes.recv().await.is_ok(), "the other nodes hear of it");
    store.put_absence(&short, Vec::new()).await.unwrap();
    store.put_absence(&past, Vec::new()).await.unwrap();
    assert_eq!(store.absences_after(NOW).await.unwrap(), [short.clone(), long.clone()], "by their beginning");
    let ended = AbsenceRow {
        absence: Absence { to: NOW.plus(Span::minutes(20)), ..long.absence.clone() },
        entered_by: "9".into(),
        ..long.clone()
    };
    store.put_absence(&ended, Vec::new()).await.unwrap();
    assert_eq!(store.absence(long.absence_id).await.unwrap(), Some(ended.clone()));
    let after = NOW.plus(Span::minutes(20));
    assert_eq!(store.absences_after(after).await.unwrap(), [short], "it is over at its end");
    assert_eq!(store.absence(AbsenceId(SystemEntropy.uuid(NOW))).await.unwrap(), None);
    assert_eq!(store.absence_rows().await.unwrap(), 4, "nothing is overwritten");
    store.shutdown().await;
}
