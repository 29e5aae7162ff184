//! Reference data and time anchors: fetched when there is a link, kept for when there is none.

use std::sync::Arc;

use chayan_api::reference::{AnchorRequest, Reference, SigningKey};
use chayan_domain::evidence::{Anchor, Signed, key_id};
use chayan_domain::rules::{EffectiveRules, RuleSet};
use chayan_domain::time::Span;
use ed25519_dalek::VerifyingKey;

use crate::core::Core;
use crate::ipc::{DeskEvent, DeskFault, DeskFaultCode};
use crate::store::StoreFault;

const REFERENCE: &str = "reference";
const ANCHOR: &str = "anchor";
const SIGNING_KEY: &str = "signing_key";
/// A new anchor this often while there is a link.
const ANCHOR_EVERY: Span = Span::minutes(10);
/// After a failure the next attempt waits this long.
const AGAIN_AFTER: Span = Span::seconds(30);

impl Core {
    /// The numbers that bind a case of the person; before the first contact those of the rule itself.
    pub(crate) fn rules(&self) -> EffectiveRules {
        let pictures = self.pictures();
        match &pictures.reference {
            Some(reference) => reference.rules.clone(),
            None => RuleSet::standard().without_overlays(),
        }
    }

    /// Shows the kept reference data of the person, with its age.
    pub(crate) async fn load_reference(&self) {
        let kept: Result<Option<Reference>, StoreFault> = self.store.kept(REFERENCE).await;
        let owner = self.owner();
        let mine = kept.ok().flatten().filter(|kept| kept.me.person_id.0 == owner);
        self.pictures().reference.clone_from(&mine);
        if let Some(reference) = mine {
            self.tell(DeskEvent::Reference { reference });
        }
    }

    /// Fetches reference data whenever there is reason to.
    pub(crate) async fn follow_reference(self: Arc<Self>) {
        loop {
            self.wake.reference.notified().await;
            while let Err(fault) = self.fetch_reference().await {
                tracing::warn!(%fault, "reference data not fetched");
                if self.token().is_err() {
                    break;
                }
                tokio::select! {
                    () = self.clock.sleep(AGAIN_AFTER) => {}
                    () = self.wake.reference.notified() => {}
                }
            }
        }
    }

    async fn fetch_reference(&self) -> Result<(), DeskFault> {
        let token = self.token()?;
        let reference = self.heard(self.remote()?.reference(&token).await).await?;
        if reference.me.person_id.0 != self.owner() {
            return Ok(());
        }
        self.store.keep(REFERENCE, &reference).await?;
        self.pictures().reference = Some(reference.clone());
        self.tell(DeskEvent::Reference { reference });
        self.tell_connection();
        Ok(())
    }

    /// The last anchor, for the evidence of a record that is sealed now.
    pub(crate) async fn last_anchor(&self) -> Option<Anchor> {
        self.store.kept(ANCHOR).await.ok().flatten()
    }

    /// Asks for an anchor with every connection and every ten minutes.
    pub(crate) async fn follow_anchors(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.wake.anchor.notified() => {}
                () = self.clock.sleep(ANCHOR_EVERY) => {}
            }
            if self.token().is_ok()
                && let Err(fault) = self.fetch_anchor().await
            {
                tracing::warn!(%fault, "no time anchor");
            }
            // Evidence first: whoever sees fresh reference data has had the chance of an anchor. Nothing announces that a
            // leader's desk went away or an absence began, so it is asked for now and then.
            self.wake.reference.notify_one();
        }
    }

    pub(crate) async fn fetch_anchor(&self) -> Result<(), DeskFault> {
        let (token, remote) = (self.token()?, self.remote()?);
        let key = self.pinned_key().await?;
        let request = AnchorRequest {
            device_id: self.device_id(),
            nonce: hex::encode(self.entropy.bytes32()),
            elapsed: self.clock.elapsed(),
        };
        let anchor = self.heard(remote.anchor(&token, &request).await).await?;
        let answers_us = anchor.device_id == request.device_id
            && anchor.nonce == request.nonce
            && anchor.elapsed == request.elapsed;
        if !answers_us || anchor.verify(&key).is_err() {
            tracing::error!(answers_us, "a time anchor that is not signed by the known key was thrown away");
            return Err(DeskFaultCode::NotOurs.into());
        }
        self.store.keep(ANCHOR, &anchor).await?;
        Ok(())
    }

    /// The centre's signing key as it was at the first contact with this address. Another key later is not believed.
    pub(crate) async fn pinned_key(&self) -> Result<VerifyingKey, DeskFault> {
        if let Some(known) = self.known_key().await? {
            return Ok(known);
        }
        let SigningKey { key_id: named, public_key } = self.remote()?.signing_key().await?;
        let key = parse_key(&public_key).ok_or_else(|| DeskFault::new(DeskFaultCode::NotOurs))?;
        if key_id(&key) != named {
            return Err(DeskFaultCode::NotOurs.into());
        }
        self.store.set_meta(&self.key_name(), &public_key).await?;
        Ok(key)
    }

    /// The pinned key, if there was a first contact.
    async fn known_key(&self) -> Result<Option<VerifyingKey>, StoreFault> {
        let kept = self.store.meta(&self.key_name()).await?;
        kept.map(|kept| parse_key(&kept).ok_or(StoreFault::Damaged)).transpose()
    }

    fn key_name(&self) -> String {
        format!("{SIGNING_KEY}/{}", self.settings.borrow().server)
    }
}

fn parse_key(text: &str) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}
