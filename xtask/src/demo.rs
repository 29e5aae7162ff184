//! `cargo xtask demo`: the main job with a real server and real desktop programs.
//!
//! The driver is `chayan-demo`; this only prepares and starts it. Without a display it runs headless.

use std::process::ExitCode;

use anyhow::Result;

use crate::command::{command, target};
use crate::setup::{self, Profile};

/// Builds everything and runs the driver, whose last line and exit code are the task's.
///
/// # Errors
/// When the preparation fails or the driver cannot be started.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    setup::for_desktops()?;
    setup::build_programs()?;
    let mut driver = command(setup::program("chayan-demo", Profile::Dev));
    driver.args(args).arg("--out").arg(target().join("demo"));
    let asked = args.iter().any(|arg| arg == "--headless");
    if !asked && !has_display() {
        println!("demo: there is no display, so it runs headless");
        driver.arg("--headless");
    }
    Ok(if driver.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
