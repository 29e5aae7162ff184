//! Folding events into the case. Never panics: an event that does not fit is a named fault of the chain.

use crate::evidence::Hash;

use super::command::{ReportSheet, Submission};
use super::decide::{facts_after, missing_after};
use super::event::{Actor, CaseEvent, EventBody, Opening};
use super::state::{Callback, CallbackResult, Case, CaseState, Dial, Flow, Level, LevelEnd, Starter, Timing};

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
        _ => case.state,
    })
}

impl CallbackResult {
    /// The state after this result.
    #[must_use]
    pub const fn leads_to(self) -> CaseState {
        match self {
            Self::NotDissatisfied => CaseState::ArchivedNoDissatisfaction,
            Self::Dissatisfied => CaseState::ToDispatch,
            Self::Complained => CaseState::ToComplaint,
            Self::NotReached | Self::Refused | Self::WrongNumber | Self::Appointment => CaseState::NotReached,
        }
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
        chain_breaks: 0,
        merged_into: None,
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
            EventBody::SpotResolved | EventBody::Withdrawn { .. } | EventBody::FieldRevealed { .. } => {}
            EventBody::LeaderNotified { .. }
            | EventBody::LevelSkipped { .. }
            | EventBody::LevelEnded { .. }
            | EventBody::NoticeDelivered { .. }
            | EventBody::NoticeShown { .. }
            | EventBody::NoticeAcknowledged { .. }
            | EventBody::NoticeUndelivered { .. }
            | EventBody::LeaderTookOver { .. }
            | EventBody::LeaderResolved { .. } => self.fold_ladder(body, event)?,
            EventBody::CallbackClaimed { .. }
            | EventBody::CallbackReleased { .. }
            | EventBody::Dialled { .. }
            | EventBody::CallbackRecorded { .. }
            | EventBody::CallbackOverdue { .. }
            | EventBody::AppointmentDue { .. } => self.fold_callback(body, event)?,
        }
        Ok(())
    }

    fn fold_ladder(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        match body {
            EventBody::LeaderNotified { level, leader, deputy } => {
                let mut rung = self.new_level(*level, leader, event)?;
                rung.deputy.clone_from(deputy);
                rung.alerted = std::iter::once(leader).chain(deputy).cloned().collect();
                if self.flow.is_some() {
                    rung.close(event.at, LevelEnd::FlowStarted);
                }
                self.ladder.push(rung);
            }
            EventBody::LevelSkipped { level, leader } => {
                let mut rung = self.new_level(*level, leader, event)?;
                rung.close(event.at, LevelEnd::SkippedAbsent);
                self.ladder.push(rung);
            }
            EventBody::LevelEnded { level, end, .. } => self.level_mut(*level)?.close(event.at, *end),
            EventBody::NoticeDelivered { level, .. } => {
                self.level_mut(*level)?.delivered_at.get_or_insert(event.at);
            }
            EventBody::NoticeShown { level, .. } => {
                self.level_mut(*level)?.shown_at.get_or_insert(event.at);
            }
            EventBody::NoticeAcknowledged { level, .. } => {
                self.level_mut(*level)?.acknowledged_at.get_or_insert(event.at);
            }
            EventBody::NoticeUndelivered { level, deputy, .. } => {
                let rung = self.level_mut(*level)?;
                rung.undelivered_told = true;
                if let Some(deputy) = deputy {
                    rung.alerted.push(deputy.clone());
                    rung.deputy = Some(deputy.clone());
                }
            }
            EventBody::LeaderTookOver { level, person_id } => {
                let rung = self.level_mut(*level)?;
                rung.acknowledged_at.get_or_insert(event.at);
                rung.taken_over_by = Some(person_id.clone());
            }
            EventBody::LeaderResolved { level, .. } => {
                self.level_mut(*level)?.acknowledged_at.get_or_insert(event.at);
                self.end_open_levels(event, LevelEnd::Resolved);
            }
            _ => {}
        }
        Ok(())
    }

    fn fold_callback(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        if self.flow.is_none() {
            return Err(ApplyFault::NoFlow);
        }
        match body {
            EventBody::CallbackClaimed { person_id, .. } => {
                self.callback.claimed_by = Some(person_id.clone());
                self.callback.claimed_at = Some(event.at);
                self.callback.accepted_at.get_or_insert(event.at);
            }
            EventBody::CallbackReleased { .. } => self.end_callback(),
            EventBody::Dialled { person_id } => {
                self.callback.dials.push(Dial { by: person_id.clone(), at: event.at, result: None });
                self.callback.appointment_at = None;
            }
            EventBody::CallbackRecorded { result, appointment_at, .. } => {
                let dial = self.callback.dials.last_mut().filter(|dial| dial.result.is_none());
                dial.ok_or(ApplyFault::NoDial)?.result = Some(*result);
                self.callback.appointment_at = *appointment_at;
                self.callback.number_needed = *result == CallbackResult::WrongNumber;
                self.end_callback();
            }
            EventBody::CallbackOverdue { step, .. } => self.callback.overdue_told.push(*step),
            EventBody::AppointmentDue { .. } => self.callback.appointment_at = None,
            _ => {}
        }
        Ok(())
    }

    /// A report's words answer T1: at the time that they count from, not at the time that they arrived.
    fn take_words(&mut self, words: &Submission, event: &CaseEvent) {
        self.answered(words.report_time.latest.min(event.at));
        if self.flow.is_none() {
            self.first_report_time.get_or_insert(words.report_time);
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

    fn new_level(
        &self,
        level: u8,
        leader: &crate::ids::PersonId,
        event: &CaseEvent,
    ) -> Result<Level, ApplyFault> {
        if level == 0 || self.ladder.last().is_some_and(|last| last.level >= level) {
            return Err(ApplyFault::Level);
        }
        Ok(Level {
            level,
            leader: leader.clone(),
            deputy: None,
            alerted: Vec::new(),
            notified_at: event.at,
            delivered_at: None,
            undelivered_told: false,
            shown_at: None,
            acknowledged_at: None,
            taken_over_by: None,
            ended_at: None,
            end: None,
        })
    }

    fn level_mut(&mut self, level: u8) -> Result<&mut Level, ApplyFault> {
        self.ladder.iter_mut().find(|rung| rung.level == level).ok_or(ApplyFault::Level)
    }

    fn end_open_levels(&mut self, event: &CaseEvent, end: LevelEnd) {
        for level in &mut self.ladder {
            level.close(event.at, end);
        }
    }

    fn end_callback(&mut self) {
        self.callback.claimed_by = None;
        self.callback.claimed_at = None;
    }

    /// The level with this number.
    #[must_use]
    pub fn level(&self, level: u8) -> Option<&Level> {
        self.ladder.iter().find(|rung| rung.level == level)
    }
}

impl Level {
    /// Whether its clock (delivery check or T2) still runs.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// The first end counts: what happens to a level that was climbed over changes nothing of how it ended.
    fn close(&mut self, at: crate::time::Timestamp, end: LevelEnd) {
        if self.end.is_none() {
            self.ended_at = Some(at);
            self.end = Some(end);
        }
    }
}
