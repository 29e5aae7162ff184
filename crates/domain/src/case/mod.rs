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
mod command;
mod decide;
mod event;
mod refusal;
mod state;
mod timer;

pub use actions::{ActionOffer, actions};
pub use advance::{ChainFault, ChainFaultKind, SealedEvent, Step, advance, replay};
pub use alert::{AlertChange, AlertEnd, AlertKind};
pub use alerting::alerts;
pub use apply::{ApplyFault, apply};
pub use command::{Command, Context, ReportSheet, Submission, VoidReason};
pub use decide::decide;
pub use event::{Actor, CaseEvent, EventBody, Opening};
pub use refusal::Refusal;
pub use state::{Callback, CallbackResult, Case, CaseState, Dial, Flow, Level, LevelEnd, Starter, Timing};
pub use timer::{Timer, TimerName, timers};
