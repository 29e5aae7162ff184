//! Crashes, failed commits, full queues, foreign databases.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chayan_domain::ids::CommandId;
use chayan_store::{
    CaseFilter, CaseOrder, CaseQuery, Decision, Scope, Store, StoreConfig, StoreError, Target,
};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, case_id, command_id, key, write_report};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn after_kill_minus_nine_every_answered_command_is_stored_and_every_stored_one_is_whole(
    #[case] kind: Kind,
) {
    const ANSWERS: usize = 400;
    const SENDERS: usize = 64;
    let home = Home::new(kind);
    let target = match &home.target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(url) => url.clone(),
    };
    let mut program = Command::new(env!("CARGO_BIN_EXE_chayan-bench-store"))
        .args(["load", &target])
        .arg(home.key_file())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut answered: BTreeSet<CommandId> =
        lines.by_ref().take(ANSWERS).map(|line| line.unwrap().parse().unwrap()).collect();
    program.kill().unwrap();
    program.wait().unwrap();
    // A last line may be cut; its command was answered all the same, but cannot be named.
    answered.extend(lines.map_while(Result::ok).filter_map(|line| line.parse::<CommandId>().ok()));
    assert!(answered.len() >= ANSWERS);

    let store = home.open().await;
    let stored = stored_commands(&store).await;
    let lost: Vec<_> = answered.difference(&stored).collect();
    assert!(lost.is_empty(), "answered and lost: {lost:?}");
    let unanswered = stored.difference(&answered).count();
    assert!(unanswered <= 2 * SENDERS, "{unanswered} more than could have been under way");
    store.shutdown().await;
}

/// Every command in the store, after looking that all that belongs to it is there too.
async fn stored_commands(store: &Store) -> BTreeSet<CommandId> {
    let mut query = CaseQuery {
        scopes: vec![Scope::All],
        states: Vec::new(),
        filter: CaseFilter::default(),
        order: CaseOrder::NewestFirst,
        after: None,
        limit: 200,
    };
    let mut found = BTreeSet::new();
    loop {
        let page = store.cases(&query).await.unwrap();
        for one in &page.cases {
            let case_id = one.case.case_id;
            let seen = crate::home::snapshot(store, case_id).await;
            assert_eq!((seen.timers.len(), seen.open_alerts.len()), (2, 6));
            assert_eq!(store.customer_fields(case_id).await.unwrap().len(), 1);
            found
                .extend(store.commands(case_id).await.unwrap().into_iter().map(|command| command.command_id));
        }
        let Some(next) = page.next else { break };
        query.after = Some(next);
    }
    let report = store.verify_chain().await.unwrap();
    assert_eq!((report.events, report.breaks.len()), (3 * found.len() as u64, 0));
    found
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_is_answered_as_unavailable_and_the_store_comes_back_by_itself(#[case] kind: Kind) {
    let home = Home::new(kind);
    let failures = Arc::new(AtomicU32::new(0));
    let due = Arc::clone(&failures);
    let config = StoreConfig {
        writers: 1,
        commit_probe: Some(Arc::new(move || {
            let fail =
                due.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            if fail { Err(std::io::Error::other("the disk went away")) } else { Ok(()) }
        })),
        ..home.config()
    };
    let store = home.open_with(&config).await.unwrap();
    write_report(&store, case_id()).await;
    for _ in 0..3 {
        failures.store(1, Ordering::SeqCst);
        let (lost, command_id) = (case_id(), command_id());
        let report = chayan_tests::case_writes::report(&chayan_runtime::SystemEntropy, lost, command_id, NOW);
        let commit = store.commit(key(lost, Some(command_id)), move |_| Decision::write(report.clone(), ()));
        assert!(matches!(commit.await, Err(StoreError::Unavailable)));
        assert!(store.case(lost).await.unwrap().is_none(), "not answered, and here not stored");
        chayan_tests::wait::until("the store takes work again", Duration::from_secs(30), async || {
            if store.is_available() { Ok(()) } else { Err("unavailable".to_owned()) }
        })
        .await
        .unwrap();
        write_report(&store, case_id()).await;
    }
    assert_eq!(store.verify_chain().await.unwrap().cases, 4);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn shutting_down_finishes_what_was_taken_and_refuses_what_comes_later(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let senders: Vec<_> = (0..100)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let case_id = case_id();
                let report = chayan_tests::case_writes::report(
                    &chayan_runtime::SystemEntropy,
                    case_id,
                    command_id(),
                    NOW,
                );
                let outcome =
                    store.commit(key(case_id, None), move |_| Decision::write(report.clone(), ())).await;
                (case_id, outcome)
            })
        })
        .collect();
    store.shutdown().await;
    let refused = store.commit(key(case_id(), None), |_| Decision::keep(())).await;
    assert!(matches!(refused, Err(StoreError::Unavailable)));
    let reopened = home.open().await;
    for sender in senders {
        let (case_id, outcome) = sender.await.unwrap();
        let stored = reopened.case(case_id).await.unwrap().is_some();
        match outcome {
            Ok(()) => assert!(stored),
            Err(StoreError::Unavailable) => assert!(!stored),
            Err(other) => panic!("{other:?}"),
        }
    }
    reopened.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_answered_as_unavailable_at_once(#[case] kind: Kind) {
    let home = Home::new(kind);
    let config = StoreConfig { queue: 1, writers: 1, batch: 1, ..home.config() };
    let store = home.open_with(&config).await.unwrap();
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (deciding, decided) = tokio::sync::oneshot::channel::<()>();
    let mut deciding = Some(deciding);
    let holder = store.clone();
    let first = tokio::spawn(async move {
        let hold = move |_: &_| {
            deciding.take().map(|deciding| deciding.send(()));
            held.recv().ok();
            Decision::keep(())
        };
        holder.commit(key(case_id(), None), hold).await
    });
    decided.await.unwrap();
    let waiter = store.clone();
    let mut waiting =
        Box::pin(async move { waiter.commit(key(case_id(), None), |_| Decision::keep(())).await });
    assert!(futures_util::poll!(waiting.as_mut()).is_pending(), "one may wait");
    let refused = store.commit(key(case_id(), None), |_| Decision::keep(())).await;
    assert!(matches!(refused, Err(StoreError::Unavailable)));
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    waiting.await.unwrap();
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_newer_older_or_altered_is_refused_by_name(#[case] kind: Kind) {
    let home = Home::new(kind);
    let fixed = StoreConfig { migrate: false, ..home.config() };
    let refusal = home.open_with(&fixed).await.unwrap_err();
    assert!(matches!(refusal, StoreError::OlderSchema { found: 0, .. }), "{refusal:?}");
    let made = Store::migrate(&home.target).await.unwrap();
    assert_eq!(made.first(), Some(&1));
    assert!(Store::migrate(&home.target).await.unwrap().is_empty(), "a second time nothing is left to do");
    home.open_with(&fixed).await.unwrap().shutdown().await;

    home.run_sql("UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)").await;
    for config in [&fixed, &home.config()] {
        let refusal = home.open_with(config).await.unwrap_err();
        assert!(matches!(refusal, StoreError::NewerSchema { found: 9999, .. }), "{refusal:?}");
    }
    home.run_sql("UPDATE _sqlx_migrations SET version = (SELECT COALESCE(MAX(version), 0) + 1 FROM _sqlx_migrations WHERE version <> 9999) WHERE version = 9999").await;
    home.open().await.shutdown().await;
    home.run_sql("UPDATE _sqlx_migrations SET checksum = substr(checksum, 2)").await;
    let refusal = home.open_with(&home.config()).await.unwrap_err();
    assert!(matches!(refusal, StoreError::ChangedMigration { version: 1 }), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_as_such_nothing_is_half_stored_and_room_heals_it() {
    let home = Home::new(Kind::Sqlite);
    let pages = Arc::new(AtomicU32::new(u32::MAX / 4));
    let limit = Arc::clone(&pages);
    let config =
        StoreConfig { page_limit: Some(Arc::new(move || limit.load(Ordering::SeqCst))), ..home.config() };
    let store = home.open_with(&config).await.unwrap();
    let mut kept = vec![case_id()];
    write_report(&store, kept[0]).await;
    for _ in 0..2 {
        // No page more than there are.
        pages.store(1, Ordering::SeqCst);
        let send = |case_id, command_id| {
            let store = store.clone();
            async move {
                let report = chayan_tests::case_writes::report(
                    &chayan_runtime::SystemEntropy,
                    case_id,
                    command_id,
                    NOW,
                );
                store
                    .commit(key(case_id, Some(command_id)), move |_| Decision::write(report.clone(), ()))
                    .await
            }
        };
        let mut refused = Vec::new();
        while refused.len() < 8 {
            let asked: Vec<_> = (0..8).map(|_| (case_id(), command_id())).collect();
            let sent = asked.iter().map(|(case_id, command_id)| send(*case_id, *command_id));
            for (one, outcome) in asked.iter().zip(futures_util::future::join_all(sent).await) {
                match outcome {
                    Ok(()) => kept.push(one.0),
                    Err(StoreError::Full) => refused.push(*one),
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
        assert!(store.is_available(), "work is tried on: the first room is used");
        assert!(!store.has_room().await, "what little is left is no room");
        for (case_id, command_id) in &refused {
            assert!(store.case(*case_id).await.unwrap().is_none());
            assert!(store.command(*command_id).await.unwrap().is_none());
            assert!(store.customer_fields(*case_id).await.unwrap().is_empty());
        }
        pages.store(u32::MAX / 4, Ordering::SeqCst);
        for (case_id, command_id) in refused {
            send(case_id, command_id).await.unwrap();
            kept.push(case_id);
        }
        assert!(store.has_room().await);
        let report = store.verify_chain().await.unwrap();
        assert_eq!((report.cases, report.breaks.len()), (kept.len() as u64, 0));
    }
    store.shutdown().await;
    let reopened = home.open().await;
    assert_eq!(stored_commands(&reopened).await.len(), kept.len());
    reopened.shutdown().await;
}
