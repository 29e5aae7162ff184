//! Who is told what from 待转办 on.

use crate::directory::{Department, Role};
use crate::ids::PersonId;

use super::super::alert::{AlertEnd, AlertKind};
use super::super::body::EventBody;
use super::super::oversight::UrgeKind;
use super::super::round::RecallResult;
use super::super::state::{Case, CaseState};
use super::super::timer::TimerName;
use super::Told;

/// What a step of the way asks for, and what the next step ends.
const ASKS: &[AlertKind] = &[
    AlertKind::DispatchNeeded,
    AlertKind::RulingNeeded,
    AlertKind::SignNeeded,
    AlertKind::Assigned,
    AlertKind::HandlerNeeded,
    AlertKind::ApprovalNeeded,
    AlertKind::RecallDue,
    AlertKind::ArchiveApproval,
    AlertKind::ReworkNeeded,
    AlertKind::Urged,
];

impl Told<'_> {
    pub(super) fn follow_handling(&mut self, body: &EventBody) {
        match body {
            EventBody::SentToDispatch { .. } => {
                self.close_all(AlertEnd::Settled);
                self.dispatch_needed();
            }
            EventBody::Reopened { .. } => {
                self.dispatch_needed();
                self.tell_reporter(AlertKind::Outcome, 0);
            }
            EventBody::Dispatched { lead, assisting, .. } => self.dispatched(lead, assisting),
            EventBody::DispatchReturned { .. } => self.returned(),
            EventBody::Signed { handler, .. } => {
                self.end_asks();
                self.assigned(handler);
            }
            EventBody::HandlerAssigned { handler, .. } => {
                self.close(None, AlertKind::HandlerNeeded, AlertEnd::Settled);
                self.close(None, AlertKind::Assigned, AlertEnd::TakenByOther);
                self.assigned(handler);
            }
            EventBody::ContactLogged { person_id, .. } => {
                self.close(Some(person_id), AlertKind::Assigned, AlertEnd::Settled);
                self.close(Some(person_id), AlertKind::Urged, AlertEnd::Settled);
            }
            EventBody::AssistanceAsked { department, .. } => self.ask_assistance(department),
            EventBody::Assisted { person_id, .. } => {
                self.close(Some(person_id), AlertKind::AssistanceAsked, AlertEnd::Settled);
            }
            EventBody::ResultWritten { approvers, .. } => {
                self.end_asks();
                let due_at = self.due(TimerName::T7);
                for approver in approvers {
                    self.raise(approver, AlertKind::ApprovalNeeded, 0, due_at);
                }
            }
            EventBody::ResultRejected { .. } => {
                self.end_asks();
                let handler = self.after.round().and_then(|round| round.handler.clone());
                self.assigned_or_needed(handler.as_ref());
            }
            EventBody::ResultApproved { .. } => {
                self.end_asks();
                self.close(None, AlertKind::AssistanceAsked, AlertEnd::Settled);
                self.recall_due();
            }
            _ => self.follow_recall(body),
        }
    }

    fn follow_recall(&mut self, body: &EventBody) {
        match body {
            EventBody::RecallClaimed { person_id } => {
                self.close(Some(person_id), AlertKind::RecallDue, AlertEnd::Acknowledged);
                self.close(None, AlertKind::RecallDue, AlertEnd::TakenByOther);
            }
            EventBody::RecallReleased { .. } | EventBody::RecallDue { .. } => self.recall_due(),
            EventBody::RecallRecorded { result, .. } => self.recalled(*result),
            EventBody::ReworkOrdered { .. } => {
                self.end_asks();
                let due_at = self.due(TimerName::T7);
                for person in self.lead_staff() {
                    self.raise(&person, AlertKind::ReworkNeeded, 0, due_at);
                }
            }
            EventBody::ArchivedUnresolved { .. } | EventBody::ConvertedToComplaint { .. } => {
                self.close_all(AlertEnd::Settled);
                self.tell_reporter(AlertKind::Outcome, 0);
            }
            EventBody::Urged { urge, to, leaders, .. } => self.urged(*urge, to, leaders),
            EventBody::UrgeSeen { .. } => {}
            EventBody::EscalationAcknowledged { person_id } => {
                self.close(Some(person_id), AlertKind::Escalated, AlertEnd::Acknowledged);
                self.close(Some(person_id), AlertKind::Risk, AlertEnd::Acknowledged);
            }
            EventBody::RiskFlagged { to, leaders, .. } => {
                for person in to.iter().chain(leaders.iter().filter(|leader| !to.contains(leader))) {
                    if !self.is_actor(person) {
                        self.raise(person, AlertKind::Risk, 0, None);
                    }
                }
            }
            EventBody::InvolvedNamed { people } => self.recused(people),
            _ => {}
        }
    }

    pub(super) fn dispatch_needed(&mut self) {
        let due_at = self.due(TimerName::T4);
        for member in self.ctx.directory.with_role(Role::Cmp) {
            self.raise(&member.person_id, AlertKind::DispatchNeeded, 0, due_at);
        }
    }

    fn dispatched(&mut self, lead: &Department, assisting: &[Department]) {
        self.end_asks();
        let due_at = self.due(TimerName::T5);
        for person in self.staff_of(lead) {
            self.raise(&person, AlertKind::SignNeeded, 0, due_at);
        }
        for department in assisting {
            self.ask_assistance(department);
        }
        self.tell_reporter(AlertKind::Outcome, 0);
    }

    fn ask_assistance(&mut self, department: &Department) {
        for person in self.staff_of(department) {
            self.raise(&person, AlertKind::AssistanceAsked, 0, None);
        }
    }

    /// Back to the complaint group, or before the customer-service department.
    fn returned(&mut self) {
        self.end_asks();
        self.close(None, AlertKind::AssistanceAsked, AlertEnd::Settled);
        if self.after.state != CaseState::Ruling {
            self.dispatch_needed();
            return;
        }
        let due_at = self.due(TimerName::T4);
        for person in self.ctx.directory.csd_of(&self.after.unit_id) {
            self.raise(&person.person_id, AlertKind::RulingNeeded, 0, due_at);
        }
    }

    fn assigned(&mut self, handler: &PersonId) {
        if !self.is_actor(handler) {
            let due_at = self.due(TimerName::T6).or_else(|| self.due(TimerName::T7));
            self.raise(handler, AlertKind::Assigned, 0, due_at);
        }
    }

    fn assigned_or_needed(&mut self, handler: Option<&PersonId>) {
        match handler {
            Some(handler) => self.assigned(handler),
            None => self.handler_needed(),
        }
    }

    fn handler_needed(&mut self) {
        let Some(round) = self.after.round() else { return };
        for head in self.ctx.directory.heads_of(&round.lead) {
            self.raise(&head.person_id, AlertKind::HandlerNeeded, 0, None);
        }
    }

    /// Nothing is asked any more of whoever is involved; where that was the handler, the heads have to name another.
    fn recused(&mut self, people: &[PersonId]) {
        for person in people {
            for kind in ASKS {
                self.close(Some(person), *kind, AlertEnd::TakenByOther);
            }
        }
        let handler =
            |case: Option<&Case>| case.and_then(Case::round).and_then(|round| round.handler.clone());
        if handler(self.before).is_some() && handler(Some(self.after)).is_none() {
            self.handler_needed();
        }
    }

    pub(super) fn recall_due(&mut self) {
        let due_at = self.due(TimerName::T9);
        for member in self.ctx.directory.with_role(Role::Cmp) {
            self.raise(&member.person_id, AlertKind::RecallDue, 0, due_at);
        }
    }

    fn recalled(&mut self, result: RecallResult) {
        self.close(None, AlertKind::Urged, AlertEnd::Settled);
        match result {
            RecallResult::Satisfied => {
                self.close_all(AlertEnd::Settled);
                self.tell_reporter(AlertKind::Outcome, 0);
            }
            RecallResult::Unresolved => {
                for person in self.ctx.directory.csd_of(&self.after.unit_id) {
                    self.raise(&person.person_id, AlertKind::ArchiveApproval, 0, None);
                }
            }
            RecallResult::WrongNumber => self.tell_reporter(AlertKind::NumberNeeded, 0),
            _ => {}
        }
    }

    fn urged(&mut self, kind: UrgeKind, to: &[PersonId], leaders: &[PersonId]) {
        for person in to {
            self.raise(person, AlertKind::Urged, kind.step(), None);
        }
        for leader in leaders {
            self.raise(leader, AlertKind::Escalated, kind.step(), None);
        }
    }

    /// A step of the way ends what the step before it asked for.
    fn end_asks(&mut self) {
        for kind in ASKS {
            self.close(None, *kind, AlertEnd::Settled);
        }
    }

    fn due(&self, clock: TimerName) -> Option<crate::time::Timestamp> {
        self.after.clock(clock).map(|clock| clock.due_at)
    }

    fn staff_of(&self, department: &Department) -> Vec<PersonId> {
        let directory = self.ctx.directory;
        let mut staff: Vec<PersonId> = Vec::new();
        for person in directory.handlers_of(department).into_iter().chain(directory.heads_of(department)) {
            if !staff.contains(&person.person_id) && !self.after.involved.contains(&person.person_id) {
                staff.push(person.person_id.clone());
            }
        }
        staff
    }

    fn lead_staff(&self) -> Vec<PersonId> {
        let Some(round) = self.after.round() else { return Vec::new() };
        round.handler.clone().map_or_else(|| self.staff_of(&round.lead), |handler| vec![handler])
    }
}
