//! The table: each figure with its target, beside the machine that it was measured on and what its disk can do.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::stopwatch::{Sample, Stopwatch};
use serde::Serialize;

/// Syncs of the disk probe.
const PROBES: usize = 200;

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
    /// Reported only.
    None,
}

#[derive(Serialize)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    target: String,
    /// Absent where there is no target.
    met: Option<bool>,
}

#[derive(Serialize)]
struct Machine {
    processor: String,
    cores: usize,
    memory_mib: u64,
    kernel: String,
    build: &'static str,
    fsync_p50_ms: f64,
    fsync_p99_ms: f64,
}

#[derive(Serialize)]
struct Failure {
    part: String,
    why: String,
}

/// Everything measured in one run.
#[derive(Serialize)]
pub(crate) struct Figures {
    measured_at: i64,
    machine: Machine,
    figures: Vec<Figure>,
    failures: Vec<Failure>,
    #[serde(skip)]
    out: PathBuf,
}

impl Figures {
    /// Looks at the machine and its disk first.
    pub(crate) fn begin(out: &Path) -> Result<Self> {
        Ok(Self {
            measured_at: SystemClock.now().0,
            machine: Machine::look(out)?,
            figures: Vec::new(),
            failures: Vec::new(),
            out: out.to_path_buf(),
        })
    }

    /// Adds a figure.
    pub(crate) fn add(&mut self, name: &str, value: f64, unit: &'static str, target: Target) {
        let (words, met) = match target {
            Target::AtMost(limit) => (format!("≤ {limit}"), Some(value <= limit)),
            Target::AtLeast(limit) => (format!("≥ {limit}"), Some(value >= limit)),
            Target::None => ("–".to_owned(), None),
        };
        println!("  {name}: {value:.1} {unit} (target {words})");
        self.figures.push(Figure { name: name.to_owned(), value, unit, target: words, met });
    }

    /// A part that could not be measured.
    pub(crate) fn note_failure(&mut self, part: &str, error: &anyhow::Error) {
        self.failures.push(Failure { part: part.to_owned(), why: format!("{error:#}") });
    }

    /// Writes `bench.json`.
    pub(crate) fn keep(&self) -> Result<()> {
        Ok(std::fs::write(self.out.join("bench.json"), serde_json::to_vec_pretty(self)?)?)
    }

    /// The table.
    pub(crate) fn print(&self) {
        let machine = &self.machine;
        println!();
        println!(
            "{}, {} cores, {} MiB, {}",
            machine.processor, machine.cores, machine.memory_mib, machine.kernel
        );
        println!(
            "fsync of this disk: p50 {:.2} ms, p99 {:.2} ms",
            machine.fsync_p50_ms, machine.fsync_p99_ms
        );
        println!("{:<58} {:>10} {:<10} {:>9}  met", "figure", "value", "unit", "target");
        for figure in &self.figures {
            let met = figure.met.map_or("", |met| if met { "yes" } else { "NO" });
            println!(
                "{:<58} {:>10.1} {:<10} {:>9}  {met}",
                figure.name, figure.value, figure.unit, figure.target
            );
        }
        for failure in &self.failures {
            println!("{}: FAILED: {}", failure.part, failure.why);
        }
        let with_target = self.figures.iter().filter_map(|figure| figure.met);
        let (met, all) = with_target.fold((0, 0), |(met, all), one| (met + usize::from(one), all + 1));
        println!("bench: {met} of {all} targets met, {} parts failed", self.failures.len());
    }
}

impl Machine {
    fn look(folder: &Path) -> Result<Self> {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split(':').nth(1).unwrap_or_default().trim().to_owned()
        };
        let memory = field(&read("/proc/meminfo"), "MemTotal");
        let kib: u64 = memory.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let syncs = probe(folder)?;
        Ok(Self {
            processor: field(&read("/proc/cpuinfo"), "model name"),
            cores: std::thread::available_parallelism()?.get(),
            memory_mib: kib / 1024,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            fsync_p50_ms: syncs.percentile(50),
            fsync_p99_ms: syncs.percentile(99),
        })
    }
}

/// How long the disk takes to make 4 KiB durable.
fn probe(folder: &Path) -> Result<Sample> {
    let path = folder.join("fsync-probe");
    let mut file = File::create(&path)?;
    let mut syncs = Sample::default();
    for _ in 0..PROBES {
        let watch = Stopwatch::start();
        file.write_all(&[7; 4096])?;
        file.sync_all()?;
        syncs.add(watch.millis());
    }
    std::fs::remove_file(path)?;
    Ok(syncs)
}
