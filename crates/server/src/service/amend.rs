//! A change of the rules: allowed, usable, based on what holds; then one commit of the version with its evidence.

use chayan_api::error::ErrorCode;
use chayan_api::rules::{AmendOutcome, AmendRequest, AmendmentDraft};
use chayan_domain::evidence::{Hash, sha256};
use chayan_domain::ids::{AmendmentId, EventId, PersonId};
use chayan_domain::rules::{
    Amendment, AmendmentSubject, REASON, RuleContent, RuleDraft, RuleFault, SealedAmendment, SettingChange,
};
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::{RulePart, may_amend};
use chayan_runtime::Entropy;
use chayan_store::{FeedDraft, FeedKind, ReferenceKind, ReferenceVersion, Store, StoreError, Topic};
use serde::Serialize;
use tracing::{info, warn};

use super::rules::{self, BranchText};
use crate::auth::Caller;
use crate::centre::{Centre, read_rules};
use crate::day;
use crate::problem::{ApiError, ApiResult};

/// 实施细则 of a branch are some pages.
const LONGEST_TEXT: u32 = 20_000;
const LONGEST_TITLE: usize = 80;

/// Stores a change, or only looks what it would change.
pub(crate) async fn amend(centre: &Centre, caller: &Caller, asked: AmendRequest) -> ApiResult<AmendOutcome> {
    let directory = &caller.organisation.directory;
    let part = match &asked.draft {
        AmendmentDraft::Defaults { .. } => RulePart::Defaults,
        AmendmentDraft::Overlay { unit_id, .. } | AmendmentDraft::Text { unit_id, .. } => {
            RulePart::OfUnit(unit_id)
        }
    };
    if !may_amend(caller.id(), part, directory) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let fingerprint = sha256(&serde_json::to_vec(&asked).map_err(ApiError::internal)?);
    if let Some(stored) = centre.store.amendment(asked.amendment_id).await? {
        return replayed(caller, &stored, fingerprint);
    }
    let now = centre.clock.now();
    let known = centre.store.amendments().await?;
    let found = Found { now, from: first_moment(&asked.effective_on, now)? };
    let mut planned = plan(centre, caller, &asked, &found).await;
    let reason = asked.reason.trim();
    if !asked.preview && !REASON.contains(&reason.chars().count()) {
        planned = Err(with_reason_fault(planned.err()));
    }
    let outdated = asked.based_on != rules::revision(&known);
    if outdated && !asked.preview {
        return Err(ErrorCode::Outdated.into());
    }
    let planned = planned?;
    let outcome = |number| AmendOutcome {
        number,
        effective_from: found.from,
        changes: planned.changes.iter().map(|change| rules::change(change, directory)).collect(),
    };
    if asked.preview {
        return Ok(outcome(None));
    }
    let link = Link {
        amendment_id: asked.amendment_id,
        person_id: Some(caller.id().clone()),
        reason: reason.to_owned(),
        asked: fingerprint,
        at: now,
        from: found.from,
    };
    match store(&centre.store, &*centre.entropy, known.last(), link, &planned).await {
        Err(StoreError::Conflict) => Err(ErrorCode::Outdated.into()),
        Err(other) => Err(other.into()),
        Ok(number) => {
            info!(number, person_id = %caller.id(), "the rules were changed");
            // Whoever is told of it may ask at once. Where this fails, the feed's own refresh comes a moment later.
            if let Err(error) = centre.refresh_organisation().await {
                warn!(cause = ?error, "the changed rules cannot be read yet");
            }
            Ok(outcome(Some(number)))
        }
    }
}

/// When it is, and when the change is to hold.
struct Found {
    now: Timestamp,
    from: Timestamp,
}

/// What is to be stored.
pub(crate) struct Planned {
    pub(crate) kind: ReferenceKind,
    /// As it will be read again.
    pub(crate) json: String,
    /// Its name; the change's own where it has none.
    pub(crate) version: Option<String>,
    pub(crate) subject: AmendmentSubject,
    pub(crate) changes: Vec<SettingChange>,
}

/// Who changes what when, and why.
pub(crate) struct Link {
    pub(crate) amendment_id: AmendmentId,
    pub(crate) person_id: Option<PersonId>,
    pub(crate) reason: String,
    pub(crate) asked: Hash,
    pub(crate) at: Timestamp,
    pub(crate) from: Timestamp,
}

/// Chains a planned change to the last one and stores it with the version that it makes. Answers with its number.
pub(crate) async fn store(
    store: &Store,
    entropy: &dyn Entropy,
    last: Option<&SealedAmendment>,
    link: Link,
    planned: &Planned,
) -> Result<u32, StoreError> {
    let number = last.map_or(0, |last| last.amendment.number).saturating_add(1);
    let version = ReferenceVersion {
        version: planned.version.clone().unwrap_or_else(|| format!("amendment-{number}")),
        effective_from: link.from,
        added_at: link.at,
        json: planned.json.clone(),
    };
    let amendment = Amendment {
        amendment_id: link.amendment_id,
        number,
        at: link.at,
        person_id: link.person_id,
        reason: link.reason,
        effective_from: link.from,
        version: version.version.clone(),
        content: sha256(version.json.as_bytes()),
        subject: planned.subject.clone(),
        changes: planned.changes.clone(),
        asked: link.asked,
        prev_hash: last.map_or(Hash::ZERO, |last| last.hash),
    };
    let sealed = amendment.seal().map_err(|_| StoreError::Corrupt { what: "amendment" })?;
    let told = FeedDraft {
        topic: Topic::all(),
        event_id: EventId(entropy.uuid(link.at)),
        at: link.at,
        kind: FeedKind::ReferenceChanged,
        case_id: None,
        alert_id: None,
        detail: None,
    };
    store.amend(&sealed, planned.kind, &version, vec![told]).await?;
    Ok(number)
}

/// Today means from now on; a day that is over is before every moment from which a change may hold.
fn first_moment(text: &str, now: Timestamp) -> ApiResult<Timestamp> {
    let first = day::first_moment(text).ok_or(ErrorCode::BadRequest)?;
    Ok(if first == day::midnight(now) { now } else { first })
}

async fn plan(
    centre: &Centre,
    caller: &Caller,
    asked: &AmendRequest,
    found: &Found,
) -> Result<Planned, ApiError> {
    let draft = match &asked.draft {
        AmendmentDraft::Overlay { unit_id, limits } => {
            RuleDraft::Overlay { unit_id: unit_id.clone(), limits: limits.clone() }
        }
        AmendmentDraft::Defaults { settings } => RuleDraft::Defaults { settings: settings.clone() },
        AmendmentDraft::Text { .. } => return plan_text(centre, caller, asked, found).await,
    };
    let history = read_rules(&centre.store).await.map_err(ApiError::unreadable)?;
    let amended = history
        .amend(&draft, (found.from, found.now), &caller.organisation.directory)
        .map_err(ApiError::rules)?;
    let subject = match &amended.content {
        RuleContent::Overlay(overlay) => AmendmentSubject::OverlayAmended {
            unit_id: overlay.unit_id.clone(),
            edition: overlay.edition,
            withdrawn: overlay.limits.is_empty(),
        },
        _ => AmendmentSubject::DefaultsSet,
    };
    Ok(Planned {
        kind: ReferenceKind::RuleSet,
        json: json(&amended.content)?,
        version: None,
        subject,
        changes: amended.changes,
    })
}

async fn plan_text(
    centre: &Centre,
    caller: &Caller,
    asked: &AmendRequest,
    found: &Found,
) -> Result<Planned, ApiError> {
    let AmendmentDraft::Text { unit_id, title, text } = &asked.draft else {
        return Err(ErrorCode::BadRequest.into());
    };
    if caller.organisation.directory.unit(unit_id).is_none() {
        return Err(ApiError::rules(vec![RuleFault::UnknownUnit { unit_id: unit_id.clone() }]));
    }
    let (title, text) = (title.trim(), text.trim());
    let mut faults = Vec::new();
    let fits = (1..=LONGEST_TITLE).contains(&title.chars().count())
        && (1..=LONGEST_TEXT as usize).contains(&text.chars().count());
    if !fits {
        faults.push(RuleFault::TextLength { most: LONGEST_TEXT });
    }
    let (mut edition, mut earliest) = (1, found.now);
    for stored in centre.store.reference_versions(ReferenceKind::BranchText).await? {
        let known: BranchText = serde_json::from_str(&stored.json).map_err(ApiError::internal)?;
        if known.unit_id == *unit_id {
            edition = edition.max(known.edition.saturating_add(1));
            earliest = earliest.max(stored.effective_from);
        }
    }
    if found.from < earliest {
        faults.push(RuleFault::TooEarly { earliest });
    }
    if !faults.is_empty() {
        return Err(ApiError::rules(faults));
    }
    let unit_id = unit_id.clone();
    let subject = AmendmentSubject::TextAttached { unit_id: unit_id.clone(), edition };
    let content = BranchText { unit_id, edition, title: title.to_owned(), text: text.to_owned() };
    let (kind, json) = (ReferenceKind::BranchText, json(&content)?);
    Ok(Planned { kind, json, version: None, subject, changes: Vec::new() })
}

fn json(content: &impl Serialize) -> ApiResult<String> {
    serde_json::to_string(content).map_err(ApiError::internal)
}

/// The missing reason is told with everything else that does not do.
fn with_reason_fault(refused: Option<ApiError>) -> ApiError {
    let length = |count: &usize| u32::try_from(*count).unwrap_or(u32::MAX);
    let fault = RuleFault::ReasonLength { least: length(REASON.start()), most: length(REASON.end()) };
    match refused {
        Some(mut refused) if refused.problem.code == ErrorCode::RuleFaults => {
            refused.problem.rules.push(fault);
            refused
        }
        Some(other) => other,
        None => ApiError::rules(vec![fault]),
    }
}

fn replayed(caller: &Caller, stored: &SealedAmendment, fingerprint: Hash) -> ApiResult<AmendOutcome> {
    let amendment = &stored.amendment;
    if amendment.asked != fingerprint || amendment.person_id.as_ref() != Some(caller.id()) {
        return Err(ErrorCode::IdReused.into());
    }
    let directory = &caller.organisation.directory;
    Ok(AmendOutcome {
        number: Some(amendment.number),
        effective_from: amendment.effective_from,
        changes: amendment.changes.iter().map(|change| rules::change(change, directory)).collect(),
    })
}
