//! `cargo xtask shots`: a picture of every window and screen in `target/shots/`.
//!
//! The work is done by `chayan-shots` of the tests crate; this only prepares and starts it.

use std::process::ExitCode;

use anyhow::Result;

use crate::command::{command, target};
use crate::setup::{self, Profile};

/// Builds everything and runs the program, whose exit code is the task's.
///
/// # Errors
/// When the preparation fails or the program cannot be started.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    setup::for_desktops()?;
    setup::build_programs()?;
    let mut program = command(setup::program("chayan-shots", Profile::Dev));
    program.args(args).arg("--out").arg(target().join("shots"));
    Ok(if program.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
