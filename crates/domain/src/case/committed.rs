//! What an event commits to: the customer's data, or a person's words, which are stored encrypted beside it.

use crate::evidence::Commitment;

use super::body::EventBody;

impl EventBody {
    /// The commitment of this event. What a merged case gave stands in that case's own events.
    #[must_use]
    pub const fn commitment(&self) -> Option<Commitment> {
        match self {
            Self::TimingStarted { submission, .. } | Self::Reported { submission, .. } => {
                submission.sheet.commitment
            }
            Self::Supplemented { sheet } => sheet.commitment,
            Self::LeaderResolved { note, .. }
            | Self::Withdrawn { note }
            | Self::CallbackRecorded { note, .. }
            | Self::CountersignRefused { note, .. }
            | Self::SentToDispatch { note, .. }
            | Self::Dispatched { note, .. }
            | Self::DispatchReturned { note, .. }
            | Self::ContactLogged { note, .. }
            | Self::AssistanceAsked { note, .. }
            | Self::ResultWritten { note, .. }
            | Self::RecallRecorded { note, .. }
            | Self::ReworkOrdered { note, .. }
            | Self::Urged { note, .. }
            | Self::ConvertedToComplaint { note, .. }
            | Self::Reopened { note, .. } => *note,
            Self::Assisted { note, .. }
            | Self::ResultRejected { note, .. }
            | Self::Commented { note, .. } => Some(*note),
            Self::FieldRevealed { reason, .. }
            | Self::ArchivedUnresolved { reason, .. }
            | Self::TermExtended { reason, .. } => Some(*reason),
            _ => None,
        }
    }
}
