//! Customer data that is removed: nothing of it stays, the proof does, and what nobody recorded is found.

use chayan_domain::case::Case;
use chayan_domain::ids::{CaseId, RuleVersion};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::SystemEntropy;
use chayan_store::{
    BlindDraft, BlindKind, CaseWithCustomer, CaseWrite, Decision, RemovalPlan, Snapshot, Store,
};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, case_id, command_id, key, similar, write, write_report};

const KEEP: Span = Span::minutes(1);

fn plan(case: &Case) -> RemovalPlan {
    RemovalPlan {
        case: case.clone(),
        keep: KEEP,
        rule_version: RuleVersion("2018-1".to_owned()),
        at: NOW.plus(KEEP),
    }
}

/// Changes a case and adds words about its customer.
async fn write_again(store: &Store, case_id: CaseId) {
    let (words, _) = chayan_tests::case_writes::customer(&SystemEntropy, command_id(), "13812345678", NOW);
    let write = move |seen: &Snapshot| {
        let case = seen.case.clone().unwrap();
        let case = Case { version: case.version + 1, ..case };
        let record = chayan_tests::case_writes::record(case, "10002", None);
        let write = CaseWrite { case: Some(record), customer: vec![words.clone()], ..CaseWrite::default() };
        Decision::write(write, ())
    };
    store.commit(key(case_id, None), write).await.unwrap();
}

async fn case_of(store: &Store, case_id: CaseId) -> Case {
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
    let place = waiting.last().map(CaseWithCustomer::place);
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
        !similar(&store, std::slice::from_ref(&phone), Timestamp(0)).await.contains(&first),
        "nobody finds it by its key"
    );
    assert_eq!(store.remove_customer(&plan(&case)).await.unwrap(), None, "there is nothing left");

    let again = store.remove_customer(&plan(&case_of(&store, second).await)).await.unwrap().unwrap();
    assert_eq!((again.removal.number, again.removal.prev_hash), (2, removed.hash));
    assert_ne!(again.removal.content, removed.removal.content);
    assert_eq!(store.removals(None, 9).await.unwrap(), [again, removed.clone()]);
    assert_eq!(store.removals(Some(2), 9).await.unwrap(), std::slice::from_ref(&removed));
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

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_changes_in_the_same_commit_either_keeps_its_data_or_gets_a_key_of_its_own(
    #[case] kind: Kind,
) {
    let home = Home::new(kind);
    let store = home.open().await;
    for _ in 0..20 {
        let case_id = case_id();
        write_report(&store, case_id).await;
        let seen = case_of(&store, case_id).await;
        let plan = plan(&seen);
        let (removed, ()) = tokio::join!(store.remove_customer(&plan), write_again(&store, case_id));
        let rows = if removed.unwrap().is_some() { 1 } else { 2 };
        assert_eq!(
            store.customer_fields(case_id).await.unwrap().len(),
            rows,
            "every row that stays is readable"
        );
    }
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_named_and_keeps_nobody_from_the_rest(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let (spoilt, sound) = (case_id(), case_id());
    write_report(&store, spoilt).await;
    home.run_sql("UPDATE cases SET body = '{}'").await;
    write_report(&store, sound).await;
    let states = [case_of(&store, sound).await.state];
    let waiting = store.cases_with_customer(&states, NOW.plus(KEEP), None, 9).await.unwrap();
    let mut readable: Vec<_> = waiting.iter().map(|case| (case.case_id, case.readable.is_some())).collect();
    readable.sort_unstable();
    let mut expected = vec![(spoilt, false), (sound, true)];
    expected.sort_unstable();
    assert_eq!(readable, expected);
    store.shutdown().await;
}
