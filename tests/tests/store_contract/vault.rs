//! Customer data: readable through the store, invisible in everything on the disk.

use std::path::Path;

use chayan_domain::case::CaseState;
use chayan_domain::ids::CaseId;
use chayan_domain::time::Span;
use chayan_runtime::{Entropy, SystemEntropy};
use chayan_store::{
    BlindDraft, BlindKind, CaseWrite, CustomerLook, Decision, Look, MasterKey, Store, StoreError, Target,
};
use chayan_tests::case_writes;
use rstest::rstest;
use sqlx::{Connection as _, Row as _};

use crate::home::{Home, Kind, NOW, case_id, command_id, key, similar, write, write_report};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_customer_stands_in_the_database(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    let command_id = write_report(&store, case_id).await;
    let salt = store.customer_fields(case_id).await.unwrap()[0].salt;
    store.ping().await.unwrap();
    let dump = match &home.target {
        Target::Sqlite(path) => folder_bytes(path.parent().unwrap()),
        Target::Postgres(url) => table_bytes(url).await,
    };
    assert!(found(&dump, command_id.to_string().as_bytes()), "the dump shows what is not secret");
    for secret in ["13812345678", "王小明", "客户在柜面", "narrative"] {
        assert!(!found(&dump, secret.as_bytes()), "{secret}");
    }
    assert!(!found(&dump, &salt), "a salt would let phones be tried out");
    assert!(!found(&dump, hex_text(&salt).as_bytes()));
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn customer_rows_of_several_commands_come_back_in_order_under_one_key(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    let first = write_report(&store, case_id).await;
    let second = command_id();
    let (row, _) = case_writes::customer(&SystemEntropy, second, "13900000000", NOW.plus(Span::minutes(1)));
    write(&store, case_id, CaseWrite { customer: vec![row.clone()], ..CaseWrite::default() }).await.unwrap();
    let fields = store.customer_fields(case_id).await.unwrap();
    assert_eq!(fields.iter().map(|one| one.command_id).collect::<Vec<_>>(), [first, second]);
    assert_eq!((&fields[1].plaintext, fields[1].salt, fields[1].at), (&row.plaintext, row.salt, row.at));
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn cases_are_matched_by_equal_keys_of_one_kind_and_by_time(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let (older, newer) = (case_id(), case_id());
    for case_id in [older, newer] {
        write_report(&store, case_id).await;
    }
    let entry = |kind, text: &str| BlindDraft { kind, text: text.to_owned().into() };
    let phone = entry(BlindKind::Phone, "13812345678");
    let mut expected = vec![older, newer];
    expected.sort_by(|one, other| other.cmp(one));
    assert_eq!(similar(&store, std::slice::from_ref(&phone), NOW).await, expected, "the newest first");
    let later = NOW.plus(Span::millis(1));
    assert_eq!(similar(&store, std::slice::from_ref(&phone), later).await, [], "older ones count no more");
    for other in [entry(BlindKind::Phone, "13812345679"), entry(BlindKind::Policy, "13812345678")] {
        assert_eq!(similar(&store, std::slice::from_ref(&other), NOW).await, []);
        let any = similar(&store, &[other, phone.clone()], NOW).await;
        assert_eq!(any, expected, "one equal key is enough, and a case is found once");
    }
    assert_eq!(similar(&store, &[], NOW).await, []);
    let gone = case_id();
    write(&store, gone, with_phone(gone, CaseState::Void, &phone)).await.unwrap();
    assert_eq!(
        similar(&store, std::slice::from_ref(&phone), NOW).await,
        expected,
        "what is void does not count"
    );
    store.shutdown().await;
}

/// A case of this customer.
fn with_phone(case_id: CaseId, state: CaseState, phone: &BlindDraft) -> CaseWrite {
    let case = case_writes::case(case_id, "10001", state, 1, NOW);
    let record = case_writes::record(case, "20001", None);
    CaseWrite { case: Some(record), blind: vec![phone.clone()], ..CaseWrite::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_of_one_customer_at_the_same_instant_know_of_each_other() {
    const REPORTS: usize = 40;
    let home = Home::new(Kind::Sqlite);
    let store = home.open().await;
    let phone = BlindDraft { kind: BlindKind::Phone, text: "13812345678".to_owned().into() };
    let reports = (0..REPORTS).map(|_| {
        let (case_id, phone) = (case_id(), phone.clone());
        let customer = Some(CustomerLook { keys: vec![phone.clone()], since: NOW });
        let look = Look { customer, begins: true, ..Look::default() };
        store.commit_with(key(case_id, None), look, move |seen| {
            Decision::write(with_phone(case_id, CaseState::Submitted, &phone), seen.similar.len())
        })
    });
    let mut known = futures_util::future::try_join_all(reports).await.unwrap();
    known.sort_unstable();
    let expected: Vec<usize> = (0..REPORTS).map(|before| before.min(20)).collect();
    assert_eq!(known, expected, "each knows of all that were decided before it, up to the last twenty");
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn another_master_key_is_refused_when_opening(#[case] kind: Kind) {
    let home = Home::new(kind);
    home.open().await.shutdown().await;
    let other = MasterKey::from_bytes(SystemEntropy.bytes32());
    let refusal = Store::open(&home.config(), std::sync::Arc::new(SystemEntropy), other).await.unwrap_err();
    assert!(matches!(refusal, StoreError::WrongMasterKey), "{refusal:?}");
    home.open().await.shutdown().await;
}

fn folder_bytes(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end != "key"))
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// Every table as PostgreSQL writes it out, its binary columns as they are.
async fn table_bytes(url: &str) -> Vec<u8> {
    let mut link = sqlx::PgConnection::connect(url).await.unwrap();
    let tables = sqlx::query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    let mut bytes = Vec::new();
    for table in tables.fetch_all(&mut link).await.unwrap() {
        let table: String = table.get(0);
        let mut copied =
            link.copy_out_raw(&format!("COPY \"{table}\" TO STDOUT (FORMAT binary)")).await.unwrap();
        while let Some(piece) = next(&mut copied).await {
            bytes.extend_from_slice(&piece);
        }
    }
    bytes
}

async fn next<S, B, E: std::fmt::Debug>(stream: &mut S) -> Option<B>
where
    S: futures_util::Stream<Item = Result<B, E>> + Unpin,
{
    futures_util::StreamExt::next(stream).await.map(Result::unwrap)
}

fn found(dump: &[u8], part: &[u8]) -> bool {
    dump.windows(part.len()).any(|window| window == part)
}

fn hex_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
