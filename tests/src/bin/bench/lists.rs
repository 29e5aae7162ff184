//! Queues and boards with 1,000,000 cases in the store: everybody's pages, asked for at a steady rate.
//!
//! A month of the made-up province is lived through, then its ended cases are copied, each copy with numbers of its own
//! and earlier; what runs stays as the month left it. Of a copy there is what lists read, not its events.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chayan_api::cases::CaseView;
use chayan_api::paths;
use chayan_api::search::{CaseFilter, CaseSearch};
use chayan_domain::case::CaseState;
use chayan_tests::postgres::PrivatePostgres;
use chayan_tests::process::Undertaker;
use chayan_tests::stopwatch::{Sample, Stopwatch};
use chayan_tests::world::{Accounts, CentreProcess, Database, SignedIn};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::figures::{Figures, Target};

const CASES: i64 = 1_000_000;
/// Cases that begin on a working day of the month that is lived through.
const PER_DAY: u32 = 200;
/// Three years: what the copies are spread over, in milliseconds.
const PAST: i64 = 3 * 365 * 24 * 60 * 60 * 1_000;
/// Requests per second.
const RATE: u32 = 200;
/// A county's company of the made-up province.
const COUNTY: &str = "320508";
const WARM_UP: u32 = 5 * RATE;
const ASKED: u32 = 30 * RATE;

/// Who opens which page, one after the other.
const PAGES: [(&str, &str); 16] = [
    ("clerk", "mine"),
    ("agent1", "callback"),
    ("leader1", "team"),
    ("agent2", "to_dispatch"),
    ("handler", "handling"),
    ("csd", "rulings"),
    ("agent1", "recall"),
    ("leader2", "handling"),
    ("csd", "escalated"),
    ("agent1", "callback"),
    ("leader1", "all"),
    ("agent2", "all"),
    ("handler", "all"),
    ("leader2", "all"),
    ("csd", "all"),
    ("csd", "to_dispatch"),
];

/// Who narrows 查找, and to what: what has ended, and units below the own one, of which there are many cases.
fn narrowed() -> [(&'static str, &'static str, CaseFilter); 4] {
    let ended = || vec![CaseState::ArchivedNoDissatisfaction, CaseState::SpotResolved];
    let within = |unit: &str| CaseFilter { unit_id: Some(unit.into()), ..CaseFilter::default() };
    [
        ("clerk", "what has ended", CaseFilter { states: ended(), ..CaseFilter::default() }),
        ("handler", "what has ended", CaseFilter { states: ended(), ..CaseFilter::default() }),
        ("leader2", "a county", within(COUNTY)),
        ("csd", "what has ended in a county", CaseFilter { states: ended(), ..within(COUNTY) }),
    ]
}

/// What is asked for.
enum Page {
    At(String),
    Narrowed(CaseSearch),
}

impl Page {
    async fn open(&self, person: &SignedIn) -> Result<Vec<u8>> {
        match self {
            Self::At(path) => person.fetch(path).await,
            Self::Narrowed(asked) => person.search(asked).await,
        }
    }
}

/// A page with who opens it and its name.
struct Asked {
    name: String,
    person: SignedIn,
    page: Page,
}

/// On the embedded database.
pub(crate) async fn sqlite(folder: &Path, figures: &mut Figures) -> Result<()> {
    measure("SQLite", folder, &Database::Sqlite, figures).await
}

/// On a private PostgreSQL.
pub(crate) async fn postgres(folder: &Path, figures: &mut Figures) -> Result<()> {
    let cluster = PrivatePostgres::start()?;
    let url = cluster.create_database("lists")?;
    measure("PostgreSQL", folder, &Database::Url(url), figures).await
}

async fn measure(name: &str, folder: &Path, database: &Database, figures: &mut Figures) -> Result<()> {
    let undertaker = Undertaker::start()?;
    let mut centre = CentreProcess::with_history(folder, database, &undertaker, 1, PER_DAY)?;
    let accounts = Accounts::read()?;
    centre.create_accounts(accounts.all())?;
    let cases = fill(&centre, database).await?;
    println!("  {name}: {cases} cases");
    for key in ["rate_per_second", "rate_burst"] {
        centre.set(key, "1000000");
    }
    centre.start().await?;
    let mut people = std::collections::HashMap::new();
    for account in accounts.all() {
        people.insert(account.key.as_str(), SignedIn::sign_in(&centre.address(), account).await?);
    }
    let mut pages = Vec::new();
    let mut add = |who: &str, what: &str, page: Page| {
        let person = people.get(who).with_context(|| format!("{who} has no account"))?.clone();
        pages.push(Arc::new(Asked { name: format!("{what} of {who}"), person, page }));
        anyhow::Ok(())
    };
    for (who, view) in PAGES {
        add(who, view, Page::At(format!("{}?view={view}", paths::CASES)))?;
    }
    for (who, what, filter) in narrowed() {
        let asked = CaseSearch { view: CaseView::All, filter, after: None, limit: None };
        add(who, what, Page::Narrowed(asked))?;
    }
    add("agent1", "wallboard", Page::At(paths::WALLBOARD.to_owned()))?;
    ask(&pages, WARM_UP).await?;
    let asked = ask(&pages, ASKED).await?;
    let all: Sample = asked.iter().map(|(_, millis)| *millis).collect();
    let label = |what: &str| format!("{name}, lists of 1,000,000 cases at {RATE}/s: {what}");
    figures.add(&label("p50"), all.percentile(50), "ms", Target::None);
    figures.add(&label("p99"), all.percentile(99), "ms", Target::AtMost(50.0));
    for (number, page) in pages.iter().enumerate() {
        let of_page = asked.iter().filter(|(asked, _)| *asked == number).map(|(_, millis)| *millis);
        let of_page: Sample = of_page.collect();
        println!(
            "    {}: p50 {:.1} ms, p99 {:.1} ms",
            page.name,
            of_page.percentile(50),
            of_page.percentile(99)
        );
    }
    centre.stop().await
}

/// Asks at the rate, whether the answer before has come or not; each wait counts from when the question was due.
async fn ask(pages: &[Arc<Asked>], count: u32) -> Result<Vec<(usize, f64)>> {
    let mut beat = tokio::time::interval(Duration::from_secs(1) / RATE);
    let watch = Stopwatch::start();
    let mut waiting = Vec::new();
    for (turn, number) in (0..count).zip((0..pages.len()).cycle()) {
        beat.tick().await;
        let Some(asked) = pages.get(number).cloned() else { continue };
        let due = f64::from(turn) * 1_000.0 / f64::from(RATE);
        waiting.push(tokio::spawn(async move {
            asked.page.open(&asked.person).await?;
            anyhow::Ok((number, watch.millis() - due))
        }));
    }
    let mut asked = Vec::new();
    for one in waiting {
        asked.push(one.await.context("a question ended early")??);
    }
    Ok(asked)
}

/// Copies what has ended until there are enough; returns how many there are then.
async fn fill(centre: &CentreProcess, database: &Database) -> Result<i64> {
    let mut tables = Tables::open(centre, database).await?;
    tables.run(format!("CREATE TABLE ended AS SELECT * FROM cases WHERE next_due = {}", i64::MAX)).await?;
    let (there, ended) = (tables.count("cases").await?, tables.count("ended").await?);
    ensure!(ended > 0, "nothing ended in the month that was lived through");
    let times = (CASES - there).max(0).div_euclid(ended) + 1;
    let (copies, number) = tables.copies(times);
    let case_id = format!("{number} || substr(ended.case_id, 9)");
    let earlier = format!("n * {}", PAST / times);
    tables
        .run(format!(
            "INSERT INTO cases (case_id, state, reporter, submitter, direct_leader, line, unit_path, claimed_by, \
             received_at, flow_at, next_due, version, body) {copies} \
             SELECT {case_id}, state, reporter, submitter, direct_leader, line, unit_path, claimed_by, \
             received_at - {earlier}, flow_at - {earlier}, next_due, version, replace(body, case_id, {case_id}) \
             FROM copy CROSS JOIN ended"
        ))
        .await?;
    let theirs = "SELECT case_ways.* FROM case_ways JOIN ended ON ended.case_id = case_ways.case_id";
    tables.run(format!("CREATE TABLE ended_ways AS {theirs}")).await?;
    let case_id = format!("{number} || substr(ended_ways.case_id, 9)");
    tables
        .run(format!(
            "INSERT INTO case_ways (way, received_at, case_id) {copies} \
             SELECT way, received_at - {earlier}, {case_id} FROM copy CROSS JOIN ended_ways"
        ))
        .await?;
    for table in ["ended", "ended_ways"] {
        tables.run(format!("DROP TABLE {table}")).await?;
    }
    let cases = tables.count("cases").await?;
    tables.close().await?;
    Ok(cases)
}

/// The tables of a centre that does not run.
enum Tables {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Tables {
    async fn open(centre: &CentreProcess, database: &Database) -> Result<Self> {
        Ok(match database {
            Database::Url(url) => Self::Postgres(PgConnection::connect(url).await?),
            Database::Sqlite => {
                let link = SqliteConnection::connect(&format!("sqlite://{}", centre.store())).await?;
                let mut tables = Self::Sqlite(link);
                // A power cut in the middle would only mean to begin again; parts of cases name cases by themselves.
                for pragma in
                    ["journal_mode = off", "synchronous = off", "foreign_keys = off", "cache_size = -500000"]
                {
                    tables.run(format!("PRAGMA {pragma}")).await?;
                }
                tables
            }
        })
    }

    /// The numbers of the copies as a table `copy (n)`, and how such a number begins a case number.
    fn copies(&self, times: i64) -> (String, &'static str) {
        match self {
            Self::Sqlite(_) => (
                format!(
                    "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {times})"
                ),
                "printf('%08x', n)",
            ),
            Self::Postgres(_) => {
                (format!("WITH copy (n) AS (SELECT generate_series(1, {times}))"), "lpad(to_hex(n), 8, '0')")
            }
        }
    }

    async fn run(&mut self, sql: String) -> Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(link) => _ = sql.execute(link).await?,
            Self::Postgres(link) => _ = sql.execute(link).await?,
        }
        Ok(())
    }

    async fn count(&mut self, table: &str) -> Result<i64> {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        Ok(match self {
            Self::Sqlite(link) => sqlx::query_scalar(sql).fetch_one(link).await?,
            Self::Postgres(link) => sqlx::query_scalar(sql).fetch_one(link).await?,
        })
    }

    /// What autovacuum does by itself a minute after so many rows, the benchmark does not wait for.
    async fn close(mut self) -> Result<()> {
        if let Self::Postgres(_) = self {
            self.run("ANALYZE".to_owned()).await?;
        }
        match self {
            Self::Sqlite(link) => link.close().await?,
            Self::Postgres(link) => link.close().await?,
        }
        Ok(())
    }
}
