//! Runs other programs and says how long each step took.
//!
//! A failing program ends the task with a message that names the command, so that it can be repeated by hand.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The root of the working copy.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(|| PathBuf::from("."), std::path::Path::to_path_buf)
}

/// The folder for everything that tasks produce and that is never committed.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Whether this is the continuous build's machine: nothing is kept there, and no one looks on.
pub(crate) fn continuous_build() -> bool {
    std::env::var_os("CI").is_some()
}

/// Does one step and prints its name and the time that it took.
///
/// # Errors
/// The step's own error, under the step's name.
pub(crate) fn step<T>(what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("{what} …");
    let started = now();
    let outcome = act();
    let seconds = started.elapsed().as_secs_f64();
    match &outcome {
        Ok(_) => println!("{what}: done in {seconds:.1} s"),
        Err(_) => println!("{what}: FAILED after {seconds:.1} s"),
    }
    outcome.with_context(|| what.to_owned())
}

/// A command that runs in the root of the working copy.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that started this task.
pub(crate) fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Set by the outer cargo for this program only; the inner one must not inherit them.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION", "RUSTUP_TOOLCHAIN_SOURCE"] {
        cargo.env_remove(name);
    }
    if continuous_build() {
        // What makes the next build quicker is gigabytes that this machine throws away.
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

/// Runs a command with the terminal as its output.
///
/// # Errors
/// When it cannot be started or does not exit with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs a command and returns what it printed; its errors go to the terminal.
///
/// # Errors
/// When it cannot be started, does not exit with 0, or prints something that is not UTF-8.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed something unreadable"))
}

/// Runs a command, passing its output on line by line and keeping it; says whether it exited with 0.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn follow(command: &mut Command) -> Result<(bool, String)> {
    let shown = shown(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{shown}`"))?;
    let mut kept = String::new();
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line)? > 0 {
            std::io::stdout().write_all(&line)?;
            kept.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    let status = child.wait()?;
    if !status.success() {
        println!("`{shown}` ended with {status}");
    }
    Ok((status.success(), kept))
}

/// Whether a program is in the search path.
pub(crate) fn has(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}

#[expect(clippy::disallowed_methods, reason = "the duration of a step is printed and decides nothing")]
fn now() -> Instant {
    Instant::now()
}
