//! Customer data that is removed: nothing of it stays, the proof does, and what nobody recorded is found.

use chayan_domain::case::Case;
use chayan_domain::ids::RuleVersion;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::{BlindDraft, BlindKind, CaseWrite, RemovalPlan, Store};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, case_id, write, write_report};

const KEEP: Span = Span::minutes(1);

fn plan(case: &Case) -> RemovalPlan {
    RemovalPlan {
        case: case.clone(),
        keep: KEEP,
        rule_version: RuleVersion("2018-1".to_owned()),
        at: NOW.plus(KEEP),
    }
}

async fn case_of(store: &Store, case_id: chayan_domain::ids::CaseId) -> Case {
    store.case(case_id).await.unwrap().unwrap().case
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_takes_rows_key_and_digests_together_and_is_chained(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let (first, second, other) = (case_id(), case_id(), case_id());
    for case_id in [first, second, other] {
        write_report(&store, case_id).await;
    }
    let case = case_of(&store, first).await;
    let states = [case.state];
    let waiting = store.cases_with_customer(&states, NOW.plus(KEEP), None, 2).await.unwrap();
    assert_eq!(waiting.len(), 2, "a page at a time");
    let place = waiting.last().map(|(at, case)| (*at, case.case_id));
    assert_eq!(store.cases_with_customer(&states, NOW.plus(KEEP), place, 2).await.unwrap().len(), 1);
    assert!(
        store.cases_with_customer(&states, NOW, None, 9).await.unwrap().is_empty(),
        "not before its time"
    );

    let removed = store.remove_customer(&plan(&case)).await.unwrap().unwrap();
    assert_eq!((removed.removal.number, removed.removal.rows), (1, 1));
    assert_eq!((removed.removal.event, removed.removal.event_hash), (case.version, case.hash));
    assert!(store.customer_fields(first).await.unwrap().is_empty());
    assert!(!store.has_customer(first).await.unwrap() && store.has_customer(other).await.unwrap());
    let phone = BlindDraft { kind: BlindKind::Phone, text: "13812345678".to_owned().into() };
    assert!(
        !store
            .cases_by_blind_keys(std::slice::from_ref(&phone), Timestamp(0))
            .await
            .unwrap()
            .contains(&first),
        "nobody finds it by its key"
    );
    assert_eq!(store.remove_customer(&plan(&case)).await.unwrap(), None, "there is nothing left");

    let again = store.remove_customer(&plan(&case_of(&store, second).await)).await.unwrap().unwrap();
    assert_eq!((again.removal.number, again.removal.prev_hash), (2, removed.hash));
    assert_ne!(again.removal.content, removed.removal.content);
    assert_eq!(store.removals(None, 9).await.unwrap(), [again, removed.clone()]);
    assert_eq!(store.removals(Some(2), 9).await.unwrap(), [removed.clone()]);
    assert_eq!(store.removal_of(first).await.unwrap(), Some(removed));
    let report = store.audit().await.unwrap();
    assert_eq!((report.removals, report.broken_removal), (2, None));
    home.run_sql("UPDATE removals SET at = at + 1 WHERE number = 1").await;
    assert_eq!(store.audit().await.unwrap().broken_removal, Some(1));
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_was_changed_since_it_was_looked_at_keeps_its_data(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    write_report(&store, case_id).await;
    let seen = case_of(&store, case_id).await;
    let record =
        chayan_tests::case_writes::record(Case { version: seen.version + 1, ..seen.clone() }, "10002", None);
    write(&store, case_id, CaseWrite { case: Some(record), ..CaseWrite::default() }).await.unwrap();
    assert_eq!(store.remove_customer(&plan(&seen)).await.unwrap(), None);
    assert_eq!(store.customer_fields(case_id).await.unwrap().len(), 1);
    assert!(store.removals(None, 9).await.unwrap().is_empty());
    store.shutdown().await;
}
