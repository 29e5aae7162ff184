//! The feed: in order, by topic, from a cursor, and never past a row that is still to come.

use std::collections::BTreeSet;
use std::time::Duration;

use chayan_runtime::SystemEntropy;
use chayan_store::{CaseWrite, Cursor, FeedChange, Store, Target, Topic};
use chayan_tests::case_writes;
use rstest::rstest;
use sqlx::Connection as _;

use crate::home::{Home, Kind, NOW, case_id, event_id, write, write_report};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_topic_join_without_gap_or_repetition(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let start = store.feed_tail().await.unwrap();
    let mut written = Vec::new();
    for _ in 0..23 {
        let case_id = case_id();
        write_report(&store, case_id).await;
        written.push(case_id);
    }
    let topics = [Topic::role("CMP"), Topic::person(&"nobody".into())];
    readable(&store, &topics, start, written.len()).await;
    let (mut cursor, mut read) = (start, Vec::new());
    loop {
        let page = store.feed_after(&topics, cursor, 5).await.unwrap();
        assert!(page.rows.len() <= 5);
        read.extend(page.rows.iter().filter_map(|row| row.event.case_id));
        // The way to a client and back.
        cursor = page.cursor.to_string().parse().unwrap();
        if !page.more {
            break;
        }
    }
    assert_eq!(read, written);
    assert!(store.feed_after(&topics, cursor, 5).await.unwrap().rows.is_empty());
    let tail = store.feed_tail().await.unwrap();
    assert!(store.feed_after(&topics, tail, 5).await.unwrap().rows.is_empty());
    write_report(&store, case_id()).await;
    // The tail is before what comes.
    readable(&store, &topics, tail, 1).await;
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_listener_hears_of_a_commit_when_its_rows_can_be_read(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let mut changes = store.feed_changes();
    let topic = Topic::role("CMP");
    let mut cursor = store.feed_tail().await.unwrap();
    for _ in 0..10 {
        write_report(&store, case_id()).await;
        heard(&mut changes, &topic).await;
        let page = store.feed_after(std::slice::from_ref(&topic), cursor, 9).await.unwrap();
        assert_eq!(page.rows.len(), 1);
        cursor = page.cursor;
    }
    let row = case_writes::feed(&SystemEntropy, Topic::all(), case_id(), NOW);
    store.announce(vec![row.clone()]).await.unwrap();
    heard(&mut changes, &Topic::all()).await;
    let page = store.feed_after(&[Topic::all()], cursor, 9).await.unwrap();
    assert_eq!(page.rows[0].event, row);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_beside_many_writers_sees_every_row_exactly_once(#[case] kind: Kind) {
    const WRITERS: usize = 16;
    const EACH: usize = 20;
    let home = Home::new(kind);
    let store = home.open().await;
    let topic = Topic::person(&"10001".into());
    let start = store.feed_tail().await.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..EACH {
                    write_report(&store, case_id()).await;
                }
            })
        })
        .collect();
    let (mut cursor, mut seen, mut rows) = (start, BTreeSet::new(), 0);
    while rows < WRITERS * EACH {
        let page = store.feed_after(std::slice::from_ref(&topic), cursor, 7).await.unwrap();
        rows += page.rows.len();
        seen.extend(page.rows.iter().map(|row| row.event.event_id));
        cursor = page.cursor;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), WRITERS * EACH);
    store.shutdown().await;
}

/// Two transactions commit in the other order than they took their numbers.
#[tokio::test(flavor = "multi_thread")]
async fn crossed_commits_on_postgresql_skip_nothing_and_are_announced_once_they_can_be_read() {
    let home = Home::new(Kind::Postgres);
    let store = home.open().await;
    let topic = Topic::role("CMP");
    let start = store.feed_tail().await.unwrap();
    let Target::Postgres(url) = &home.target else { unreachable!() };
    let mut slow = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql("BEGIN").execute(&mut slow).await.unwrap();
    let slow_event = event_id();
    sqlx::query("INSERT INTO feed (topic, event_id, at, kind) VALUES ('role:CMP', $1, 1, 'case_changed')")
        .bind(slow_event.to_string())
        .execute(&mut slow)
        .await
        .unwrap();
    let mut changes = store.feed_changes();
    let quick_case = case_id();
    write_report(&store, quick_case).await;
    let page = read(&store, &topic, start).await;
    assert!(page.is_empty(), "the quick commit waits behind the slow one's number");
    let tail = store.feed_tail().await.unwrap();
    assert!(changes.try_recv().is_err(), "nothing is announced that cannot be read");
    sqlx::raw_sql("COMMIT").execute(&mut slow).await.unwrap();
    heard(&mut changes, &topic).await;
    readable(&store, std::slice::from_ref(&topic), start, 2).await;
    let rows = read(&store, &topic, start).await;
    assert_eq!(rows[0].event.event_id, slow_event, "in the order of the transactions");
    assert_eq!(rows[1].event.case_id, Some(quick_case));
    assert_eq!(read(&store, &topic, tail).await.len(), 2, "a cursor taken meanwhile misses neither");
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_node_on_postgresql_hears_of_the_first_ones_commits() {
    let home = Home::new(Kind::Postgres);
    let (first, second) = (home.open().await, home.open().await);
    let (mut changes, mut timers) = (second.feed_changes(), second.timer_changes());
    let topic = Topic::role("CMP");
    let start = second.feed_tail().await.unwrap();
    write_report(&first, case_id()).await;
    // The second node may not have begun to listen yet; then its fallback tells it.
    tokio::time::timeout(Duration::from_secs(30), async {
        while read(&second, &topic, start).await.is_empty() {
            heard_anything(&mut changes).await;
        }
        timers.recv().await.unwrap();
    })
    .await
    .unwrap();
    first.shutdown().await;
    second.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn no_topics_and_no_rows_leave_the_cursor_where_it_is(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    write(&store, case_id, CaseWrite::default()).await.unwrap();
    let cursor = Cursor::default();
    for topics in [Vec::new(), vec![Topic::all()]] {
        let page = store.feed_after(&topics, cursor, 0).await.unwrap();
        assert_eq!((page.rows.len(), page.cursor, page.more), (0, cursor, false));
    }
    store.shutdown().await;
}

/// On PostgreSQL a transaction of any database of the cluster, also of another test, may hold rows back for a moment.
async fn readable(store: &Store, topics: &[Topic], cursor: Cursor, rows: usize) {
    chayan_tests::wait::until("the rows can be read", chayan_tests::wait::PATIENCE, async || {
        let found = store.feed_after(topics, cursor, 1_000).await.unwrap().rows.len();
        if found == rows { Ok(()) } else { Err(format!("{found} of {rows}")) }
    })
    .await
    .unwrap();
}

async fn read(store: &Store, topic: &Topic, cursor: Cursor) -> Vec<chayan_store::FeedRow> {
    store.feed_after(std::slice::from_ref(topic), cursor, 100).await.unwrap().rows
}

async fn heard(changes: &mut tokio::sync::broadcast::Receiver<FeedChange>, topic: &Topic) {
    let heard = async {
        while !matches!(changes.recv().await.unwrap(), FeedChange::Topics(topics) if topics.contains(topic)) {
        }
    };
    tokio::time::timeout(Duration::from_secs(30), heard).await.unwrap();
}

async fn heard_anything(changes: &mut tokio::sync::broadcast::Receiver<FeedChange>) {
    tokio::time::timeout(Duration::from_secs(30), changes.recv()).await.unwrap().unwrap();
}
