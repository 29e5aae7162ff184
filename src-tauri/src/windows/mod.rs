//! The four windows: made hidden, shown after their first paint, hidden again instead of closed.
//!
//! Quick report, timer and alert are made at the start, so that showing one is only a matter of mapping it; the
//! workbench is made when somebody wants it. What a window should open with is kept here until its page asks.

mod crash;
mod paint;
mod place;
mod raise;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chayan_client::ipc::{DeskEvent, EVENT_CHANNEL, OpenReport, OpenWorkbench, WindowName};
use chayan_domain::time::Span;
use chayan_runtime::Clock;
use tauri::{
    AppHandle, Emitter, LogicalPosition, LogicalSize, Manager, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder,
};
use tracing::{error, warn};

use crate::bridge::Told;
use crate::door::REAL;
use crate::texts::{Text, filled, text};
use paint::{Load, PaintBook, Step};

/// A page that has not painted by then is made again. Generous: a cold start on an old disk takes seconds.
const PAINT_LIMIT: Span = Span::seconds(20);

/// The program's windows. Clones are the same windows.
#[derive(Clone)]
pub(crate) struct Windows {
    app: AppHandle,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    paint: PaintBook,
    report: OpenReport,
    page: OpenWorkbench,
    timers: usize,
    /// To which realm the pages belong: the real work, or a training.
    realm: u32,
    /// Windows that a person has seen since they were made, and may have sized.
    shown: HashSet<WindowName>,
}

const ALL: [WindowName; 4] =
    [WindowName::QuickReport, WindowName::Timer, WindowName::Alert, WindowName::Workbench];

/// The name by which the window is known to Tauri, to its capability file and to its page's address.
pub(crate) const fn label(name: WindowName) -> &'static str {
    match name {
        WindowName::QuickReport => "quick-report",
        WindowName::Timer => "timer",
        WindowName::Alert => "alert",
        WindowName::Workbench => "workbench",
    }
}

impl Windows {
    /// None made yet.
    pub(crate) fn new(app: AppHandle, clock: Arc<dyn Clock>) -> Self {
        Self { app, clock, state: Arc::default() }
    }

    /// Makes the small windows ready.
    pub(crate) fn prewarm(&self) {
        for name in [WindowName::QuickReport, WindowName::Timer, WindowName::Alert] {
            let step = self.state().paint.prewarm(name);
            self.take(name, step);
        }
    }

    /// What the quick report and the workbench should open with.
    pub(crate) fn intents(&self) -> (OpenReport, OpenWorkbench) {
        let state = self.state();
        (state.report, state.page)
    }

    /// Shows the quick report for a case, or for the newest draft.
    pub(crate) fn show_report(&self, report: OpenReport) {
        self.state().report = report;
        self.show(WindowName::QuickReport);
        self.tell(WindowName::QuickReport, &DeskEvent::ShowReport { report });
    }

    /// Shows the workbench at a page.
    pub(crate) fn show_page(&self, page: OpenWorkbench) {
        self.state().page = page;
        self.show(WindowName::Workbench);
        self.tell(WindowName::Workbench, &DeskEvent::ShowPage { page });
    }

    /// Shows a window as soon as it has painted.
    pub(crate) fn show(&self, name: WindowName) {
        let step = self.state().paint.show(name);
        self.take(name, step);
    }

    /// Hides a window; its page stays.
    pub(crate) fn hide(&self, name: WindowName) {
        self.state().paint.hide(name);
        let windows = self.clone();
        self.on_main_thread(move || {
            if let Some(window) = windows.window(name) {
                window.hide()?;
            }
            Ok(())
        });
    }

    /// Titles in the language that is spoken now.
    pub(crate) fn retitle(&self) {
        let windows = self.clone();
        self.on_main_thread(move || {
            ALL.into_iter()
                .filter_map(|name| Some((name, windows.window(name)?)))
                .try_for_each(|(name, window)| window.set_title(&windows.title(name)))
        });
    }

    /// Every page is loaded anew and belongs to this realm from now on: nothing that one of them knew is left. The small
    /// windows go away; what the other realm has for them brings them up again.
    pub(crate) fn load_anew(&self, realm: u32) {
        // The main thread answers this, and may want the state for something else first.
        let stays = self.is_seen(WindowName::Workbench);
        let anew: Vec<(WindowName, Load)> = {
            let mut state = self.state();
            (state.realm, state.report, state.page) =
                (realm, OpenReport::default(), OpenWorkbench::default());
            for name in ALL.into_iter().filter(|name| *name != WindowName::Workbench) {
                state.paint.hide(name);
            }
            ALL.into_iter()
                .filter_map(|name| {
                    Some((name, state.paint.anew(name, stays && name == WindowName::Workbench)?))
                })
                .collect()
        };
        self.retitle();
        for (name, load) in anew {
            let windows = self.clone();
            self.on_main_thread(move || {
                let Some(window) = windows.window(name) else { return Ok(()) };
                if name != WindowName::Workbench {
                    window.hide()?;
                }
                window.reload()
            });
            self.watch(name, load);
        }
    }

    /// What stands above a window; in a training it says so.
    fn title(&self, name: WindowName) -> String {
        let plain = text(title(name));
        if self.state().realm == REAL {
            plain.to_owned()
        } else {
            filled(Text::TrainingTitle, &[("title", plain)])
        }
    }

    /// Leaves a window where it is, behind what the person works with.
    pub(crate) fn step_back(&self, name: WindowName) {
        let windows = self.clone();
        self.on_main_thread(move || match windows.window(name) {
            Some(window) => raise::step_back(&window),
            None => Ok(()),
        });
    }

    /// The page of a window has painted.
    pub(crate) fn painted(&self, name: WindowName) {
        let step = self.state().paint.painted(name);
        let asked_for_earlier = matches!(step, Step::Show);
        self.take(name, step);
        if asked_for_earlier && name == WindowName::QuickReport {
            // Its page was not listening yet when the person asked: what to open was told to nobody.
            let report = self.state().report;
            self.tell(name, &DeskEvent::ShowReport { report });
        }
    }

    /// Fits the timer window to its timers.
    pub(crate) fn fit_timers(&self, timers: usize) {
        self.state().timers = timers;
        let windows = self.clone();
        self.on_main_thread(move || match windows.window(WindowName::Timer) {
            Some(window) => windows.put_in_place(WindowName::Timer, &window),
            None => Ok(()),
        });
    }

    /// Tells one window something.
    pub(crate) fn tell(&self, name: WindowName, event: &DeskEvent) {
        let told = Told { realm: self.state().realm, event };
        if let Err(error) = self.app.emit_to(label(name), EVENT_CHANNEL, told) {
            warn!(%error, window = label(name), "event not delivered to the window");
        }
    }

    fn take(&self, name: WindowName, step: Step) {
        match step {
            Step::Rest => {}
            Step::Show => self.raise(name),
            Step::Make(load) => self.make(name, load),
            Step::Remake(load) => {
                warn!(window = label(name), attempt = load.attempt, "making the window again");
                self.make(name, load);
            }
            Step::GiveUp => error!(window = label(name), "the window never painted"),
        }
    }

    fn raise(&self, name: WindowName) {
        let windows = self.clone();
        self.on_main_thread(move || {
            let Some(window) = windows.window(name) else { return Ok(()) };
            if !window.is_visible()? {
                windows.put_in_place(name, &window)?;
            }
            match name {
                WindowName::QuickReport | WindowName::Workbench => raise::show_and_focus(&window),
                WindowName::Timer | WindowName::Alert => raise::show(&window),
            }
        });
    }

    fn make(&self, name: WindowName, load: Load) {
        let windows = self.clone();
        self.on_main_thread(move || {
            match windows.window(name) {
                // Its name is free only once it is gone; that event makes the new one.
                Some(blank) => blank.destroy(),
                None => windows.build(name),
            }
        });
        self.watch(name, load);
    }

    /// Looks after a while whether the page has painted since this load.
    fn watch(&self, name: WindowName, load: Load) {
        let windows = self.clone();
        tauri::async_runtime::spawn(async move {
            windows.clock.sleep(PAINT_LIMIT).await;
            let step = windows.state().paint.overdue(name, load);
            windows.take(name, step);
        });
    }

    fn build(&self, name: WindowName) -> tauri::Result<()> {
        self.state().shown.remove(&name);
        let size = place::size(name, 1);
        let small = matches!(name, WindowName::Timer | WindowName::Alert);
        let page = WebviewUrl::App(format!("{}.html", label(name)).into());
        let mut builder = WebviewWindowBuilder::new(&self.app, label(name), page)
            .title(self.title(name))
            .inner_size(size.width, size.height)
            .visible(false)
            .focused(!small)
            .decorations(!small)
            .always_on_top(small)
            .visible_on_all_workspaces(small)
            .skip_taskbar(small)
            .resizable(true)
            .disable_drag_drop_handler()
            .on_navigation(is_own_page);
        if small {
            builder = builder.maximizable(false);
        }
        if let Some(smallest) = place::smallest(name) {
            builder = builder.min_inner_size(smallest.width, smallest.height);
        }
        let window = builder.build()?;
        let windows = self.clone();
        window.on_window_event(move |event| match event {
            tauri::WindowEvent::CloseRequested { api, .. } => {
                api.prevent_close();
                windows.hide(name);
            }
            tauri::WindowEvent::Destroyed => windows.rebuild(name),
            _ => {}
        });
        let windows = self.clone();
        crash::watch(&window, move || {
            let windows = windows.clone();
            // Not at once: the page must not be destroyed while it is telling of its end.
            tauri::async_runtime::spawn(async move { windows.page_died(name) });
        })?;
        if small { raise::never_focus_by_itself(&window) } else { Ok(()) }
    }

    fn page_died(&self, name: WindowName) {
        let was_visible = self.is_seen(name);
        let step = self.state().paint.lost(name, was_visible);
        self.take(name, step);
    }

    /// A window is gone: makes it again if that was the purpose, and not at the program's end.
    fn rebuild(&self, name: WindowName) {
        if !self.state().paint.is_being_made(name) {
            return;
        }
        let windows = self.clone();
        tauri::async_runtime::spawn(async move {
            let again = windows.clone();
            windows.on_main_thread(move || again.build(name));
        });
    }

    fn put_in_place(&self, name: WindowName, window: &WebviewWindow) -> tauri::Result<()> {
        let pointer = self.app.cursor_position().unwrap_or_default();
        let monitor = match self.app.monitor_from_point(pointer.x, pointer.y)? {
            Some(monitor) => Some(monitor),
            None => self.app.primary_monitor()?,
        };
        let Some(monitor) = monitor else { return Ok(()) };
        let area = monitor.work_area();
        let corner = area.position.to_logical::<f64>(monitor.scale_factor());
        let extent = area.size.to_logical::<f64>(monitor.scale_factor());
        let screen =
            place::Area { left: corner.x, top: corner.y, width: extent.width, height: extent.height };
        let (timers, was_shown) = {
            let mut state = self.state();
            (state.timers, !state.shown.insert(name))
        };
        let given = window.inner_size()?.to_logical::<f64>(monitor.scale_factor());
        let given = was_shown.then_some(place::Size { width: given.width, height: given.height });
        let size = place::fitted(name, timers, given, screen);
        if let Some(least) = place::smallest_on(name, screen) {
            window.set_min_size(Some(LogicalSize::new(least.width, least.height)))?;
        }
        if given != Some(size) {
            window.set_size(LogicalSize::new(size.width, size.height))?;
        }
        let (x, y) = place::corner(name, size, screen);
        window.set_position(LogicalPosition::new(x, y))
    }

    /// Not while the state is locked: the main thread answers, and it may be waiting for the state.
    fn is_seen(&self, name: WindowName) -> bool {
        self.window(name).is_some_and(|window| window.is_visible().unwrap_or(true))
    }

    fn window(&self, name: WindowName) -> Option<WebviewWindow> {
        self.app.get_webview_window(label(name))
    }

    fn on_main_thread(&self, work: impl FnOnce() -> tauri::Result<()> + Send + 'static) {
        let done = self.app.run_on_main_thread(move || {
            if let Err(error) = work() {
                warn!(%error, "a window did not obey");
            }
        });
        if let Err(error) = done {
            warn!(%error, "the main thread cannot be reached");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn title(name: WindowName) -> Text {
    match name {
        WindowName::QuickReport => Text::WindowQuickReport,
        WindowName::Timer => Text::WindowTimer,
        WindowName::Alert => Text::WindowAlert,
        WindowName::Workbench => Text::WindowWorkbench,
    }
}

/// A window shows our own pages and never goes anywhere else.
fn is_own_page(address: &url::Url) -> bool {
    match address.scheme() {
        "tauri" => true,
        "http" | "https" => address.host_str() == Some("tauri.localhost"),
        scheme => scheme == "about",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("tauri://localhost/quick-report.html", true)]
    #[case("http://tauri.localhost/alert.html", true)]
    #[case("about:blank", true)]
    #[case("https://elsewhere.example/", false)]
    #[case("http://tauri.localhost.elsewhere.example/", false)]
    #[case("file:///etc/passwd", false)]
    #[case("data:text/html,x", false)]
    fn a_window_never_leaves_our_own_pages(#[case] address: &str, #[case] allowed: bool) {
        assert_eq!(is_own_page(&address.parse().unwrap()), allowed);
    }

    #[test]
    fn titles_come_from_the_catalogue_and_differ() {
        let titles: std::collections::HashSet<&str> = ALL.map(|name| text(title(name))).into_iter().collect();
        assert_eq!(titles.len(), 4);
    }
}
