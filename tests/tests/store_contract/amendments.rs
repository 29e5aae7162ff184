//! Changes of the rules: chained, each with its version or not at all, one after the other on every node.

use chayan_domain::evidence::{Hash, sha256};
use chayan_domain::ids::AmendmentId;
use chayan_domain::rules::{Amendment, AmendmentSubject, SealedAmendment};
use chayan_runtime::{Entropy as _, SystemEntropy};
use chayan_store::{AuditFaultKind, ReferenceKind, ReferenceVersion, Store, StoreError};
use rstest::rstest;

use crate::home::{Home, Kind, NOW};

/// The next change after `last`, with its version.
fn next(last: Option<&SealedAmendment>, version: &str) -> (SealedAmendment, ReferenceVersion) {
    let json = format!("{{\"settings\":[],\"of\":\"{version}\"}}");
    let amendment = Amendment {
        amendment_id: AmendmentId(SystemEntropy.uuid(NOW)),
        number: last.map_or(1, |last| last.amendment.number + 1),
        at: NOW,
        person_id: Some("10001".into()),
        reason: "分公司会议决定".to_owned(),
        effective_from: NOW,
        version: version.to_owned(),
        content: sha256(json.as_bytes()),
        subject: AmendmentSubject::DefaultsSet,
        changes: Vec::new(),
        asked: Hash::ZERO,
        prev_hash: last.map_or(Hash::ZERO, |last| last.hash),
    };
    let stored = ReferenceVersion { version: version.to_owned(), effective_from: NOW, added_at: NOW, json };
    (amendment.seal().unwrap(), stored)
}

async fn add(store: &Store, change: &(SealedAmendment, ReferenceVersion)) -> Result<(), StoreError> {
    store.amend(&change.0, ReferenceKind::RuleSet, &change.1, Vec::new()).await
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_stored_with_its_version_and_one_that_comes_too_late_with_nothing(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let first = next(None, "a");
    add(&store, &first).await.unwrap();
    let late = next(None, "b");
    assert!(matches!(add(&store, &late).await, Err(StoreError::Conflict)), "the place is taken");
    let gap = next(Some(&next(Some(&first.0), "c").0), "d");
    assert!(matches!(add(&store, &gap).await, Err(StoreError::Conflict)), "one is missing in between");
    let second = next(Some(&first.0), "b");
    add(&store, &second).await.unwrap();
    assert_eq!(store.amendments().await.unwrap(), [first.0.clone(), second.0.clone()]);
    let by_id = store.amendment(first.0.amendment.amendment_id).await.unwrap();
    assert_eq!(by_id, Some(first.0));
    assert_eq!(store.amendment(late.0.amendment.amendment_id).await.unwrap(), None);
    let versions = store.reference_versions(ReferenceKind::RuleSet).await.unwrap();
    assert_eq!(versions, [first.1, second.1]);
    let report = store.audit().await.unwrap();
    assert_eq!((report.amendments, report.broken_amendments), (2, Vec::new()));
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_on_two_nodes_at_once_one_is_stored() {
    let home = Home::new(Kind::Postgres);
    let nodes = [home.open().await, home.open().await];
    let changes = [next(None, "a"), next(None, "b"), next(None, "c"), next(None, "d")];
    let tries = changes.iter().enumerate().map(|(index, change)| add(&nodes[index % 2], change));
    let outcomes = futures_util::future::join_all(tries).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(StoreError::Conflict))));
    let versions = nodes[0].reference_versions(ReferenceKind::RuleSet).await.unwrap();
    assert_eq!(versions.len(), 1, "no version without its change");
    for node in nodes {
        node.shutdown().await;
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_change_and_a_version_that_holds_from_another_day_are_found(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let first = next(None, "a");
    add(&store, &first).await.unwrap();
    let second = next(Some(&first.0), "b");
    add(&store, &second).await.unwrap();
    home.run_sql("UPDATE reference_versions SET effective_from = effective_from - 1 WHERE version = 'b'")
        .await;
    let found = store.audit().await.unwrap().broken_amendments;
    assert_eq!(found, [(2, AuditFaultKind::VersionDiffers)]);
    home.run_sql("DELETE FROM amendments WHERE number = 1").await;
    let found = store.audit().await.unwrap().broken_amendments;
    assert_eq!(found, [(2, AuditFaultKind::Missing)]);
    store.shutdown().await;
}
