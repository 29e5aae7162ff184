//! Durable reports per second: 64 clerks at once against a real server, then what was answered against what is stored.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chayan_api::commands::CaseAction;
use chayan_domain::ids::CaseId;
use chayan_runtime::SystemEntropy;
use chayan_store::{CaseFilter, CaseOrder, CaseQuery, MasterKey, Scope, Store, StoreConfig};
use chayan_tests::postgres::PrivatePostgres;
use chayan_tests::stopwatch::{Sample, Stopwatch};
use chayan_tests::world::{CentreProcess, Database, SignedIn};

use crate::crowd::{Crowd, SENDERS, report};
use crate::figures::{Figures, Target};

/// How long everybody sends, after a warm-up.
const SENDING: Duration = Duration::from_secs(12);
const WARM_UP: Duration = Duration::from_secs(2);

/// On the embedded database.
pub(crate) async fn sqlite(folder: &Path, figures: &mut Figures) -> Result<()> {
    measure("SQLite", folder, &Database::Sqlite, figures).await
}

/// On a private PostgreSQL with `fsync` on.
pub(crate) async fn postgres(folder: &Path, figures: &mut Figures) -> Result<()> {
    let cluster = PrivatePostgres::start()?;
    let url = cluster.create_database("bench")?;
    measure("PostgreSQL", folder, &Database::Url(url), figures).await
}

/// What one sender got answers for.
struct Sent {
    answered: Vec<CaseId>,
    millis: Vec<f64>,
}

async fn measure(name: &str, folder: &Path, database: &Database, figures: &mut Figures) -> Result<()> {
    let mut crowd = Crowd::gather(folder, database, "warn").await?;
    let warm = send_all(&crowd.clerks, WARM_UP).await?;
    let watch = Stopwatch::start();
    let sent = send_all(&crowd.clerks, SENDING).await?;
    let seconds = watch.passed().as_secs_f64();
    let count: usize = sent.iter().map(|sender| sender.answered.len()).sum();
    let waits: Sample = sent.iter().flat_map(|sender| sender.millis.iter().copied()).collect();
    let per_second = f64::from(u32::try_from(count)?) / seconds;
    let label = |what: &str| format!("{name}, {SENDERS} senders: {what}");
    figures.add(&label("durable reports per second"), per_second, "1/s", Target::AtLeast(2_000.0));
    figures.add(&label("answer, p50"), waits.percentile(50), "ms", Target::None);
    figures.add(&label("answer, p99"), waits.percentile(99), "ms", Target::None);
    crowd.centre.stop().await?;
    let answered: BTreeSet<CaseId> =
        warm.into_iter().chain(sent).flat_map(|sender| sender.answered).collect();
    let stored = stored(&crowd.centre).await?;
    let lost = answered.difference(&stored).count();
    let unasked = stored.difference(&answered).count();
    figures.add(
        &label("answered but not stored"),
        f64::from(u32::try_from(lost)?),
        "reports",
        Target::AtMost(0.0),
    );
    figures.add(
        &label("stored but not answered"),
        f64::from(u32::try_from(unasked)?),
        "reports",
        Target::AtMost(0.0),
    );
    ensure!(lost == 0 && unasked == 0, "{lost} lost, {unasked} not answered");
    Ok(())
}

/// Everybody sends one report after the other until the time is up; the last answers are waited for.
async fn send_all(clerks: &[SignedIn], how_long: Duration) -> Result<Vec<Sent>> {
    let watch = Stopwatch::start();
    let senders = clerks.iter().map(|clerk| {
        let clerk = clerk.clone();
        tokio::spawn(async move {
            let mut sent = Sent { answered: Vec::new(), millis: Vec::new() };
            while watch.passed() < how_long {
                let case_id = SignedIn::new_case();
                let one = Stopwatch::start();
                clerk.act(case_id, CaseAction::NotifyLeader { report: report() }).await?;
                sent.millis.push(one.millis());
                sent.answered.push(case_id);
            }
            anyhow::Ok(sent)
        })
    });
    let mut all = Vec::new();
    for sender in senders.collect::<Vec<_>>() {
        all.push(sender.await.context("a sender ended early")??);
    }
    Ok(all)
}

/// The ids of every case in the stopped server's database.
async fn stored(centre: &CentreProcess) -> Result<BTreeSet<CaseId>> {
    let store = open(centre).await?;
    let mut query = CaseQuery {
        scopes: vec![Scope::All],
        states: Vec::new(),
        filter: CaseFilter::default(),
        order: CaseOrder::NewestFirst,
        after: None,
        limit: 200,
    };
    let mut ids = BTreeSet::new();
    loop {
        let page = store.cases(&query).await?;
        ids.extend(page.cases.iter().map(|listed| listed.case.case_id));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    store.shutdown().await;
    Ok(ids)
}

/// The database of a stopped server.
async fn open(centre: &CentreProcess) -> Result<Store> {
    let entropy = Arc::new(SystemEntropy);
    let key = MasterKey::load_or_create(&centre.master_key_file(), entropy.as_ref())?;
    Ok(Store::open(&StoreConfig::new(centre.store().parse()?), entropy, key).await?)
}
