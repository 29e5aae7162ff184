//! The domain's tests: what the rule demands, walked through with a moved clock and no I/O.

mod alerts;
mod calendar;
mod callback;
mod directory;
mod evidence;
mod finding;
mod flow;
mod ladder;
mod random;
mod report;
mod rules;
mod support;
mod table;
mod timing;
mod visibility;
