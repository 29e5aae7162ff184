//! One person's workplace: a desktop of its own with the real program on it, used by tray, keyboard and mouse.

mod pages;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chayan_client::ipc::WindowName;
use chayan_domain::report::{Cause, CauseDetail, Step, Trigger};

use super::{Account, World};
use crate::desktop::{DrivenProgram, Equipment, Stage, TrayItem, Window};
use crate::process::Program;
use crate::programs;
use crate::wait::{self, PATIENCE};
use crate::words::{beginning, words};

/// What a person types into the quick report.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    /// 触发情形
    pub trigger: Trigger,
    /// 业务环节
    pub step: Step,
    /// 不满事由
    pub cause: Cause,
    /// Its second level, where it has one.
    pub detail: Option<CauseDetail>,
    /// 客户联系电话
    pub phone: &'static str,
    /// 简要经过
    pub narrative: &'static str,
}

/// A desktop with a person's program.
pub struct Workplace {
    account: Account,
    stage: Stage,
    server: String,
    program: Option<Program>,
    pages: Option<DrivenProgram>,
    launches: u32,
}

impl Workplace {
    /// A fully equipped desktop for a demo account; the program is not started yet.
    ///
    /// # Errors
    /// When the desktop does not come up.
    pub async fn set_up(world: &World, key: &str) -> Result<Self> {
        Self::with(world, key, key, Equipment::default()).await
    }

    /// The same with chosen equipment and a name of its own, for a second desktop of one person.
    ///
    /// # Errors
    /// When the desktop does not come up.
    pub async fn with(world: &World, key: &str, name: &str, equipment: Equipment) -> Result<Self> {
        let account = world.account(key)?.clone();
        let stage = Stage::with(name, &world.folder().join("desks").join(name), equipment).await?;
        Ok(Self { account, stage, server: world.server(), program: None, pages: None, launches: 0 })
    }

    /// The desktop.
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The desktop, for taking its services away and giving them back.
    pub const fn stage_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }

    /// Whose it is.
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The arguments that name this world's server.
    pub fn arguments(&self) -> [&str; 2] {
        ["--server", &self.server]
    }

    /// Starts the program as at log-in: in the tray only.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&mut self) -> Result<()> {
        self.program = Some(self.launch(&["--hidden"])?);
        Ok(())
    }

    /// Starts the program so that its pages can be read: a driver tells where a button is and what is written. Keyboard
    /// and mouse stay the display's.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start_readable(&mut self) -> Result<()> {
        let chayan = programs::path("chayan")?;
        let [option, server] = self.arguments();
        self.pages = Some(self.stage.drive(&chayan, &[option, server, "--hidden"], &[]).await?);
        Ok(())
    }

    /// One more launch of the program, which ends with the value returned.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn launch(&mut self, arguments: &[&str]) -> Result<Program> {
        let mut command = self.stage.command(programs::path("chayan")?);
        command.args(self.arguments()).args(arguments);
        self.launches += 1;
        self.stage.spawn(&format!("chayan-{}", self.launches), command)
    }

    /// `kill -9`, as a crash or a power cut would. Its windows are gone afterwards.
    ///
    /// # Errors
    /// When the program does not run, or its windows stay.
    pub async fn kill(&mut self) -> Result<()> {
        let windows = self.stage.screen().managed()?;
        self.program.take().context("the program does not run")?.kill();
        self.stage.screen().let_go(&windows).await
    }

    /// The running program.
    ///
    /// # Errors
    /// When it does not run.
    pub fn program(&mut self) -> Result<&mut Program> {
        self.program.as_mut().context("the program does not run")
    }

    /// Its tray icon.
    ///
    /// # Errors
    /// After 30 seconds without one.
    pub async fn tray(&self) -> Result<TrayItem> {
        self.stage.tray().item().await
    }

    /// Chooses a menu entry of the tray by its key under `native.menu`.
    ///
    /// # Errors
    /// After 30 seconds without such an entry.
    pub async fn choose(&self, entry: &str) -> Result<()> {
        self.tray().await?.choose(beginning(&format!("native.menu.{entry}"))?).await
    }

    /// Waits until a window is on the screen.
    ///
    /// # Errors
    /// After 30 seconds.
    pub async fn window(&self, window: WindowName) -> Result<Window> {
        self.stage.screen().window(title(window)?).await
    }

    /// Waits until a window is on the screen and the keyboard writes to it.
    ///
    /// # Errors
    /// After 30 seconds.
    pub async fn focused(&self, window: WindowName) -> Result<Window> {
        let title = title(window)?;
        let what = format!("“{title}” in front of the keyboard");
        self.stage.screen().window_when(&what, title, |window| window.visible && window.focused).await
    }

    /// Waits until a window is off the screen.
    ///
    /// # Errors
    /// After 30 seconds.
    pub async fn gone(&self, window: WindowName) -> Result<()> {
        self.stage.screen().gone(title(window)?, PATIENCE).await
    }

    /// Whether a window is on the screen at this moment.
    ///
    /// # Errors
    /// When the display does not answer.
    pub fn shows(&self, window: WindowName) -> Result<bool> {
        Ok(self.stage.screen().find(title(window)?)?.is_some_and(|window| window.visible))
    }

    /// Signs in by keyboard in the real window, and waits until the tray says that the centre is reached.
    ///
    /// # Errors
    /// When a window does not come or the connection does not.
    pub async fn sign_in(&self) -> Result<()> {
        self.choose("workbench").await?;
        self.focused(WindowName::Workbench).await?;
        self.page_ready(WindowName::Workbench).await?;
        let screen = self.stage.screen();
        screen.type_text(&self.account.person_id)?;
        screen.key("Tab")?;
        screen.type_text(&self.account.password)?;
        screen.key("Return")?;
        self.online().await
    }

    /// Waits until the tray says in words that the centre is reached.
    ///
    /// # Errors
    /// After 30 seconds.
    pub async fn online(&self) -> Result<()> {
        let online = words("native.state.online")?;
        let holds = |tooltip: &str| tooltip.contains(online);
        self.tray().await?.tooltip_when("the tray to say 在线", holds).await.map(drop)
    }

    /// Waits until a page is drawn: more than one colour, and hardly a change in several looks one after the other.
    ///
    /// # Errors
    /// When the display does not answer.
    pub async fn page_ready(&self, window: WindowName) -> Result<()> {
        const LOOKS: u32 = 5;
        let screen = self.stage.screen();
        let title = title(window)?;
        let (mut last, mut same) = (Vec::new(), 0);
        let drawn = wait::until(&format!("the page of “{title}” to be drawn"), PATIENCE, async || {
            let window = screen.find(title).ok().flatten().filter(|window| window.visible);
            let now = window.and_then(|window| screen.picture(&window).ok()).unwrap_or_default();
            let drawn = is_drawn(&now);
            same = if drawn && hardly_differ(&now, &last) { same + 1 } else { 0 };
            last = now;
            if same == LOOKS {
                Ok(())
            } else {
                Err(if drawn { "it changes" } else { "it is blank" }.to_owned())
            }
        })
        .await;
        drawn.with_context(|| self.picture_of_failure())
    }

    /// Waits until a page whose clock runs has been painted: more than one colour.
    ///
    /// # Errors
    /// When it stays blank.
    pub async fn page_shown(&self, window: WindowName) -> Result<()> {
        let screen = self.stage.screen();
        let title = title(window)?;
        wait::until(&format!("the page of “{title}” to be painted"), PATIENCE, async || {
            let window = screen.find(title).ok().flatten().filter(|window| window.visible);
            let now = window.and_then(|window| screen.picture(&window).ok()).unwrap_or_default();
            if is_drawn(&now) { Ok(()) } else { Err("it is blank".to_owned()) }
        })
        .await
    }

    /// Closes a window as the window manager does, with Alt+F4; the program hides it.
    ///
    /// # Errors
    /// When it does not go.
    pub async fn close(&self, window: WindowName) -> Result<()> {
        self.focused(window).await?;
        self.stage.screen().key("alt+F4")?;
        self.gone(window).await
    }

    /// Opens the quick report by a left click on the tray and waits until it can be typed into.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn open_report(&self) -> Result<Window> {
        self.tray().await?.activate().await?;
        let window = self.focused(WindowName::QuickReport).await?;
        self.page_ready(WindowName::QuickReport).await?;
        Ok(window)
    }

    /// Fills the quick report by keyboard alone, in the order of the Tab key.
    ///
    /// # Errors
    /// When a key is missing.
    pub fn fill_report(&self, told: &Told) -> Result<()> {
        let screen = self.stage.screen();
        let key = 1 + position(Trigger::ALL, &told.trigger)?;
        screen.key(&key.to_string())?;
        screen.key("Tab")?;
        self.choose_down(1 + position(Step::ALL, &told.step)?)?;
        screen.key("Tab")?;
        self.choose_down(1 + position(&causes(), &(told.cause, told.detail))?)?;
        screen.key("Tab")?;
        screen.type_text(told.phone)?;
        screen.key("Tab")?;
        screen.key("Tab")?;
        screen.type_text(told.narrative)?;
        screen.key("Tab")?;
        screen.key("space")
    }

    /// Goes down a closed list that shows its first line, 请选择.
    fn choose_down(&self, lines: usize) -> Result<()> {
        for _ in 0..lines {
            self.stage.screen().key("Down")?;
        }
        Ok(())
    }

    /// Clicks the first of the alert's four buttons, 确认接手.
    ///
    /// # Errors
    /// When there is no alert.
    pub async fn answer_alert(&self) -> Result<()> {
        self.page_ready(WindowName::Alert).await?;
        let alert = self.window(WindowName::Alert).await?;
        let (width, height) = (i32::try_from(alert.width)?, i32::try_from(alert.height)?);
        self.stage.screen().click(alert.x + width / 8, alert.y + height - 27)
    }

    /// Pulls the alert into a corner, so that it covers nothing of the page behind it.
    ///
    /// # Errors
    /// When there is no alert.
    pub async fn alert_aside(&self) -> Result<()> {
        let alert = self.window(WindowName::Alert).await?;
        self.stage.screen().move_to(&alert, 1500, 940).await
    }

    /// Keeps a picture for whoever looks into a failure, and says where.
    pub fn picture_of_failure(&self) -> String {
        let path = self.folder().join("failed.png");
        match self.picture(&path) {
            Ok(()) => format!("see {}", path.display()),
            Err(error) => format!("no picture: {error}"),
        }
    }

    /// A picture of the whole desktop.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn picture(&self, path: &Path) -> Result<()> {
        self.stage.screenshot(path)
    }

    /// Everything that its programs have written.
    pub fn folder(&self) -> PathBuf {
        self.stage.folder().to_path_buf()
    }
}

/// More than one colour.
fn is_drawn(picture: &[u8]) -> bool {
    picture.get(..4).is_some_and(|first| picture.chunks_exact(4).any(|pixel| pixel != first))
}

/// A blinking caret and the digits of a clock are no change of a page.
fn hardly_differ(one: &[u8], other: &[u8]) -> bool {
    const PART: usize = 100;
    let rows = one.chunks(4_096).zip(other.chunks(4_096)).filter(|(one, other)| one != other);
    let changed: usize =
        rows.map(|(one, other)| one.iter().zip(other).filter(|(one, other)| one != other).count()).sum();
    one.len() == other.len() && changed * PART < one.len()
}

/// The lines of the list of causes: the second level of each, then the cause alone.
fn causes() -> Vec<(Cause, Option<CauseDetail>)> {
    let lines = |cause: &Cause| {
        let cause = *cause;
        let details = CauseDetail::ALL.iter().copied().filter(move |detail| detail.cause() == cause);
        details.map(Some).chain([None]).map(move |detail| (cause, detail))
    };
    Cause::ALL.iter().flat_map(lines).collect()
}

fn position<T: PartialEq>(all: &[T], wanted: &T) -> Result<usize> {
    all.iter().position(|known| known == wanted).context("a value of the list")
}

/// A window's title, from the catalogue.
///
/// # Errors
/// When the catalogue lost it.
pub fn title(window: WindowName) -> Result<&'static str> {
    words(match window {
        WindowName::QuickReport => "native.window.quick_report",
        WindowName::Timer => "native.window.timer",
        WindowName::Alert => "native.window.alert",
        WindowName::Workbench => "native.window.workbench",
    })
}
