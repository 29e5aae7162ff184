//! 练习 in the shell: which core the windows show, and what of the real work ends a training.
//!
//! The real core runs on all the while: it sends, it follows the feed, it times. Only its words do not reach the pages.
//! As soon as it asks the person for something the training ends by itself, and with it everything that was written
//! there. Pages are loaded anew on the way in and on the way out.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chayan_api::alerts::Alert;
use chayan_client::ipc::{Boot, DeskEvent, DeskFault, DeskFaultCode, StartTraining, TrainingView};
use chayan_client::{Desk, Training, TrainingParts};
use chayan_runtime::SystemEntropy;
use tauri::async_runtime::JoinHandle;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tracing::info;

use crate::app::Shell;
use crate::bridge::{self, Arrival, calls, events_of};
use crate::door::REAL;
use crate::toasts::{Toast, interrupts};

/// The training that runs, and what is needed for the next.
pub(crate) struct Practice {
    /// Below it each training has a folder of its own.
    folder: PathBuf,
    off: bool,
    begun: AtomicU32,
    running: tokio::sync::Mutex<Option<Training>>,
    view: Mutex<Option<TrainingView>>,
    /// Passes on what the core says that the windows show.
    bridge: Mutex<Option<JoinHandle<()>>>,
}

impl Practice {
    /// None runs.
    pub(crate) fn new(folder: PathBuf, off: bool) -> Self {
        Self {
            folder,
            off,
            begun: AtomicU32::new(0),
            running: tokio::sync::Mutex::new(None),
            view: Mutex::new(None),
            bridge: Mutex::new(None),
        }
    }

    /// Removes what a training left that could not end by itself.
    pub(crate) async fn clear(&self) {
        Training::clear(&self.folder).await;
    }

    /// Ends the training that runs, with the program.
    pub(crate) async fn end(&self) {
        if let Some(training) = self.running.lock().await.take() {
            training.end().await;
        }
    }

    fn next_folder(&self) -> PathBuf {
        self.folder.join(self.begun.fetch_add(1, Ordering::SeqCst).to_string())
    }
}

/// Why none may begin now: the real work comes first.
fn refusal(real: &Boot) -> Option<DeskFaultCode> {
    if !real.timers.is_empty() {
        Some(DeskFaultCode::TimerRuns)
    } else if calls(&real.alerts) {
        Some(DeskFaultCode::AlertWaits)
    } else {
        None
    }
}

/// Whether the real core asks the person for something.
fn breaks_in(event: &DeskEvent) -> bool {
    match event {
        DeskEvent::AlertRaised { alert } => interrupts(alert),
        DeskEvent::Alerts { board } => calls(board),
        DeskEvent::Timers { timers } => !timers.is_empty(),
        DeskEvent::TimerWarned { .. } | DeskEvent::TimerOverdue { .. } => true,
        // Whose session ended under them is told nothing any more, and has to know.
        DeskEvent::Session { session } => session.ended.is_some(),
        _ => false,
    }
}

/// The alert that was raised.
fn raised(event: DeskEvent) -> Option<Alert> {
    match event {
        DeskEvent::AlertRaised { alert } => Some(alert),
        _ => None,
    }
}

/// The server's program: beside this one, or where the package puts it.
fn program() -> Option<PathBuf> {
    let running = std::env::current_exe().ok()?;
    let folder = running.parent()?;
    let name = format!("chayan-server{}", std::env::consts::EXE_SUFFIX);
    [folder.join(&name), folder.join("../lib/chayan").join(&name)].into_iter().find(|path| path.is_file())
}

impl Shell {
    /// What runs in a realm, for its pages.
    pub(crate) fn training_view(&self, realm: u32) -> Option<TrainingView> {
        let view = self.practice.view.lock().unwrap_or_else(PoisonError::into_inner);
        view.clone().filter(|_| realm != REAL)
    }

    /// Passes the words of a realm's core on to tray, toasts and windows, and no other's.
    pub(crate) async fn hear(
        self: &Arc<Self>,
        desk: Desk,
        events: Receiver<DeskEvent>,
        realm: u32,
        arrival: Arrival,
    ) {
        self.silence().await;
        let bridge = bridge::run(Arc::clone(self), desk, events, realm, arrival);
        *self.bridge_slot() = Some(tauri::async_runtime::spawn(bridge));
    }

    /// Until the next core is heard, tray, toasts and windows hear none.
    async fn silence(&self) {
        let before = self.bridge_slot().take();
        if let Some(before) = before {
            before.abort();
            let _aborted = before.await.is_err();
        }
    }

    /// Begins a training, or becomes somebody else in the one that runs.
    ///
    /// # Errors
    /// Why not; then everything is as it was.
    pub(crate) async fn start_training(self: &Arc<Self>, asked: StartTraining) -> Result<(), DeskFault> {
        let mut running = self.practice.running.lock().await;
        if let Some(training) = running.as_ref().filter(|_| !asked.anew) {
            return training.play(asked.role).await.map(drop);
        }
        let real = self.door.real().await?;
        let events = real.events();
        may_begin(&real, self.practice.off)?;
        let parts = TrainingParts {
            program: program().ok_or_else(|| DeskFault::new(DeskFaultCode::TrainingMissing))?,
            folder: self.practice.next_folder(),
            clock: Arc::clone(&self.clock),
            entropy: Arc::new(SystemEntropy),
            client_version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: real.boot_view().settings,
        };
        let training = Training::start(parts).await?;
        let ready = training.play(asked.role).await.map(drop);
        // The real work went on while the centre of the training was being made.
        if let Err(fault) = ready.and_then(|()| may_begin(&real, self.practice.off)) {
            training.end().await;
            return Err(fault);
        }
        let (desk, view) = (training.desk(), training.view());
        *self.practice.view.lock().unwrap_or_else(PoisonError::into_inner) = Some(view);
        let realm = self.door.enter(desk.clone());
        info!(realm, "a training begins");
        self.change_to(desk, realm, Arrival::Training).await;
        if let Some(before) = running.replace(training) {
            tauri::async_runtime::spawn(before.end());
        }
        drop(running);
        let shell = Arc::clone(self);
        tauri::async_runtime::spawn(async move { shell.watch_real(real, events, realm).await });
        Ok(())
    }

    /// Ends the training, if one runs: the windows show the real work again.
    pub(crate) async fn leave_training(self: &Arc<Self>) {
        self.return_to_work(Vec::new()).await;
    }

    /// The same; `raised` has just been raised in the real work.
    async fn return_to_work(self: &Arc<Self>, raised: Vec<Alert>) {
        let mut running = self.practice.running.lock().await;
        let Some(training) = running.take() else { return };
        self.door.leave();
        *self.practice.view.lock().unwrap_or_else(PoisonError::into_inner) = None;
        info!("the training ends");
        if let Ok(real) = self.door.real().await {
            self.change_to(real, REAL, Arrival::Return { raised }).await;
        }
        tauri::async_runtime::spawn(training.end());
    }

    /// Does something in a realm. The real work is gone back to for it; a training that is over is not.
    pub(crate) fn turn_to(self: &Arc<Self>, realm: u32, act: impl FnOnce(&Arc<Self>) + Send + 'static) {
        if realm == self.door.realm() {
            return act(self);
        }
        if realm != REAL {
            return self.windows.show(chayan_client::ipc::WindowName::Workbench);
        }
        let shell = Arc::clone(self);
        tauri::async_runtime::spawn(async move {
            shell.leave_training().await;
            act(&shell);
        });
    }

    async fn change_to(self: &Arc<Self>, desk: Desk, realm: u32, arrival: Arrival) {
        // First of all: what one side still says must not be shown as the other's.
        self.silence().await;
        let events = desk.events();
        self.toasts.set_realm(realm);
        self.windows.load_anew(realm);
        self.hear(desk, events, realm, arrival).await;
    }

    /// Ends the training as soon as the real core asks the person for something.
    async fn watch_real(self: Arc<Self>, real: Desk, mut events: Receiver<DeskEvent>, realm: u32) {
        let mut refused = real.boot_view().connection.quarantined;
        loop {
            let heard = match events.recv().await {
                Ok(event) => vec![event],
                Err(RecvError::Lagged(_)) => {
                    // What is kept of them is old, and what is lost may have been anything: the state says it all.
                    events = real.events();
                    events_of(real.boot_view())
                }
                Err(RecvError::Closed) => return,
            };
            if self.door.realm() != realm {
                return;
            }
            if heard.iter().any(breaks_in) {
                let since = std::iter::from_fn(|| events.try_recv().ok());
                let raised = heard.into_iter().chain(since).filter_map(raised).collect();
                self.return_to_work(raised).await;
                self.toasts.show(Toast::of_training_over());
                return;
            }
            for event in heard {
                if let DeskEvent::Connection { connection } = event {
                    if connection.quarantined > refused {
                        self.toasts.show_real(Toast::of_quarantined(connection.quarantined));
                    }
                    refused = connection.quarantined;
                }
            }
        }
    }

    fn bridge_slot(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.practice.bridge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn may_begin(real: &Desk, off: bool) -> Result<(), DeskFault> {
    let refused = if off { Some(DeskFaultCode::TrainingOff) } else { refusal(&real.boot_view()) };
    refused.map_or(Ok(()), |code| Err(code.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{alert, boot, connection, timer};
    use chayan_client::ipc::{AlertBoard, KeyringState, SessionView};
    use chayan_domain::case::AlertKind;

    fn board(kind: AlertKind) -> AlertBoard {
        AlertBoard { open: vec![alert(1, kind)], ..AlertBoard::default() }
    }

    #[test]
    fn the_real_work_comes_first() {
        assert_eq!(refusal(&boot()), None);
        let timing = Boot { timers: vec![timer(1)], ..boot() };
        assert_eq!(refusal(&timing), Some(DeskFaultCode::TimerRuns));
        let asked = Boot { alerts: board(AlertKind::LeaderNotice), ..boot() };
        assert_eq!(refusal(&asked), Some(DeskFaultCode::AlertWaits));
        let told = Boot { alerts: board(AlertKind::Outcome), ..boot() };
        assert_eq!(refusal(&told), None, "what only informs waits in the inbox");
    }

    #[test]
    fn whoever_missed_the_events_finds_in_the_state_what_ends_a_training() {
        let asks = |boot: Boot| events_of(boot).iter().any(breaks_in);
        let over =
            SessionView { me: None, ended: Some(DeskFaultCode::SessionOver), keyring: KeyringState::Ready };
        assert!(asks(Boot { session: over, ..boot() }));
        assert!(asks(Boot { timers: vec![timer(1)], ..boot() }));
        assert!(asks(Boot { alerts: board(AlertKind::LeaderNotice), ..boot() }));
        assert!(!asks(Boot { alerts: board(AlertKind::Outcome), ..boot() }));
    }

    #[test]
    fn what_asks_the_person_for_something_ends_a_training_and_nothing_else_does() {
        let ended = |code| SessionView { me: None, ended: code, keyring: KeyringState::Ready };
        let breaking = [
            DeskEvent::AlertRaised { alert: alert(1, AlertKind::LeaderNotice) },
            DeskEvent::Alerts { board: board(AlertKind::CallbackDue) },
            DeskEvent::TimerOverdue { timer: timer(1) },
            DeskEvent::Timers { timers: vec![timer(1)] },
            DeskEvent::Session { session: ended(Some(DeskFaultCode::SessionOver)) },
        ];
        for event in &breaking {
            assert!(breaks_in(event), "{event:?}");
        }
        let harmless = [
            DeskEvent::AlertRaised { alert: alert(1, AlertKind::Outcome) },
            DeskEvent::Alerts { board: board(AlertKind::Climbed) },
            DeskEvent::Timers { timers: Vec::new() },
            DeskEvent::Session { session: ended(None) },
            DeskEvent::Connection { connection: connection(2, 0) },
        ];
        for event in &harmless {
            assert!(!breaks_in(event), "{event:?}");
        }
    }
}
