//! What a command is: which action of the process table, and which words it carries.

use crate::process::Action;

use super::command::{Command, ReportSheet, Submission};

impl Command {
    /// The action of a person that this is; `None` for what only machines tell.
    #[must_use]
    pub const fn action(&self) -> Option<Action> {
        Some(match self {
            Self::StartTiming(_) => Action::StartTiming,
            Self::Discard => Action::Discard,
            Self::NotifyLeader(_) => Action::NotifyLeader,
            Self::ReportVerbally { .. } => Action::ReportVerbally,
            Self::StartFlow(_) => Action::StartFlow,
            Self::RegisterAsAgent { .. } => Action::RegisterAsAgent,
            Self::ResolveOnSpot(_) => Action::ResolveOnSpot,
            Self::Supplement { .. } => Action::Supplement,
            Self::TakeOver => Action::TakeOver,
            Self::ResolveAsLeader { .. } => Action::ResolveAsLeader,
            Self::Escalate => Action::Escalate,
            Self::StartFlowAsLeader => Action::StartFlowAsLeader,
            Self::Countersign { .. } => Action::Countersign,
            Self::RefuseCountersign { .. } => Action::RefuseCountersign,
            Self::NoteComplaint { .. } => Action::NoteComplaint,
            Self::NameInvolved { .. } => Action::NameInvolved,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::ClaimCallback => Action::ClaimCallback,
            Self::ReleaseCallback => Action::ReleaseCallback,
            Self::LogDial => Action::LogDial,
            Self::RecordCallback { .. } => Action::RecordCallback,
            Self::SendToDispatch { .. } => Action::SendToDispatch,
            Self::Dispatch { .. } => Action::Dispatch,
            Self::Rule { .. } => Action::Rule,
            Self::Sign => Action::Sign,
            Self::Return { .. } => Action::Return,
            Self::AssignHandler { .. } => Action::AssignHandler,
            Self::LogContact { .. } => Action::LogContact,
            Self::AskAssistance { .. } => Action::AskAssistance,
            Self::Assist { .. } => Action::Assist,
            Self::WriteResult { .. } => Action::WriteResult,
            Self::ApproveResult => Action::ApproveResult,
            Self::RejectResult { .. } => Action::RejectResult,
            Self::ClaimRecall => Action::ClaimRecall,
            Self::ReleaseRecall => Action::ReleaseRecall,
            Self::LogRecallDial => Action::LogRecallDial,
            Self::RecordRecall { .. } => Action::RecordRecall,
            Self::OrderRework { .. } => Action::OrderRework,
            Self::ArchiveUnresolved { .. } => Action::ArchiveUnresolved,
            Self::Urge { .. } => Action::Urge,
            Self::Supervise { .. } => Action::Supervise,
            Self::AcknowledgeEscalation => Action::AcknowledgeEscalation,
            Self::Comment { .. } => Action::Comment,
            Self::Convert { .. } => Action::Convert,
            Self::ExtendTerm { .. } => Action::ExtendTerm,
            Self::Reopen { .. } => Action::Reopen,
            Self::Void { .. } => Action::Void,
            Self::RevealField { .. } => Action::RevealField,
            Self::NoteDelivery { .. }
            | Self::NoteShown { .. }
            | Self::NoteAcknowledged { .. }
            | Self::NoteUrgeSeen { .. }
            | Self::NoteChainBreak { .. }
            | Self::NoteSimilar { .. }
            | Self::Absorb { .. }
            | Self::FireTimer { .. } => return None,
        })
    }

    /// The first words that it carries, where it carries some.
    #[must_use]
    pub const fn submission(&self) -> Option<&Submission> {
        match self {
            Self::StartTiming(words)
            | Self::NotifyLeader(words)
            | Self::ReportVerbally { submission: words, .. }
            | Self::StartFlow(words)
            | Self::RegisterAsAgent { submission: words, .. }
            | Self::ResolveOnSpot(words) => Some(words),
            _ => None,
        }
    }

    /// The form that it carries, where it carries one.
    #[must_use]
    pub const fn sheet(&self) -> Option<&ReportSheet> {
        match (self, self.submission()) {
            (_, Some(words)) => Some(&words.sheet),
            (Self::Supplement { sheet }, _) => Some(sheet),
            _ => None,
        }
    }
}
