//! Tray activation to the quick report: painted, focused, and echoing a letter, in a real window.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use chayan_client::ipc::WindowName;
use chayan_tests::desktop::Window;
use chayan_tests::stopwatch::{Sample, Stopwatch};
use chayan_tests::world::{Tempo, Workplace, World};

use crate::figures::{Figures, Target};

const CLICKS: usize = 200;
const WARM_UP: usize = 5;
/// A window that takes longer counts as not come.
const LOST: Duration = Duration::from_secs(5);

/// Clicks, types one letter, hides, and again.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    let mut world = World::found(folder, Tempo::CALM).await?;
    let mut clerk = Workplace::set_up(&world, "clerk").await?;
    clerk.start()?;
    clerk.sign_in().await?;
    clerk.page_ready(WindowName::Workbench).await?;
    clerk.close(WindowName::Workbench).await?;
    let (mut focused, mut echoed) = (Sample::default(), Sample::default());
    for click in 0..WARM_UP + CLICKS {
        let (shown, echo) = one(&clerk, click).await.with_context(|| format!("click {click}"))?;
        if click >= WARM_UP {
            focused.add(shown);
            echoed.add(echo);
        }
    }
    figures.add("tray click to painted and focused, p50", focused.percentile(50), "ms", Target::None);
    figures.add("tray click to painted and focused, p95", focused.percentile(95), "ms", Target::AtMost(50.0));
    figures.add(
        "tray click to painted and focused, p99",
        focused.percentile(99),
        "ms",
        Target::AtMost(100.0),
    );
    figures.add("tray click to a key's answer on the screen, p50", echoed.percentile(50), "ms", Target::None);
    figures.add("tray click to a key's answer on the screen, p99", echoed.percentile(99), "ms", Target::None);
    world.centre().stop().await
}

async fn one(clerk: &Workplace, click: usize) -> Result<(f64, f64)> {
    let screen = clerk.stage().screen();
    let tray = clerk.tray().await?;
    let watch = Stopwatch::start();
    tray.activate().await?;
    let window = tight(|| {
        let window = screen.find(chayan_tests::world::title(WindowName::QuickReport).ok()?).ok()??;
        let ready =
            window.visible && window.focused && painted(clerk, &window).is_some_and(|strip| varied(&strip));
        ready.then_some(window)
    })
    .context("the quick report did not come")?;
    let shown = watch.millis();
    let before = painted(clerk, &window).context("no picture")?;
    // 1 to 4 choose the trigger: each click another one, so that every key changes what is painted.
    screen.key(&(1 + click % 4).to_string())?;
    tight(|| painted(clerk, &window).filter(|strip| *strip != before)).context("the key was not answered")?;
    let echo = watch.millis();
    screen.key("Escape")?;
    clerk.gone(WindowName::QuickReport).await?;
    Ok((shown, echo))
}

/// The upper part of the window, where head and trigger are.
fn painted(clerk: &Workplace, window: &Window) -> Option<Vec<u8>> {
    let upper = Window { height: window.height.min(240), ..window.clone() };
    clerk.stage().screen().picture(&upper).ok()
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
