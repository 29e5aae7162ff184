//! When the customer data of a case may be removed: it is settled, and its time is over.

use crate::case::{Case, CaseState};
use crate::time::{Span, Timestamp};

/// The states in which a case is settled. 转投诉 is none of them: the centre does not learn when the complaint ends, so
/// what belongs to it stays.
pub const SETTLED: &[CaseState] = &[
    CaseState::Discarded,
    CaseState::SpotResolved,
    CaseState::LeaderResolved,
    CaseState::Withdrawn,
    CaseState::ArchivedNoDissatisfaction,
    CaseState::ArchivedResolved,
    CaseState::ArchivedUnresolved,
    CaseState::Void,
];

/// Whether the time of a settled case is over, counted from the last thing that happened to it: an unmasking begins it
/// anew.
#[must_use]
pub fn is_over(case: &Case, keep: Span, now: Timestamp) -> bool {
    SETTLED.contains(&case.state) && case.changed_at.plus(keep) <= now
}
