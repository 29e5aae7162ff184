//! Embeds the built windows and generates one permission per command.
//!
//! The list of commands is the one that the program registers; each window's capability file allows some of them.

use std::path::Path;

#[path = "src/commands/names.rs"]
mod names;

fn main() {
    let pages = Path::new("../ui/dist");
    println!("cargo:rerun-if-changed={}", pages.display());
    let missing = ["quick-report.html", "timer.html", "alert.html", "workbench.html"]
        .into_iter()
        .find(|page| !pages.join(page).is_file());
    if let Some(page) = missing {
        println!(
            "cargo::error=ui/dist/{page} is missing: run `cargo xtask demo`, or `npm ci && npm run build` in ui/"
        );
        std::process::exit(1);
    }
    let manifest = tauri_build::AppManifest::new().commands(names::NAMES);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
        std::process::exit(1);
    }
}
