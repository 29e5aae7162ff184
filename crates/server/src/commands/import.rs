//! Imports: everything is checked first, and a refused import changes nothing.

use std::path::{Path, PathBuf};

use chayan_api::directory::ImportFault;
use chayan_domain::calendar::Calendars;
use chayan_domain::directory::{Directory, DirectoryDraft};
use chayan_domain::evidence::sha256;
use chayan_domain::ids::AmendmentId;
use chayan_domain::rules::{AmendmentSubject, Overlay, REASON, RuleSet};
use chayan_domain::time::Timestamp;
use chayan_runtime::{Clock, Entropy};
use chayan_store::{ReferenceKind, ReferenceVersion, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::Failed;
use crate::centre::read_rules;
use crate::import_directory::{self as files, RowFault};
use crate::proposal::{Proposal, Taken, stored_version};
use crate::service::amend::{self, Link, Planned};
use crate::texts::{Text, look_up, say};

/// Imports a directory version that holds from `effective` on, or from now. A version for a past date fills in the
/// history; one for a date to come waits for it. The reason is kept with it: the files, where none is given.
///
/// # Errors
/// Every fault of the files, each on a line of its own; or a failure of the store.
pub async fn import_directory(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    paths: &[PathBuf],
    effective: Option<Timestamp>,
    reason: Option<&str>,
) -> Result<String, Failed> {
    let reason = checked(reason)?;
    let sources = files::open(paths).map_err(|faults| refused_rows(&faults))?;
    let now = clock.now();
    let proposal = Proposal::of(store, sources, effective, now).await.map_err(Failed::store)?;
    if !proposal.faults.is_empty() {
        return Err(refused(Text::DirectoryRefused, proposal.faults.iter().map(line).collect()));
    }
    let (units, people) = (proposal.draft.units.len().to_string(), proposal.draft.people.len().to_string());
    let from = effective.unwrap_or(now);
    let names: Vec<String> = paths.iter().map(|path| name_of(path)).collect();
    let taken = Taken { by: None, reason: reason_or(reason, &names.join(" ")), at: now };
    let version = proposal.take(store, entropy, taken).await.map_err(Failed::store)?;
    let words = [
        ("units", units.as_str()),
        ("people", &people),
        ("version", &version),
        ("from", &files::moment(from)),
    ];
    Ok(say(Text::DirectoryImported, &words))
}

/// Stores a checked directory that holds from a moment on, added at another. Answers with its version.
pub(super) async fn adopt_directory(
    store: &Store,
    draft: &DirectoryDraft,
    (from, now): (Timestamp, Timestamp),
) -> Result<String, Failed> {
    let json = serde_json::to_string(draft).map_err(Failed::store)?;
    let version = stored_version(&json, now);
    add(store, ReferenceKind::Directory, &version, from, now, json).await?;
    Ok(version)
}

/// A rule file: a whole set, or only overlays over the set in force.
#[derive(Deserialize)]
#[serde(untagged)]
enum RuleFile {
    Set(RuleSet),
    Overlays { overlays: Vec<Overlay> },
}

/// Imports a rule set, or stricter overlays over the one in force. It is a change like any other: with a reason, which
/// is the file where none is given.
///
/// # Errors
/// Every reason why the rules are refused, each on a line of its own; or a failure of the store.
pub async fn import_rules(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    path: &Path,
    reason: Option<&str>,
) -> Result<String, Failed> {
    let reason = checked(reason)?;
    let text = std::fs::read_to_string(path).map_err(|error| Failed::file(path, error))?;
    let file: RuleFile = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failed::file(path, error))?;
    let now = clock.now();
    let known = store.amendments().await.map_err(Failed::store)?;
    let history = read_rules(store).await.map_err(|error| Failed::store(error.into_boxed_dyn_error()))?;
    let rules = match file {
        RuleFile::Set(rules) => rules,
        RuleFile::Overlays { overlays } => RuleSet { overlays, ..history.at(now) },
    };
    let directory = directory_in_force(store, now).await?;
    rules.check(&directory).map_err(|faults| refused_by(Text::RulesRefused, "rules", &faults))?;
    let json = serde_json::to_string(&rules).map_err(Failed::store)?;
    let version = format!("{}-{}", rules.version, stored_version(&json, now));
    // Overlays hold from now on, also over a set that has been in force for years.
    let from = rules.effective_from.max(now);
    let link = Link {
        amendment_id: AmendmentId(entropy.uuid(now)),
        person_id: None,
        reason: reason_or(reason, &name_of(path)),
        asked: sha256(json.as_bytes()),
        at: now,
        from,
    };
    let planned = Planned {
        kind: ReferenceKind::RuleSet,
        json,
        version: Some(version.clone()),
        subject: AmendmentSubject::RulesImported,
        changes: history.at(from).changes_to(&rules, &directory),
    };
    amend::store(store, entropy, known.last(), link, &planned).await.map_err(Failed::store)?;
    Ok(say(Text::RulesImported, &[("version", &version), ("overlays", &rules.overlays.len().to_string())]))
}

/// Imports the calendar of the province and of units that differ; it holds from now on. Clocks that run keep their
/// moments: they stand in the events that started them. It is a change like any other, chained, with a reason.
///
/// # Errors
/// Every reason why it is refused, each on a line of its own; or a failure of the store.
pub async fn import_calendar(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    path: &Path,
    reason: Option<&str>,
) -> Result<String, Failed> {
    let reason = checked(reason)?;
    let text = std::fs::read_to_string(path).map_err(|error| Failed::file(path, error))?;
    let calendars = Calendars::read(text.trim_start_matches('\u{feff}'))
        .map_err(|faults| refused_by(Text::CalendarRefused, "calendar", &faults))?;
    let now = clock.now();
    calendars
        .check_units(&directory_in_force(store, now).await?)
        .map_err(|faults| refused_by(Text::CalendarRefused, "calendar", &faults))?;
    let json = serde_json::to_string(&calendars).map_err(Failed::store)?;
    let version = stored_version(&json, now);
    let before = store.reference_at(ReferenceKind::Calendar, now).await.map_err(Failed::store)?;
    let link = Link {
        amendment_id: AmendmentId(entropy.uuid(now)),
        person_id: None,
        reason: reason_or(reason, &name_of(path)),
        asked: sha256(json.as_bytes()),
        at: now,
        from: now,
    };
    let planned = Planned {
        kind: ReferenceKind::Calendar,
        json,
        version: Some(version.clone()),
        subject: AmendmentSubject::CalendarImported {
            source: name_of(path),
            before: before.map(|before| before.version),
        },
        changes: Vec::new(),
    };
    let last = store.last_amendment().await.map_err(Failed::store)?;
    amend::store(store, entropy, last.as_ref(), link, &planned).await.map_err(Failed::store)?;
    let draft = calendars.draft();
    let (years, units) = (draft.years.len().to_string(), draft.units.len().to_string());
    Ok(say(Text::CalendarImported, &[("version", &version), ("years", &years), ("units", &units)]))
}

async fn add(
    store: &Store,
    kind: ReferenceKind,
    version: &str,
    effective_from: Timestamp,
    added_at: Timestamp,
    json: String,
) -> Result<(), Failed> {
    let row = ReferenceVersion { version: version.to_owned(), effective_from, added_at, json };
    store.add_reference(kind, &row).await.map_err(Failed::store)
}

/// A reason that can be kept, or none.
fn checked(reason: Option<&str>) -> Result<Option<&str>, Failed> {
    let reason = reason.map(str::trim);
    if reason.is_none_or(|reason| REASON.contains(&reason.chars().count())) {
        return Ok(reason);
    }
    let (least, most) = (REASON.start().to_string(), REASON.end().to_string());
    Err(Failed::new(say(Text::ImportReason, &[("least", &least), ("most", &most)])))
}

fn reason_or(reason: Option<&str>, files: &str) -> String {
    reason.map_or_else(|| say(Text::ImportedFrom, &[("file", files)]), str::to_owned)
}

/// A path's last part: where the file lay is nobody's business.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

async fn directory_in_force(store: &Store, now: Timestamp) -> Result<Directory, Failed> {
    let found: Result<Option<ReferenceVersion>, StoreError> =
        store.reference_at(ReferenceKind::Directory, now).await;
    match found.map_err(Failed::store)? {
        Some(found) => {
            let draft: DirectoryDraft = serde_json::from_str(&found.json).map_err(Failed::store)?;
            Directory::try_from(draft).map_err(Failed::store)
        }
        None => Ok(Directory::default()),
    }
}

fn refused_rows(faults: &[RowFault]) -> Failed {
    refused(Text::DirectoryRefused, faults.iter().map(|fault| line(&files::of_row(fault))).collect())
}

/// Faults with a stable code, worded by the section of the catalogue that has a sentence for each.
fn refused_by<T: Serialize + std::fmt::Display>(head: Text, section: &str, faults: &[T]) -> Failed {
    let lines = faults.iter().map(|fault| {
        let json = serde_json::to_value(fault).unwrap_or_default();
        let code = json.get("code").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let mut what = look_up(&format!("{section}.{code}")).unwrap_or_else(|| fault.to_string());
        for (name, value) in json.as_object().into_iter().flatten() {
            what = what.replace(&format!("{{{name}}}"), &plain(value));
        }
        format!("[{code}] {what}")
    });
    refused(head, lines.collect())
}

fn refused(head: Text, lines: Vec<String>) -> Failed {
    let count = lines.len().to_string();
    Failed::new(std::iter::once(say(head, &[("count", &count)])).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// A fault of an import on a line of its own.
fn line(fault: &ImportFault) -> String {
    let place = if fault.row == 0 {
        say(Text::FileAt, &[("file", &fault.sheet)])
    } else {
        say(Text::RowAt, &[("file", &fault.sheet), ("row", &fault.row.to_string())])
    };
    let sentence = ["fault", "directory"].iter().find_map(|part| look_up(&format!("{part}.{}", fault.code)));
    let mut what = sentence.unwrap_or_else(|| fault.code.clone());
    for (name, value) in &fault.words {
        what = what.replace(&format!("{{{name}}}"), value);
    }
    format!("{place} [{}] {what}", fault.code)
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" → "),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}
