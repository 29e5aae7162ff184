//! Lists by scope, receipts of alerts, chains and checkpoints.

use chayan_domain::case::{CaseState, Reopening};
use chayan_domain::directory::{Department, Line};
use chayan_domain::evidence::sha256;
use chayan_domain::ids::CaseId;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::{
    AccessDraft, BlindDraft, BlindKind, CaseFilter, CaseOrder, CaseQuery, CaseWrite, ChainBreak, Checkpoint,
    NumberPart, OutgoingRow, ReceiptAct, ReceiptRow, Scope, Seen, SeenQuery, Store, StoreError,
};
use chayan_tests::case_writes;
use rstest::rstest;

use crate::home::{Home, Kind, NOW, case_id, device_id, event_id, write, write_report};

/// A small province: who reported, for whom, where, in what state, due after so many minutes.
const PROVINCE: [(&str, &str, &str, CaseState, Option<i64>); 6] = [
    ("10001", "20001", "HQ/JS/NJ/KS", CaseState::LeaderNotified, Some(9)),
    ("10002", "20001", "HQ/JS/NJ/KS", CaseState::Submitted, Some(3)),
    ("10003", "20002", "HQ/JS/NJ", CaseState::Submitted, Some(1)),
    ("10004", "20003", "HQ/JS/NJX", CaseState::Calling, None),
    ("10001", "20003", "HQ/JS/WX", CaseState::SpotResolved, None),
    ("10005", "20002", "HQ/ZJ", CaseState::Submitted, Some(2)),
];

fn department(line: Line) -> Department {
    Department { unit_id: "NJ".into(), line }
}

async fn province(store: &Store) -> Vec<CaseId> {
    let mut ids = Vec::new();
    for (number, (reporter, leader, path, state, due)) in (0_i64..).zip(PROVINCE) {
        let case_id = case_id();
        let at = NOW.plus(Span::seconds(number));
        let mut case = case_writes::case(case_id, reporter, state, 1, at);
        case.submitter = (number == 3).then(|| "10002".into());
        let mut record =
            case_writes::record(case, leader, due.map(|minutes| NOW.plus(Span::minutes(minutes))));
        record.unit_path = path.to_owned();
        record.involved.push(format!("4000{number}").as_str().into());
        if number % 2 == 1 {
            record.departments = vec![department(Line::Claims), department(Line::Sales)];
            record.escalated.push(format!("5000{number}").as_str().into());
        }
        write(store, case_id, CaseWrite { case: Some(record), ..CaseWrite::default() }).await.unwrap();
        ids.push(case_id);
    }
    ids
}

async fn listed(store: &Store, ids: &[CaseId], query: CaseQuery) -> Vec<usize> {
    let (mut query, mut found) = (query, Vec::new());
    loop {
        let page = store.cases(&query).await.unwrap();
        assert!(page.cases.len() <= query.limit as usize);
        found.extend(page.cases.iter().map(|one| ids.iter().position(|id| *id == one.case.case_id).unwrap()));
        let Some(next) = page.next else { return found };
        query.after = Some(next.to_string().parse().unwrap());
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_the_cases_of_its_scopes_each_once_in_order_over_pages(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let ids = province(&store).await;
    let newest = |scopes: Vec<Scope>| CaseQuery {
        scopes,
        states: Vec::new(),
        filter: CaseFilter::default(),
        order: CaseOrder::NewestFirst,
        after: None,
        limit: 2,
    };
    let subtree = |path: &str| Scope::Subtree(path.to_owned());
    let expectations: [(Vec<Scope>, Vec<usize>); 13] = [
        (vec![], vec![]),
        (vec![Scope::Reporter("10001".into())], vec![4, 0]),
        (vec![Scope::Reporter("10002".into())], vec![3, 1]),
        (vec![Scope::Team("20001".into())], vec![1, 0]),
        (vec![Scope::Involved("40003".into())], vec![3]),
        (vec![Scope::Involved("50003".into())], vec![]),
        (vec![Scope::Escalated("50003".into())], vec![3]),
        (vec![Scope::Department(department(Line::Sales))], vec![5, 3, 1]),
        (vec![Scope::Department(department(Line::Underwriting))], vec![]),
        (vec![subtree("HQ/JS/NJ")], vec![2, 1, 0]),
        (vec![Scope::Callback], vec![5, 2, 1]),
        (
            vec![Scope::Reporter("10001".into()), Scope::Team("20001".into()), subtree("HQ/JS/WX")],
            vec![4, 1, 0],
        ),
        (vec![Scope::All, Scope::Callback], vec![5, 4, 3, 2, 1, 0]),
    ];
    for (scopes, expected) in expectations {
        assert_eq!(listed(&store, &ids, newest(scopes.clone())).await, expected, "{scopes:?}");
    }
    let due = CaseQuery { order: CaseOrder::DueFirst, ..newest(vec![Scope::All]) };
    let mut found = listed(&store, &ids, due.clone()).await;
    found[4..].sort_unstable();
    assert_eq!(found, [2, 5, 1, 0, 3, 4], "those without a clock last");
    let waiting = CaseQuery { states: vec![CaseState::Submitted, CaseState::Calling], ..due };
    assert_eq!(listed(&store, &ids, waiting).await, [2, 5, 1, 3]);
    let flows = store.flows_received(NOW, NOW.plus(Span::seconds(5))).await.unwrap();
    assert_eq!(flows.iter().map(|case| case.case_id).collect::<Vec<_>>(), [ids[1], ids[2]]);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn cases_that_were_opened_again_stand_with_the_last_one_first_over_pages(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let ids = province(&store).await;
    for (number, minutes) in [(4, 5), (0, 20), (1, 5), (0, 30)] {
        let listed = store.case(ids[number]).await.unwrap().unwrap();
        let mut case = listed.case;
        case.reopenings.push(Reopening {
            person_id: "20001".into(),
            at: NOW.plus(Span::minutes(minutes)),
            complaint_no: "TS1".into(),
        });
        let mut record = case_writes::record(case, "20001", None);
        record.unit_path = listed.unit_path;
        write(&store, ids[number], CaseWrite { case: Some(record), ..CaseWrite::default() }).await.unwrap();
    }
    let reopened = |scope: Scope| CaseQuery {
        scopes: vec![scope],
        states: Vec::new(),
        filter: CaseFilter::default(),
        order: CaseOrder::ReopenedFirst,
        after: None,
        limit: 1,
    };
    let mut found = listed(&store, &ids, reopened(Scope::All)).await;
    assert_eq!(found.remove(0), 0, "opened again twice, the last time last");
    found.sort_unstable();
    assert_eq!(found, [1, 4], "and what was never opened again is not on it");
    assert_eq!(listed(&store, &ids, reopened(Scope::Reporter("10002".into()))).await, [1]);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_did_with_an_alert_is_kept_once_with_its_first_time(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    write_report(&store, case_id).await;
    let alert_id = store.open_alerts(&"30000".into()).await.unwrap()[0].alert_id;
    let (desk, phone) = (device_id(), device_id());
    let row = |device_id, act, second| ReceiptRow {
        alert_id,
        device_id,
        act,
        device_time: Timestamp(second),
        received_at: NOW.plus(Span::seconds(second)),
    };
    let first = vec![row(desk, ReceiptAct::Delivered, 1), row(desk, ReceiptAct::Shown, 2)];
    let again = vec![
        row(desk, ReceiptAct::Delivered, 3),
        row(phone, ReceiptAct::Delivered, 4),
        row(desk, ReceiptAct::Acknowledged, 5),
        row(desk, ReceiptAct::Acknowledged, 6),
    ];
    for receipts in [first.clone(), again.clone()] {
        let change = CaseWrite { alert_receipts: receipts, ..CaseWrite::default() };
        write(&store, case_id, change).await.unwrap();
    }
    let expected = [&first[0], &first[1], &again[1], &again[2]].map(Clone::clone);
    assert_eq!(store.alert_receipts(alert_id).await.unwrap(), expected);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_or_missing_event_is_found_by_the_walk_over_all_chains(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let mut ids = [case_id(), case_id(), case_id()];
    ids.sort();
    for case_id in ids {
        write_report(&store, case_id).await;
    }
    assert_eq!(store.verify_chain().await.unwrap().breaks, []);
    home.run_sql(
        "UPDATE events SET bytes = prev_hash WHERE sequence = 2 AND case_id = (SELECT MIN(case_id) FROM events); \
         DELETE FROM events WHERE sequence = 2 AND case_id = (SELECT MAX(case_id) FROM events)",
    )
    .await;
    let report = store.verify_chain().await.unwrap();
    assert_eq!((report.cases, report.events), (3, 8));
    let at = |case_id, sequence| ChainBreak { case_id, sequence };
    assert_eq!(report.breaks, [at(ids[0], 2), at(ids[2], 3)]);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn checkpoints_are_numbered_without_gap(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let checkpoint = |number| Checkpoint {
        number,
        at: NOW,
        events: 3,
        hash: sha256(b"all"),
        key_id: "0123".to_owned(),
        signature: vec![1; 64],
    };
    assert_eq!(store.last_checkpoint().await.unwrap(), None);
    for number in [1, 2] {
        store.add_checkpoint(&checkpoint(number)).await.unwrap();
    }
    for number in [2, 4, 0] {
        assert!(
            matches!(store.add_checkpoint(&checkpoint(number)).await, Err(StoreError::Conflict)),
            "{number}"
        );
    }
    assert_eq!(store.last_checkpoint().await.unwrap(), Some(checkpoint(2)));
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_to_a_channel_waits_until_it_is_handed_over(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let message = |second| OutgoingRow {
        message_id: event_id(),
        channel: "wecom".to_owned(),
        person_id: "20001".into(),
        at: NOW.plus(Span::seconds(second)),
        body: "{}".to_owned(),
    };
    let messages = vec![message(1), message(2)];
    let change = CaseWrite { outgoing: messages.clone(), ..CaseWrite::default() };
    write(&store, case_id(), change).await.unwrap();
    assert_eq!(store.outgoing("wecom", 9).await.unwrap(), messages);
    assert_eq!(store.outgoing("sms", 9).await.unwrap(), []);
    store.note_sent(&[messages[0].message_id], NOW).await.unwrap();
    assert_eq!(store.outgoing("wecom", 9).await.unwrap(), messages[1..]);
    store.shutdown().await;
}

/// However a list is read, along a person, a department, a unit, or a state, it shows what fulfils everything asked.
#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn scope_unit_and_state_together_show_what_each_shows_alone(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let ids = province(&store).await;
    let subtree = |path: &str| Scope::Subtree(path.to_owned());
    let scopes = [
        Scope::Reporter("10001".into()),
        Scope::Team("20001".into()),
        Scope::Involved("40003".into()),
        Scope::Escalated("50001".into()),
        Scope::Department(department(Line::Claims)),
        Scope::Callback,
        Scope::All,
        subtree("HQ"),
        subtree("HQ/JS"),
        subtree("HQ/JS/NJ"),
    ];
    let units = [None, Some("HQ"), Some("HQ/JS"), Some("HQ/JS/NJ"), Some("HQ/JS/NJ/KS")];
    let states =
        [vec![], vec![CaseState::Submitted], vec![CaseState::SpotResolved, CaseState::LeaderNotified]];
    let query = |scope: &Scope, unit: Option<&str>, states: &[CaseState], order| CaseQuery {
        scopes: vec![scope.clone()],
        states: states.to_vec(),
        filter: CaseFilter { unit_path: unit.map(str::to_owned), ..CaseFilter::default() },
        order,
        after: None,
        limit: 2,
    };
    for order in [CaseOrder::NewestFirst, CaseOrder::DueFirst] {
        for scope in &scopes {
            let mine = listed(&store, &ids, query(scope, None, &[], order)).await;
            for unit in units {
                let within = |case: &usize| unit.is_none_or(|unit| under(PROVINCE[*case].2, unit));
                for states in &states {
                    let wanted = |case: &usize| states.is_empty() || states.contains(&PROVINCE[*case].3);
                    let expected: Vec<usize> = mine.iter().copied().filter(within).filter(wanted).collect();
                    let found = listed(&store, &ids, query(scope, unit, states, order)).await;
                    assert_eq!(found, expected, "{order:?} {scope:?} {unit:?} {states:?}");
                }
            }
        }
    }
    store.shutdown().await;
}

fn under(path: &str, unit: &str) -> bool {
    format!("{path}/").starts_with(&format!("{unit}/"))
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_filter_narrows_every_way_of_a_list_and_pooled_keys_lead_to_the_survivor(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let ids = province(&store).await;
    let key = |text: &str| BlindDraft { kind: BlindKind::Plate, text: text.to_owned().into() };
    let carry = |text| CaseWrite { blind: vec![key(text)], ..CaseWrite::default() };
    write(&store, ids[1], carry("A1")).await.unwrap();
    write(&store, ids[5], carry("A2")).await.unwrap();
    write(&store, ids[2], CaseWrite { pooled: Some(ids[1]), ..CaseWrite::default() }).await.unwrap();
    let all = |filter| CaseQuery {
        scopes: vec![Scope::All, Scope::Callback],
        states: Vec::new(),
        filter,
        order: CaseOrder::NewestFirst,
        after: None,
        limit: 2,
    };
    let tail = ids[3].to_string()[32..].to_owned();
    let nothing = CaseFilter::default;
    let second = |second| Some(NOW.plus(Span::seconds(second)));
    let expectations = [
        (nothing(), vec![5, 4, 3, 2, 1, 0]),
        (CaseFilter { unit_path: Some("HQ/JS/NJ".to_owned()), ..nothing() }, vec![2, 1, 0]),
        (CaseFilter { from: second(2), to: second(4), ..nothing() }, vec![3, 2]),
        (CaseFilter { number: NumberPart::new(&tail), ..nothing() }, vec![3]),
        (CaseFilter { keys: Some(vec![key("A1")]), ..nothing() }, vec![2, 1]),
        (CaseFilter { keys: Some(vec![key("A1"), key("A2")]), ..nothing() }, vec![5, 2, 1]),
        (CaseFilter { keys: Some(vec![key("A")]), ..nothing() }, vec![]),
        (CaseFilter { keys: Some(Vec::new()), ..nothing() }, vec![]),
    ];
    for (filter, expected) in expectations {
        assert_eq!(listed(&store, &ids, all(filter.clone())).await, expected, "{filter:?}");
    }
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn accesses_are_numbered_and_chained_however_many_come_at_once(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let device_id = device_id();
    let draft = |second: i64| {
        AccessDraft {
        at: NOW.plus(Span::seconds(second)),
        person_id: "10001".into(),
        device_id,
        kind: "search".to_owned(),
        bytes: serde_json::to_vec(&serde_json::json!({
            "at": NOW.plus(Span::seconds(second)), "person_id": "10001", "device_id": device_id, "kind": "search"
        }))
        .unwrap(),
    }
    };
    let writers = (0..12).map(|second| {
        let (store, draft) = (store.clone(), draft(second));
        tokio::spawn(async move { store.record_access(&draft).await.unwrap().number })
    });
    let mut numbers = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        numbers.push(writer.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let mut page = SeenQuery { limit: 5, ..SeenQuery::default() };
    let newest = store.seen(&page).await.unwrap();
    let seconds = |page: &[Seen]| page.iter().map(|one| one.mark.at.since(NOW).0 / 1_000).collect::<Vec<_>>();
    assert_eq!(seconds(&newest), [11, 10, 9, 8, 7]);
    page.after = newest.last().map(|last| last.mark.clone());
    assert_eq!(seconds(&store.seen(&page).await.unwrap()), [6, 5, 4, 3, 2]);
    let narrowed = |change: fn(&mut SeenQuery)| {
        let mut query = SeenQuery { limit: 20, ..SeenQuery::default() };
        change(&mut query);
        query
    };
    for (change, rows) in [
        (narrowed(|query| query.people = Some(vec!["10001".into(), "10002".into()])), 12),
        (narrowed(|query| query.people = Some(vec!["10002".into()])), 0),
        (narrowed(|query| query.people = Some(Vec::new())), 0),
        (narrowed(|query| query.cases = Some(vec![case_id()])), 0),
        (narrowed(|query| query.kind = Some("search".to_owned())), 12),
        (narrowed(|query| query.kind = Some("export".to_owned())), 0),
        (narrowed(|query| query.shown_only = true), 0),
        (narrowed(|query| query.from = Some(NOW.plus(Span::seconds(3)))), 9),
        (narrowed(|query| query.to = Some(NOW.plus(Span::seconds(3)))), 3),
    ] {
        assert_eq!(store.seen(&change).await.unwrap().len(), rows, "{change:?}");
    }
    let report = store.audit().await.unwrap();
    assert_eq!((report.accesses, report.broken_access), (12, None));
    home.run_sql("UPDATE accesses SET at = at + 1 WHERE number = 7").await;
    assert_eq!(store.audit().await.unwrap().broken_access, Some(7));
    store.shutdown().await;
}
