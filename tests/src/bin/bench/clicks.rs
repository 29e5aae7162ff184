//! Tray activation to a window that takes a letter: painted, focused, and echoing it, in real windows.
//!
//! The desktop program and an empty Tauri program take turns, each on a desktop of its own, so that what the machine
//! does meanwhile falls on both.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use chayan_client::ipc::WindowName;
use chayan_tests::desktop::{Stage, Window};
use chayan_tests::programs;
use chayan_tests::stopwatch::{Sample, Stopwatch};
use chayan_tests::wait::PATIENCE;
use chayan_tests::world::title;

use crate::clerk;
use crate::figures::{Figures, Target};

const CLICKS: usize = 200;
const WARM_UP: usize = 5;
/// A window that takes longer counts as not come.
const LOST: Duration = Duration::from_secs(5);
const PEER: &str = "Peer";

/// A program with a tray item that brings a window up.
struct Candidate<'a> {
    name: &'static str,
    stage: &'a Stage,
    title: &'static str,
    /// Escape hides the window; the empty program hides it at the next click.
    escapes: bool,
    focused: Sample,
    echoed: Sample,
}

/// Clicks, types one letter, hides, and again.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    let (mut world, clerk) = clerk::at_the_tray(folder).await?;
    let empty_desk = Stage::start("peer", &folder.join("peer")).await?;
    let _peer = empty_desk.spawn("peer", empty_desk.command(programs::path("chayan-peer")?))?;

    let mut ours = Candidate::new("tray click", clerk.stage(), title(WindowName::QuickReport)?, true);
    let mut empty = Candidate::new("the same, empty Tauri program", &empty_desk, PEER, false);
    for click in 0..WARM_UP + CLICKS {
        ours.click(click).await.with_context(|| format!("click {click}"))?;
        empty.click(click).await.with_context(|| format!("click {click} of the empty program"))?;
    }
    empty.report(figures, [Target::None; 2]);
    ours.report(figures, [Target::AtMost(50.0), Target::AtMost(100.0)]);
    for percent in [50, 95] {
        let ratio = ours.echoed.percentile(percent) / empty.echoed.percentile(percent);
        let name = format!("tray click to a letter on the screen, p{percent} / empty program");
        figures.add(&name, ratio, "×", Target::AtMost(1.2));
    }
    world.centre().stop().await
}

impl<'a> Candidate<'a> {
    fn new(name: &'static str, stage: &'a Stage, title: &'static str, escapes: bool) -> Self {
        Self { name, stage, title, escapes, focused: Sample::default(), echoed: Sample::default() }
    }

    async fn click(&mut self, click: usize) -> Result<()> {
        let screen = self.stage.screen();
        let tray = self.stage.tray().item().await?;
        let watch = Stopwatch::start();
        tray.activate().await?;
        let window = tight(|| {
            let window = screen.find(self.title).ok()??;
            let ready =
                window.visible && window.focused && self.painted(&window).is_some_and(|it| varied(&it));
            ready.then_some(window)
        })
        .context("the window did not come")?;
        let focused = watch.millis();
        let before = self.painted(&window).context("no picture")?;
        // 1 to 4 choose the trigger in the quick report: each click another one, so that every key changes something.
        screen.key(&(1 + click % 4).to_string())?;
        tight(|| self.painted(&window).filter(|strip| *strip != before))
            .context("the key was not answered")?;
        let echoed = watch.millis();
        if click >= WARM_UP {
            self.focused.add(focused);
            self.echoed.add(echoed);
        }
        if self.escapes {
            screen.key("Escape")?;
        } else {
            tray.activate().await?;
        }
        screen.gone(self.title, PATIENCE).await
    }

    /// The upper part of the window, where head and first field are.
    fn painted(&self, window: &Window) -> Option<Vec<u8>> {
        let upper = Window { height: window.height.min(240), ..window.clone() };
        self.stage.screen().picture(&upper).ok()
    }

    /// `targets`: of the 95th and of the 99th percentile of the letter.
    fn report(&self, figures: &mut Figures, targets: [Target; 2]) {
        let name = |what: &str| format!("{} to {what}", self.name);
        let [p95, p99] = targets;
        figures.add(&name("painted and focused, p50"), self.focused.percentile(50), "ms", Target::None);
        figures.add(&name("painted and focused, p95"), self.focused.percentile(95), "ms", Target::None);
        figures.add(&name("a letter on the screen, p50"), self.echoed.percentile(50), "ms", Target::None);
        figures.add(&name("a letter on the screen, p95"), self.echoed.percentile(95), "ms", p95);
        figures.add(&name("a letter on the screen, p99"), self.echoed.percentile(99), "ms", p99);
    }
}

fn varied(strip: &[u8]) -> bool {
    strip.chunks_exact(4).any(|pixel| pixel != &strip[..4])
}

/// Looks without a pause: the interval of a patient wait would be a part of the figure.
fn tight<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let watch = Stopwatch::start();
    while watch.passed() < LOST {
        if let Some(found) = look() {
            return Some(found);
        }
    }
    None
}
