//! The server's contract over real HTTP: a real router, store and engine on a free port, with a clock that the test
//! moves. The key stories run on PostgreSQL too.

mod bad_input;
mod callback;
mod contract;
mod feed;
mod imports;
mod ladder;
mod privacy;
mod replay;
mod restart;
mod sessions;
mod town;
