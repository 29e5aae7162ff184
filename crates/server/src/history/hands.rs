//! Carries out what people mean to do, as their desks would: through the same services, with receipts.

use std::collections::HashMap;

use chayan_api::alerts::{AlertReceipt, AlertReceipts};
use chayan_api::commands::{Attempt, CaseAction, Envelope, Payload};
use chayan_domain::evidence::sha256;
use chayan_domain::ids::{CaseId, CommandId, DeviceId, PersonId};
use chayan_store::Session;
use serde_json::value::RawValue;

use super::scene::{Deed, Intent};
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::ApiError;
use crate::service::{alerts, submit};

pub(super) struct Hands<'a> {
    centre: &'a Centre,
    desks: HashMap<PersonId, DeviceId>,
}

impl<'a> Hands<'a> {
    pub(super) fn new(centre: &'a Centre) -> Self {
        Self { centre, desks: HashMap::new() }
    }

    /// Does it; answers with the refusal, if it was refused.
    pub(super) async fn carry_out(
        &mut self,
        case_id: CaseId,
        intent: Intent,
    ) -> anyhow::Result<Option<String>> {
        let Some(caller) = self.caller(&intent.person) else { return Ok(Some("unknown_person".to_owned())) };
        let done = match intent.deed {
            Deed::Act(action) => self.act(&caller, case_id, *action).await,
            Deed::Report(alert_id, kind) => {
                let receipt = AlertReceipt { alert_id, kind, device_time: self.centre.clock.now() };
                alerts::take_receipts(self.centre, &caller, AlertReceipts { receipts: vec![receipt] }).await
            }
        };
        match done {
            Ok(()) => Ok(None),
            Err(error) if error.cause.is_some() => Err(anyhow::Error::new(error)),
            Err(error) => Ok(Some(format!("{:?} {:?}", error.problem.code, error.problem.refusal))),
        }
    }

    async fn act(&self, caller: &Caller, case_id: CaseId, action: CaseAction) -> Result<(), ApiError> {
        let now = self.centre.clock.now();
        let command_id = CommandId(self.centre.entropy.uuid(now));
        let payload = Payload {
            command_id,
            case_id,
            device_id: caller.session.device_id,
            person_id: caller.id().clone(),
            device_time: now,
            action,
        };
        let payload = serde_json::to_string(&payload).and_then(RawValue::from_string);
        let envelope = Envelope {
            payload: payload.map_err(ApiError::internal)?,
            seal: None,
            attempt: Attempt { number: 1, began_at: now, began_elapsed: None },
        };
        let body = serde_json::to_vec(&envelope).map_err(ApiError::internal)?;
        submit::submit(self.centre, caller, case_id, command_id, &body).await.map(drop)
    }

    fn caller(&mut self, person_id: &PersonId) -> Option<Caller> {
        let organisation = self.centre.organisation();
        let person = organisation.directory.person(person_id)?.clone();
        let now = self.centre.clock.now();
        let desk =
            self.desks.entry(person_id.clone()).or_insert_with(|| DeviceId(self.centre.entropy.uuid(now)));
        let session = Session {
            token_hash: sha256(desk.0.as_bytes()),
            person_id: person_id.clone(),
            device_id: *desk,
            created_at: now,
            expires_at: now,
            revoked_at: None,
        };
        Some(Caller { session, person, organisation })
    }
}
