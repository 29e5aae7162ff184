//! What the tests that see everything share: desktops for programs, a private PostgreSQL, waiting for conditions.
//!
//! The tests themselves are in `tests/tests/`; the programs behind `cargo xtask demo | bench | shots | gen` are in
//! `tests/src/bin/`. Nothing of the product may depend on this crate.

pub mod case_writes;
pub mod desktop;
pub mod postgres;
pub mod process;
pub mod programs;
pub mod stopwatch;
pub mod wait;
pub mod words;
pub mod world;
