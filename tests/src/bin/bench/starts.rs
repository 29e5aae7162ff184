//! 开始计时 in the tray's menu to a timer that the centre has, with no window but the timer's own.

use std::path::Path;

use anyhow::{Result, ensure};
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_client::ipc::WindowName;
use chayan_domain::case::CaseState;
use chayan_tests::stopwatch::{Sample, Stopwatch};
use chayan_tests::wait::PATIENCE;

use crate::clerk;
use crate::figures::{Figures, Target};

const STARTS: usize = 30;
const WARM_UP: usize = 2;

/// Chooses the entry again and again: each begins a case of its own.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    let (mut world, clerk) = clerk::at_the_tray(folder).await?;
    let centre = world.sign_in("clerk").await?;
    let timing = |case: &&CaseSummary| case.state.word() == Some(&CaseState::Timing);
    let mut starts = Sample::default();
    for start in 0..WARM_UP + STARTS {
        let watch = Stopwatch::start();
        clerk.choose("start_timing").await?;
        // Asked without a pause: the interval of a patient wait would be a part of the figure.
        while centre.cases(CaseView::Mine).await?.iter().filter(timing).count() <= start {
            ensure!(watch.passed() < PATIENCE, "the timer did not start");
        }
        if start >= WARM_UP {
            starts.add(watch.millis());
        }
    }
    ensure!(!clerk.shows(WindowName::Workbench)?, "the workbench came up");
    let name = |what: &str| format!("开始计时 in the tray's menu to a timer at the centre, {what}");
    figures.add(&name("p50"), starts.percentile(50), "ms", Target::None);
    figures.add(&name("p95"), starts.percentile(95), "ms", Target::AtMost(200.0));
    world.centre().stop().await
}
