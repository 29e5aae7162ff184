//! A place for one store: a folder and an empty database, opened as often as a test wants.

use std::path::PathBuf;
use std::sync::Arc;

use chayan_domain::ids::{CaseId, CommandId, DeviceId, EventId};
use chayan_domain::time::Timestamp;
use chayan_runtime::{Entropy, SystemEntropy};
use chayan_store::{
    BlindDraft, CaseWrite, CommitKey, CustomerLook, Decision, Look, MasterKey, Snapshot, Store, StoreConfig,
    StoreError, Target,
};
use tempfile::TempDir;

/// The moment at which everything in these tests happens.
pub(crate) const NOW: Timestamp = Timestamp(1_767_000_000_000);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

pub(crate) struct Home {
    pub(crate) folder: TempDir,
    pub(crate) target: Target,
}

impl Home {
    pub(crate) fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = match kind {
            Kind::Sqlite => Target::Sqlite(folder.path().join("centre.db")),
            Kind::Postgres => chayan_tests::postgres::database("store").unwrap().parse().unwrap(),
        };
        Self { folder, target }
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder.path().join("master.key")
    }

    pub(crate) fn config(&self) -> StoreConfig {
        StoreConfig::new(self.target.clone())
    }

    pub(crate) async fn open(&self) -> Store {
        self.open_with(&self.config()).await.unwrap()
    }

    pub(crate) async fn open_with(&self, config: &StoreConfig) -> Result<Store, StoreError> {
        let key = MasterKey::load_or_create(&self.key_file(), &SystemEntropy)?;
        Store::open(config, Arc::new(SystemEntropy), key).await
    }

    /// A connection of its own beside the store, as SQL for the one database or the other.
    pub(crate) async fn run_sql(&self, sql: &'static str) {
        match &self.target {
            Target::Sqlite(path) => {
                use sqlx::Connection as _;
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut link = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
                link.close().await.unwrap();
            }
            Target::Postgres(url) => {
                use sqlx::Connection as _;
                let mut link = sqlx::PgConnection::connect(url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
                link.close().await.unwrap();
            }
        }
    }
}

pub(crate) fn case_id() -> CaseId {
    CaseId(SystemEntropy.uuid(NOW))
}

pub(crate) fn command_id() -> CommandId {
    CommandId(SystemEntropy.uuid(NOW))
}

pub(crate) fn device_id() -> DeviceId {
    DeviceId(SystemEntropy.uuid(NOW))
}

pub(crate) fn event_id() -> EventId {
    EventId(SystemEntropy.uuid(NOW))
}

pub(crate) const fn key(case_id: CaseId, command_id: Option<CommandId>) -> CommitKey {
    CommitKey { case_id, command_id }
}

/// Commits what is given, whatever is there.
pub(crate) async fn write(store: &Store, case_id: CaseId, write: CaseWrite) -> Result<(), StoreError> {
    store.commit(key(case_id, None), move |_| Decision::write(write.clone(), ())).await
}

/// Commits a whole report and returns its command.
pub(crate) async fn write_report(store: &Store, case_id: CaseId) -> CommandId {
    let command_id = command_id();
    let report = chayan_tests::case_writes::report(&SystemEntropy, case_id, command_id, NOW);
    store.commit(key(case_id, Some(command_id)), move |_| Decision::write(report.clone(), ())).await.unwrap();
    command_id
}

/// The other cases that a decision about a new case of this customer would see.
pub(crate) async fn similar(store: &Store, keys: &[BlindDraft], since: Timestamp) -> Vec<CaseId> {
    let customer = Some(CustomerLook { keys: keys.to_vec(), since });
    let look = Look { customer, ..Look::default() };
    store.commit_with(key(case_id(), None), look, |seen| Decision::keep(seen.similar.clone())).await.unwrap()
}

/// What a decision would see now.
pub(crate) async fn snapshot(store: &Store, case_id: CaseId) -> Snapshot {
    store.commit(key(case_id, None), |seen| Decision::keep(seen.clone())).await.unwrap()
}
