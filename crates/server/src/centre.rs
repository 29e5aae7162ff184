//! What every handler and background task shares: the store, the clocks, the keys and the organisation in force.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::{Arc, RwLock};

use chayan_domain::directory::{Directory, DirectoryDraft, Role};
use chayan_domain::ids::UnitId;
use chayan_domain::rules::RuleSet;
use chayan_runtime::{Clock, Entropy, Tasks};
use chayan_store::{ReferenceKind, Store};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::config::Config;
use crate::feed::Listeners;
use crate::limits::Buckets;
use crate::passwords::Passwords;
use crate::signing::Signer;

/// The centre. Clones share it.
#[derive(Clone)]
pub struct Centre(Arc<Shared>);

/// See [`Centre`].
pub struct Shared {
    /// The one door to the database.
    pub store: Store,
    /// The deciding clock.
    pub clock: Arc<dyn Clock>,
    /// Ids, salts, tokens.
    pub entropy: Arc<dyn Entropy>,
    /// Signs receipts and anchors.
    pub signer: Signer,
    /// Settings.
    pub config: Config,
    /// Background tasks; told to stop after the last request.
    pub tasks: Tasks,
    /// Cancelled first of all at a stop: streams and long polls end.
    pub ending: CancellationToken,
    pub(crate) passwords: Passwords,
    pub(crate) listeners: Arc<Listeners>,
    pub(crate) buckets: Buckets,
    pub(crate) handling: Arc<Semaphore>,
    organisation: RwLock<Arc<Organisation>>,
}

/// Directory and rules in force, as one: a decision never mixes two versions.
#[derive(Debug)]
pub struct Organisation {
    /// 机构与人员
    pub directory: Directory,
    /// 制度版本
    pub rules: RuleSet,
    /// Names both versions.
    pub version: String,
    /// Units with a customer-service department: known once, because every change of a case asks.
    service_units: HashSet<UnitId>,
}

impl Organisation {
    fn new(directory: Directory, rules: RuleSet, version: String) -> Self {
        let departments = directory.with_role(Role::Csd);
        let service_units = departments.into_iter().map(|person| person.unit_id.clone()).collect();
        Self { directory, rules, version, service_units }
    }

    /// The unit itself and those above it that have a customer-service department.
    pub(crate) fn service_units_of(&self, unit: &UnitId) -> impl Iterator<Item = &UnitId> {
        let chain = self.directory.unit_chain(unit).into_iter().map(|above| &above.unit_id);
        chain.filter(|above| self.service_units.contains(above))
    }
}

/// What a server is made of.
pub struct CentreParts {
    /// An open store.
    pub store: Store,
    /// The deciding clock.
    pub clock: Arc<dyn Clock>,
    /// Ids, salts, tokens.
    pub entropy: Arc<dyn Entropy>,
    /// Signs receipts and anchors.
    pub signer: Signer,
    /// Checked settings.
    pub config: Config,
}

impl Deref for Centre {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Centre {
    /// Puts the parts together and reads the organisation in force.
    ///
    /// # Errors
    /// When the store fails or holds an organisation that this program cannot read.
    pub async fn new(parts: CentreParts) -> anyhow::Result<Self> {
        let CentreParts { store, clock, entropy, signer, config } = parts;
        let organisation = Arc::new(read_organisation(&store, &*clock).await?);
        Ok(Self(Arc::new(Shared {
            passwords: Passwords::new(&*entropy)?,
            listeners: Arc::default(),
            buckets: Buckets::new(config.rate_per_second, config.rate_burst),
            handling: Arc::new(Semaphore::new(usize::try_from(config.concurrent_requests)?)),
            organisation: RwLock::new(organisation),
            tasks: Tasks::new(),
            ending: CancellationToken::new(),
            store,
            clock,
            entropy,
            signer,
            config,
        })))
    }

    /// The organisation in force.
    #[must_use]
    pub fn organisation(&self) -> Arc<Organisation> {
        Arc::clone(&self.organisation.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Looks whether another version is in force, and puts it to use.
    ///
    /// # Errors
    /// When the store fails or holds an organisation that this program cannot read; the old one stays in use.
    pub async fn refresh_organisation(&self) -> anyhow::Result<()> {
        let fresh = read_organisation(&self.store, &*self.clock).await?;
        if fresh.version != self.organisation().version {
            info!(version = fresh.version, "organisation in force changed");
            *self.organisation.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
            self.listeners.ring_all();
        }
        Ok(())
    }
}

async fn read_organisation(store: &Store, clock: &dyn Clock) -> anyhow::Result<Organisation> {
    let now = clock.now();
    let directory = store.reference_at(ReferenceKind::Directory, now).await?;
    let rules = store.reference_at(ReferenceKind::RuleSet, now).await?;
    let version_of = |stored: &Option<chayan_store::ReferenceVersion>| {
        stored.as_ref().map_or_else(|| "-".to_owned(), |found| found.version.clone())
    };
    let version = format!("{}/{}", version_of(&directory), version_of(&rules));
    let directory = match directory {
        Some(found) => Directory::try_from(serde_json::from_str::<DirectoryDraft>(&found.json)?)?,
        None => Directory::default(),
    };
    let rules = match rules {
        Some(found) => serde_json::from_str(&found.json)?,
        None => RuleSet::standard(),
    };
    Ok(Organisation::new(directory, rules, version))
}
