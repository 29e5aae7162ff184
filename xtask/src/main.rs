//! One entry for every task of the project: `cargo xtask <task>`.
//!
//! Each task is a module. A task prepares what it needs by itself ([`setup`]), prints one line for each
//! step with the time it took, and ends with one line that says how it went. Nothing of the product may
//! depend on this crate, and this crate may depend on nothing of the product: it must build in seconds.
#![expect(clippy::print_stdout, reason = "the terminal is where a task reports")]

mod bench;
mod command;
mod demo;
mod fingerprint;
mod generate;
mod icons;
mod package;
mod setup;
mod shots;
mod test;
mod tidy;
mod tree;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  demo [--headless] [--scenario NAME]   the main job with real programs; hands-on where there is a display
  test [--lint]                         everything: tidy, generated files, Rust, PostgreSQL, screens, desktop
  bench [ARGS..]                        the figures against their targets, kept as JSON in target/bench/
  shots [ARGS..]                        a picture of every window and screen in target/shots/
  gen [--check]                         write the generated files (or say which are stale)
  tidy                                  the rules of the code that the compiler does not know
  package                               the .deb of the desktop program
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let task = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let outcome = match task.as_str() {
        "demo" => demo::run(&rest),
        "test" => test::run(&rest),
        "bench" => bench::run(&rest),
        "shots" => shots::run(&rest),
        "gen" => generate::run(&rest),
        "tidy" => tidy::run(),
        "package" => package::run(),
        "" | "help" | "--help" | "-h" => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        unknown => {
            print!("{USAGE}");
            Err(anyhow::anyhow!("there is no task `{unknown}`"))
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            println!("{task}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
