//! 转办, 承办 and 复访 folded into the round that is open.

use crate::directory::Department;
use crate::ids::PersonId;
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::event::CaseEvent;
use super::super::round::{
    Assistance, Contact, Recall, RecallDial, RecallResult, Reply, Returned, Round, Stamp,
};
use super::super::state::{Case, CaseState};
use super::super::timer::TimerName;
use super::ApplyFault;

impl Case {
    pub(super) fn fold_round(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        match body {
            EventBody::Dispatched { round, lead, assisting, proposed, binding, .. } => {
                if *round != self.last_round().saturating_add(1) {
                    return Err(ApplyFault::Round);
                }
                let mut begun = Round::begin(*round, 0, lead.clone(), event.at);
                begun.assisting = assisting.iter().map(|asked| Assistance::of(asked, event.at)).collect();
                begun.proposed.clone_from(proposed);
                begun.binding = *binding;
                self.rounds.push(begun);
            }
            EventBody::ReworkOrdered { .. } => {
                let next = self.round().map(|round| round.again(event.at)).ok_or(ApplyFault::Round)?;
                self.rounds.push(next);
            }
            EventBody::RecallClaimed { .. }
            | EventBody::RecallReleased { .. }
            | EventBody::RecallDialled { .. }
            | EventBody::RecallRecorded { .. }
            | EventBody::RecallDue { .. } => self.open_round()?.fold_recall(body, event)?,
            _ => self.open_round()?.fold_handling(body, event)?,
        }
        Ok(())
    }

    /// The number of the last dispatch; 0 before the first.
    pub(in crate::case) fn last_round(&self) -> u16 {
        self.round().map_or(0, |round| round.number)
    }

    pub(super) fn open_round(&mut self) -> Result<&mut Round, ApplyFault> {
        self.rounds.last_mut().ok_or(ApplyFault::Round)
    }

    /// A clock ends with what it waits for, told from the case alone: so no event can forget to stop one.
    pub(super) fn stop_clocks(&mut self, at: Timestamp) {
        let state = self.state;
        let contacted = self.round().is_some_and(|round| round.first_contact.is_some());
        let recalled = self.round().is_some_and(Round::recalled);
        let waits = |name| match name {
            TimerName::T4 => matches!(state, CaseState::ToDispatch | CaseState::Returned | CaseState::Ruling),
            TimerName::T5 => state == CaseState::Dispatched,
            TimerName::T6 => state == CaseState::Handling && !contacted,
            TimerName::T7 => matches!(state, CaseState::Handling | CaseState::Rework),
            TimerName::T9 => matches!(state, CaseState::Replied | CaseState::Recalling) && !recalled,
            _ => false,
        };
        for clock in self.clocks.iter_mut().filter(|clock| clock.runs() && !waits(clock.name)) {
            clock.stopped_at = Some(at);
        }
    }
}

impl Round {
    fn begin(number: u16, rework: u16, lead: Department, at: Timestamp) -> Self {
        Self {
            number,
            rework,
            lead,
            assisting: Vec::new(),
            proposed: None,
            dispatched_at: at,
            binding: false,
            handler: None,
            signed: None,
            first_contact: None,
            returned: None,
            reply: None,
            rejections: 0,
            recall: Recall::default(),
        }
    }

    /// The rework of a round: the same department and the same handler, and everything to be done again.
    fn again(&self, at: Timestamp) -> Self {
        Self {
            assisting: self.assisting.clone(),
            proposed: self.proposed.clone(),
            binding: self.binding,
            handler: self.handler.clone(),
            ..Self::begin(self.number, self.rework.saturating_add(1), self.lead.clone(), at)
        }
    }

    fn fold_handling(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        let stamp = |person_id: &PersonId| Stamp { person_id: person_id.clone(), at: event.at };
        match body {
            EventBody::Signed { person_id, handler } => {
                self.signed.get_or_insert(stamp(person_id));
                self.handler = Some(handler.clone());
            }
            EventBody::DispatchReturned { person_id, reason, note } => {
                self.returned = Some(Returned { by: stamp(person_id), reason: *reason, note: *note });
            }
            EventBody::HandlerAssigned { handler, .. } => self.handler = Some(handler.clone()),
            EventBody::ContactLogged { person_id, reached, .. } => {
                self.first_contact.get_or_insert(Contact { by: stamp(person_id), reached: *reached });
            }
            EventBody::AssistanceAsked { department, .. } => {
                self.assisting.push(Assistance::of(department, event.at));
            }
            EventBody::Assisted { person_id, department, .. } => {
                let asked = self.assisting.iter_mut().find(|asked| asked.department == *department);
                asked.ok_or(ApplyFault::Round)?.answered = Some(stamp(person_id));
            }
            EventBody::ResultWritten { person_id, result, note, approvers } => {
                self.reply = Some(Reply {
                    by: stamp(person_id),
                    result: *result,
                    note: *note,
                    approvers: approvers.clone(),
                    approved: None,
                });
            }
            EventBody::ResultApproved { person_id } => {
                self.reply.as_mut().ok_or(ApplyFault::Round)?.approved = Some(stamp(person_id));
            }
            EventBody::ResultRejected { .. } => {
                self.reply = None;
                self.rejections = self.rejections.saturating_add(1);
            }
            _ => {}
        }
        Ok(())
    }

    fn fold_recall(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        let recall = &mut self.recall;
        let stamp = |person_id: &PersonId| Stamp { person_id: person_id.clone(), at: event.at };
        match body {
            EventBody::RecallClaimed { person_id } => recall.claimed_by = Some(person_id.clone()),
            EventBody::RecallReleased { .. } => recall.claimed_by = None,
            EventBody::RecallDialled { person_id } => {
                recall.dials.push(RecallDial { by: stamp(person_id), result: None });
                recall.appointment_at = None;
            }
            EventBody::RecallRecorded { person_id, result, appointment_at, .. } => {
                let dial = recall.dials.last_mut().filter(|dial| dial.result.is_none());
                dial.ok_or(ApplyFault::NoDial)?.result = Some(*result);
                recall.appointment_at = *appointment_at;
                recall.claimed_by = None;
                recall.unresolved = (*result == RecallResult::Unresolved).then(|| stamp(person_id));
            }
            EventBody::RecallDue { .. } => recall.appointment_at = None,
            _ => {}
        }
        Ok(())
    }
}

impl Assistance {
    fn of(department: &Department, asked_at: Timestamp) -> Self {
        Self { department: department.clone(), asked_at, answered: None }
    }
}
