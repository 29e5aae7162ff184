//! What an administrator does on the command line. Each returns its sentences; only `main` prints.

mod accounts;
mod audit;
mod demo;
mod health;
mod import;
mod pack;
mod receipt;

pub use accounts::{Account, create, create_from_file, list, set_allowed, set_password};
pub use audit::verify_audit;
pub(crate) use demo::live_history;
pub use demo::{write_demo_directory, write_history};
pub use health::{HealthTarget, healthcheck};
pub use import::{import_calendar, import_directory, import_rules};
pub use pack::verify_pack;
pub use receipt::verify_receipt;

pub use crate::day::first_moment;

use std::sync::Arc;

use anyhow::Context as _;
use chayan_runtime::{Entropy, SystemEntropy};
use chayan_store::{MasterKey, Store, StoreConfig, StoreError, Target};

use crate::config::Config;
use crate::texts::{Text, say};

/// A command that could not do its work, with the sentence for the person.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
pub struct Failed {
    /// What the person reads.
    pub sentence: String,
    /// Why, for the log.
    #[source]
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failed {
    /// A sentence that says everything.
    #[must_use]
    pub const fn new(sentence: String) -> Self {
        Self { sentence, cause: None }
    }

    /// A failure of the store.
    pub fn store(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        if let Some(StoreError::Full) = cause.downcast_ref::<StoreError>() {
            return Self { sentence: say(Text::StoreFull, &[]), cause: Some(cause) };
        }
        Self { sentence: say(Text::StoreFailed, &[("reason", &cause.to_string())]), cause: Some(cause) }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        let words = [("path", path.display().to_string()), ("reason", cause.to_string())];
        let words: Vec<_> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Self { sentence: say(Text::FileFailed, &words), cause: Some(cause) }
    }
}

/// Opens the store that the settings name.
///
/// # Errors
/// When the address, the master key or the database does not do.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let target: Target = config.store.parse()?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let key = MasterKey::load_or_create(&config.master_key_file, &*entropy)?;
    Store::open(&StoreConfig::new(target), entropy, key).await.context("the store cannot be opened")
}

/// Makes missing migrations and says which.
///
/// # Errors
/// When the address or the database does not do.
pub async fn migrate(config: &Config) -> Result<String, Failed> {
    let target: Target = config.store.parse().map_err(Failed::store)?;
    let made = Store::migrate(&target).await.map_err(Failed::store)?;
    Ok(say(Text::Migrated, &[("count", &made.len().to_string())]))
}

/// The sentence for settings that do not do.
#[must_use]
pub fn config_sentence(fault: &crate::config::ConfigFault) -> String {
    use crate::config::ConfigFault as F;
    match fault {
        F::Unreadable { path, reason } => say(Text::ConfigUnreadable, &[("path", path), ("reason", reason)]),
        F::BadValue { key, reason } => say(Text::ConfigBadValue, &[("key", key), ("reason", reason)]),
        F::PlainHttp { address } => say(Text::ConfigPlainHttp, &[("address", address)]),
        F::TlsHalf => say(Text::ConfigTlsHalf, &[]),
    }
}
