//! What a desk caches, and the evidence services: time anchors and the key to verify with.

use chayan_api::error::ErrorCode;
use chayan_api::reference::{AnchorRequest, Health, LeaderRef, Reference, SigningKey};
use chayan_domain::evidence::{Anchor, Signed as _, sha256};
use chayan_domain::ids::{EventId, PersonId};
use chayan_domain::time::Timestamp;
use chayan_runtime::Entropy;
use chayan_store::{FeedDraft, FeedKind, Store, StoreError, Topic};

use super::session::me;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};

/// Who the caller is, who leads, which numbers bind.
pub(crate) fn reference(centre: &Centre, caller: &Caller) -> ApiResult<Reference> {
    let organisation = &caller.organisation;
    let directory = &organisation.directory;
    let now = centre.clock.now();
    let leaders = directory
        .leader_chain(caller.id())
        .into_iter()
        .map(|leader| {
            let absent = directory.is_absent(&leader.person_id, now);
            // As the ladder goes: nobody stands in for their own report.
            let mut on_duty = directory.deputies_on_duty(&leader.person_id, now);
            let on_duty = on_duty.find(|deputy| deputy.person_id != *caller.id());
            let live = |person: &PersonId| centre.listeners.is_live(person);
            let stood_in = on_duty.is_some_and(|deputy| live(&deputy.person_id));
            LeaderRef {
                person_id: leader.person_id.clone(),
                name: leader.name.clone(),
                absent,
                deputy: on_duty.filter(|_| absent).map(|person| person.name.clone()),
                reachable: stood_in || (!absent && live(&leader.person_id)),
            }
        })
        .collect();
    let mut reference = Reference {
        version: String::new(),
        as_of: now,
        me: me(organisation, caller.id()).ok_or(ErrorCode::UnknownMember)?,
        leaders,
        rules: organisation.rules.effective(&caller.person.unit_id, directory),
        hotline: centre.config.hotline.clone(),
    };
    reference.version = version(&reference)?;
    Ok(reference)
}

/// Tells every desk that directory or rules are at a new version.
pub(crate) async fn announce_change(
    store: &Store,
    entropy: &dyn Entropy,
    at: Timestamp,
) -> Result<(), StoreError> {
    store.announce(vec![reference_changed(Topic::all(), entropy, at)]).await
}

/// The row that tells a topic to fetch reference data anew.
pub(crate) fn reference_changed(topic: Topic, entropy: &dyn Entropy, at: Timestamp) -> FeedDraft {
    FeedDraft {
        topic,
        event_id: EventId(entropy.uuid(at)),
        at,
        kind: FeedKind::ReferenceChanged,
        case_id: None,
        alert_id: None,
        detail: None,
    }
}

/// A signed proof that this device asked at this moment.
pub(crate) fn anchor(centre: &Centre, caller: &Caller, asked: AnchorRequest) -> ApiResult<Anchor> {
    let hexadecimal = asked.nonce.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hexadecimal || !(32..=64).contains(&asked.nonce.len()) {
        return Err(ErrorCode::BadRequest.into());
    }
    if asked.device_id != caller.session.device_id {
        return Err(ErrorCode::EvidenceMismatch.into());
    }
    let unsigned = Anchor {
        server_time: centre.clock.now(),
        device_id: asked.device_id,
        elapsed: asked.elapsed,
        nonce: asked.nonce,
        signature: String::new(),
    };
    Ok(unsigned.signed_with(centre.signer.key()))
}

/// The public key that anchors and receipts verify with.
pub(crate) fn signing_key(centre: &Centre) -> SigningKey {
    SigningKey {
        key_id: centre.signer.key_id().to_owned(),
        public_key: hex::encode(centre.signer.public().as_bytes()),
    }
}

/// Whether the store takes work.
pub(crate) async fn health(centre: &Centre) -> Health {
    let well = centre.store.is_available() && centre.store.ping().await.is_ok();
    let status = match (well, centre.store.has_room().await) {
        (true, true) => "ok",
        (true, false) => "full",
        (false, _) => "degraded",
    };
    let on_postgres = matches!(centre.config.store.parse(), Ok(chayan_store::Target::Postgres(_)));
    Health {
        status: status.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        store: if on_postgres { "postgres" } else { "sqlite" }.to_owned(),
        server_time: centre.clock.now(),
    }
}

/// Over everything but the moment: the same reference has the same version.
fn version(reference: &Reference) -> ApiResult<String> {
    let words = (&reference.me, &reference.leaders, &reference.rules, &reference.hotline);
    let words = serde_json::to_vec(&words).map_err(ApiError::internal)?;
    Ok(sha256(&words).to_string().chars().take(16).collect())
}
