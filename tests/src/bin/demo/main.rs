//! `chayan-demo`: the main job with a real server and real desktop programs.
//!
//! Headless it plays the whole scenario on desktops of its own, checks every step, and keeps a picture of each.
//! With a display it seeds the same province, opens one program there and waits for Ctrl-C.
#![expect(clippy::print_stdout, reason = "the terminal is where a demo reports")]

mod agent;
mod cast;
mod hands_on;
mod ladder;
mod offline;
mod report;
mod steps;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use cast::Cast;
use steps::Steps;

struct Args {
    headless: bool,
    out: PathBuf,
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
    let mut cast = Cast::assemble(&args.out.join("world")).await.context("the stage could not be set")?;
    if let Err(error) = play(&mut steps, &mut cast).await {
        println!("demo: stopped, because the next steps need this one ({error})");
        cast.picture_all(&args.out);
    }
    cast.agent.close_pages().await?;
    steps.finish()
}

/// The main job of one report, from a tray click to 归档·无不满, and a second one without the server.
async fn play(steps: &mut Steps, cast: &mut Cast) -> Result<()> {
    steps.run("programs-in-the-tray", "clerk", cast, report::start_programs).await?;
    steps.run("clerk-signs-in", "clerk", cast, report::clerk_signs_in).await?;
    steps.run("leader-signs-in", "leader1", cast, report::others_sign_in).await?;
    steps.run("timer-from-the-tray-menu", "clerk", cast, report::start_timer).await?;
    steps.run("report-typed", "clerk", cast, report::type_report).await?;
    steps.run("report-sent-to-the-leader", "clerk", cast, report::send_to_leader).await?;
    steps.run("leader-1-is-alerted", "leader1", cast, ladder::leader_is_alerted).await?;
    steps.run("leader-1-killed-and-back", "leader1", cast, ladder::leader_is_killed).await?;
    steps.run("climbs-to-leader-2", "leader2", cast, ladder::climbs_to_second).await?;
    steps.run("clerk-is-told-of-the-climb", "clerk", cast, ladder::lower_levels_are_told).await?;
    steps.run("flow-starts-by-itself", "clerk", cast, ladder::flow_starts).await?;
    steps.run("agent-is-alerted", "agent1", cast, agent::is_alerted).await?;
    steps.run("agent-claims", "agent1", cast, agent::claims).await?;
    steps.run("agent-reveals-the-number", "agent1", cast, agent::reveals).await?;
    steps.run("agent-logs-the-dial", "agent1", cast, agent::dials).await?;
    steps.run("agent-archives", "agent1", cast, agent::archives).await?;
    steps.run("clerk-sees-the-outcome", "clerk", cast, agent::clerk_sees_outcome).await?;
    steps.run("server-stops", "clerk", cast, offline::server_stops).await?;
    steps.run("report-sealed-without-server", "clerk", cast, offline::report_is_sealed).await?;
    steps.run("server-returns-and-has-it-once", "clerk", cast, offline::server_returns).await?;
    steps.run("agent-sees-the-second", "agent1", cast, offline::agent_sees_it).await?;
    steps.run("no-customer-data-outside", "clerk", cast, offline::nothing_in_the_clear).await
}

fn read_args(words: impl Iterator<Item = String>) -> Result<Args> {
    let mut args = Args { headless: false, out: PathBuf::from("target/demo") };
    let mut words = words;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--headless" => args.headless = true,
            "--out" => args.out = words.next().context("--out needs a folder")?.into(),
            "--scenario" => match words.next().as_deref() {
                Some("main") => {}
                other => bail!("there is one scenario, `main`, and not {other:?}"),
            },
            other => bail!("unknown argument `{other}`"),
        }
    }
    Ok(args)
}
