//! How a case comes into each state, by the hands of those whose part it is.

use chayan_api::commands::CaseAction;
use chayan_domain::case::{
    CallbackResult, CaseState, HandlingResult, RecallResult, ReturnReason, VoidReason,
};
use chayan_domain::directory::{Department, Line};
use chayan_domain::ids::{CaseId, UnitId};

use super::super::town::{Desk, MONDAY, full_report, new_case};
use super::{PHONE, note};

/// Those who take a case from state to state.
pub(super) struct Hands {
    pub(super) clerk: Desk,
    pub(super) leader: Desk,
    pub(super) agent: Desk,
    pub(super) handler: Desk,
    pub(super) head: Desk,
    pub(super) service: Desk,
}

impl Hands {
    /// A new case in a state.
    pub(super) async fn bring(&self, state: CaseState) -> CaseId {
        let case_id = new_case();
        for (desk, action) in self.way(state) {
            desk.act(case_id, action).await;
        }
        self.service.in_state(case_id, state).await;
        case_id
    }

    /// What leads there, from the first word on.
    fn way(&self, state: CaseState) -> Vec<(&Desk, CaseAction)> {
        let (clerk, agent) = (&self.clerk, &self.agent);
        let (handler, service) = (&self.handler, &self.service);
        let report = || full_report(MONDAY, PHONE);
        let after = |before: CaseState, more: Vec<(&'static str, CaseAction)>| {
            let mut way = self.way(before);
            way.extend(more.into_iter().map(|(who, action)| (self.desk(who), action)));
            way
        };
        match state {
            CaseState::Timing => vec![(clerk, CaseAction::StartTiming { found_at: MONDAY })],
            CaseState::Discarded => after(CaseState::Timing, vec![("clerk", CaseAction::Discard)]),
            CaseState::SpotResolved => vec![(clerk, CaseAction::ResolveOnSpot { report: report() })],
            CaseState::LeaderNotified => vec![(clerk, CaseAction::NotifyLeader { report: report() })],
            CaseState::LeaderHandling => {
                after(CaseState::LeaderNotified, vec![("leader", CaseAction::TakeOver)])
            }
            CaseState::LeaderResolved => after(
                CaseState::LeaderNotified,
                vec![("leader", CaseAction::ResolveAsLeader { note: note("已说明") })],
            ),
            CaseState::Submitted => vec![(clerk, CaseAction::StartFlow { report: report() })],
            CaseState::Withdrawn => {
                after(CaseState::Submitted, vec![("clerk", CaseAction::Withdraw { note: note("误报") })])
            }
            CaseState::Calling => after(CaseState::Submitted, vec![("agent", CaseAction::ClaimCallback)]),
            CaseState::NotReached => self.called(CallbackResult::NotReached),
            CaseState::ArchivedNoDissatisfaction => self.called(CallbackResult::NotDissatisfied),
            CaseState::ToDispatch => self.called(CallbackResult::Dissatisfied),
            CaseState::Void => {
                let void = CaseAction::Void { reason: VoidReason::Accidental, merged_into: None };
                after(CaseState::Submitted, vec![("agent", void)])
            }
            CaseState::Dispatched => after(CaseState::ToDispatch, vec![("agent", dispatch())]),
            CaseState::Returned => after(CaseState::Dispatched, vec![("handler", send_back())]),
            CaseState::Ruling => {
                after(CaseState::Returned, vec![("agent", dispatch()), ("handler", send_back())])
            }
            CaseState::Handling => after(CaseState::Dispatched, vec![("handler", CaseAction::Sign)]),
            CaseState::Replied => {
                let write = CaseAction::WriteResult {
                    result: HandlingResult::ResolvedExplained,
                    note: note("已说明"),
                };
                let mut way = self.way(CaseState::Handling);
                way.push((handler, CaseAction::LogContact { reached: true, note: note("已联系") }));
                way.push((handler, write));
                way.push((&self.head, CaseAction::ApproveResult));
                way
            }
            CaseState::Recalling => after(
                CaseState::Replied,
                vec![("agent", CaseAction::ClaimRecall), ("agent", CaseAction::LogRecallDial)],
            ),
            CaseState::Rework => self.recalled(RecallResult::Dissatisfied),
            CaseState::ArchivedResolved => self.recalled(RecallResult::Satisfied),
            CaseState::ArchivedUnresolved => {
                let mut way = self.recalled(RecallResult::Unresolved);
                way.push((service, CaseAction::ArchiveUnresolved { reason: note("客户拒绝沟通") }));
                way
            }
            CaseState::ToComplaint => {
                let convert =
                    CaseAction::Convert { complex: false, complaint_no: None, note: note("要求投诉") };
                let mut way = self.way(CaseState::Dispatched);
                way.push((agent, convert));
                way
            }
            CaseState::Draft | CaseState::Sealed | CaseState::Quarantined => Vec::new(),
        }
    }

    fn called(&self, result: CallbackResult) -> Vec<(&Desk, CaseAction)> {
        let mut way = self.way(CaseState::Calling);
        way.push((&self.agent, CaseAction::LogDial));
        let record =
            CaseAction::RecordCallback { result, appointment_at: None, note: note(""), recording: note("") };
        way.push((&self.agent, record));
        way
    }

    fn recalled(&self, result: RecallResult) -> Vec<(&Desk, CaseAction)> {
        let mut way = self.way(CaseState::Recalling);
        let record =
            CaseAction::RecordRecall { result, appointment_at: None, note: note(""), recording: note("") };
        way.push((&self.agent, record));
        way
    }

    fn desk(&self, who: &str) -> &Desk {
        match who {
            "clerk" => &self.clerk,
            "leader" => &self.leader,
            "agent" => &self.agent,
            _ => &self.handler,
        }
    }
}

fn dispatch() -> CaseAction {
    let assisting = vec![department(Line::Sales)];
    CaseAction::Dispatch { lead: department(Line::Claims), assisting, note: note("请联系") }
}

fn send_back() -> CaseAction {
    CaseAction::Return { reason: ReturnReason::NotOurLine, note: note("") }
}

fn department(line: Line) -> Department {
    Department { unit_id: UnitId::from("SZ"), line }
}
