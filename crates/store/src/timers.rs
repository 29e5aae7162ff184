//! Armed timers, as the engine reads them.

use std::sync::Arc;

use chayan_domain::case::Timer;
use chayan_domain::ids::CaseId;

/// A timer of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerRow {
    /// The case.
    pub case_id: CaseId,
    /// Name, level and moment.
    pub timer: Timer,
}

/// Timers changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimerChange {
    /// These are all the timers that the case now has.
    Case {
        /// The case.
        case_id: CaseId,
        /// In no particular order; empty when none is armed.
        timers: Arc<[Timer]>,
    },
    /// Perhaps, somewhere (another node): read the table.
    Unknown,
}
