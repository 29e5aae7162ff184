//! What is only possible with the centre: lists, a case, acts on it. Nothing of it is kept here.

use chayan_api::cases::{
    CallbackFigures, CaseDetail, CaseList, CaseListQuery, RevealRequest, Revealed, Wallboard,
};
use chayan_api::commands::{Attempt, CaseAction, Envelope};
use chayan_api::search::{CaseExport, CaseSearch, LookUp, UnitChoices};
use chayan_domain::ids::{CaseId, CommandId, PersonId};
use chayan_domain::time::{Span, Timestamp};
use serde_json::value::RawValue;

use crate::core::Core;
use crate::ipc::{
    ActArgs, ActOutcome, CaseListArgs, CaseRef, DeskEvent, DeskFault, DeskFaultCode, ExportArgs, FetchedFile,
    FindArgs, PackArgs, RevealArgs,
};
use crate::seal::{Hand, payload_text};

impl Core {
    /// `cases`
    pub(crate) async fn cases(&self, args: CaseListArgs) -> Result<CaseList, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        let CaseListArgs { view, after, filter } = args;
        let list = match filter {
            Some(filter) => {
                let search = CaseSearch { view, filter, after, limit: None };
                remote.search(&token, &search).await
            }
            None => remote.cases(&token, &CaseListQuery { view, after, limit: None }).await,
        };
        self.heard(list).await
    }

    /// `export_cases`
    pub(crate) async fn export_cases(&self, args: ExportArgs) -> Result<FetchedFile, DeskFault> {
        self.real_only()?;
        let (remote, token) = (self.remote()?, self.token()?);
        let ExportArgs { view, filter, format, .. } = args;
        self.heard(remote.export(&token, &CaseExport { view, filter, format }).await).await
    }

    /// `export_pack`
    pub(crate) async fn export_pack(&self, args: PackArgs) -> Result<FetchedFile, DeskFault> {
        self.real_only()?;
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.pack(&token, args.case_id).await).await
    }

    /// `find_units`
    pub(crate) async fn find_units(&self, args: FindArgs) -> Result<UnitChoices, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.units(&token, &LookUp { text: args.text }).await).await
    }

    /// `new_call`
    pub(crate) fn new_call(&self) -> CaseRef {
        CaseRef { case_id: CaseId(self.entropy.uuid(self.now())) }
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

    /// `wallboard`
    pub(crate) async fn wallboard(&self) -> Result<Wallboard, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.wallboard(&token).await).await
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

    /// `act`. An act whose answer did not come may have been done: it is asked for once more under the same id, and
    /// so is the person's next press of the same button, which changes nothing twice.
    pub(crate) async fn act(&self, args: ActArgs) -> Result<ActOutcome, DeskFault> {
        if is_of_a_report(&args.action) {
            return Err(DeskFaultCode::BadArgument.into());
        }
        let (remote, token, person_id) = (self.remote()?, self.token()?, self.person()?);
        let mut act = self.doubtful_or_new(person_id, args)?;
        let accepted = loop {
            act.attempts += 1;
            let payload = RawValue::from_string(act.payload.clone()).map_err(|_| DeskFaultCode::Internal)?;
            let attempt =
                Attempt { number: act.attempts, began_at: self.now(), began_elapsed: self.clock.elapsed() };
            let envelope = Envelope { payload, seal: None, attempt };
            let answer = remote.command(&token, act.case_id, act.command_id, &envelope).await;
            match self.heard(answer).await {
                Err(fault) if act.attempts == 1 && fault.code == DeskFaultCode::Unreachable => {}
                Err(fault) => {
                    if is_doubtful(&fault) {
                        self.pictures().doubtful.push(act);
                    }
                    return Err(fault);
                }
                Ok(accepted) => break accepted,
            }
        };
        self.tell(DeskEvent::CaseChanged { case: accepted.case.clone() });
        Ok(ActOutcome { case: accepted.case })
    }

    /// The same act whose answer did not come a moment ago, or a new one.
    fn doubtful_or_new(&self, person_id: PersonId, args: ActArgs) -> Result<Act, DeskFault> {
        let now = self.now();
        let wanted = serde_json::to_string(&args.action).map_err(|_| DeskFaultCode::Internal)?;
        {
            let mut pictures = self.pictures();
            pictures.doubtful.retain(|act| now.since(act.began_at) < DOUBTED);
            let same =
                |act: &Act| act.person_id == person_id && act.case_id == args.case_id && act.wanted == wanted;
            if let Some(index) = pictures.doubtful.iter().position(same) {
                return Ok(pictures.doubtful.swap_remove(index));
            }
        }
        let id = self.entropy.uuid(now);
        let hand = Hand { person_id: person_id.clone(), device_id: self.device_id(), device_time: now };
        let payload =
            payload_text(&hand, id, args.case_id, args.action).map_err(|_| DeskFaultCode::Internal)?;
        let (case_id, command_id) = (args.case_id, CommandId(id));
        Ok(Act { person_id, case_id, command_id, wanted, payload, began_at: now, attempts: 0 })
    }
}

/// An act on its way. Its bytes stay the same from attempt to attempt.
pub(crate) struct Act {
    person_id: PersonId,
    case_id: CaseId,
    command_id: CommandId,
    /// What was pressed, to know it again.
    wanted: String,
    payload: String,
    began_at: Timestamp,
    attempts: u32,
}

/// So long a second press of the same button means the act whose answer did not come.
const DOUBTED: Span = Span::minutes(5);

/// Whether the centre may have done it all the same.
fn is_doubtful(fault: &DeskFault) -> bool {
    match fault.code {
        DeskFaultCode::Unreachable | DeskFaultCode::Timeout | DeskFaultCode::NotOurs => true,
        DeskFaultCode::Problem => fault.retryable,
        _ => false,
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
