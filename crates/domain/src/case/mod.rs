//! 案件, the one aggregate: from 计时中 on the counter to 归档.
//!
//! Its truth is an append-only list of [`EventBody`]s. [`decide`] says what a command leads to, or names why it is
//! refused; [`apply`] folds an event into a [`Case`]; [`timers`] and [`alerts`] are computed from the result, so that
//! a restart or another machine arrives at the same ones. [`advance`] does all of it in one go, [`replay`] reads a
//! stored chain back and names the first event that is wrong.

mod actions;
mod advance;
mod alert;
mod alerting;
mod apply;
mod body;
mod callback;
mod clock;
mod command;
mod committed;
mod complaint;
mod decide;
mod event;
mod intent;
mod ladder;
mod merge;
mod oversight;
mod proposal;
mod refusal;
mod round;
mod state;
mod timer;

pub use actions::{ActionOffer, actions};
pub use advance::{ChainFault, ChainFaultKind, SealedEvent, Step, advance, replay};
pub use alert::{AlertChange, AlertEnd, AlertKind};
pub use alerting::alerts;
pub use apply::{ApplyFault, apply};
pub use body::EventBody;
pub use callback::{Callback, CallbackResult, Dial};
pub use clock::{Clock, STEPS};
pub use command::{Command, Context, ReportSheet, Submission, VoidReason};
pub use complaint::{ComplaintTerm, Conversion, LegalDates, Reopening};
pub use decide::decide;
pub use event::{Actor, CaseEvent, Opening};
pub use ladder::{Level, LevelEnd, VerbalClaim};
pub use merge::{EvidenceKind, EvidencePiece, MergedCase};
pub use oversight::{Comment, Escalation, Urge, UrgeKind};
pub use proposal::{line_of, proposal};
pub use refusal::{DepartmentFault, Refusal};
pub use round::{
    Assistance, Contact, HandlingResult, Recall, RecallDial, RecallResult, Reply, ReturnReason, Returned,
    Round, Stamp,
};
pub use state::{Case, CaseState, Flow, Starter, Timing};
pub use timer::{Timer, TimerName, timers};
