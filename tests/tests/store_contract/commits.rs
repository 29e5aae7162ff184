//! A commit: once, in order, all of it or nothing, and only after it the answer.

use std::collections::BTreeSet;

use chayan_domain::case::{CaseState, Timer, TimerName};
use chayan_domain::evidence::sha256;
use chayan_domain::time::Span;
use chayan_runtime::SystemEntropy;
use chayan_store::{AlertEnding, CaseWrite, Decision, Look, StoreError, Target, TimerChange};
use chayan_tests::{case_writes, wait};
use rstest::rstest;

use crate::home::{Home, Kind, NOW, case_id, command_id, key, snapshot, write, write_report};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_is_shown_with_its_receipt_and_stored_once(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    let command_id = write_report(&store, case_id).await;
    let stored = store.command(command_id).await.unwrap().unwrap();
    for _ in 0..3 {
        let replay = store
            .commit(key(case_id, Some(command_id)), move |seen| match &seen.replay {
                Some(replay) => Decision::keep(Some(replay.clone())),
                None => Decision::write(case_writes::report(&SystemEntropy, case_id, command_id, NOW), None),
            })
            .await
            .unwrap();
        assert_eq!(replay.as_ref(), Some(&stored));
    }
    assert_eq!(store.events(case_id).await.unwrap().len(), 3);
    assert_eq!(store.commands(case_id).await.unwrap(), [stored.command]);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn other_content_under_a_stored_command_id_is_refused_for_every_case(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let (first, other) = (case_id(), case_id());
    let command_id = write_report(&store, first).await;
    for target in [first, other] {
        let mut report = case_writes::report(&SystemEntropy, target, command_id, NOW);
        report.command = Some(case_writes::command(command_id, b"other content", NOW));
        let commit =
            store.commit(key(target, Some(command_id)), move |_| Decision::write(report.clone(), ()));
        assert!(
            matches!(commit.await, Err(StoreError::Conflict)),
            "a decision that overlooked the stored command"
        );
    }
    let stored = store.command(command_id).await.unwrap().unwrap();
    assert_eq!((stored.case_id, stored.command.content_hash), (first, sha256(command_id.0.as_bytes())));
    assert!(store.case(other).await.unwrap().is_none());
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_commands_racing_on_one_case_are_decided_one_after_the_other(#[case] kind: Kind) {
    const RACERS: u32 = 200;
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    let racers: Vec<_> = (0..RACERS)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let counted = store.commit(key(case_id, Some(command_id())), move |seen| {
                    let version = seen.case.as_ref().map_or(0, |case| case.version) + 1;
                    let case = case_writes::case(case_id, "10001", CaseState::Timing, version, NOW);
                    let case = Some(case_writes::record(case, "20001", None));
                    Decision::write(CaseWrite { case, ..CaseWrite::default() }, version)
                });
                counted.await.unwrap()
            })
        })
        .collect();
    let mut counted = BTreeSet::new();
    for racer in racers {
        counted.insert(racer.await.unwrap());
    }
    assert_eq!(counted, (1..=RACERS).collect(), "each saw the one before");
    assert_eq!(snapshot(&store, case_id).await.case.unwrap().version, RACERS);
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn refusals_panics_and_contradictions_in_a_batch_do_not_disturb_the_others(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let known = case_id();
    let known_command = write_report(&store, known).await;
    let jobs: Vec<_> = (0..80)
        .map(|number| {
            let store = store.clone();
            let case_id = case_id();
            tokio::spawn(async move {
                let command_id = command_id();
                let outcome = store
                    .commit(key(case_id, Some(command_id)), move |_| {
                        let mut report = case_writes::report(&SystemEntropy, case_id, command_id, NOW);
                        match number % 5 {
                            0 => return Decision::keep("refused"),
                            1 => panic!("a mistake in a decision"),
                            // Seen only by the database, when the batch is written.
                            2 => report.events[1].sequence = report.events[0].sequence,
                            3 => report.command = Some(case_writes::command(known_command, b"stolen", NOW)),
                            _ => {}
                        }
                        Decision::write(report, "written")
                    })
                    .await;
                (number, case_id, outcome)
            })
        })
        .collect();
    for job in jobs {
        let (number, case_id, outcome) = job.await.unwrap();
        let stored = store.case(case_id).await.unwrap().is_some();
        match number % 5 {
            0 => assert_eq!((outcome.unwrap(), stored), ("refused", false)),
            1 => assert!(matches!(outcome, Err(StoreError::DeciderPanicked)) && !stored),
            2 | 3 => {
                assert!(matches!(outcome, Err(StoreError::Conflict)) && !stored, "{number}: {outcome:?}")
            }
            _ => assert_eq!((outcome.unwrap(), stored), ("written", true)),
        }
    }
    let report = store.verify_chain().await.unwrap();
    assert_eq!((report.cases, report.events, report.breaks.len()), (17, 51, 0));
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn everything_of_a_commit_is_there_after_reopening(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    let command_id = command_id();
    let report = case_writes::report(&SystemEntropy, case_id, command_id, NOW);
    let written = report.clone();
    store
        .commit(key(case_id, Some(command_id)), move |_| Decision::write(written.clone(), ()))
        .await
        .unwrap();
    store.shutdown().await;

    let store = home.open().await;
    let record = report.case.unwrap();
    let listed = store.case(case_id).await.unwrap().unwrap();
    assert_eq!(listed.case, record.case);
    assert_eq!((listed.unit_path, listed.direct_leader), (record.unit_path, record.direct_leader));
    assert_eq!((listed.received_at, listed.next_due), (NOW, record.next_due));
    assert_eq!(store.events(case_id).await.unwrap(), report.events);
    let seen = snapshot(&store, case_id).await;
    assert_eq!(sorted(seen.timers), sorted(report.timers.unwrap()));
    let ids =
        |alerts: &[chayan_store::AlertRow]| alerts.iter().map(|one| one.alert_id).collect::<BTreeSet<_>>();
    assert_eq!(ids(&seen.open_alerts), ids(&report.alerts));
    assert_eq!(store.alert(report.alerts[0].alert_id).await.unwrap().as_ref(), Some(&report.alerts[0]));
    assert_eq!(store.command(command_id).await.unwrap().unwrap().command, report.command.unwrap());
    let fields = store.customer_fields(case_id).await.unwrap();
    assert_eq!(
        (&fields[0].plaintext, fields[0].salt),
        (&report.customer[0].plaintext, report.customer[0].salt)
    );
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn armed_timers_become_exactly_those_of_the_last_write_and_the_engine_hears_of_it(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let mut changes = store.timer_changes();
    let case_id = case_id();
    write_report(&store, case_id).await;
    assert!(matches!(changes.recv().await, Ok(TimerChange::Case { timers, .. }) if timers.len() == 2));
    let moved = Timer { name: TimerName::T3, level: 0, due_at: NOW.plus(Span::minutes(1)) };
    let fresh = Timer { name: TimerName::T2, level: 2, due_at: NOW };
    let change = CaseWrite { timers: Some(vec![moved, fresh]), ..CaseWrite::default() };
    write(&store, case_id, change.clone()).await.unwrap();
    let Ok(TimerChange::Case { case_id: changed, timers }) = changes.recv().await else {
        panic!("no change")
    };
    assert_eq!((changed, timers.as_ref()), (case_id, [moved, fresh].as_slice()));
    write(&store, case_id, change).await.unwrap();
    write(&store, case_id, CaseWrite::default()).await.unwrap();
    assert!(changes.try_recv().is_err(), "nothing changed, nothing is said");
    let armed: Vec<_> = store.next_timers(10).await.unwrap().into_iter().map(|row| row.timer).collect();
    assert_eq!(armed, [fresh, moved]);
    let due = store.timers_due_before(NOW, 10).await.unwrap();
    assert_eq!(due.iter().map(|row| row.timer).collect::<Vec<_>>(), [fresh], "due at exactly that moment");
    write(&store, case_id, CaseWrite { timers: Some(Vec::new()), ..CaseWrite::default() }).await.unwrap();
    assert!(store.next_timers(10).await.unwrap().is_empty());
    store.shutdown().await;
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_is_over_leaves_the_open_ones_and_keeps_its_end(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    write_report(&store, case_id).await;
    let mut alert = store.open_alerts(&"30003".into()).await.unwrap().remove(0);
    alert.ended = Some(AlertEnding { reason: chayan_domain::case::AlertEnd::TakenByOther, at: NOW });
    let change = CaseWrite { alerts: vec![alert.clone()], ..CaseWrite::default() };
    write(&store, case_id, change).await.unwrap();
    assert_eq!(store.alert(alert.alert_id).await.unwrap(), Some(alert));
    assert!(store.open_alerts(&"30003".into()).await.unwrap().is_empty());
    assert_eq!(snapshot(&store, case_id).await.open_alerts.len(), 5);
    store.shutdown().await;
}

fn sorted(mut timers: Vec<Timer>) -> Vec<Timer> {
    timers.sort();
    timers
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_ahead_counts_only_where_nothing_was_stored(#[case] kind: Kind) {
    let home = Home::new(kind);
    let store = home.open().await;
    let case_id = case_id();
    let begin = |command_id| {
        let look = Look { begins: true, ..Look::default() };
        let mut asked = 0;
        store.commit_with(key(case_id, Some(command_id)), look, move |seen| {
            asked += 1;
            match &seen.case {
                Some(case) => Decision::keep((asked, Some(case.version))),
                None => Decision::write(
                    case_writes::report(&SystemEntropy, case_id, command_id, NOW),
                    (asked, None),
                ),
            }
        })
    };
    assert_eq!(begin(command_id()).await.unwrap(), (1, None), "asked once");
    assert_eq!(begin(command_id()).await.unwrap(), (2, Some(3)), "asked again with what is there");
    assert_eq!(store.events(case_id).await.unwrap().len(), 3);
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_busy_store_goes_into_the_file_while_it_works() {
    let home = Home::new(Kind::Sqlite);
    let store = home.open().await;
    let Target::Sqlite(path) = &home.target else { unreachable!("it is SQLite") };
    let before = std::fs::metadata(path).unwrap().len();
    for _ in 0..256 {
        write_report(&store, case_id()).await;
    }
    wait::until("the file to grow", wait::PATIENCE, async || {
        let size = std::fs::metadata(path).unwrap().len();
        if size > before { Ok(()) } else { Err(format!("{size} bytes")) }
    })
    .await
    .unwrap();
    store.shutdown().await;
}
