//! The domain's tests: what the rule demands, walked through with a moved clock and no I/O.

mod alerts;
mod callback;
mod directory;
mod evidence;
mod flow;
mod ladder;
mod random;
mod report;
mod rules;
mod support;
mod table;
mod timing;
mod visibility;
