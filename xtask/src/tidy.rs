//! `cargo xtask tidy`: the rules of the code that the compiler does not know.
//!
//! Each rule is a function from the working copy to findings: sentences that name the place and what to do.
//! A rule must not need a build: tidy answers in seconds.

mod dependencies;
mod features;
mod links;
mod literals;
mod sizes;

use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command::{follow, root};
use crate::{setup, tree};

/// Checks every rule and prints the findings, or `tidy: clean`.
///
/// # Errors
/// When the working copy cannot be read.
pub(crate) fn run() -> Result<ExitCode> {
    let files = tree::files()?;
    let mut findings = dependencies::findings()?;
    findings.extend(features::findings()?);
    findings.extend(literals::findings(&files)?);
    findings.extend(sizes::findings(&files)?);
    findings.extend(links::findings(&files)?);
    findings.extend(texts_of_the_screens()?);
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: clean");
        return Ok(ExitCode::SUCCESS);
    }
    println!("tidy: {} findings", findings.len());
    Ok(ExitCode::FAILURE)
}

/// The screens check their own texts; this runs their check.
fn texts_of_the_screens() -> Result<Option<String>> {
    let manifest = setup::ui().join("package.json");
    if !manifest.is_file() {
        return Ok(Some("ui/package.json is missing".to_owned()));
    }
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(&manifest)?)?;
    if manifest["scripts"]["lint:texts"].is_null() {
        return Ok(None);
    }
    let (clean, _) = follow(setup::npm().args(["run", "--silent", "lint:texts"]))?;
    Ok((!clean).then(|| "ui: `npm run lint:texts` has findings".to_owned()))
}

/// The text of a file of the working copy.
fn text(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))
}
