//! The whole directory as of a moment, for those who keep it (系统管理员) and those who check it (审计); and new versions of
//! it, with a preview of everything that they change.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chayan_api::cases::PersonRef;
use chayan_api::directory::{
    DirectoryFile, DirectoryPreview, DirectoryQuery, DirectoryVersion, DirectoryVersions, DirectoryView,
    TakeDirectory,
};
use chayan_api::error::ErrorCode;
use chayan_api::search::{LookUp, PeopleSearch, PersonChoice, PersonChoices, UnitChoice, UnitChoices};
use chayan_domain::directory::{
    Directory, DirectoryChange, DirectoryDraft, DirectoryField, Person, Subject, Unit,
};
use chayan_domain::rules::{AmendmentSubject, SealedAmendment};
use chayan_domain::time::Timestamp;
use chayan_domain::visibility;
use tracing::info;

use super::imports;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::day;
use crate::import_directory::Source;
use crate::past::Past;
use crate::problem::{ApiError, ApiResult};
use crate::proposal::{Proposal, Taken, came_between};

/// So many faults are told; who has more begins with these.
const TOLD_FAULTS: usize = 500;
/// So many versions are listed.
const LISTED: u32 = 100;
/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 2..=200;

/// So many are offered at a time.
const OFFERED: usize = 20;

/// Units of today by the beginning of their code or a part of their name, for everybody who is signed in: the tree is
/// no secret among those who work in it.
pub(crate) fn units(centre: &Centre, caller: &Caller, asked: &LookUp) -> UnitChoices {
    let text = asked.text.trim().to_lowercase();
    if text.is_empty() {
        return UnitChoices { units: Vec::new() };
    }
    let directory = &caller.organisation.directory;
    let named = |unit: &Unit| unit.name.to_lowercase().contains(&text);
    let coded = |unit: &Unit| unit.unit_id.as_str().to_lowercase().starts_with(&text);
    let found = directory.units_at(centre.clock.now()).filter(|unit| named(unit) || coded(unit));
    let choice = |unit: &Unit| UnitChoice {
        unit_id: unit.unit_id.clone(),
        name: unit.name.clone(),
        above: unit.parent.as_ref().and_then(|above| directory.unit(above)).map(|above| above.name.clone()),
    };
    UnitChoices { units: found.take(OFFERED).map(choice).collect() }
}

/// Who may be on the line, for those who register calls: of the units that exist, and nothing that they need not know.
pub(crate) fn people(centre: &Centre, caller: &Caller, asked: &PeopleSearch) -> ApiResult<PersonChoices> {
    let directory = &caller.organisation.directory;
    if !visibility::may_register(caller.id(), directory) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let now = centre.clock.now();
    let works = |person: &&Person| directory.unit(&person.unit_id).is_some_and(|unit| unit.exists_at(now));
    let choice = |person: &Person| PersonChoice {
        person_id: person.person_id.clone(),
        name: person.name.clone(),
        unit_name: directory.unit(&person.unit_id).map(|unit| unit.name.clone()).unwrap_or_default(),
        line: person.line.into(),
    };
    let found = directory.people_like(asked.text.reveal()).filter(works);
    Ok(PersonChoices { people: found.take(OFFERED).map(choice).collect() })
}

/// Units and people as they stood.
pub(crate) async fn as_of(
    centre: &Centre,
    caller: &Caller,
    asked: &DirectoryQuery,
) -> ApiResult<DirectoryView> {
    if !visibility::may_read_directory(caller.id(), &caller.organisation.directory) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let at = match &asked.on {
        Some(day) => day::last_moment(day).ok_or(ErrorCode::BadRequest)?,
        None => centre.clock.now(),
    };
    // Read anew: an import of a moment ago counts too, also one for a past date.
    centre.refresh_organisation().await.map_err(ApiError::unreadable)?;
    let organisation = centre.organisation();
    let past = Past::of(centre, &organisation, vec![at]).await?;
    let stamp = organisation.directories.at(at);
    // Before the first version there was nothing, not what there is today.
    let nothing = Directory::default();
    let directory = if stamp.is_some() { past.at(at) } else { &nothing };
    if asked.unit.as_ref().is_some_and(|unit| directory.unit(unit).is_none()) {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(view(directory, asked, at, stamp))
}

fn view(
    directory: &Directory,
    asked: &DirectoryQuery,
    at: Timestamp,
    stamp: Option<(Timestamp, &str)>,
) -> DirectoryView {
    let within = |unit: &_| asked.unit.as_ref().is_none_or(|above| directory.is_within(unit, above));
    let units: Vec<_> = directory.units_at(at).filter(|unit| within(&unit.unit_id)).cloned().collect();
    let people = directory.people().iter().filter(|person| within(&person.unit_id)).cloned().collect();
    DirectoryView {
        at,
        version: stamp.map(|(_, version)| version.to_owned()),
        effective_from: stamp.map(|(from, _)| from),
        units,
        people,
    }
}

/// What a file would change, and what has to be put right first. Nothing is stored.
pub(crate) async fn preview(
    centre: &Centre,
    caller: &Caller,
    file: DirectoryFile,
) -> ApiResult<DirectoryPreview> {
    let proposal = proposal(centre, caller, file).await?;
    let fault_count = proposal.faults.len();
    let mut faults = proposal.faults.clone();
    faults.truncate(TOLD_FAULTS);
    Ok(DirectoryPreview {
        preview: proposal.name().map_err(ApiError::unreadable)?,
        names: names(&proposal.changes, [&proposal.before, &proposal.draft]),
        base: proposal.base,
        lists: proposal.lists,
        faults,
        fault_count: count(fault_count),
        changes: proposal.changes,
        units: count(proposal.draft.units.len()),
        people: count(proposal.draft.people.len()),
    })
}

/// Takes exactly what was previewed.
pub(crate) async fn take(
    centre: &Centre,
    caller: &Caller,
    asked: TakeDirectory,
) -> ApiResult<DirectoryVersion> {
    let reason = asked.reason.trim().to_owned();
    if !REASON.contains(&reason.chars().count()) {
        return Err(ErrorCode::BadRequest.into());
    }
    let proposal = proposal(centre, caller, asked.file).await?;
    if proposal.name().map_err(ApiError::unreadable)? != asked.preview {
        return Err(ErrorCode::PreviewOutdated.into());
    }
    if !proposal.faults.is_empty() {
        return Err(ErrorCode::ImportFaults.into());
    }
    let at = centre.clock.now();
    let taken = Taken { by: Some(caller.id().clone()), reason, at };
    let version = proposal.take(&centre.store, &*centre.entropy, taken).await.map_err(|error| {
        if came_between(&error) { ErrorCode::PreviewOutdated.into() } else { ApiError::unreadable(error) }
    })?;
    info!(person_id = %caller.id(), version, "a version of the directory was taken");
    // Whoever asks next, asks the new organisation.
    centre.refresh_organisation().await.map_err(ApiError::unreadable)?;
    let found = versions(centre, caller).await?.versions.into_iter().find(|one| one.version == version);
    found.ok_or_else(|| ApiError::internal("a version that was taken is not there"))
}

/// Who brought which version and why.
pub(crate) async fn versions(centre: &Centre, caller: &Caller) -> ApiResult<DirectoryVersions> {
    let directory = &caller.organisation.directory;
    if !visibility::may_read_directory(caller.id(), directory) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let found = centre.store.directory_versions(LISTED).await?;
    let links = centre.store.amendments().await?;
    let linked: BTreeMap<&str, &SealedAmendment> = links
        .iter()
        .filter(|one| matches!(one.amendment.subject, AmendmentSubject::DirectoryImported { .. }))
        .map(|one| (one.amendment.version.as_str(), one))
        .collect();
    let versions = found.into_iter().map(|one| {
        let (by, source, reason) =
            one.import.map(|import| (import.person_id, import.source, import.reason)).unwrap_or_default();
        let named = |person_id| PersonRef {
            name: directory.person(&person_id).map_or_else(String::new, |person| person.name.clone()),
            person_id,
        };
        DirectoryVersion {
            link: linked.get(one.version.as_str()).map(|sealed| imports::link(sealed)),
            version: one.version,
            effective_from: one.effective_from,
            added_at: one.added_at,
            by: by.map(named),
            source,
            reason,
        }
    });
    Ok(DirectoryVersions { versions: versions.collect() })
}

async fn proposal(centre: &Centre, caller: &Caller, file: DirectoryFile) -> ApiResult<Proposal> {
    if !visibility::may_keep_directory(caller.id(), &caller.organisation.directory) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let effective = match &file.effective {
        Some(text) => Some(day::first_moment(text).ok_or(ErrorCode::BadRequest)?),
        None => None,
    };
    let bytes = STANDARD.decode(file.content.as_bytes()).map_err(|_| ErrorCode::BadRequest)?;
    let sources = vec![Source { name: file.name, bytes }];
    let proposal = Proposal::of(&centre.store, sources, effective, centre.clock.now()).await;
    proposal.map_err(ApiError::unreadable)
}

/// The names of everybody and everything that the changes mention by code; those of the later draft win.
pub(super) fn names(changes: &[DirectoryChange], drafts: [&DirectoryDraft; 2]) -> BTreeMap<String, String> {
    let mentioned: BTreeSet<&str> = changes.iter().flat_map(mentioned).collect();
    let mut names = BTreeMap::new();
    for draft in drafts {
        names.extend(named(draft).filter(|(code, _)| mentioned.contains(code)));
    }
    names.into_iter().map(|(code, name): (&str, &str)| (code.to_owned(), name.to_owned())).collect()
}

fn named(draft: &DirectoryDraft) -> impl Iterator<Item = (&str, &str)> {
    let units = draft.units.iter().map(|unit| (unit.unit_id.as_str(), unit.name.as_str()));
    units.chain(draft.people.iter().map(|person| (person.person_id.as_str(), person.name.as_str())))
}

fn mentioned(change: &DirectoryChange) -> impl Iterator<Item = &str> {
    use DirectoryField as F;
    let holds_codes = |field| {
        matches!(
            field,
            F::Parent | F::Successor | F::Unit | F::DirectLeader | F::Deputies | F::LineLeader | F::Absences
        )
    };
    let values = change.fields.iter().filter(move |field| holds_codes(field.field));
    let codes = values
        .flat_map(|field| [field.before.as_deref(), field.after.as_deref()])
        .flatten()
        .flat_map(|joined| joined.split(';'))
        .map(|part| part.rsplit_once('@').map_or(part, |(_, deputy)| deputy));
    let unit = (change.subject == Subject::LineLeader).then(|| change.id.split('/').next()).flatten();
    codes.chain(unit)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
