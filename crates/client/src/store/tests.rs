//! The store under a full disk and under a hand that reaches into the file.

use std::sync::Arc;

use chayan_domain::evidence::SealKind;
use chayan_domain::ids::{CaseId, RecordId};
use chayan_domain::report::{Private, ReportForm};
use chayan_runtime::SeededEntropy;
use uuid::Uuid;

use super::*;
use crate::seal::{ChainHead, SealStamp, is_intact};

async fn store(folder: &Path) -> Store {
    let entropy = Arc::new(SeededEntropy::new(1));
    let (store, was_damaged) = Store::open(folder, entropy, Timestamp(1)).await.unwrap();
    assert!(!was_damaged);
    store.set_key(StoreKey::new([3; 32]));
    store
}

fn draft(text: &str) -> DraftRow {
    let mut form = ReportForm::default();
    form.customer.narrative = Private::new(text);
    DraftRow {
        case_id: CaseId(Uuid::from_u128(1)),
        owner: "P1".to_owned(),
        state: DraftState::Open,
        found: crate::moment::Moment { at: Timestamp(1), elapsed: None },
        saved_at: Timestamp(2),
        corrects: None,
        form,
    }
}

fn record(number: u128) -> NewRecord {
    NewRecord {
        record_id: RecordId(Uuid::from_u128(number)),
        case_id: CaseId(Uuid::from_u128(1)),
        owner: "P1".to_owned(),
        kind: RecordKind::Sealed(SealKind::Notice),
        payload: format!("{{\"number\":{number}}}"),
        made_at: Timestamp(3),
        stamp: Some(SealStamp { sealed_at: Timestamp(3), elapsed: None, anchor: None, corrects: None }),
    }
}

#[tokio::test]
async fn a_full_disk_is_named_and_what_was_saved_before_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    store.save_draft(&draft("kept"), false).await.unwrap();
    store.limit_pages(store.pages().await).await;
    let long = "太长的经过".repeat(20_000);
    let fault = store.save_draft(&draft(&long), false).await.unwrap_err();
    assert!(matches!(fault, StoreFault::Full), "{fault:?}");
    assert_eq!(DeskFault::from(fault).code, DeskFaultCode::DiskFull);
    // The connection is a new one after the failure, and has no limit yet.
    store.set_meta("after", "the failure").await.unwrap();
    store.limit_pages(store.pages().await).await;
    let big = NewRecord { payload: format!("\"{}\"", "x".repeat(200_000)), ..record(2) };
    let sealed = DraftRow { state: DraftState::Sealed, ..draft("kept") };
    let fault = store.seal(&sealed, vec![record(1), big]).await.unwrap_err();
    assert!(matches!(fault, StoreFault::Full), "{fault:?}");
    assert!(store.queue().await.unwrap().is_empty(), "sealed together or not at all");
    let kept = store.draft(draft("").case_id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.form.customer.narrative.reveal()), (DraftState::Open, "kept"));
    store.limit_pages(1_000_000).await;
    store.save_draft(&draft(&long), false).await.unwrap();
}

#[tokio::test]
async fn a_changed_record_is_noticed_wherever_it_was_changed() {
    for statement in [
        "UPDATE records SET body = zeroblob(length(body)) WHERE sequence = 1",
        "UPDATE records SET body = (SELECT body FROM records WHERE sequence = 2) WHERE sequence = 1",
        "UPDATE records SET hash = replace(hash, substr(hash, 1, 1), 'f') WHERE sequence = 1",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let sealed = DraftRow { state: DraftState::Sealed, ..draft("sealed") };
        store.seal(&sealed, vec![record(1), record(2)]).await.unwrap();
        let first = RecordId(Uuid::from_u128(1));
        let (bytes, hash) = store.sealed_bytes(first).await.unwrap();
        assert!(is_intact(Some(ChainHead::EMPTY), &bytes, hash));
        store.tamper(statement).await;
        let intact = match store.sealed_bytes(first).await {
            Ok((bytes, hash)) => is_intact(Some(ChainHead::EMPTY), &bytes, hash),
            Err(StoreFault::Unreadable) => false,
            Err(other) => panic!("{other}"),
        };
        assert!(!intact, "{statement}");
    }
}

#[tokio::test]
async fn a_sealed_draft_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let sealed = DraftRow { state: DraftState::Sealed, ..draft("sealed") };
    store.seal(&sealed, vec![record(1)]).await.unwrap();
    let late = store.save_draft(&draft("late"), false).await.unwrap_err();
    assert!(matches!(late, StoreFault::SealedRecord));
    let kept = store.draft(sealed.case_id).await.unwrap().unwrap();
    assert_eq!(kept.form.customer.narrative.reveal(), "sealed");
}
