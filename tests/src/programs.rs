//! Where the programs of the workspace are: beside the program that runs now, as cargo puts them.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// The path of a program of the workspace, such as `chayan` or `chayan-server`.
///
/// # Errors
/// When it has not been built yet; the message says how.
pub fn path(name: &str) -> Result<PathBuf> {
    let running = std::env::current_exe().context("cannot tell which program runs")?;
    let mut folder = running.parent().context("a program lies in a folder")?;
    if folder.ends_with("deps") {
        folder = folder.parent().unwrap_or(folder);
    }
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("{} is missing: run `cargo build --workspace --bins`", program.display());
    }
    Ok(program)
}

/// The root of the working copy.
pub fn workspace() -> PathBuf {
    let crate_folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().map_or_else(|| crate_folder.clone(), std::path::Path::to_path_buf)
}
