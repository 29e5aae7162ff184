//! The organisation as it was: a case is shown with the units and names of its own day, whatever was imported since.
//!
//! What a person may see and do is always today's organisation; only names and the tree come from here. Old versions
//! are read when a case of their time is shown, and a few are kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chayan_domain::directory::Directory;
use chayan_domain::rules::RuleSet;
use chayan_domain::time::Timestamp;

use crate::centre::{Centre, Organisation, read_directory};
use crate::problem::{ApiError, ApiResult};

/// Old directories that are kept in memory; a province's takes some megabytes.
const KEPT: usize = 6;

/// When each version came, or comes, into force; in that order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stamps(pub(crate) Vec<(Timestamp, String)>);

impl Stamps {
    /// The version that holds at this moment, and since when.
    pub(crate) fn at(&self, moment: Timestamp) -> Option<(Timestamp, &str)> {
        let after = self.0.partition_point(|(from, _)| *from <= moment);
        let (from, version) = self.0.get(after.checked_sub(1)?)?;
        Some((*from, version))
    }
}

/// Old directories that were read lately, the latest last.
#[derive(Default)]
pub(crate) struct Former(Mutex<Vec<(String, Arc<Directory>)>>);

impl Former {
    fn get(&self, version: &str) -> Option<Arc<Directory>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == version)?;
        let found = kept.remove(at);
        let directory = Arc::clone(&found.1);
        kept.push(found);
        Some(directory)
    }

    fn put(&self, version: String, directory: Arc<Directory>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((version, directory));
    }
}

/// The directories of some moments.
pub(crate) struct Past {
    today: Arc<Organisation>,
    former: HashMap<String, Arc<Directory>>,
}

impl Past {
    /// Reads what is needed to look at these moments. Nothing is read for moments under the version in force.
    pub(crate) async fn of(
        centre: &Centre,
        today: &Arc<Organisation>,
        moments: Vec<Timestamp>,
    ) -> ApiResult<Self> {
        let mut past = Self { today: Arc::clone(today), former: HashMap::new() };
        for moment in moments {
            if let Some(version) = past.former_version(moment)
                && !past.former.contains_key(version)
            {
                let version = version.to_owned();
                let directory = former(centre, &version).await?;
                past.former.insert(version, directory);
            }
        }
        Ok(past)
    }

    /// The directory that held at this moment; today's for a moment that was not asked for, or before every version.
    pub(crate) fn at(&self, moment: Timestamp) -> &Directory {
        let former = self.former_version(moment).and_then(|version| self.former.get(version));
        former.map_or(&self.today.directory, |directory| directory)
    }

    /// Today's.
    pub(crate) fn today(&self) -> &Directory {
        &self.today.directory
    }

    /// Today's rules: what is shown to whom follows them, also for a case that began under others.
    pub(crate) fn rules(&self) -> &RuleSet {
        &self.today.rules
    }

    /// The version of a moment at which another one held than in this organisation.
    fn former_version(&self, moment: Timestamp) -> Option<&str> {
        let (_, version) = self.today.directories.at(moment)?;
        (!self.today.holds_directory(version)).then_some(version)
    }
}

/// A version that is not in force.
pub(crate) async fn former(centre: &Centre, version: &str) -> ApiResult<Arc<Directory>> {
    if let Some(known) = centre.former.get(version) {
        return Ok(known);
    }
    let read = read_directory(&centre.store, version).await;
    let directory = Arc::new(read.map_err(ApiError::unreadable)?);
    centre.former.put(version.to_owned(), Arc::clone(&directory));
    Ok(directory)
}
