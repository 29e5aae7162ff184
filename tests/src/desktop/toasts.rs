//! The notification service of a private desktop: it shows nothing, records every toast, and clicks when told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

use crate::wait::{self, PATIENCE};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// How pressing a toast says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// May be suppressed.
    Low,
    /// The usual one.
    Normal,
    /// Stays until it is answered.
    Critical,
}

/// A toast as a program sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The number that the service gave it.
    pub id: u32,
    /// The program's name for itself.
    pub program: String,
    /// The title.
    pub summary: String,
    /// The text.
    pub body: String,
    /// What can be clicked: the action's id and its words.
    pub actions: Vec<(String, String)>,
    /// How pressing it is, where it says so.
    pub urgency: Option<Urgency>,
    /// How long it asks to be shown, in milliseconds; 0 for ever, -1 as the desktop likes.
    pub timeout: i32,
    /// Whether the program has taken it back.
    pub closed: bool,
}

/// Records toasts as long as it lives; then the name on the bus is free again.
pub struct ToastService {
    connection: Connection,
    shown: Arc<Mutex<Vec<Toast>>>,
}

struct Service {
    shown: Arc<Mutex<Vec<Toast>>>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the freedesktop specification gives the method these")]
    fn notify(
        &self,
        program: String,
        replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let id =
            if replaces == 0 { 1 + shown.iter().map(|toast| toast.id).max().unwrap_or(0) } else { replaces };
        shown.push(Toast {
            id,
            program,
            summary,
            body,
            actions: actions.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
            urgency: hints.get("urgency").and_then(urgency),
            timeout,
            closed: false,
        });
        id
    }

    async fn close_notification(
        &self,
        id: u32,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        close(&self.shown, id);
        Self::notification_closed(&emitter, id, 3).await?;
        Ok(())
    }

    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body", "persistence"]
    }

    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("stage", "chayan", "1", "1.2")
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

impl ToastService {
    /// Appears on the bus at this address.
    ///
    /// # Errors
    /// When the bus does not answer or another service has the name.
    pub async fn start(bus: &str) -> Result<Self> {
        let shown = Arc::new(Mutex::new(Vec::new()));
        let connection = zbus::connection::Builder::address(bus)?
            .serve_at(PATH, Service { shown: shown.clone() })?
            .name(NAME)?
            .build()
            .await
            .context("cannot become the notification service")?;
        Ok(Self { connection, shown })
    }

    /// Every toast so far, the oldest first; a replaced one is there in both its forms.
    pub fn all(&self) -> Vec<Toast> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a toast that satisfies a condition; the newest such one.
    ///
    /// # Errors
    /// After 30 seconds; the message shows the toasts that came.
    pub async fn toast(&self, what: &str, holds: impl Fn(&Toast) -> bool) -> Result<Toast> {
        wait::until(what, PATIENCE, async || {
            let all = self.all();
            let found = all.iter().rev().find(|toast| holds(toast)).cloned();
            found.ok_or_else(|| {
                let titles: Vec<&str> = all.iter().map(|toast| toast.summary.as_str()).collect();
                format!("{} toasts: {}", titles.len(), titles.join("; "))
            })
        })
        .await
    }

    /// Clicks: on an action by its id, on the body with `default`. The toast closes, as it does on real desktops.
    ///
    /// # Errors
    /// When the bus does not answer.
    pub async fn click(&self, toast: &Toast, action: &str) -> Result<()> {
        let emitter = SignalEmitter::new(&self.connection, PATH)?;
        Service::action_invoked(&emitter, toast.id, action).await?;
        close(&self.shown, toast.id);
        Service::notification_closed(&emitter, toast.id, 2).await?;
        Ok(())
    }
}

fn close(shown: &Mutex<Vec<Toast>>, id: u32) {
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    shown.iter_mut().filter(|toast| toast.id == id).for_each(|toast| toast.closed = true);
}

fn urgency(hint: &OwnedValue) -> Option<Urgency> {
    match u8::try_from(hint).ok()? {
        0 => Some(Urgency::Low),
        1 => Some(Urgency::Normal),
        2 => Some(Urgency::Critical),
        _ => None,
    }
}
