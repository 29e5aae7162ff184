//! `chayan-shots`: a picture of every window and screen of the desktop program, in its states, as people see them.
//!
//! The same world as the demo; cut to the window concerned. Nothing is checked here beyond that the window is there.
#![expect(clippy::print_stdout, reason = "the terminal is where a task reports")]

mod album;
mod counter;
mod hotline;
mod leader;
mod tray;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chayan_tests::world::{Tempo, World};

use album::Album;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("shots: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let out = read_args(std::env::args().skip(1))?;
    let mut album = Album::open(&out)?;
    let mut world = World::found(&out.join("world"), Tempo::STANDARD).await?;
    let first_leader = leader::sign_in(&world).await?;
    let clerk = counter::shoot(&mut world, &mut album).await?;
    let running_out = counter::start_last_timer(&clerk).await?;
    leader::shoot(&world, &first_leader, &mut album).await?;
    hotline::shoot(&world, &mut album).await?;
    counter::shoot_overdue(&clerk, running_out, &mut album).await?;
    world.centre().stop().await?;
    std::fs::remove_dir_all(out.join("world"))?;
    println!("shots: {} pictures in {}", album.count(), out.display());
    Ok(())
}

fn read_args(words: impl Iterator<Item = String>) -> Result<PathBuf> {
    let mut out = PathBuf::from("target/shots");
    let mut words = words;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--out" => out = words.next().context("--out needs a folder")?.into(),
            other => bail!("unknown argument `{other}`"),
        }
    }
    Ok(out)
}
