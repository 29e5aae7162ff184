//! `chayan-demo`: a scenario with a real server and real desktop programs.
//!
//! Headless it plays the whole scenario on desktops of its own, checks every step, and keeps a picture of each.
//! With a display it seeds the same province, opens one program there and waits for Ctrl-C.
#![expect(clippy::print_stdout, reason = "the terminal is where a demo reports")]

mod hands_on;
mod main_job;
mod steps;
mod whole_case;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use steps::Steps;

struct Args {
    headless: bool,
    scenario: Scenario,
    out: PathBuf,
}

/// What is played.
#[derive(Clone, Copy)]
enum Scenario {
    /// From a tray click to 归档·无不满, with the server away in between.
    Main,
    /// From the counter through dispatch, return, ruling, handling, rework to the archive; another one to a complaint.
    WholeCase,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<bool> {
    let args = read_args(std::env::args().skip(1))?;
    if !args.headless {
        hands_on::run(&args.out).await?;
        return Ok(true);
    }
    let mut steps = Steps::begin(&args.out)?;
    match args.scenario {
        Scenario::Main => main_job::play(&mut steps, &args.out).await?,
        Scenario::WholeCase => whole_case::play(&mut steps, &args.out).await?,
    }
    steps.finish()
}

fn read_args(words: impl Iterator<Item = String>) -> Result<Args> {
    let mut args = Args { headless: false, scenario: Scenario::Main, out: PathBuf::from("target/demo") };
    let mut words = words;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--headless" => args.headless = true,
            "--out" => args.out = words.next().context("--out needs a folder")?.into(),
            "--scenario" => match words.next().as_deref() {
                Some("main") => args.scenario = Scenario::Main,
                Some("whole-case") => args.scenario = Scenario::WholeCase,
                other => bail!("the scenarios are `main` and `whole-case`, and not {other:?}"),
            },
            other => bail!("unknown argument `{other}`"),
        }
    }
    Ok(args)
}
