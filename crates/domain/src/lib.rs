//! The rules of the 客户不满情绪报告 as pure functions.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time, ids and the directory come in as
//! arguments, decisions go out as values. The desk (client) and the centre (server) run the same code.
//!
//! * [`case`]: the case as decider: [`case::decide`] turns a command into events or a named refusal,
//!   [`case::apply`] folds an event into the case, [`case::timers`] and [`case::alerts`] are computed from it.
//! * [`process`]: the one table state × role × action, and what it refuses.
//! * [`directory`]: units, people, direct leaders, deputies, absences.
//! * [`rules`]: rule sets with the origin of every number, and branch overlays that may only be stricter.
//! * [`report`]: the form, its lists, its validation.
//! * [`evidence`]: hash chains, commitments, time anchors, the interval of a report's time, receipts.
//! * [`visibility`]: who may see which case and which field.
//! * [`calendar`]: working time with 节假日 and 调休, for the clocks of the handling only.
//! * [`retention`]: when the customer data of a case may be removed.
//! * [`finding`]: article 9: which report answers which complaint, and whether it came in time.

pub mod calendar;
pub mod case;
pub mod directory;
pub mod evidence;
pub mod finding;
pub mod ids;
pub mod process;
pub mod report;
pub mod retention;
pub mod rules;
pub mod time;
pub mod visibility;
