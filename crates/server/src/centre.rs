//! What every handler and background task shares: the store, the clocks, the keys and the organisation in force.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::{Arc, RwLock};

use anyhow::Context as _;
use chayan_domain::calendar::Calendars;
use chayan_domain::directory::{Directory, DirectoryDraft, Role};
use chayan_domain::ids::UnitId;
use chayan_domain::rules::{RuleEntry, RuleHistory, RuleSet};
use chayan_domain::time::Timestamp;
use chayan_runtime::{Clock, Entropy, Tasks};
use chayan_store::{ReferenceKind, ReferenceVersion, Store};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::config::Config;
use crate::feed::Listeners;
use crate::limits::Buckets;
use crate::passwords::Passwords;
use crate::past::{Former, Stamps};
use crate::service::audit::Auditing;
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
    pub(crate) former: Former,
    pub(crate) auditing: Auditing,
    organisation: RwLock<Arc<Organisation>>,
}

/// Directory, rules and calendar in force, as one: a decision never mixes two versions.
#[derive(Debug)]
pub struct Organisation {
    /// 机构与人员
    pub directory: Directory,
    /// 制度版本
    pub rules: RuleSet,
    /// 工作日历
    pub calendars: Calendars,
    /// Names all versions.
    pub version: String,
    /// Every version of the directory, past and to come.
    pub(crate) directories: Stamps,
    /// Every version of the rules, past and to come.
    rule_versions: Stamps,
    /// Units with a customer-service department: known once, because every change of a case asks.
    service_units: HashSet<UnitId>,
}

impl Organisation {
    fn new(
        (directory, rules, calendars): (Directory, RuleSet, Calendars),
        version: String,
        (directories, rule_versions): (Stamps, Stamps),
    ) -> Self {
        let departments = directory.with_role(Role::Csd);
        let service_units = departments.into_iter().map(|person| person.unit_id.clone()).collect();
        Self { directory, rules, calendars, version, directories, rule_versions, service_units }
    }

    /// Whether the unit has a customer-service department.
    pub(crate) fn has_service(&self, unit: &UnitId) -> bool {
        self.service_units.contains(unit)
    }

    /// Whether this is the version of its directory.
    pub(crate) fn holds_directory(&self, version: &str) -> bool {
        self.version.split('/').next() == Some(version)
    }

    /// Names the versions alone.
    fn without_absences(&self) -> &str {
        self.version.rsplit_once('/').map_or("", |(versions, _)| versions)
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
        let organisation = Arc::new(InForce::read(&store, &*clock).await?.organisation(&store, None).await?);
        Ok(Self(Arc::new(Shared {
            passwords: Passwords::new(&*entropy)?,
            listeners: Arc::default(),
            buckets: Buckets::new(config.rate_per_second, config.rate_burst),
            handling: Arc::new(Semaphore::new(usize::try_from(config.concurrent_requests)?)),
            former: Former::default(),
            auditing: Auditing::default(),
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

    /// Looks whether another version is in force, and puts it to use with the absences of now. Returns whether one is.
    ///
    /// # Errors
    /// When the store fails or holds an organisation that this program cannot read; the old one stays in use.
    pub async fn refresh_organisation(&self) -> anyhow::Result<bool> {
        let found = InForce::read(&self.store, &*self.clock).await?;
        let known = self.organisation();
        let same_history = found.directories == known.directories && found.rules == known.rule_versions;
        if found.version() == known.version && same_history {
            return Ok(false);
        }
        let fresh = found.organisation(&self.store, Some(&known)).await?;
        // Whom an absence concerns is told by name; a new organisation changes what everybody may hear.
        let changed = fresh.without_absences() != known.without_absences();
        *self.organisation.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
        if changed {
            info!(version = self.organisation().version, "organisation in force changed");
            self.listeners.ring_all();
        }
        Ok(changed)
    }
}

/// Which versions hold now, before they are read.
struct InForce {
    now: Timestamp,
    directories: Stamps,
    rules: Stamps,
    directory: Option<String>,
    rule_version: Option<String>,
    calendar: Option<String>,
    /// Rows of absences that people entered.
    absences: i64,
}

impl InForce {
    async fn read(store: &Store, clock: &dyn Clock) -> anyhow::Result<Self> {
        let now = clock.now();
        let directories = Stamps(store.reference_stamps(ReferenceKind::Directory).await?);
        let rules = Stamps(store.reference_stamps(ReferenceKind::RuleSet).await?);
        let calendars = Stamps(store.reference_stamps(ReferenceKind::Calendar).await?);
        let named = |stamps: &Stamps| stamps.at(now).map(|(_, version)| version.to_owned());
        Ok(Self {
            now,
            directory: named(&directories),
            rule_version: named(&rules),
            calendar: named(&calendars),
            directories,
            rules,
            absences: store.absence_rows().await?,
        })
    }

    fn version(&self) -> String {
        let word = |version: &Option<String>| version.clone().unwrap_or_else(|| "-".to_owned());
        let directory = word(&self.directory);
        format!("{directory}/{}/{}/{}", word(&self.rule_version), word(&self.calendar), self.absences)
    }

    /// Reads what is in force. Somebody's absence does not make a province be read anew.
    async fn organisation(self, store: &Store, known: Option<&Organisation>) -> anyhow::Result<Organisation> {
        let version = self.version();
        let directory = match (&self.directory, known) {
            (Some(version), Some(known)) if known.holds_directory(version) => known.directory.clone(),
            (Some(version), _) => read_directory(store, version).await?,
            (None, _) => Directory::default(),
        };
        let entered = store.absences_after(self.now).await?;
        let directory = directory.with_absences(entered.into_iter().map(|row| row.absence));
        let rules = read_rules(store).await?.at(self.now);
        let calendars = match &self.calendar {
            Some(version) => {
                let found = store.reference(ReferenceKind::Calendar, version).await?;
                serde_json::from_str(&found.context("a version of the calendar is gone")?.json)?
            }
            None => Calendars::standard(),
        };
        let histories = (self.directories, self.rules);
        Ok(Organisation::new((directory, rules, calendars), version, histories))
    }
}

/// Every version of the rules.
pub(crate) async fn read_rules(store: &Store) -> anyhow::Result<RuleHistory> {
    let stored = store.reference_versions(ReferenceKind::RuleSet).await?;
    let entry = |stored: ReferenceVersion| {
        let content = serde_json::from_str(&stored.json).context("a version of the rules cannot be read")?;
        let ReferenceVersion { version, effective_from, added_at, .. } = stored;
        anyhow::Ok(RuleEntry { version, effective_from, added_at, content })
    };
    Ok(RuleHistory::new(stored.into_iter().map(entry).collect::<anyhow::Result<_>>()?))
}

/// A version of the directory by name.
pub(crate) async fn read_directory(store: &Store, version: &str) -> anyhow::Result<Directory> {
    let found = store.reference(ReferenceKind::Directory, version).await?;
    let json = found.context("a version of the directory is gone")?.json;
    Ok(Directory::try_from(serde_json::from_str::<DirectoryDraft>(&json)?)?)
}
