//! `chayan-bench`: the figures of the main job against their targets, printed and kept as JSON.
//!
//! Every part runs the real programs on this machine only, for a bounded time. Figures are printed and never decide
//! whether a test passes; what must hold (every answered report is stored) fails the run.
#![expect(clippy::print_stdout, reason = "the terminal is where figures go")]

mod alerts;
mod clerk;
mod clicks;
mod crowd;
mod figures;
mod idle;
mod lists;
mod people;
mod reports;
mod starts;
mod timers;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use figures::Figures;

/// The parts, in the order in which they run.
const PARTS: [&str; 8] =
    ["reports", "reports-postgres", "timers", "alerts", "people", "idle", "starts", "clicks"];
/// Parts that run only when they are named: to fill a store with a million cases takes many minutes.
const LONG: [&str; 2] = ["lists", "lists-postgres"];

struct Args {
    out: PathBuf,
    parts: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<bool> {
    let args = read_args(std::env::args().skip(1))?;
    std::fs::create_dir_all(&args.out)?;
    let out = args.out.canonicalize()?;
    let mut figures = Figures::begin(&out)?;
    let mut whole = true;
    for part in &args.parts {
        println!("bench: {part} …");
        let folder = out.join(part);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        let outcome = match part.as_str() {
            "reports" => reports::sqlite(&folder, &mut figures).await,
            "reports-postgres" => reports::postgres(&folder, &mut figures).await,
            "lists" => lists::sqlite(&folder, &mut figures).await,
            "lists-postgres" => lists::postgres(&folder, &mut figures).await,
            "timers" => timers::run(&folder, &mut figures).await,
            "alerts" => alerts::run(&folder, &mut figures).await,
            "people" => people::run(&folder, &mut figures).await,
            "starts" => starts::run(&folder, &mut figures).await,
            "idle" => idle::run(&folder, &mut figures).await,
            _ => clicks::run(&folder, &mut figures).await,
        };
        if let Err(error) = outcome {
            println!("bench: {part} FAILED: {error:#}");
            figures.note_failure(part, &error);
            whole = false;
        }
        figures.keep()?;
    }
    figures.print();
    Ok(whole)
}

fn read_args(words: impl Iterator<Item = String>) -> Result<Args> {
    let mut args = Args { out: PathBuf::from("target/bench"), parts: Vec::new() };
    let mut words = words;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--out" => args.out = words.next().context("--out needs a folder")?.into(),
            part if PARTS.contains(&part) || LONG.contains(&part) => args.parts.push(part.to_owned()),
            other => bail!("`{other}` is none of {}, {}", PARTS.join(", "), LONG.join(", ")),
        }
    }
    if args.parts.is_empty() {
        args.parts = PARTS.map(str::to_owned).to_vec();
    }
    Ok(args)
}
