//! The usual way of a case from the callback to the archive, step by step.

use chayan_domain::case::{
    CallbackResult, Clock, Command, HandlingResult, RecallResult, ReturnReason, Step, TimerName,
};
use chayan_domain::directory::Department;

use super::{AGENT, HANDLER, HEAD, World, claims};

/// From the callback to the archive.
impl World {
    pub(crate) fn record(&mut self, result: CallbackResult) -> Step {
        self.by(AGENT, Command::RecordCallback { result, appointment_at: None, note: None })
    }

    /// A dissatisfied customer: the case waits for its dispatch.
    pub(crate) fn dissatisfied(&mut self) -> &mut Self {
        self.start_flow().claim_and_dial();
        self.record(CallbackResult::Dissatisfied);
        self
    }

    pub(crate) fn dispatch_to(&mut self, lead: Department, assisting: &[Department]) -> &mut Self {
        self.by(AGENT, Command::Dispatch { lead, assisting: assisting.to_vec(), note: None });
        self
    }

    /// Dispatched to the county's claims department.
    pub(crate) fn dispatched(&mut self) -> &mut Self {
        self.dissatisfied().dispatch_to(claims(), &[])
    }

    /// Signed by its handler.
    pub(crate) fn handling(&mut self) -> &mut Self {
        self.dispatched();
        self.by(HANDLER, Command::Sign);
        self
    }

    /// The handler contacts the customer and writes a result.
    pub(crate) fn contact_and_write(&mut self) -> &mut Self {
        self.by(HANDLER, Command::LogContact { reached: true, note: None });
        self.by(HANDLER, Command::WriteResult { result: HandlingResult::ResolvedExplained, note: None });
        self
    }

    /// Written and approved.
    pub(crate) fn replied(&mut self) -> &mut Self {
        self.handling().contact_and_write();
        self.by(HEAD, Command::ApproveResult);
        self
    }

    /// The agent calls again.
    pub(crate) fn recall(&mut self) -> &mut Self {
        self.by(AGENT, Command::ClaimRecall);
        self.by(AGENT, Command::LogRecallDial);
        self
    }

    pub(crate) fn record_recall(&mut self, result: RecallResult) -> Step {
        self.by(AGENT, Command::RecordRecall { result, appointment_at: None, note: None })
    }

    /// The department disputes that it caused it.
    pub(crate) fn give_back(&mut self, actor: &str) -> Step {
        self.by(actor, Command::Return { reason: ReturnReason::NotOurLine, note: None })
    }

    /// When the steps of the clock of this name come, or came.
    pub(crate) fn clock(&self, name: TimerName) -> Clock {
        let found = self.case().clocks.iter().rev().find(|clock| clock.name == name);
        found.unwrap_or_else(|| panic!("no {name:?} in {:?}", self.case().clocks)).clone()
    }
}
