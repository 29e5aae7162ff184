//! How many reports a store makes durable each second, and a load that can be killed.
//!
//! `chayan-bench-store measure [SECONDS [WRITERS]]` prints commits per second for 64 concurrent senders on SQLite and, where
//! `CHAYAN_TEST_POSTGRES` or an installed PostgreSQL is at hand, on PostgreSQL, beside a probe of the disk.
//! `chayan-bench-store load TARGET KEYFILE` commits without end and prints each command's id once it is answered:
//! the crash test kills it and looks for every printed id.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, bail};
use chayan_domain::ids::{CaseId, CommandId};
use chayan_domain::time::Timestamp;
use chayan_runtime::{Clock, Entropy, SystemClock, SystemEntropy};
use chayan_store::{CommitKey, Decision, MasterKey, Store, StoreConfig, Target};
use chayan_tests::case_writes;
use chayan_tests::stopwatch::Stopwatch;

const SENDERS: usize = 64;

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["measure"] => measure(5, None).await,
        ["measure", seconds] => measure(number(seconds)?, None).await,
        ["measure", seconds, writers] => measure(number(seconds)?, Some(number(writers)?)).await,
        ["load", target, key] => load(target.parse()?, Path::new(key)).await,
        _ => bail!("usage: chayan-bench-store [measure [SECONDS [WRITERS]] | load TARGET KEYFILE]"),
    }
}

fn number<T: std::str::FromStr>(word: &str) -> Result<T> {
    word.parse().ok().with_context(|| format!("{word} is no number"))
}

async fn measure(seconds: u64, writers: Option<u32>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    println!("disk: one 4 KiB write with fsync takes {:.3} ms", probe_disk(folder.path())?);
    let sqlite = Target::Sqlite(folder.path().join("bench.db"));
    println!("sqlite: {:.0} reports/s, {SENDERS} senders", rate(sqlite, seconds, writers).await?);
    match chayan_tests::postgres::database("bench_store") {
        Ok(url) => {
            println!(
                "postgres: {:.0} reports/s, {SENDERS} senders",
                rate(url.parse()?, seconds, writers).await?
            )
        }
        Err(reason) => println!("postgres: not measured: {reason:#}"),
    }
    Ok(())
}

fn probe_disk(folder: &Path) -> Result<f64> {
    const TIMES: u32 = 100;
    let mut file = std::fs::File::create(folder.join("probe"))?;
    let watch = Stopwatch::start();
    for _ in 0..TIMES {
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
    }
    Ok(watch.passed().as_secs_f64() * 1_000.0 / f64::from(TIMES))
}

async fn rate(target: Target, seconds: u64, writers: Option<u32>) -> Result<f64> {
    let store = open(target, MasterKey::from_bytes(SystemEntropy.bytes32()), writers).await?;
    let stop = Arc::new(AtomicBool::new(false));
    let watch = Stopwatch::start();
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (store, stop) = (store.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut count = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    send(&store).await?;
                    count += 1;
                }
                Ok::<_, chayan_store::StoreError>(count)
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    let mut total = 0;
    for sender in senders {
        total += sender.await??;
    }
    let elapsed = watch.passed().as_secs_f64();
    let checked = store.verify_chain().await?;
    anyhow::ensure!(
        checked.cases == total && checked.breaks.is_empty(),
        "{total} were answered, stored: {checked:?}"
    );
    store.shutdown().await;
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    Ok(total as f64 / elapsed)
}

async fn load(target: Target, key: &Path) -> Result<()> {
    let store = open(target, MasterKey::load_or_create(key, &SystemEntropy)?, None).await?;
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                loop {
                    let command_id = send(&store).await?;
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "{command_id}")?;
                    out.flush()?;
                }
            })
        })
        .collect();
    for sender in senders {
        let ended: Result<()> = sender.await?;
        ended?;
    }
    Ok(())
}

async fn open(target: Target, key: MasterKey, writers: Option<u32>) -> Result<Store> {
    let usual = StoreConfig::new(target);
    let config = StoreConfig { writers: writers.unwrap_or(usual.writers), ..usual };
    Ok(Store::open(&config, Arc::new(SystemEntropy), key).await?)
}

async fn send(store: &Store) -> Result<CommandId, chayan_store::StoreError> {
    let now: Timestamp = SystemClock.now();
    let (case_id, command_id) = (CaseId(SystemEntropy.uuid(now)), CommandId(SystemEntropy.uuid(now)));
    let key = CommitKey { case_id, command_id: Some(command_id) };
    store
        .commit(key, move |_| {
            Decision::write(case_writes::report(&SystemEntropy, case_id, command_id, now), command_id)
        })
        .await
}
