//! Writes the demo province, and its history.

use std::path::Path;
use std::sync::Arc;

use chayan_domain::directory::DirectoryDraft;
use chayan_runtime::{ManualClock, SeededEntropy, SystemEntropy};
use chayan_store::{ReferenceKind, Store};

use super::import::adopt_directory;
use super::{Failed, open_store};
use crate::centre::{Centre, CentreParts};
use crate::config::Config;
use crate::demo_directory::{self, Names};
use crate::history::{self, Plan};
use crate::import_directory::moment;
use crate::signing::Signer;
use crate::texts::{Text, say};

const DIVISIONS: &str = include_str!("../../../../data/jiangsu-divisions.csv");

/// Writes the CSV files of the demo province into `folder`.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write_demo_directory(divisions: &Path, names: Option<&Path>, folder: &Path) -> Result<String, Failed> {
    let csv = std::fs::read_to_string(divisions).map_err(|error| Failed::file(divisions, error))?;
    let names = match names {
        None => Names::built_in(),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failed::file(path, error))
            .and_then(|json| Names::read(&json).map_err(|error| Failed::file(path, error)).map(Ok))?,
    }
    .map_err(|error| Failed::file(folder, error))?;
    let draft = demo_directory::write(&csv, &names, folder).map_err(|error| Failed::file(folder, error))?;
    let (units, people) = (draft.units.len().to_string(), draft.people.len().to_string());
    let path = folder.display().to_string();
    Ok(say(Text::DemoWritten, &[("units", &units), ("people", &people), ("path", &path)]))
}

/// Fills an empty store with the demo province and a history by the plan.
///
/// # Errors
/// When the store holds an organisation already, or fails.
pub async fn write_history(config: Config, plan: &Plan) -> Result<String, Failed> {
    let store = open_store(&config).await.map_err(Failed::store)?;
    let written = fill(&store, config, plan).await;
    store.shutdown().await;
    written
}

async fn fill(store: &Store, config: Config, plan: &Plan) -> Result<String, Failed> {
    let stamps = store.reference_stamps(ReferenceKind::Directory).await.map_err(Failed::store)?;
    if !stamps.is_empty() {
        return Err(Failed::new(say(Text::HistoryNotEmpty, &[])));
    }
    let names = Names::built_in().map_err(Failed::store)?;
    let province = demo_directory::draft(DIVISIONS, &names).map_err(Failed::store)?;
    let tally = live_history(store, config, plan, &province).await.map_err(Failed::store)?;
    for code in &tally.refused {
        tracing::warn!(code, "the process refused an act of the made-up history");
    }
    let words = [
        ("cases", tally.cases.to_string()),
        ("steps", tally.steps.to_string()),
        ("from", moment(plan.from())),
        ("until", moment(plan.until)),
    ];
    let words: Vec<_> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(say(Text::HistoryWritten, &words))
}

/// Lets the people of a directory live through a plan in a store that is empty.
///
/// # Errors
/// When the store fails.
pub(crate) async fn live_history(
    store: &Store,
    config: Config,
    plan: &Plan,
    draft: &DirectoryDraft,
) -> anyhow::Result<history::Tally> {
    let clock = ManualClock::new(plan.from());
    adopt_directory(store, draft, (plan.from(), plan.from())).await?;
    let parts = CentreParts {
        store: store.clone(),
        clock: Arc::new(clock.clone()),
        entropy: Arc::new(SeededEntropy::new(plan.seed)),
        signer: Signer::open(&config.signing_key_file, &SystemEntropy)?,
        config,
    };
    let centre = Centre::new(parts).await?;
    history::live(&centre, &clock, plan).await
}
