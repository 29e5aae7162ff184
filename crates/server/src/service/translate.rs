//! What travels, as the domain takes it: forms and notes are checked, and the customer's data is separated from them.

use chayan_api::commands::{CaseAction, Payload, Report};
use chayan_domain::case::{Command, ReportSheet, Submission};
use chayan_domain::evidence::{Commitment, ReportTime};
use chayan_domain::ids::PersonId;
use chayan_domain::report::{
    Channel, FieldFault, FieldFaultKind, FieldName, Private, Purpose, ReportForm, recording_fault,
};
use chayan_domain::time::Timestamp;
use chayan_store::BlindDraft;

use super::kept::{Kept, Sealed, blind_keys};
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// A command as the domain takes it, and what is kept of the customer beside it.
pub(crate) struct Asked {
    pub(crate) command: Command,
    pub(crate) kept: Option<Sealed>,
    pub(crate) keys: Vec<BlindDraft>,
}

/// Reads one payload.
pub(crate) struct Reader<'a> {
    pub(crate) centre: &'a Centre,
    pub(crate) caller: &'a Caller,
    pub(crate) payload: &'a Payload,
    pub(crate) report_time: ReportTime,
    /// When the centre received it.
    pub(crate) at: Timestamp,
}

fn plain(command: Command) -> Asked {
    Asked { command, kept: None, keys: Vec::new() }
}

impl Reader<'_> {
    /// The command of the payload.
    ///
    /// # Errors
    /// Every fault of a form, or a note that is missing or too long.
    pub(crate) fn read(&self) -> ApiResult<Asked> {
        match &self.payload.action {
            CaseAction::StartTiming { found_at } => {
                Ok(plain(Command::StartTiming(self.first_words(*found_at))))
            }
            CaseAction::Discard => Ok(plain(Command::Discard)),
            CaseAction::NotifyLeader { report } => {
                self.report(report, Purpose::Notice, Command::NotifyLeader)
            }
            CaseAction::StartFlow { report } => self.report(report, Purpose::Flow, Command::StartFlow),
            CaseAction::RegisterAsAgent { reporter, called_at, report, recording } => {
                self.registration(reporter, *called_at, report, recording)
            }
            CaseAction::ResolveOnSpot { report } => {
                self.report(report, Purpose::SpotTrace, Command::ResolveOnSpot)
            }
            CaseAction::ReportVerbally { report, leader, told_at } => {
                self.report(report, Purpose::Notice, |submission| Command::ReportVerbally {
                    submission,
                    leader: leader.clone(),
                    told_at: *told_at,
                })
            }
            CaseAction::Supplement { form } => self.supplement(form),
            CaseAction::TakeOver => Ok(plain(Command::TakeOver)),
            CaseAction::ResolveAsLeader { note } => {
                self.noted(note, |note| Command::ResolveAsLeader { note })
            }
            CaseAction::Escalate => Ok(plain(Command::Escalate)),
            CaseAction::StartFlowAsLeader => Ok(plain(Command::StartFlowAsLeader)),
            CaseAction::Countersign { told_at } => Ok(plain(Command::Countersign { told_at: *told_at })),
            CaseAction::RefuseCountersign { note } => {
                self.noted(note, |note| Command::RefuseCountersign { note })
            }
            CaseAction::NoteComplaint { at } => Ok(plain(Command::NoteComplaint { at: *at })),
            CaseAction::NameInvolved { people } => {
                Ok(plain(Command::NameInvolved { people: people.clone() }))
            }
            CaseAction::Withdraw { note } => {
                self.reasoned(note, |note| Command::Withdraw { note: Some(note) })
            }
            CaseAction::Void { reason, merged_into } => {
                Ok(plain(Command::Void { reason: *reason, merged_into: *merged_into }))
            }
            _ => self.callback(),
        }
    }

    /// The same for the first callback, and on to the dispatch.
    fn callback(&self) -> ApiResult<Asked> {
        match &self.payload.action {
            CaseAction::ClaimCallback => Ok(plain(Command::ClaimCallback)),
            CaseAction::ReleaseCallback => Ok(plain(Command::ReleaseCallback)),
            CaseAction::LogDial => Ok(plain(Command::LogDial)),
            CaseAction::RecordCallback { result, appointment_at, note, recording } => {
                let (result, appointment_at) = (*result, *appointment_at);
                self.called(note, recording, |note| Command::RecordCallback { result, appointment_at, note })
            }
            CaseAction::SendToDispatch { note } => self.noted(note, |note| Command::SendToDispatch { note }),
            CaseAction::Dispatch { lead, assisting, note } => self.noted(note, |note| Command::Dispatch {
                lead: lead.clone(),
                assisting: assisting.clone(),
                note,
            }),
            CaseAction::Rule { lead, assisting, reason } => self.reasoned(reason, |reason| Command::Rule {
                lead: lead.clone(),
                assisting: assisting.clone(),
                reason,
            }),
            _ => self.handling(),
        }
    }

    /// The same for the department that handles it, and for the second callback.
    fn handling(&self) -> ApiResult<Asked> {
        match &self.payload.action {
            CaseAction::Sign => Ok(plain(Command::Sign)),
            CaseAction::Return { reason, note } => {
                let reason = *reason;
                self.noted(note, |note| Command::Return { reason, note })
            }
            CaseAction::AssignHandler { handler } => {
                Ok(plain(Command::AssignHandler { handler: handler.clone() }))
            }
            CaseAction::LogContact { reached, note } => {
                let reached = *reached;
                self.noted(note, |note| Command::LogContact { reached, note })
            }
            CaseAction::AskAssistance { department, note } => {
                self.noted(note, |note| Command::AskAssistance { department: department.clone(), note })
            }
            CaseAction::Assist { note } => self.reasoned(note, |note| Command::Assist { note }),
            CaseAction::WriteResult { result, note } => {
                let result = *result;
                self.noted(note, |note| Command::WriteResult { result, note })
            }
            CaseAction::ApproveResult => Ok(plain(Command::ApproveResult)),
            CaseAction::RejectResult { note } => self.reasoned(note, |note| Command::RejectResult { note }),
            CaseAction::ClaimRecall => Ok(plain(Command::ClaimRecall)),
            CaseAction::ReleaseRecall => Ok(plain(Command::ReleaseRecall)),
            CaseAction::LogRecallDial => Ok(plain(Command::LogRecallDial)),
            CaseAction::RecordRecall { result, appointment_at, note, recording } => {
                let (result, appointment_at) = (*result, *appointment_at);
                self.called(note, recording, |note| Command::RecordRecall { result, appointment_at, note })
            }
            CaseAction::OrderRework { note } => self.reasoned(note, |note| Command::OrderRework { note }),
            CaseAction::ArchiveUnresolved { reason } => {
                self.reasoned(reason, |reason| Command::ArchiveUnresolved { reason })
            }
            _ => self.oversight(),
        }
    }

    /// The same for supervision and complaints.
    fn oversight(&self) -> ApiResult<Asked> {
        match &self.payload.action {
            CaseAction::Urge { note } => self.noted(note, |note| Command::Urge { note }),
            CaseAction::Supervise { note } => self.reasoned(note, |note| Command::Supervise { note }),
            CaseAction::AcknowledgeEscalation => Ok(plain(Command::AcknowledgeEscalation)),
            CaseAction::Comment { note } => self.reasoned(note, |note| Command::Comment { note }),
            CaseAction::Convert { complex, complaint_no, note } => self.noted(note, |note| {
                Command::Convert { complex: *complex, complaint_no: complaint_no.clone(), note }
            }),
            CaseAction::ExtendTerm { reason } => {
                self.reasoned(reason, |reason| Command::ExtendTerm { reason })
            }
            CaseAction::Reopen { complaint_no, note } => {
                self.noted(note, |note| Command::Reopen { complaint_no: complaint_no.clone(), note })
            }
            // Whatever is not above stands in one of the parts before; a new action that was forgotten is a fault of ours.
            _ => Err(ApiError::internal("an action that is read nowhere")),
        }
    }

    fn first_words(&self, found_at: Timestamp) -> Submission {
        Submission {
            case_id: self.payload.case_id,
            reporter: self.payload.person_id.clone(),
            line: self.caller.person.line,
            found_at,
            timing_started_at: Some(self.payload.device_time),
            channel: Channel::Desktop,
            report_time: self.report_time,
            episode_of: None,
            sheet: ReportSheet::default(),
        }
    }

    fn report(
        &self,
        report: &Report,
        purpose: Purpose,
        command: impl FnOnce(Submission) -> Command,
    ) -> ApiResult<Asked> {
        let (sheet, kept, keys) = self.sheet(&report.form, purpose, &Private::default())?;
        let submission = Submission {
            timing_started_at: report.timing_started_at,
            channel: report.channel,
            sheet,
            ..self.first_words(report.found_at)
        };
        Ok(Asked { command: command(submission), kept, keys })
    }

    /// 代登记: in the telephone channel, with the line of who called.
    fn registration(
        &self,
        reporter: &PersonId,
        called_at: Timestamp,
        report: &Report,
        recording: &Private,
    ) -> ApiResult<Asked> {
        let (sheet, kept, keys) = self.sheet(&report.form, Purpose::Flow, recording)?;
        let known = self.caller.organisation.directory.person(reporter);
        let submission = Submission {
            reporter: reporter.clone(),
            line: known.unwrap_or(&self.caller.person).line,
            timing_started_at: None,
            channel: Channel::Telephone,
            sheet,
            ..self.first_words(report.found_at)
        };
        Ok(Asked { command: Command::RegisterAsAgent { submission, called_at }, kept, keys })
    }

    fn supplement(&self, form: &ReportForm) -> ApiResult<Asked> {
        let (sheet, kept, keys) = self.sheet(form, Purpose::Supplement, &Private::default())?;
        Ok(Asked { command: Command::Supplement { sheet }, kept, keys })
    }

    fn sheet(
        &self,
        form: &ReportForm,
        purpose: Purpose,
        recording: &Private,
    ) -> ApiResult<(ReportSheet, Option<Sealed>, Vec<BlindDraft>)> {
        let mut faults = form.faults(purpose);
        faults.extend(recording_fault(recording));
        if !faults.is_empty() {
            return Err(ApiError::form(faults));
        }
        let kept = Kept::with_recording(Kept::of_form(form), recording);
        let kept = kept.map(|kept| self.seal(&kept)).transpose()?;
        let sheet = ReportSheet {
            facts: form.facts.clone(),
            given: form.given(),
            missing: form.missing_for_flow(),
            commitment: kept.as_ref().map(|kept| kept.commitment),
        };
        Ok((sheet, kept, blind_keys(&form.customer)))
    }

    /// A command with words that may be left out.
    fn noted(&self, note: &Private, command: impl FnOnce(Option<Commitment>) -> Command) -> ApiResult<Asked> {
        let kept = self.words(note)?;
        Ok(Asked { command: command(kept.as_ref().map(|kept| kept.commitment)), kept, keys: Vec::new() })
    }

    /// A command about a call, with words and the reference of its recording; both may be left out.
    fn called(
        &self,
        note: &Private,
        recording: &Private,
        command: impl FnOnce(Option<Commitment>) -> Command,
    ) -> ApiResult<Asked> {
        if let Some(fault) = recording_fault(recording) {
            return Err(ApiError::form(vec![fault]));
        }
        let kept = Kept::with_recording(kept_words(note)?, recording);
        let kept = kept.map(|kept| self.seal(&kept)).transpose()?;
        Ok(Asked { command: command(kept.as_ref().map(|kept| kept.commitment)), kept, keys: Vec::new() })
    }

    /// A command that needs its words.
    fn reasoned(&self, note: &Private, command: impl FnOnce(Commitment) -> Command) -> ApiResult<Asked> {
        let kept = self.words(note)?.ok_or_else(|| fault(FieldFaultKind::Missing, None))?;
        Ok(Asked { command: command(kept.commitment), kept: Some(kept), keys: Vec::new() })
    }

    fn words(&self, note: &Private) -> ApiResult<Option<Sealed>> {
        kept_words(note)?.map(|kept| self.seal(&kept)).transpose()
    }

    fn seal(&self, kept: &Kept) -> ApiResult<Sealed> {
        kept.seal(self.payload.command_id, self.centre.entropy.bytes32(), self.at)
    }
}

fn kept_words(note: &Private) -> ApiResult<Option<Kept>> {
    if note.reveal().chars().count() > LONGEST_NOTE {
        return Err(fault(FieldFaultKind::TooLong, u32::try_from(LONGEST_NOTE).ok()));
    }
    Ok(Kept::of_note(note))
}

fn fault(kind: FieldFaultKind, limit: Option<u32>) -> ApiError {
    ApiError::form(vec![FieldFault { field: FieldName::Remark, kind, limit }])
}
