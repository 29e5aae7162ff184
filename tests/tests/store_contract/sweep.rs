//! Forgetting: in portions, only what is old, and whoever missed something can tell.

use chayan_domain::evidence::sha256;
use chayan_domain::ids::PersonId;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::{Cursor, FeedDraft, FeedKind, FeedPage, Lockout, Session, Store, Topic};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, case_id, device_id, event_id, write_report};

fn row(at: Timestamp) -> FeedDraft {
    let (event_id, kind) = (event_id(), FeedKind::ReferenceChanged);
    FeedDraft { topic: Topic::all(), event_id, at, kind, case_id: None, alert_id: None, detail: None }
}

/// On PostgreSQL a row can be read once no older transaction runs, of any database of the cluster.
async fn page_of(store: &Store, after: Cursor, rows: usize) -> FeedPage {
    let patience = chayan_tests::wait::PATIENCE;
    let look = async || {
        let page = store.feed_after(&[Topic::all()], after, 100).await.unwrap();
        if page.rows.len() == rows { Ok(page) } else { Err(format!("{} rows", page.rows.len())) }
    };
    chayan_tests::wait::until("the rows to be readable", patience, look).await.unwrap()
}

fn day(number: i64) -> Timestamp {
    NOW.plus(Span::minutes(number * 24 * 60))
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn old_feed_rows_go_in_portions_and_the_floor_says_up_to_where(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    assert_eq!(store.feed_floor().await.unwrap(), Cursor::default());
    for number in 0..10 {
        store.announce(vec![row(day(number))]).await.unwrap();
    }
    let topics = [Topic::all()];
    let all = page_of(&store, Cursor::default(), 10).await;
    // The first six days, four rows at a time.
    let mut left = Vec::new();
    while store.forget_feed(day(6), 4).await.unwrap() {
        left.push(store.feed_after(&topics, Cursor::default(), 100).await.unwrap().rows.len());
    }
    assert_eq!(left, [6, 4]);
    assert_eq!(store.feed_floor().await.unwrap(), all.rows[5].cursor);
    let kept = store.feed_after(&topics, all.rows[5].cursor, 100).await.unwrap();
    assert_eq!(kept.rows, all.rows[6..], "whoever stood there has missed nothing");

    let tail = store.feed_tail().await.unwrap();
    while store.forget_feed(day(60), 4).await.unwrap() {}
    assert!(store.feed_after(&topics, Cursor::default(), 100).await.unwrap().rows.is_empty());
    assert!(store.feed_tail().await.unwrap() >= tail, "an empty feed does not begin again at nothing");
    assert!(store.feed_tail().await.unwrap() >= store.feed_floor().await.unwrap());
    store.announce(vec![row(day(61))]).await.unwrap();
    page_of(&store, tail, 1).await;
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn ended_sessions_and_old_wrong_passwords_go_and_cases_stay(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let person: PersonId = "10001".into();
    let session = |token: &[u8], expires, revoked_at| Session {
        token_hash: sha256(token),
        person_id: person.clone(),
        device_id: device_id(),
        created_at: NOW,
        expires_at: day(expires),
        revoked_at,
    };
    let sessions = [
        (session(b"expired", 1, None), false),
        (session(b"expired later", 6, None), true),
        (session(b"revoked", 90, Some(day(1))), false),
        (session(b"open", 90, None), true),
    ];
    for (one, _) in &sessions {
        store.open_session(one, "0.1.0").await.unwrap();
    }
    let lockout = Lockout { attempts: 2, window: Span::minutes(15), length: Span::minutes(15) };
    for at in [day(0), day(0), day(9)] {
        store.note_wrong_sign_in(&person, at, lockout).await.unwrap();
    }
    write_report(&store, case_id()).await;
    while store.forget_sessions(day(5), 1).await.unwrap() {}
    while store.forget_wrong_sign_ins(day(5), 1).await.unwrap() {}
    for (one, stays) in &sessions {
        assert_eq!(store.session(&one.token_hash).await.unwrap().is_some(), *stays);
    }
    let locked = store.note_wrong_sign_in(&person, day(9), lockout).await.unwrap();
    assert!(locked.is_some(), "what still counts was not forgotten");
    assert_eq!(store.verify_chain().await.unwrap().cases, 1);
    store.shutdown().await;
}
