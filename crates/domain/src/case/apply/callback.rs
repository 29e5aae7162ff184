//! 首次回访 folded: who holds it, dials, what came of them.

use super::super::body::EventBody;
use super::super::callback::{CallbackResult, Dial};
use super::super::event::CaseEvent;
use super::super::state::{Case, CaseState};
use super::ApplyFault;

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

impl Case {
    pub(super) fn fold_callback(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
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
            EventBody::AppointmentDue { .. } | EventBody::SentToDispatch { .. } => {
                self.callback.appointment_at = None;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn end_callback(&mut self) {
        self.callback.claimed_by = None;
        self.callback.claimed_at = None;
    }
}
