//! From the core to everything a person sees or hears: one task that passes each event on to the windows and lets tray,
//! toasts, sounds and windows follow.
//!
//! What follows from an event is decided by [`Picture::take`], which is pure; the task only does it.

use std::collections::HashSet;
use std::sync::Arc;

use chayan_api::alerts::Alert;
use chayan_client::Desk;
use chayan_client::ipc::{
    AlertBoard, Boot, ConnectionView, DeskEvent, EVENT_CHANNEL, OpenReport, OpenWorkbench, SessionView,
    Settings, TimerView, WindowName, WorkbenchPage,
};
use chayan_domain::case::AlertEnd;
use chayan_domain::ids::AlertId;
use serde::Serialize;
use tauri::Emitter;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tracing::{info, warn};

use crate::app::Shell;
use crate::sound::Tone;
use crate::toasts::{Toast, interrupts};
use crate::tray::{Scene, session_known, signed_in};

/// An event on its way to the pages: one of another realm does not hear it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Told<'a> {
    pub(crate) realm: u32,
    #[serde(flatten)]
    pub(crate) event: &'a DeskEvent,
}

/// Something the shell does because of an event.
#[derive(Debug, Clone, PartialEq)]
enum Effect {
    /// The tray follows.
    Tray,
    /// Sounds and toasts follow the open alerts.
    OpenAlerts,
    /// Language, window titles, sounds and autostart follow the settings.
    Settings,
    Show(WindowName),
    Hide(WindowName),
    /// What it asked for is over: it explains itself, but covers nothing any more.
    StepBack(WindowName),
    ShowReport(OpenReport),
    ShowPage(OpenWorkbench),
    FitTimers(usize),
    Toast(Toast),
    AlertToast(Box<Alert>),
    Sound(Tone),
}

/// What the shell knows of the desk.
struct Picture {
    session: SessionView,
    connection: ConnectionView,
    timers: Vec<TimerView>,
    alerts: AlertBoard,
    settings: Settings,
    /// All of it is made up: a training runs.
    in_training: bool,
    /// Alerts whose window has been brought up in this run.
    raised: HashSet<AlertId>,
    /// Alerts whose toast has been shown in this run.
    toasted: HashSet<AlertId>,
    /// The sign-in page has been offered in this run, or need not be.
    sign_in_offered: bool,
}

/// How a realm's core comes before the person.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// With the program.
    Start {
        /// A person who is not signed in is led to where they can.
        offers_sign_in: bool,
    },
    /// As a training.
    Training,
    /// After a training: of what asks for an act there, nobody has been told yet.
    Return {
        /// What was raised just now, and may not be among what waits yet.
        raised: Vec<Alert>,
    },
}

/// Passes the events of a realm's core on until it ends. `events` was asked for when the core opened, so that nothing
/// since is missed.
pub(crate) async fn run(
    shell: Arc<Shell>,
    desk: Desk,
    mut events: Receiver<DeskEvent>,
    realm: u32,
    arrival: Arrival,
) {
    let boot = Boot { realm, training: shell.training_view(realm), ..desk.boot_view() };
    let offers_sign_in = matches!(arrival, Arrival::Start { offers_sign_in: true });
    let (mut picture, mut effects) = Picture::of_boot(boot, !offers_sign_in);
    if let Arrival::Return { raised } = arrival {
        effects.extend(picture.raise_waiting(raised));
    }
    for effect in effects {
        perform(&shell, &picture, effect);
    }
    loop {
        match events.recv().await {
            Ok(event) => {
                tell(&shell, realm, &event);
                for effect in picture.take(event) {
                    perform(&shell, &picture, effect);
                }
            }
            Err(RecvError::Lagged(lost)) => {
                info!(lost, "events lost: reading everything again");
                for event in events_of(desk.boot_view()) {
                    tell(&shell, realm, &event);
                    for effect in picture.take(event) {
                        perform(&shell, &picture, effect);
                    }
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}

fn tell(shell: &Shell, realm: u32, event: &DeskEvent) {
    if let Err(error) = shell.app.emit(EVENT_CHANNEL, Told { realm, event }) {
        warn!(%error, "event not delivered to the windows");
    }
}

/// The state of the desk as the events that would have led to it.
pub(crate) fn events_of(boot: Boot) -> Vec<DeskEvent> {
    vec![
        // First, because the words of all others depend on the language.
        DeskEvent::Settings { settings: boot.settings },
        DeskEvent::Session { session: boot.session },
        DeskEvent::Connection { connection: boot.connection },
        DeskEvent::Timers { timers: boot.timers },
        DeskEvent::Alerts { board: boot.alerts },
    ]
}

impl Picture {
    /// The desk at the start, and what has to be done because of it: alerts and timers of an earlier run are still there.
    fn of_boot(boot: Boot, started_hidden: bool) -> (Self, Vec<Effect>) {
        let mut picture = Self {
            session: boot.session.clone(),
            connection: boot.connection.clone(),
            timers: Vec::new(),
            alerts: AlertBoard::default(),
            settings: boot.settings.clone(),
            in_training: boot.training.is_some(),
            raised: HashSet::new(),
            toasted: HashSet::new(),
            sign_in_offered: started_hidden,
        };
        let overdue = boot.timers.iter().filter(|timer| timer.overdue).min_by_key(|timer| timer.due_at);
        let report = overdue.map(|timer| Effect::ShowReport(OpenReport { case_id: Some(timer.case_id) }));
        let mut effects: Vec<Effect> =
            events_of(boot).into_iter().flat_map(|event| picture.take(event)).collect();
        effects.extend(report);
        (picture, effects)
    }

    /// Notes an event and says what follows.
    fn take(&mut self, event: DeskEvent) -> Vec<Effect> {
        match event {
            DeskEvent::Session { session } => self.take_session(session),
            DeskEvent::Connection { connection } => self.take_connection(connection),
            DeskEvent::Timers { timers } => self.take_timers(timers),
            DeskEvent::TimerWarned { timer } => vec![
                Effect::Show(WindowName::Timer),
                Effect::Toast(Toast::of_warned_timer(timer.case_id)),
                Effect::Sound(Tone::Soft),
            ],
            DeskEvent::TimerOverdue { timer } => vec![
                Effect::ShowReport(OpenReport { case_id: Some(timer.case_id) }),
                Effect::Toast(Toast::of_overdue_timer(timer.case_id)),
                Effect::Sound(Tone::Urgent),
            ],
            DeskEvent::Alerts { board } => self.take_board(board),
            DeskEvent::AlertRaised { alert } => self.raise(alert),
            DeskEvent::Settings { settings } => {
                self.settings = settings;
                vec![Effect::Settings, Effect::Tray]
            }
            DeskEvent::CaseChanged { .. }
            | DeskEvent::Records { .. }
            | DeskEvent::Reference { .. }
            | DeskEvent::ShowReport { .. }
            | DeskEvent::ShowPage { .. } => Vec::new(),
        }
    }

    /// A person who started the program by hand and is not signed in is led to the sign-in page, once; so is one whose
    /// session ended under them.
    fn take_session(&mut self, session: SessionView) -> Vec<Effect> {
        let lost = signed_in(&self.session) && !signed_in(&session) && session.ended.is_some();
        let offer = lost || (session_known(&session) && !signed_in(&session) && !self.sign_in_offered);
        self.sign_in_offered |= session_known(&session);
        self.session = session;
        let page = OpenWorkbench { page: Some(WorkbenchPage::SignIn), case_id: None };
        std::iter::once(Effect::Tray).chain(offer.then_some(Effect::ShowPage(page))).collect()
    }

    fn take_connection(&mut self, connection: ConnectionView) -> Vec<Effect> {
        let refused = connection.quarantined > self.connection.quarantined;
        let toast = refused.then(|| Effect::Toast(Toast::of_quarantined(connection.quarantined)));
        self.connection = connection;
        std::iter::once(Effect::Tray).chain(toast).collect()
    }

    /// The timer window comes up with a new timer and goes with the last one. A person who hid it is left alone until
    /// the next begins.
    fn take_timers(&mut self, timers: Vec<TimerView>) -> Vec<Effect> {
        let begun = timers.iter().any(|timer| self.timers.iter().all(|known| known.case_id != timer.case_id));
        let resized = timers.len() != self.timers.len();
        self.timers = timers;
        let mut effects = vec![Effect::Tray];
        if resized {
            effects.push(Effect::FitTimers(self.timers.len()));
        }
        match (self.timers.is_empty(), begun) {
            (true, _) if resized => effects.push(Effect::Hide(WindowName::Timer)),
            (false, true) => effects.push(Effect::Show(WindowName::Timer)),
            _ => {}
        }
        effects
    }

    /// The window stays on top while something asks for an act, and behind what the person works with while it says why
    /// something ended; what only informs waits in the inbox.
    fn take_board(&mut self, board: AlertBoard) -> Vec<Effect> {
        let missed =
            (board.missed > self.alerts.missed).then(|| Effect::Toast(Toast::of_missed(board.missed)));
        let (called, had_window) = (calls(&self.alerts), fills_window(&self.alerts));
        self.alerts = board;
        let mut effects = vec![Effect::Tray, Effect::OpenAlerts];
        effects.extend(missed);
        let unseen: Vec<AlertId> = self
            .alerts
            .open
            .iter()
            .filter(|alert| interrupts(alert) && !self.raised.contains(&alert.alert_id))
            .map(|alert| alert.alert_id)
            .collect();
        if !unseen.is_empty() {
            self.raised.extend(unseen);
            effects.push(Effect::Show(WindowName::Alert));
        } else if had_window && !fills_window(&self.alerts) {
            effects.push(Effect::Hide(WindowName::Alert));
        } else if called && !calls(&self.alerts) {
            effects.push(Effect::StepBack(WindowName::Alert));
        }
        effects
    }

    fn raise(&mut self, alert: Alert) -> Vec<Effect> {
        let mut effects = Vec::new();
        if interrupts(&alert) {
            self.raised.insert(alert.alert_id);
            effects.push(Effect::Show(WindowName::Alert));
        }
        if self.toasted.insert(alert.alert_id) {
            effects.push(Effect::AlertToast(Box::new(alert)));
        }
        effects
    }

    /// Tells of everything that asks the person for an act, whether it is on the board already or was raised just now:
    /// each of them once.
    fn raise_waiting(&mut self, raised: Vec<Alert>) -> Vec<Effect> {
        let open = self.alerts.open.clone();
        raised.into_iter().chain(open).filter(interrupts).flat_map(|alert| self.raise(alert)).collect()
    }

    fn scene(&self) -> Scene {
        Scene::Desk {
            in_training: self.in_training,
            signed_in: signed_in(&self.session),
            connection: self.connection.clone(),
            timers: self.timers.clone(),
            alerts: self.alerts.clone(),
        }
    }
}

/// Something asks the person for an act.
pub(crate) fn calls(board: &AlertBoard) -> bool {
    board.open.iter().any(interrupts)
}

/// There is something to read: what asks, or why something ended. Who acknowledged it knows that.
fn fills_window(board: &AlertBoard) -> bool {
    let explains = |alert: &Alert| {
        let reason = alert.ended.as_ref().and_then(|over| over.reason.word());
        reason != Some(&AlertEnd::Acknowledged)
    };
    calls(board) || board.ended.iter().any(explains)
}

fn perform(shell: &Arc<Shell>, picture: &Picture, effect: Effect) {
    match effect {
        Effect::Tray => shell.tray.show(picture.scene().look()),
        Effect::OpenAlerts => {
            shell.sounds.set_open(&picture.alerts.open);
            let open: Vec<AlertId> = picture.alerts.open.iter().map(|alert| alert.alert_id).collect();
            shell.toasts.keep_only(&open);
        }
        Effect::Settings => {
            crate::texts::speak(picture.settings.language);
            shell.windows.retitle();
            shell.sounds.set_settings(&picture.settings);
            if let Err(error) = crate::autostart::apply(picture.settings.autostart) {
                warn!(%error, "the autostart entry is not as the setting says");
            }
        }
        Effect::Show(name) => shell.windows.show(name),
        Effect::Hide(name) => shell.windows.hide(name),
        Effect::StepBack(name) => shell.windows.step_back(name),
        Effect::ShowReport(report) => shell.windows.show_report(report),
        Effect::ShowPage(page) => shell.windows.show_page(page),
        Effect::FitTimers(timers) => shell.windows.fit_timers(timers),
        Effect::Toast(toast) => shell.toasts.show(toast),
        Effect::AlertToast(alert) => shell.toasts.show_alert(&alert),
        Effect::Sound(tone) => shell.sounds.once(tone),
    }
}

#[cfg(test)]
mod tests;
