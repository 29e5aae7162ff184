//! `cargo xtask test`: everything that can be checked, in one command, with one line of result at the end.
//!
//! It counts what ran from the programs' own summaries. A check without a count of its own (tidy, format,
//! generated files, lints) counts as one. A test that is ignored or skipped fails the run: it proves nothing.

use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::{cargo, command, continuous_build, follow, step, target};
use crate::setup::{self, Profile};
use crate::{generate, tidy};

/// What ran: passed, failed, and not run at all.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// A program that fails without naming a failed test (it does not compile, it crashed) is one failure.
    fn of_program(succeeded: bool, counted: Self) -> Self {
        if succeeded || counted.failed > 0 { counted } else { Self { failed: 1, ..counted } }
    }

    fn of_check(clean: bool) -> Self {
        if clean { Self { passed: 1, ..Self::default() } } else { Self { failed: 1, ..Self::default() } }
    }
}

/// Runs everything and prints `N passed, M failed` as its last line.
///
/// # Errors
/// When the preparation fails; a failing test is a result, not an error.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    setup::for_desktops()?;
    let mut total = Tally::default();
    total.add(check("tidy", || Ok(tidy::run()? == ExitCode::SUCCESS)));
    total.add(check("format", || Ok(follow(cargo().args(["fmt", "--all", "--check"]))?.0)));
    if args.iter().any(|arg| arg == "--lint") || continuous_build() {
        total.add(check("lints", || {
            let lints = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
            Ok(follow(cargo().args(lints))?.0)
        }));
    }
    total.add(screens("vitest", unit_tests_of_the_screens));
    let built = step("build programs and tests", || {
        crate::command::run(cargo().args(["build", "--workspace", "--all-targets"]))
    });
    if built.is_err() {
        total.add(Tally::of_check(false));
    } else {
        total.add(check("generated files", || Ok(print_all(&generate::stale()?))));
        let database = Database::start()?;
        total.add(rust_tests(&database.url)?);
        total.add(screens("screens in the browser", browser_tests));
    }
    if total.skipped > 0 {
        println!("{} tests did not run: a test that is skipped proves nothing", total.skipped);
    }
    println!("{} passed, {} failed", total.passed, total.failed + total.skipped);
    Ok(if total.failed + total.skipped == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(what: &str, act: impl FnOnce() -> Result<bool>) -> Tally {
    let outcome = step(what, || if act()? { Ok(()) } else { bail!("findings above") });
    Tally::of_check(outcome.is_ok())
}

fn screens(what: &str, act: impl FnOnce() -> Result<Tally>) -> Tally {
    step(what, act).unwrap_or_else(|error| {
        println!("{error:#}");
        Tally::of_check(false)
    })
}

fn print_all(findings: &[String]) -> bool {
    for finding in findings {
        println!("{finding}: run `cargo xtask gen`");
    }
    findings.is_empty()
}

/// Every Rust test. No example in the docs is code that runs, so the libraries are not built once more for them.
fn rust_tests(database: &str) -> Result<Tally> {
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--all-targets", "--no-fail-fast"])
        .env("CHAYAN_TEST_POSTGRES", database);
    let (succeeded, output) = follow(&mut tests)?;
    Ok(Tally::of_program(succeeded, libtest(&output)))
}

/// Adds up the lines `test result: ok. 3 passed; 0 failed; 0 ignored; ..` of Rust's test programs.
fn libtest(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        tally.passed += number_before(line, " passed");
        tally.failed += number_before(line, " failed");
        tally.skipped += number_before(line, " ignored");
    }
    tally
}

fn number_before(line: &str, word: &str) -> u64 {
    line.split_once(word)
        .and_then(|(before, _)| before.rsplit(|letter: char| !letter.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

fn unit_tests_of_the_screens() -> Result<Tally> {
    let report = target().join("xtask/vitest.json");
    if report.is_file() {
        std::fs::remove_file(&report)?;
    }
    let mut vitest = setup::npm();
    vitest.args(["test", "--silent", "--", "--reporter=default", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", report.display()));
    let (succeeded, _) = follow(&mut vitest)?;
    let text = std::fs::read_to_string(&report).context("vitest wrote no report")?;
    Ok(Tally::of_program(succeeded, vitest_report(&serde_json::from_str(&text)?)))
}

fn vitest_report(report: &Value) -> Tally {
    let count = |name: &str| report[name].as_u64().unwrap_or(0);
    Tally {
        passed: count("numPassedTests"),
        failed: count("numFailedTests"),
        skipped: count("numPendingTests") + count("numTodoTests"),
    }
}

/// The script prints its own `N passed, M failed`.
fn browser_tests() -> Result<Tally> {
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(setup::ui().join("package.json"))?)?;
    if manifest["scripts"]["test:browser"].is_null() {
        bail!("ui/package.json has no script test:browser");
    }
    let (succeeded, output) = follow(setup::npm().args(["run", "--silent", "test:browser"]))?;
    let line = output.lines().rev().find(|line| line.contains(" passed, ")).unwrap_or_default();
    let counted =
        Tally { passed: number_before(line, " passed"), failed: number_before(line, " failed"), skipped: 0 };
    Ok(Tally::of_program(succeeded && counted.passed > 0, counted))
}

/// A private PostgreSQL for the whole run: `chayan-postgres` prints its address and stays until its input ends.
struct Database {
    server: Child,
    url: String,
}

impl Database {
    fn start() -> Result<Self> {
        step("start a private PostgreSQL", || {
            let mut program: Command = command(setup::program("chayan-postgres", Profile::Dev));
            let mut server = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let output = server.stdout.take().context("its output is piped")?;
            let mut url = String::new();
            std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut url)?;
            if url.trim().is_empty() {
                let status = server.wait()?;
                bail!("chayan-postgres ended with {status} before it named an address");
            }
            Ok(Self { server, url: url.trim().to_owned() })
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        if let Err(error) = self.server.wait() {
            println!("chayan-postgres did not end: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Tally, libtest, vitest_report};

    #[test]
    fn the_results_of_several_test_programs_are_added_up() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 10 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";
        assert_eq!(libtest(output), Tally { passed: 13, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_program_that_fails_without_a_failed_test_is_one_failure() {
        let broken = Tally::of_program(false, Tally { passed: 4, ..Tally::default() });
        assert_eq!(broken, Tally { passed: 4, failed: 1, skipped: 0 });
        let counted = Tally { passed: 4, failed: 2, skipped: 0 };
        assert_eq!(Tally::of_program(false, counted), counted);
    }

    #[test]
    fn todo_and_pending_tests_of_the_screens_count_as_skipped() {
        let report =
            json!({"numPassedTests": 5, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 1});
        assert_eq!(vitest_report(&report), Tally { passed: 5, failed: 1, skipped: 3 });
    }
}
