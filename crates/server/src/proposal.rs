//! A version of 机构与人员 that somebody wants to bring: files over the version in force on its first day, what they change,
//! and what has to be put right first. The command line and the screens come through here alike.
//!
//! Nothing is kept between the preview and the taking: both read the same file, and what the preview named is compared.

use chayan_api::directory::{ImportFault, ListCount};
use chayan_domain::directory::{Directory, DirectoryChange, DirectoryDraft, diff};
use chayan_domain::evidence::{Hash, sha256};
use chayan_domain::ids::{AmendmentId, PersonId};
use chayan_domain::rules::{Amendment, AmendmentSubject, SealedAmendment};
use chayan_domain::time::Timestamp;
use chayan_runtime::Entropy;
use chayan_store::{ImportRow, ReferenceKind, ReferenceVersion, Store, StoreError};

use crate::import_directory::{self as files, Source};
use crate::service::reference::reference_changed;

/// Other changes may be chained at the same moment.
const TRIES: u32 = 8;

/// Files, read and compared.
pub(crate) struct Proposal {
    /// The version that it is compared with.
    pub(crate) base: Option<String>,
    pub(crate) lists: Vec<ListCount>,
    pub(crate) faults: Vec<ImportFault>,
    /// Empty where a row could not be read: what is missing would look as if it had gone.
    pub(crate) changes: Vec<DirectoryChange>,
    pub(crate) draft: DirectoryDraft,
    /// What the version in force had.
    pub(crate) before: DirectoryDraft,
    effective: Option<Timestamp>,
    follows: i64,
    source: String,
}

/// Who takes it, why and when.
pub(crate) struct Taken {
    /// `None` on the command line.
    pub(crate) by: Option<PersonId>,
    pub(crate) reason: String,
    pub(crate) at: Timestamp,
}

impl Proposal {
    /// Reads the files and compares them with what is in force on the first day.
    pub(crate) async fn of(
        store: &Store,
        sources: Vec<Source>,
        effective: Option<Timestamp>,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        // The number first: an import that comes in between makes this one too old.
        let follows = store.newest_directory().await?;
        let base = store.reference_at(ReferenceKind::Directory, effective.unwrap_or(now)).await?;
        // A whole province takes a moment: other requests go on meanwhile.
        tokio::task::spawn_blocking(move || Self::compared(&sources, base, effective, follows)).await?
    }

    fn compared(
        sources: &[Source],
        base: Option<ReferenceVersion>,
        effective: Option<Timestamp>,
        follows: i64,
    ) -> anyhow::Result<Self> {
        let mut reading = files::read(sources);
        let (base, before) = match base {
            None => (None, DirectoryDraft::default()),
            Some(found) => (Some(found.version), serde_json::from_str(&found.json)?),
        };
        let lists = std::mem::take(&mut reading.lists);
        let places = std::mem::take(&mut reading.places);
        let mut faults: Vec<ImportFault> = reading.faults.iter().map(files::of_row).collect();
        let readable = faults.is_empty();
        let draft = reading.over(&before);
        let mut changes = Vec::new();
        if readable {
            changes = diff(&before, &draft);
            if let Err(found) = Directory::build(draft.clone()) {
                faults.extend(found.iter().map(|fault| files::of_whole(fault, &places)));
            }
        }
        let source = sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>().join(" ");
        Ok(Self { base, lists, faults, changes, draft, before, effective, follows, source })
    }

    /// Names the version that it is compared with, the whole that comes of it, and its day.
    pub(crate) fn name(&self) -> anyhow::Result<String> {
        let words = (&self.base, &self.draft, self.effective.map(|at| at.0));
        Ok(sha256(&serde_json::to_vec(&words)?).to_string())
    }

    /// Stores it with the link that proves it and tells every desk, in one commit. Answers with its version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another version came in between.
    pub(crate) async fn take(
        &self,
        store: &Store,
        entropy: &dyn Entropy,
        taken: Taken,
    ) -> anyhow::Result<String> {
        let json = serde_json::to_string(&self.draft)?;
        let version = ReferenceVersion {
            version: stored_version(&json, taken.at),
            effective_from: self.effective.unwrap_or(taken.at),
            added_at: taken.at,
            json,
        };
        let import = ImportRow {
            follows: self.follows,
            person_id: taken.by,
            source: self.source.clone(),
            reason: taken.reason,
        };
        let mut tries = 0_u32;
        loop {
            tries += 1;
            let sealed = self.link(store, entropy, &version, &import).await?;
            let told = vec![reference_changed(chayan_store::Topic::all(), entropy, taken.at)];
            match store.import_directory(&sealed, &version, &import, told).await {
                // A change of the rules was chained meanwhile: that is no reason to look at this file again.
                Err(StoreError::Conflict)
                    if tries < TRIES && store.newest_directory().await? == self.follows => {}
                stored => {
                    stored?;
                    return Ok(version.version);
                }
            }
        }
    }

    /// The next link of the chain of changes.
    async fn link(
        &self,
        store: &Store,
        entropy: &dyn Entropy,
        version: &ReferenceVersion,
        import: &ImportRow,
    ) -> anyhow::Result<SealedAmendment> {
        let last = store.last_amendment().await?;
        let content = sha256(version.json.as_bytes());
        let amendment = Amendment {
            amendment_id: AmendmentId(entropy.uuid(version.added_at)),
            number: last.as_ref().map_or(0, |last| last.amendment.number).saturating_add(1),
            at: version.added_at,
            person_id: import.person_id.clone(),
            reason: import.reason.clone(),
            effective_from: version.effective_from,
            version: version.version.clone(),
            content,
            subject: AmendmentSubject::DirectoryImported {
                source: import.source.clone(),
                before: self.base.clone(),
            },
            changes: Vec::new(),
            asked: content,
            prev_hash: last.map_or(Hash::ZERO, |last| last.hash),
        };
        Ok(amendment.seal()?)
    }
}

/// Whether another version came in between.
pub(crate) fn came_between(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<StoreError>(), Some(StoreError::Conflict))
}

/// A name that sorts by time and differs with the content.
pub(crate) fn stored_version(json: &str, now: Timestamp) -> String {
    let digest = sha256(json.as_bytes()).to_string();
    format!("{}-{}", now.0, digest.get(..8).unwrap_or_default())
}
