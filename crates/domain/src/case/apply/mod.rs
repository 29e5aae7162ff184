//! Folding events into the case. Never panics: an event that does not fit is a named fault of the chain.

mod callback;
mod ladder;
mod oversight;
mod rounds;

use crate::evidence::Hash;
use crate::report::RiskTag;

use super::body::EventBody;
use super::callback::Callback;
use super::command::{ReportSheet, Submission};
use super::decide::{facts_after, missing_after};
use super::event::{Actor, CaseEvent, Opening};
use super::ladder::LevelEnd;
use super::round::RecallResult;
use super::state::{Case, CaseState, Flow, Starter, Timing};

/// Why an event does not fit its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApplyFault {
    /// Of another case.
    #[error("another case")]
    OtherCase,
    /// Not the next in order.
    #[error("not the next in order")]
    Sequence,
    /// Names another event before it than the one that is there.
    #[error("another event before it")]
    PrevHash,
    /// Names another state before it, or one after it that does not follow.
    #[error("states do not fit")]
    States,
    /// Cannot be the first event.
    #[error("no beginning")]
    NoBeginning,
    /// Begins a case, or a flow, that has begun.
    #[error("begun already")]
    AlreadyBegun,
    /// Names a level that is not there, or one that is there already.
    #[error("level does not fit")]
    Level,
    /// Needs a flow.
    #[error("no flow")]
    NoFlow,
    /// Needs a dial that waits for its result.
    #[error("no dial")]
    NoDial,
    /// Needs a round of dispatch, or begins one out of order.
    #[error("round does not fit")]
    Round,
    /// Names an urging that is not there, or a 分管领导 who was not told.
    #[error("no such urging")]
    Urge,
    /// Needs a conversion into a complaint.
    #[error("no conversion")]
    NoConversion,
}

/// The case after an event; `hash` is the event's own.
///
/// # Errors
/// Why the event does not fit. The case is lost then; the caller still has the events.
pub fn apply(case: Option<Case>, event: &CaseEvent, hash: Hash) -> Result<Case, ApplyFault> {
    let before = case.as_ref();
    if before.is_some_and(|case| case.case_id != event.case_id) {
        return Err(ApplyFault::OtherCase);
    }
    if event.sequence != before.map_or(0, |case| case.version).saturating_add(1) {
        return Err(ApplyFault::Sequence);
    }
    if event.prev_hash != before.map_or(Hash::ZERO, |case| case.hash) {
        return Err(ApplyFault::PrevHash);
    }
    let to = state_after(before, &event.body)?;
    if event.from != before.map(|case| case.state) || event.to != to {
        return Err(ApplyFault::States);
    }
    let mut case = match (case, &event.body) {
        (None, EventBody::TimingStarted { submission, opening, due_at }) => {
            opened(event, submission, opening, *due_at)
        }
        (None, EventBody::Reported { submission, opening: Some(opening), due_at }) => {
            let mut case = opened(event, submission, opening, *due_at);
            case.take_words(submission, event);
            case
        }
        (None, _) => return Err(ApplyFault::NoBeginning),
        (Some(mut case), body) => {
            case.fold(body, event)?;
            case
        }
    };
    case.state = to;
    case.stop_clocks(event.at);
    case.version = event.sequence;
    case.hash = hash;
    case.changed_at = event.at;
    Ok(case)
}

/// The state that an event leads to.
pub(super) fn state_after(case: Option<&Case>, body: &EventBody) -> Result<CaseState, ApplyFault> {
    let Some(case) = case else {
        return match body {
            EventBody::TimingStarted { .. } => Ok(CaseState::Timing),
            EventBody::Reported { opening: Some(_), .. } => Ok(CaseState::Draft),
            _ => Err(ApplyFault::NoBeginning),
        };
    };
    Ok(match body {
        EventBody::TimingStarted { .. } => return Err(ApplyFault::AlreadyBegun),
        EventBody::Discarded => CaseState::Discarded,
        EventBody::SpotResolved => CaseState::SpotResolved,
        EventBody::LeaderNotified { .. } if case.flow.is_none() => CaseState::LeaderNotified,
        EventBody::LeaderTookOver { .. } => CaseState::LeaderHandling,
        EventBody::LeaderResolved { .. } => CaseState::LeaderResolved,
        EventBody::FlowStarted { .. } if case.flow.is_some() => return Err(ApplyFault::AlreadyBegun),
        EventBody::FlowStarted { .. } => CaseState::Submitted,
        EventBody::Withdrawn { .. } => CaseState::Withdrawn,
        EventBody::CallbackClaimed { .. } => CaseState::Calling,
        EventBody::CallbackReleased { .. } if case.callback.dials.is_empty() => CaseState::Submitted,
        EventBody::CallbackReleased { .. } => CaseState::NotReached,
        EventBody::CallbackRecorded { result, .. } => result.leads_to(),
        EventBody::Voided { .. } => CaseState::Void,
        EventBody::VerballyReported { .. } if case.flow.is_none() => CaseState::LeaderNotified,
        EventBody::CountersignRefused { overdue: true, .. } => CaseState::Timing,
        body => state_after_callback(case, body),
    })
}

/// The same from 待转办 on.
fn state_after_callback(case: &Case, body: &EventBody) -> CaseState {
    match body {
        EventBody::SentToDispatch { .. } | EventBody::Reopened { .. } => CaseState::ToDispatch,
        EventBody::Dispatched { .. } => CaseState::Dispatched,
        EventBody::Signed { .. } => CaseState::Handling,
        EventBody::DispatchReturned { .. } if case.disputes() == 0 => CaseState::Returned,
        EventBody::DispatchReturned { .. } => CaseState::Ruling,
        EventBody::ResultApproved { .. } => CaseState::Replied,
        EventBody::RecallClaimed { .. } => CaseState::Recalling,
        EventBody::RecallReleased { .. }
            if case.round().is_none_or(|round| round.recall.dials.is_empty()) =>
        {
            CaseState::Replied
        }
        EventBody::RecallRecorded { result: RecallResult::Satisfied, .. } => CaseState::ArchivedResolved,
        EventBody::RecallRecorded { result: RecallResult::Complained, .. }
        | EventBody::ConvertedToComplaint { .. } => CaseState::ToComplaint,
        EventBody::ReworkOrdered { .. } => CaseState::Rework,
        EventBody::ArchivedUnresolved { .. } => CaseState::ArchivedUnresolved,
        _ => case.state,
    }
}

fn opened(event: &CaseEvent, words: &Submission, opening: &Opening, due_at: crate::time::Timestamp) -> Case {
    let submitter = match &event.actor {
        Actor::Person { person_id } if *person_id != words.reporter => Some(person_id.clone()),
        _ => None,
    };
    let sheet = &words.sheet;
    Case {
        case_id: event.case_id,
        state: event.to,
        version: 0,
        hash: event.prev_hash,
        reporter: words.reporter.clone(),
        submitter,
        unit_id: opening.unit_id.clone(),
        unit_path: opening.unit_path.clone(),
        direct_leader: opening.direct_leader.clone(),
        line: words.line,
        created_at: event.at,
        changed_at: event.at,
        rule_version: event.rule_version.clone(),
        limits: opening.limits,
        channel: words.channel,
        timing: Timing {
            found_at: words.found_at,
            started_at: words.timing_started_at,
            due_at,
            warned: false,
            overdue: false,
            answered_at: None,
        },
        facts: sheet.facts.clone(),
        missing: missing_after(None, sheet),
        given: sheet.given.clone(),
        commitments: sheet.commitment.into_iter().collect(),
        first_report_time: None,
        ladder: Vec::new(),
        flow: None,
        callback: Callback::default(),
        supplements: 0,
        similar: Vec::new(),
        chain_breaks: 0,
        merged_into: None,
        episode_of: words.episode_of,
        complained_at: None,
        involved: Vec::new(),
        risks_told: Vec::new(),
        risk_told: Vec::new(),
        rounds: Vec::new(),
        clocks: Vec::new(),
        urges: Vec::new(),
        escalations: Vec::new(),
        conversion: None,
        reopenings: Vec::new(),
        merged: Vec::new(),
    }
}

impl Case {
    fn fold(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        match body {
            EventBody::TimingWarned { .. } => self.timing.warned = true,
            EventBody::TimingOverdue { .. } => {
                self.timing.warned = true;
                self.timing.overdue = true;
            }
            EventBody::Discarded => self.answered(event.at),
            EventBody::Reported { submission, due_at, .. } => {
                self.timing.found_at = self.timing.found_at.min(submission.found_at);
                self.timing.due_at = *due_at;
                self.add(&submission.sheet);
                self.take_words(submission, event);
            }
            EventBody::FlowStarted { starter, started_by, channel, report_time, missing } => {
                self.end_open_levels(event, LevelEnd::FlowStarted);
                if self.ladder.is_empty() && matches!(starter, Starter::Reporter | Starter::Agent) {
                    self.first_report_time = None;
                }
                self.missing.clone_from(missing);
                self.flow = Some(Flow {
                    received_at: event.at,
                    report_time: *report_time,
                    starter: *starter,
                    started_by: started_by.clone(),
                    channel: *channel,
                    missing: missing.clone(),
                    joined: None,
                });
            }
            EventBody::Supplemented { sheet } => {
                self.add(sheet);
                self.supplements = self.supplements.saturating_add(1);
                if sheet.given.contains(&crate::report::FieldName::Phone) {
                    self.callback.number_needed = false;
                }
            }
            EventBody::Voided { merged_into, .. } => {
                self.end_callback();
                self.merged_into = *merged_into;
            }
            EventBody::TimingStarted { .. } => return Err(ApplyFault::AlreadyBegun),
            EventBody::DeviceChainBroken { .. } => {
                self.chain_breaks = self.chain_breaks.saturating_add(1);
            }
            EventBody::SimilarFound { cases } => {
                self.similar.extend(cases);
                if !self.facts.risk_tags.contains(&RiskTag::Repeated) {
                    self.facts.risk_tags.push(RiskTag::Repeated);
                }
            }
            EventBody::SpotResolved | EventBody::Withdrawn { .. } | EventBody::FieldRevealed { .. } => {}
            EventBody::LeaderNotified { .. }
            | EventBody::LevelSkipped { .. }
            | EventBody::LevelEnded { .. }
            | EventBody::NoticeDelivered { .. }
            | EventBody::NoticeShown { .. }
            | EventBody::NoticeAcknowledged { .. }
            | EventBody::NoticeUndelivered { .. }
            | EventBody::LeaderTookOver { .. }
            | EventBody::LeaderResolved { .. }
            | EventBody::VerballyReported { .. }
            | EventBody::Countersigned { .. }
            | EventBody::CountersignRefused { .. } => self.fold_ladder(body, event)?,
            EventBody::CallbackClaimed { .. }
            | EventBody::CallbackReleased { .. }
            | EventBody::Dialled { .. }
            | EventBody::CallbackRecorded { .. }
            | EventBody::CallbackOverdue { .. }
            | EventBody::AppointmentDue { .. }
            | EventBody::SentToDispatch { .. } => self.fold_callback(body, event)?,
            EventBody::Dispatched { .. }
            | EventBody::Signed { .. }
            | EventBody::DispatchReturned { .. }
            | EventBody::HandlerAssigned { .. }
            | EventBody::ContactLogged { .. }
            | EventBody::AssistanceAsked { .. }
            | EventBody::Assisted { .. }
            | EventBody::ResultWritten { .. }
            | EventBody::ResultApproved { .. }
            | EventBody::ResultRejected { .. }
            | EventBody::RecallClaimed { .. }
            | EventBody::RecallReleased { .. }
            | EventBody::RecallDialled { .. }
            | EventBody::RecallRecorded { .. }
            | EventBody::RecallDue { .. }
            | EventBody::ReworkOrdered { .. }
            | EventBody::ArchivedUnresolved { .. } => self.fold_round(body, event)?,
            _ => self.fold_oversight(body, event)?,
        }
        Ok(())
    }

    /// A report's words answer T1: at the time that they count from, not at the time that they arrived.
    fn take_words(&mut self, words: &Submission, event: &CaseEvent) {
        self.answered(words.report_time.latest.min(event.at));
        match &mut self.flow {
            None => _ = self.first_report_time.get_or_insert(words.report_time),
            Some(flow) if flow.starter == Starter::System => {
                flow.joined.get_or_insert(words.report_time);
            }
            Some(_) => {}
        }
    }

    fn answered(&mut self, at: crate::time::Timestamp) {
        let timing = &mut self.timing;
        timing.overdue &= at > timing.due_at;
        timing.answered_at.get_or_insert(at);
    }

    fn add(&mut self, sheet: &ReportSheet) {
        self.missing = missing_after(Some(self), sheet);
        self.facts = facts_after(Some(self), sheet);
        self.given.extend(
            sheet.given.iter().filter(|field| !self.given.contains(field)).copied().collect::<Vec<_>>(),
        );
        self.given.sort_unstable();
        self.commitments.extend(sheet.commitment);
        if let Some(flow) = &mut self.flow {
            flow.missing.clone_from(&self.missing);
        }
    }
}
