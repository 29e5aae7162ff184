//! The one door: opening, committing, closing. The reads stand with what they read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chayan_runtime::Entropy;
use sqlx::SqlStr;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, RwLock, broadcast, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::info;

use crate::announce::Announcer;
use crate::config::{StoreConfig, Target};
use crate::database::{self, Database};
use crate::error::StoreError;
use crate::feed::{FeedChange, FeedDraft};
use crate::job::{Decider, Statements, Work};
use crate::sessions::Sessions;
use crate::sql::{Dialect, Link, Param, Row, text};
use crate::sqlite::Log;
use crate::timers::TimerChange;
use crate::vault::{MasterKey, Vault};
use crate::write::{CommitKey, Decision, Look, Snapshot};
use crate::writer::{self, Shared};
use crate::{postgres, settings, sqlite};

/// So many bytes count as room.
const ROOM: usize = 256 * 1024;

/// The one door to the database. Clones share it.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
    /// `None` once the store stops: no more work is taken.
    queue: Arc<RwLock<Option<mpsc::Sender<Work>>>>,
    tasks: TaskTracker,
    sessions: Sessions,
    /// Ends the notifier and the listener when the store shuts down. The very last commits may then go unannounced: other
    /// nodes find them with their next fallback poll.
    quiet: CancellationToken,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("available", &self.is_available()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens (and by default migrates) the database and starts the writers.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`], [`StoreError::OlderSchema`], [`StoreError::ChangedMigration`],
    /// [`StoreError::OldSqlite`], [`StoreError::WrongMasterKey`], [`StoreError::Backend`].
    pub async fn open(
        config: &StoreConfig,
        entropy: Arc<dyn Entropy>,
        key: MasterKey,
    ) -> Result<Self, StoreError> {
        if config.migrate {
            let made = database::migrate(&config.target).await?;
            if !made.is_empty() {
                info!(migrations = ?made, "the database was migrated");
            }
        }
        let database = Database::new(&config.target, config.readers)?;
        let vault = Vault::new(&key, Arc::clone(&entropy));
        let mut links = vec![database.writer().await?];
        database::check_schema(&mut links[0]).await?;
        settings::check_master_key(&mut links[0], vault.key_id()).await?;
        if let Database::Postgres { .. } = database {
            for _ in 1..config.writers.max(1) {
                links.push(database.writer().await?);
            }
        }
        Ok(Self::start(config, database, vault, hex::encode(&entropy.bytes32()[..8]), links))
    }

    fn start(config: &StoreConfig, database: Database, vault: Vault, node: String, links: Vec<Link>) -> Self {
        let (tasks, quiet) = (TaskTracker::new(), CancellationToken::new());
        let log = Arc::new(Log::default());
        let announcer = match &database {
            Database::Sqlite { path, .. } => {
                tasks.spawn(sqlite::keep_log_short(path.clone(), Arc::clone(&log), quiet.clone()));
                Announcer::new(None)
            }
            Database::Postgres { options, .. } => {
                let (sender, committed) = mpsc::unbounded_channel();
                let announcer = Announcer::new(Some(sender));
                let (speaker, hearer) = (announcer.clone(), announcer.clone());
                tasks.spawn(postgres::notify(
                    database.clone(),
                    node.clone(),
                    speaker,
                    committed,
                    (Arc::clone(&config.clock), quiet.clone()),
                ));
                let clock = (Arc::clone(&config.clock), quiet.clone());
                tasks.spawn(postgres::listen(options.as_ref().clone(), node, hearer, clock));
                announcer
            }
        };
        let (sessions, answering) = Sessions::open(database.clone(), quiet.clone());
        tasks.spawn(answering);
        let shared = Arc::new(Shared {
            database,
            vault,
            announcer,
            available: AtomicBool::new(true),
            stop: CancellationToken::new(),
            full: AtomicBool::new(false),
            commit_probe: config.commit_probe.clone(),
            page_limit: config.page_limit.clone(),
            clock: Arc::clone(&config.clock),
            // Several writers share the queue: a smaller portion leaves work for the others.
            batch: config.batch.max(1).div_ceil(links.len()),
            log,
        });
        let (sender, receiver) = mpsc::channel(config.queue.max(1));
        let receiver = Arc::new(Mutex::new(receiver));
        for link in links {
            let dialect = link.dialect();
            let writing = writer::run(Arc::clone(&shared), Arc::clone(&receiver), link);
            match dialect {
                // Each statement comes and goes between two threads: as a task it would wait each time for its turn
                // behind the requests.
                Dialect::Sqlite => drop(tasks.spawn_blocking(|| Handle::current().block_on(writing))),
                Dialect::Postgres => drop(tasks.spawn(writing)),
            }
        }
        Self { shared, queue: Arc::new(RwLock::new(Some(sender))), tasks, sessions, quiet }
    }

    /// Makes missing migrations; returns their numbers. Needs no master key.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`], [`StoreError::ChangedMigration`], [`StoreError::Backend`].
    pub async fn migrate(target: &Target) -> Result<Vec<i64>, StoreError> {
        database::migrate(target).await
    }

    /// Takes no more work, finishes what it has taken, closes the connections.
    pub async fn shutdown(&self) {
        self.queue.write().await.take();
        self.shared.stop.cancel();
        self.tasks.close();
        // The writers end by themselves once the queue is empty; the others are then told to.
        self.quiet.cancel();
        self.tasks.wait().await;
        self.shared.database.close().await;
    }

    /// Whether it takes work, for health checks.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.shared.available.load(Ordering::SeqCst) && !self.shared.stop.is_cancelled()
    }

    /// Whether there is room to write. After a full disk it tries with a text that is longer than most reports: a short
    /// one may still fit into space that the database has already.
    pub async fn has_room(&self) -> bool {
        if !self.shared.full.load(Ordering::SeqCst) {
            return true;
        }
        let put = "INSERT INTO settings (name, value) VALUES ('room', $1) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let fits = self.execute(put, vec![text("0".repeat(ROOM))]).await.is_ok();
        if fits {
            // What stays when this fails is overwritten the next time.
            self.execute("DELETE FROM settings WHERE name = 'room'", Vec::new()).await.ok();
        }
        fits
    }

    /// Answers once the database answers a query.
    ///
    /// # Errors
    /// [`StoreError::Backend`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.fetch("SELECT 1", Vec::new()).await.map(drop)
    }

    /// THE way to change a case: loads the snapshot, decides, writes everything or nothing, and returns the reply only
    /// after it is durable. `decide` is pure and quick; it may be called several times (the last call counts).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] (repeat it with the same command id), [`StoreError::Conflict`] when the write
    /// contradicts what is stored, [`StoreError::DeciderPanicked`], [`StoreError::Backend`].
    pub async fn commit<R, F>(&self, key: CommitKey, decide: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&Snapshot) -> Decision<R> + Send + 'static,
    {
        self.commit_with(key, Look::default(), decide).await
    }

    /// The same for a decision that has to see more than its case. It may change the other one of [`Look::beside`] with
    /// [`CaseWrite::beside`](crate::CaseWrite::beside).
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn commit_with<R, F>(&self, key: CommitKey, look: Look, decide: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&Snapshot) -> Decision<R> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let mut decider = Decider { key, look, decide, ahead: None, reply: None, answer };
        decider.decide_ahead();
        self.enqueue(Work::Decide(Box::new(decider))).await?;
        answered.await.unwrap_or(Err(StoreError::Unavailable))
    }

    /// Appends feed rows that belong to no case (reference changed, session ended).
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn announce(&self, rows: Vec<FeedDraft>) -> Result<(), StoreError> {
        self.execute_all(Vec::new(), rows).await.map(drop)
    }

    /// Wakes listeners after commits: topics whose new rows can be read now. Who lags behind looks everywhere.
    #[must_use]
    pub fn feed_changes(&self) -> broadcast::Receiver<FeedChange> {
        self.shared.announcer.feed.subscribe()
    }

    /// Wakes the engine after commits. Who lags behind reads the table.
    #[must_use]
    pub fn timer_changes(&self) -> broadcast::Receiver<TimerChange> {
        self.shared.announcer.timers.subscribe()
    }

    pub(crate) const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.shared.vault
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.shared.database {
            Database::Sqlite { .. } => Dialect::Sqlite,
            Database::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// A connection for several reads.
    pub(crate) async fn reader(&self) -> Result<Link, StoreError> {
        self.shared.database.reader().await
    }

    /// A connection that is not the pool's.
    pub(crate) async fn own_link(&self) -> Result<Link, StoreError> {
        self.shared.database.writer().await
    }

    /// One read.
    pub(crate) async fn fetch(
        &self,
        sql: impl sqlx::SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(self.reader().await?.fetch(sql, params).await?)
    }

    /// One statement, durable when it returns; how many rows it touched.
    pub(crate) async fn execute(&self, sql: &'static str, params: Vec<Param>) -> Result<u64, StoreError> {
        let touched = self.execute_all(vec![(sql, params)], Vec::new()).await?;
        Ok(touched.first().copied().unwrap_or(0))
    }

    /// Statements and feed rows in one transaction; how many rows each statement touched.
    pub(crate) async fn execute_all(
        &self,
        statements: Vec<(&'static str, Vec<Param>)>,
        feed: Vec<FeedDraft>,
    ) -> Result<Vec<u64>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let statements =
            statements.into_iter().map(|(sql, params)| (SqlStr::from_static(sql), params)).collect();
        self.enqueue(Work::Statements(Statements { statements, feed, touched: Vec::new(), answer })).await?;
        answered.await.unwrap_or(Err(StoreError::Unavailable))
    }

    async fn enqueue(&self, work: Work) -> Result<(), StoreError> {
        if !self.is_available() {
            return Err(StoreError::Unavailable);
        }
        let queue = self.queue.read().await;
        let sender = queue.as_ref().ok_or(StoreError::Unavailable)?;
        // A full queue is answered at once: waiting callers would only pile up in front of it.
        sender.try_send(work).map_err(|_| StoreError::Unavailable)
    }
}
