//! Everything that can go wrong between window and centre, as stable codes.

use chayan_api::error::Problem;
use chayan_domain::report::FieldFault;
use serde::{Deserialize, Serialize};

/// Everything that can go wrong between window and centre. Stable codes; the sentence is in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DeskFaultCode {
    /// No server address is set.
    NoServer,
    /// The address is not one we may use (`http://` beyond this machine, not a URL).
    BadAddress,
    /// The centre cannot be reached.
    Unreachable,
    /// Its certificate is not trusted.
    Certificate,
    /// It did not answer in time.
    Timeout,
    /// It answered something that is not ours.
    NotOurs,
    /// It answered with a problem; see `problem`.
    Problem,
    /// Nobody is signed in.
    NotSignedIn,
    /// The session ran out or was revoked.
    SessionOver,
    /// The centre's directory does not know the person any more.
    UnknownMember,
    /// The OS keyring is locked.
    KeyringLocked,
    /// No key of the store can be kept, neither in the OS keyring nor in a file: nothing was saved.
    KeyringUnavailable,
    /// The local store is full: nothing was saved.
    DiskFull,
    /// The local store cannot be written: nothing was saved.
    StoreFailed,
    /// The local store is from a newer version of the program.
    StoreNewer,
    /// The local store is damaged; it was set aside.
    StoreDamaged,
    /// The form does not do; see `fields`.
    FormFaults,
    /// The record is sealed and cannot be edited.
    SealedRecord,
    /// Nothing here by that id.
    UnknownId,
    /// 误触 is possible only within 30 s.
    TooLateToDiscard,
    /// 练习 is switched off on this machine.
    TrainingOff,
    /// The program's part that a training needs is not installed.
    TrainingMissing,
    /// The training could not be started.
    TrainingFailed,
    /// No training runs, or another one than the page thinks.
    TrainingOver,
    /// A customer is being timed: first the real work.
    TimerRuns,
    /// A real alert waits for this person: first the real work.
    AlertWaits,
    /// Not in a training: what leaves the program could be taken for the real thing.
    InTraining,
    /// The file cannot be written where the person wanted it.
    FileFailed,
    /// The argument has the wrong shape.
    BadArgument,
    /// A fault of ours.
    Internal,
}

/// An error over IPC: a code plus data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct DeskFault {
    /// Stable code.
    pub code: DeskFaultCode,
    /// The centre's own words for [`DeskFaultCode::Problem`].
    pub problem: Option<Box<Problem>>,
    /// For [`DeskFaultCode::FormFaults`].
    pub fields: Vec<FieldFault>,
    /// Trying again later may help without anybody changing anything.
    pub retryable: bool,
}
