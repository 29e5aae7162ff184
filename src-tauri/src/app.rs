//! The program put together: what is started in which order, what a person's acts outside the windows lead to, and the
//! end.
//!
//! Order of start: arguments, log, one instance only, tray and windows, then the offline core. Nothing that a person
//! sees waits for the keyring, the centre or the store.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chayan_client::ipc::{
    DeskFault, DeskFaultCode, Nothing, OpenReport, OpenWorkbench, StartTiming, WindowName, WorkbenchPage,
};
use chayan_client::{Desk, DeskParts, SystemSecrets};
use chayan_domain::time::Span;
use chayan_runtime::{Clock, SystemClock, SystemEntropy};
use clap::Parser;
use tauri::{AppHandle, Manager, RunEvent};
use tracing::{error, info, warn};

use crate::args::{Args, Opening};
use crate::bridge::Arrival;
use crate::door::{Door, REAL};
use crate::sound::Sounds;
use crate::texts::{Text, fault_text, text};
use crate::toasts::{ClickTarget, Toast, Toasts};
use crate::training::Practice;
use crate::tray::{Scene, Tray, TrayAct, host_appeared, is_left_click};
use crate::windows::Windows;
use crate::{commands, logging};

/// Between two tries to put the tray item up when a host is there but does not take it.
const TRAY_PATIENCE: Span = Span::seconds(5);
/// The core gets this long to finish what it holds before the program ends.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(5);

/// Everything outside the core that lives as long as the program.
pub(crate) struct Shell {
    pub(crate) app: AppHandle,
    pub(crate) door: Door,
    pub(crate) windows: Windows,
    pub(crate) tray: Tray,
    pub(crate) toasts: Toasts,
    pub(crate) sounds: Sounds,
    /// Started at log-in: no window until there is a reason for one.
    pub(crate) started_hidden: bool,
    pub(crate) practice: Practice,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Runs the program until the person quits.
pub(crate) fn run() -> ExitCode {
    let args = Args::parse();
    let Some(data_dir) = data_dir(&args) else {
        report_no_home();
        return ExitCode::FAILURE;
    };
    logging::start(&data_dir);
    let built = tauri::Builder::default()
        // First of all plugins: a second launch must end before it opens anything.
        .plugin(tauri_plugin_single_instance::init(|app, argv, _folder| second_launch(app, argv)))
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::handler())
        .on_menu_event(|app, event| {
            if let (Some(shell), Some(act)) = (shell_of(app), TrayAct::of_id(event.id().as_ref())) {
                shell.act(act);
            }
        })
        .on_tray_icon_event(|app, event| {
            if let (Some(shell), true) = (shell_of(app), is_left_click(&event)) {
                shell.windows.show_report(OpenReport::default());
            }
        })
        .setup(move |app| {
            let shell = Shell::new(app.handle().clone(), &args, &data_dir);
            app.manage(Arc::clone(&shell));
            shell.start(args, data_dir);
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|_, event| {
                // Hidden windows are no reason to end; only 退出 and the session's end are.
                if let RunEvent::ExitRequested { code: None, api, .. } = event {
                    api.prevent_exit();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            error!(%error, "the program cannot start");
            ExitCode::FAILURE
        }
    }
}

/// Where everything of this desk lies.
fn data_dir(args: &Args) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    args.data_dir.clone().or_else(|| {
        let base = if cfg!(windows) {
            set("LOCALAPPDATA")
        } else {
            set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))
        };
        Some(base?.join("chayan"))
    })
}

#[expect(clippy::print_stderr, reason = "there is no folder for a log and no window yet")]
fn report_no_home() {
    eprintln!("{}", text(Text::StartNoHome));
}

fn shell_of(app: &AppHandle) -> Option<Arc<Shell>> {
    app.try_state::<Arc<Shell>>().map(|shell| Arc::clone(shell.inner()))
}

fn second_launch(app: &AppHandle, argv: Vec<String>) {
    let Some(shell) = shell_of(app) else { return };
    match Args::of_second_launch(argv) {
        Some(args) => shell.open(args.opening()),
        None => info!("a second launch had arguments that are not ours"),
    }
}

impl Shell {
    fn new(app: AppHandle, args: &Args, data_dir: &std::path::Path) -> Arc<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Arc::new_cyclic(|this: &std::sync::Weak<Self>| {
            let this = this.clone();
            Self {
                door: Door::closed(),
                windows: Windows::new(app.clone(), Arc::clone(&clock)),
                tray: Tray::new(app.clone()),
                toasts: Toasts::new(app.clone(), move |realm, target| {
                    if let Some(shell) = this.upgrade() {
                        shell.turn_to(realm, move |shell| shell.follow_click(target));
                    }
                }),
                sounds: Sounds::new(app.clone(), Arc::clone(&clock), data_dir),
                started_hidden: args.hidden,
                practice: Practice::new(data_dir.join("training"), args.no_training),
                clock,
                app,
            }
        })
    }

    /// Tray and windows at once, everything else behind them.
    fn start(self: &Arc<Self>, args: Args, data_dir: PathBuf) {
        self.toasts.listen();
        if let Err(error) = self.tray.put_up() {
            info!(%error, "no tray host yet");
            let shell = Arc::clone(self);
            tauri::async_runtime::spawn(async move { shell.wait_for_tray_host().await });
        }
        self.windows.prewarm();
        self.open(args.opening());
        let shell = Arc::clone(self);
        tauri::async_runtime::spawn(async move { shell.sounds.run().await });
        let shell = Arc::clone(self);
        tauri::async_runtime::spawn(async move { shell.open_core(data_dir, args.server).await });
        #[cfg(unix)]
        {
            let shell = Arc::clone(self);
            tauri::async_runtime::spawn(async move { shell.end_with_the_session().await });
        }
    }

    async fn wait_for_tray_host(self: Arc<Self>) {
        while host_appeared().await {
            let (put_up, was_put_up) = tokio::sync::oneshot::channel();
            let shell = Arc::clone(&self);
            let asked = self.app.run_on_main_thread(move || {
                let _nobody_waits = put_up.send(shell.tray.put_up());
            });
            match (asked, was_put_up.await) {
                (Ok(()), Ok(Ok(()))) => return info!("the tray host is here"),
                (_, answer) => warn!(?answer, "the tray host does not take the item yet"),
            }
            self.clock.sleep(TRAY_PATIENCE).await;
        }
    }

    async fn open_core(self: Arc<Self>, data_dir: PathBuf, server: Option<String>) {
        let parts = DeskParts {
            data_dir,
            clock: Arc::clone(&self.clock),
            entropy: Arc::new(SystemEntropy),
            secrets: Arc::new(SystemSecrets::new("cn.chayan.desk")),
            client_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        match Desk::open(parts).await {
            Ok(desk) => {
                let events = desk.events();
                if let Some(server) = server {
                    self.keep_server(&desk, server).await;
                }
                // Before anybody can come in and begin a training: its folder is one of these.
                self.practice.clear().await;
                self.door.settle(Ok(desk.clone()));
                let arrival = Arrival::Start { offers_sign_in: !self.started_hidden };
                self.hear(desk, events, REAL, arrival).await;
            }
            Err(fault) => self.show_broken(fault),
        }
    }

    /// `--server` is a setting like the one that a person types.
    async fn keep_server(&self, desk: &Desk, server: String) {
        let kept = match desk.settings(Nothing {}).await {
            Ok(settings) if settings.server == server => return,
            Ok(settings) => {
                desk.save_settings(chayan_client::ipc::Settings { server, ..settings }).await.map(|_| ())
            }
            Err(fault) => Err(fault),
        };
        if let Err(fault) = kept {
            warn!(code = ?fault.code, "the address given at the start is not kept");
        }
    }

    /// The store did not open: every window says so, and one of them is shown.
    fn show_broken(&self, fault: DeskFault) {
        error!(code = ?fault.code, "the local store did not open");
        let code = fault.code;
        self.door.settle(Err(fault));
        self.tray.show(Scene::Broken(code).look());
        self.windows.show(WindowName::QuickReport);
        self.toasts.show(Toast::of_broken(fault_text(code)));
    }

    /// Shows what a launch asks for.
    fn open(self: &Arc<Self>, opening: Opening) {
        match opening {
            Opening::Nothing => {}
            Opening::Window(WindowName::QuickReport) => self.windows.show_report(OpenReport::default()),
            Opening::Window(WindowName::Workbench) => self.windows.show(WindowName::Workbench),
            Opening::Window(other) => self.windows.show(other),
            // A link from outside means a real case.
            Opening::Case(case_id) => self.turn_to(REAL, move |shell| shell.show_page(None, Some(case_id))),
        }
    }

    fn follow_click(&self, target: Option<ClickTarget>) {
        match target {
            Some(ClickTarget::Case(case_id)) => self.show_page(None, Some(case_id)),
            Some(ClickTarget::Report(case_id)) => {
                self.windows.show_report(OpenReport { case_id: Some(case_id) })
            }
            Some(ClickTarget::Inbox) => self.show_page(Some(WorkbenchPage::Inbox), None),
            Some(ClickTarget::MyReports) => self.show_page(Some(WorkbenchPage::MyReports), None),
            None => self.windows.show(WindowName::Workbench),
        }
    }

    fn show_page(&self, page: Option<WorkbenchPage>, case_id: Option<chayan_domain::ids::CaseId>) {
        self.windows.show_page(OpenWorkbench { page, case_id });
    }

    /// Does what a person chose in the tray's menu.
    fn act(self: &Arc<Self>, act: TrayAct) {
        match act {
            TrayAct::QuickReport => self.windows.show_report(OpenReport::default()),
            TrayAct::Inbox => self.show_page(Some(WorkbenchPage::Inbox), None),
            TrayAct::Workbench => self.windows.show(WindowName::Workbench),
            TrayAct::Connection => self.show_page(Some(WorkbenchPage::Connection), None),
            TrayAct::Settings => self.show_page(Some(WorkbenchPage::Settings), None),
            TrayAct::StartTiming => self.ask("start_timing", |desk| async move {
                desk.start_timing(StartTiming::default()).await.map(|_| ())
            }),
            TrayAct::TestAlert => {
                self.ask("test_alert", |desk| async move { desk.test_alert(Nothing {}).await.map(|_| ()) });
            }
            // Whoever sits down here wants to do real work: nobody has to sign out of a training.
            TrayAct::SwitchUser => self.turn_to(REAL, |shell| {
                shell.ask("sign_out", |desk| async move { desk.sign_out(Nothing {}).await.map(|_| ()) });
                shell.show_page(Some(WorkbenchPage::SignIn), None);
            }),
            TrayAct::Quit => {
                let shell = Arc::clone(self);
                tauri::async_runtime::spawn(async move { shell.end().await });
            }
        }
    }

    /// Asks the core for something that no window waits for; a refusal is shown where the person can act on it.
    fn ask<F>(self: &Arc<Self>, what: &'static str, call: impl FnOnce(Desk) -> F + Send + 'static)
    where
        F: Future<Output = Result<(), DeskFault>> + Send + 'static,
    {
        let shell = Arc::clone(self);
        tauri::async_runtime::spawn(async move {
            let done = match shell.door.desk().await {
                Ok(desk) => call(desk).await,
                Err(fault) => Err(fault),
            };
            if let Err(fault) = done {
                warn!(what, code = ?fault.code, "the tray's wish was refused");
                shell.toasts.show(Toast::of_refusal(fault.code));
                if matches!(fault.code, DeskFaultCode::NotSignedIn | DeskFaultCode::SessionOver) {
                    shell.show_page(Some(WorkbenchPage::SignIn), None);
                }
            }
        });
    }

    /// Ends the program when the session ends, as after 退出.
    #[cfg(unix)]
    async fn end_with_the_session(self: Arc<Self>) {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminated), Ok(mut interrupted)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return warn!("signals are not heard");
        };
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        self.end().await;
    }

    /// Lets the core finish what it holds, then ends the program.
    async fn end(&self) {
        info!("ending");
        if tokio::time::timeout(SHUTDOWN_LIMIT, self.practice.end()).await.is_err() {
            warn!("the training did not end in time; what it left goes at the next start");
        }
        if let Some(desk) = self.door.desk_now()
            && tokio::time::timeout(SHUTDOWN_LIMIT, desk.shutdown()).await.is_err()
        {
            warn!("the core did not finish in time; what it holds is on the disk");
        }
        self.app.exit(0);
    }
}
