//! What imports of the directory and of the calendar changed, read back from the versions that they left.

use std::collections::BTreeMap;

use chayan_api::cases::PersonRef;
use chayan_api::directory::{CalendarVersion, CalendarVersions, ChangeLink, DirectoryChanges};
use chayan_api::error::ErrorCode;
use chayan_domain::calendar::{Calendars, CalendarsDraft};
use chayan_domain::directory::{Directory, DirectoryDraft, diff};
use chayan_domain::ids::PersonId;
use chayan_domain::rules::{AmendmentSubject, SealedAmendment};
use chayan_domain::visibility;
use chayan_store::{ReferenceKind, ReferenceVersion};

use super::directory::names;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};

/// So many changes are told.
const TOLD: usize = 500;
/// So many versions are listed.
const LISTED: usize = 100;

/// A link as the history shows it.
pub(super) fn link(sealed: &SealedAmendment) -> ChangeLink {
    ChangeLink { number: sealed.amendment.number, hash: sealed.hash }
}

fn check(caller: &Caller) -> ApiResult<()> {
    if visibility::may_read_directory(caller.id(), &caller.organisation.directory) {
        Ok(())
    } else {
        Err(ErrorCode::NotAllowed.into())
    }
}

/// A version of the directory against the one before it.
pub(crate) async fn directory_changes(
    centre: &Centre,
    caller: &Caller,
    version: &str,
) -> ApiResult<DirectoryChanges> {
    check(caller)?;
    let links = centre.store.amendments().await?;
    let before = links.iter().find_map(|one| match &one.amendment.subject {
        AmendmentSubject::DirectoryImported { before, .. } if one.amendment.version == version => {
            Some(before)
        }
        _ => None,
    });
    let before = before.ok_or(ErrorCode::NotFound)?.clone();
    let after = draft(centre, version).await?;
    let old = match &before {
        Some(before) => draft(centre, before).await?,
        None => DirectoryDraft::default(),
    };
    // A whole province takes a moment: other requests go on meanwhile.
    let compared = tokio::task::spawn_blocking(move || {
        let mut changes = diff(&old, &after);
        let count = changes.len();
        changes.truncate(TOLD);
        let names = names(&changes, [&old, &after]);
        (changes, count, names)
    });
    let (changes, count, names): (_, usize, BTreeMap<String, String>) =
        compared.await.map_err(ApiError::internal)?;
    let change_count = u32::try_from(count).unwrap_or(u32::MAX);
    Ok(DirectoryChanges { version: version.to_owned(), before, changes, change_count, names })
}

async fn draft(centre: &Centre, version: &str) -> ApiResult<DirectoryDraft> {
    let found = centre.store.reference(ReferenceKind::Directory, version).await?;
    let found = found.ok_or_else(|| ApiError::internal("a version of the directory is gone"))?;
    serde_json::from_str(&found.json).map_err(ApiError::internal)
}

/// Every version of the calendar, the last stored first.
pub(crate) async fn calendars(centre: &Centre, caller: &Caller) -> ApiResult<CalendarVersions> {
    check(caller)?;
    let links = centre.store.amendments().await?;
    let mut stored = centre.store.reference_versions(ReferenceKind::Calendar).await?;
    stored.sort_by_key(|one| one.added_at);
    let mut before = Calendars::standard().draft().clone();
    let mut versions = Vec::with_capacity(stored.len());
    for one in stored {
        let after: CalendarsDraft = serde_json::from_str(&one.json).map_err(ApiError::internal)?;
        versions.push(calendar(one, &before, &after, &links, &caller.organisation.directory));
        before = after;
    }
    versions.reverse();
    versions.truncate(LISTED);
    Ok(CalendarVersions { versions })
}

fn calendar(
    stored: ReferenceVersion,
    before: &CalendarsDraft,
    after: &CalendarsDraft,
    links: &[SealedAmendment],
    directory: &Directory,
) -> CalendarVersion {
    let of_calendar = |one: &&SealedAmendment| {
        matches!(one.amendment.subject, AmendmentSubject::CalendarImported { .. })
            && one.amendment.version == stored.version
    };
    let found = links.iter().find(of_calendar);
    let source = match found.map(|one| &one.amendment.subject) {
        Some(AmendmentSubject::CalendarImported { source, .. }) => source.clone(),
        _ => String::new(),
    };
    let named = |person_id: &PersonId| PersonRef {
        name: directory.person(person_id).map_or_else(String::new, |person| person.name.clone()),
        person_id: person_id.clone(),
    };
    CalendarVersion {
        version: stored.version.clone(),
        effective_from: stored.effective_from,
        by: found.and_then(|one| one.amendment.person_id.as_ref()).map(named),
        source,
        reason: found.map(|one| one.amendment.reason.clone()).unwrap_or_default(),
        link: found.map(link),
        changes: before.changes_to(after),
    }
}
