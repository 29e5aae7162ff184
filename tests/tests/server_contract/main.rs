//! The server's contract over real HTTP: a real router, store and engine on a free port, with a clock that the test
//! moves. The key stories run on PostgreSQL too.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, and names the line")]

mod absences;
mod acknowledged;
mod audit;
mod bad_input;
mod callback;
mod contract;
mod directory_files;
mod directory_versions;
mod feed;
mod health;
mod history;
mod hotline;
mod imports;
mod ladder;
mod matrix;
mod oversight;
mod pack;
mod privacy;
mod province;
mod queue;
mod replay;
mod restart;
mod retention;
mod rules;
mod schema;
mod search;
mod sessions;
mod town;
mod undelivered;
mod whole_case;
