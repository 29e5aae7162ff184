//! `cargo xtask package`: the .deb of the desktop program, made by Tauri's bundler.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::command::{command, root, run as execute, step, target};
use crate::setup;

/// The bundler. It is not in the lock file of the pages: its package names a build for every platform there is, and
/// `npm ci` refuses a lock in which one of them could not be looked up.
const BUNDLER: &str = "@tauri-apps/cli@2.12.5";

/// Builds the pages and the release program, bundles it, prints the path and the size.
///
/// # Errors
/// When a step fails or the bundler leaves no package.
pub(crate) fn run() -> Result<ExitCode> {
    setup::for_build()?;
    let folder = target().join("release/bundle/deb");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
    }
    setup::build_release(&["chayan", "chayan-server"])?;
    let tauri = bundler()?;
    step("bundle", || {
        let mut bundle = command(&tauri);
        bundle.current_dir(root().join("src-tauri")).args(["bundle", "--ci", "--bundles", "deb"]);
        bundle.arg("--config").arg(with_server());
        execute(&mut bundle)
    })?;
    let package = bundled(&folder).context("the bundler left no .deb")?;
    let bytes = std::fs::metadata(&package)?.len();
    println!("package: {} ({:.1} MB)", package.display(), megabytes(bytes));
    Ok(ExitCode::SUCCESS)
}

/// A training runs its own small centre: the server's program lies beside, not in the path.
fn with_server() -> String {
    let program = setup::program("chayan-server", setup::Profile::Release);
    let files = serde_json::json!({ "/usr/lib/chayan/chayan-server": program });
    serde_json::json!({ "bundle": { "linux": { "deb": { "files": files } } } }).to_string()
}

/// Installs the bundler once, in the folder of what is built.
fn bundler() -> Result<PathBuf> {
    let folder = target().join("xtask").join(BUNDLER.replace(['@', '/'], "-"));
    let tauri = folder.join("node_modules/.bin").join(if cfg!(windows) { "tauri.cmd" } else { "tauri" });
    if !tauri.is_file() {
        std::fs::create_dir_all(&folder)?;
        step("install the bundler", || {
            let mut install = setup::npm();
            install.current_dir(&folder).args([
                "install",
                "--no-audit",
                "--no-fund",
                "--prefix",
                ".",
                BUNDLER,
            ]);
            execute(&mut install)
        })?;
    }
    Ok(tauri)
}

fn bundled(folder: &std::path::Path) -> Option<PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
}

#[expect(clippy::cast_precision_loss, reason = "a size for people, with one digit after the point")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
