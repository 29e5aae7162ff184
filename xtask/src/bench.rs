//! `cargo xtask bench`: the figures against their targets, printed and kept as JSON in `target/bench/`.
//!
//! The work is done by `chayan-bench` of the tests crate; this only prepares and starts it.

use std::process::ExitCode;

use anyhow::Result;

use crate::command::{command, target};
use crate::setup::{self, Profile};

/// The two programs that are measured, the empty one beside them, and what measures.
const PROGRAMS: &[&str] = &["chayan", "chayan-server", "chayan-peer", "chayan-bench"];

/// Builds them and runs the program, whose exit code is the task's.
///
/// # Errors
/// When the preparation fails or the program cannot be started.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    setup::for_desktops()?;
    setup::build_release(PROGRAMS)?;
    let mut program = command(setup::program("chayan-bench", Profile::Release));
    program.args(args).arg("--out").arg(target().join("bench"));
    Ok(if program.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
