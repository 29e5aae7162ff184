//! The domain's tests: what the rule demands, walked through with a moved clock and no I/O.

mod alerts;
mod calendar;
mod callback;
mod complaint;
mod directory;
mod dispatch;
mod document;
mod evidence;
mod finding;
mod flow;
mod handling;
mod ladder;
mod oversight;
mod random;
mod report;
mod rule_history;
mod rules;
mod support;
mod table;
mod timing;
mod verbal;
mod visibility;
