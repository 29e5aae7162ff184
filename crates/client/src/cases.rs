//! What is only possible with the centre: lists, a case, acts on it. Nothing of it is kept here.

use chayan_api::cases::{CallbackFigures, CaseDetail, CaseList, CaseListQuery, RevealRequest, Revealed};
use chayan_api::commands::{Attempt, CaseAction, Envelope};
use chayan_domain::ids::CommandId;
use serde_json::value::RawValue;

use crate::core::Core;
use crate::ipc::{
    ActArgs, ActOutcome, CaseListArgs, CaseRef, DeskEvent, DeskFault, DeskFaultCode, RevealArgs,
};
use crate::seal::{Hand, payload_text};

impl Core {
    /// `cases`
    pub(crate) async fn cases(&self, args: CaseListArgs) -> Result<CaseList, DeskFault> {
        let query = CaseListQuery { view: args.view, after: args.after, limit: None };
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.cases(&token, &query).await).await
    }

    /// `case_detail`
    pub(crate) async fn case_detail(&self, args: CaseRef) -> Result<CaseDetail, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.case(&token, args.case_id).await).await
    }

    /// `callback_figures`
    pub(crate) async fn callback_figures(&self) -> Result<CallbackFigures, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.callback_figures(&token).await).await
    }

    /// `reveal`
    pub(crate) async fn reveal(&self, args: RevealArgs) -> Result<Revealed, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        let body = RevealRequest {
            command_id: CommandId(self.entropy.uuid(self.now())),
            field: args.field,
            reason: args.reason,
        };
        self.heard(remote.reveal(&token, args.case_id, &body).await).await
    }

    /// `act`. A lost answer is asked for once more under the same id, which changes nothing twice.
    pub(crate) async fn act(&self, args: ActArgs) -> Result<ActOutcome, DeskFault> {
        if is_of_a_report(&args.action) {
            return Err(DeskFaultCode::BadArgument.into());
        }
        let (remote, token, person_id) = (self.remote()?, self.token()?, self.person()?);
        let now = self.now();
        let id = self.entropy.uuid(now);
        let hand = Hand { person_id, device_id: self.device_id(), device_time: now };
        let text = payload_text(&hand, id, args.case_id, args.action).map_err(|_| DeskFaultCode::Internal)?;
        let mut number = 1;
        let accepted = loop {
            let payload = RawValue::from_string(text.clone()).map_err(|_| DeskFaultCode::Internal)?;
            let attempt = Attempt { number, began_at: self.now(), began_elapsed: self.clock.elapsed() };
            let envelope = Envelope { payload, seal: None, attempt };
            let answer = remote.command(&token, args.case_id, CommandId(id), &envelope).await;
            match self.heard(answer).await {
                Err(fault) if number == 1 && fault.code == DeskFaultCode::Unreachable => number += 1,
                other => break other?,
            }
        };
        self.tell(DeskEvent::CaseChanged { case: accepted.case.clone() });
        Ok(ActOutcome { case: accepted.case })
    }
}

/// These are sealed on the desk and go through `submit` and the timer.
const fn is_of_a_report(action: &CaseAction) -> bool {
    matches!(
        action,
        CaseAction::StartTiming { .. }
            | CaseAction::Discard
            | CaseAction::NotifyLeader { .. }
            | CaseAction::StartFlow { .. }
            | CaseAction::ResolveOnSpot { .. }
    )
}
