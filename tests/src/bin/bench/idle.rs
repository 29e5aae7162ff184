//! The program when nobody needs it: memory, processor and wake-ups of all its processes over a minute.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use chayan_domain::time::Span;
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::desktop::Stage;
use chayan_tests::programs;

use crate::clerk;
use crate::figures::{Figures, Target};

/// After signing in, before anything is measured.
const SETTLE: Span = Span::seconds(15);
const MINUTE: Span = Span::seconds(60);

/// What the kernel says of some processes at one moment.
struct Use {
    processes: usize,
    pss_kib: u64,
    ticks: u64,
    switches: u64,
}

/// Signs in, closes every window, and watches.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    let (mut world, mut clerk) = clerk::at_the_tray(folder).await?;
    let empty_desk = Stage::start("peer", &folder.join("peer")).await?;
    let empty = empty_desk.spawn("peer", empty_desk.command(programs::path("chayan-peer")?))?;
    empty_desk.tray().item().await?;
    SystemClock.sleep(SETTLE).await;
    let root = clerk.program()?.id();
    let before = look(root)?;
    SystemClock.sleep(MINUTE).await;
    let after = look(root)?;
    let empty = look(empty.id())?;
    ensure!(after.processes > 0, "the program ended");
    // A tick of the kernel's accounting is a hundredth of a second.
    let seconds = (after.ticks - before.ticks) as f64 / 100.0;
    figures.add(
        "idle: memory (PSS) of all its processes",
        after.pss_kib as f64 / 1024.0,
        "MiB",
        Target::None,
    );
    figures.add(
        "idle: memory (PSS), empty Tauri program",
        empty.pss_kib as f64 / 1024.0,
        "MiB",
        Target::None,
    );
    figures.add("idle: processes", after.processes as f64, "", Target::None);
    figures.add("idle: processor", seconds / 60.0 * 100.0, "%", Target::AtMost(1.0));
    figures.add("idle: wake-ups", (after.switches - before.switches) as f64 / 60.0, "1/s", Target::None);
    world.centre().stop().await
}

fn look(root: u32) -> Result<Use> {
    let family = family(root)?;
    let mut sum = Use { processes: family.len(), pss_kib: 0, ticks: 0, switches: 0 };
    for id in family {
        let read = |file: &str| std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
        sum.pss_kib += number(&read("smaps_rollup"), "Pss:");
        let stat = read("stat");
        // The second field is the name in parentheses and may hold spaces; user and system time are the 14th and 15th.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        sum.ticks += [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum::<u64>();
        for thread in std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten() {
            let status = std::fs::read_to_string(thread.path().join("status")).unwrap_or_default();
            sum.switches += number(&status, "voluntary_ctxt_switches:");
        }
    }
    Ok(sum)
}

fn number(text: &str, name: &str) -> u64 {
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// A process and all that it started, directly or not.
fn family(root: u32) -> Result<HashSet<u32>> {
    let mut parents = HashMap::new();
    for entry in std::fs::read_dir("/proc").context("no /proc")? {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let parent =
            stat.rsplit(')').next().unwrap_or_default().split_whitespace().nth(1).map(str::parse::<u32>);
        if let Some(Ok(parent)) = parent {
            parents.insert(id, parent);
        }
    }
    let mut family = HashSet::from([root]);
    loop {
        let children: Vec<u32> = parents
            .iter()
            .filter(|(id, parent)| family.contains(parent) && !family.contains(id))
            .map(|(id, _)| *id)
            .collect();
        if children.is_empty() {
            return Ok(family.into_iter().filter(|id| *id == root || parents.contains_key(id)).collect());
        }
        family.extend(children);
    }
}
