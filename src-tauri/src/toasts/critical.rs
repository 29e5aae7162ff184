//! Escalations as toasts with critical urgency and no timeout (Linux): each waits on its own small thread for a click,
//! and is taken down when its alert is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chayan_domain::ids::AlertId;
use notify_rust::{Hint, Notification, NotificationResponse, Timeout, Urgency};
use tracing::{debug, info};

use super::{ClickTarget, Toast};

/// The critical toasts on the screen, by alert.
#[derive(Debug, Clone, Default)]
pub(super) struct CriticalToasts {
    shown: Arc<Mutex<HashMap<AlertId, Shown>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// On its way to the notification service.
    Sending,
    /// On the screen, under this number.
    As(u32),
}

impl CriticalToasts {
    /// Shows a toast; `on_click` runs once if the person clicks it.
    pub(super) fn show(
        &self,
        toast: Toast,
        alert: Option<AlertId>,
        on_click: impl FnOnce(Option<ClickTarget>) + Send + 'static,
    ) {
        if let Some(alert) = alert {
            self.shown().insert(alert, Shown::Sending);
        }
        let toasts = self.clone();
        let opens = toast.opens;
        // A thread of its own: showing and waiting for the click both block, and the service may be slow to start.
        let started = std::thread::Builder::new().name("toast".to_owned()).spawn(move || {
            let handle = match notification(&toast).show() {
                Ok(handle) => handle,
                Err(error) => {
                    info!(%error, "no notification service: the alert window stands alone");
                    return;
                }
            };
            if !toasts.settle(alert, handle.id()) {
                handle.close();
                return;
            }
            let clicked = handle.wait_for_response(|response: &NotificationResponse| {
                if matches!(response, NotificationResponse::Default) {
                    on_click(opens);
                }
            });
            if let Err(error) = clicked {
                debug!(%error, "the toast's click is not heard");
            }
            if let Some(alert) = alert {
                toasts.shown().remove(&alert);
            }
        });
        if let Err(error) = started {
            info!(%error, "toast not shown");
        }
    }

    /// Takes down the toasts of all other alerts.
    pub(super) fn keep_only(&self, open: &[AlertId]) {
        let mut over = Vec::new();
        self.shown().retain(|alert, shown| {
            let keep = open.contains(alert);
            if let (false, Shown::As(id)) = (keep, *shown) {
                over.push(id);
            }
            keep
        });
        if !over.is_empty() {
            tauri::async_runtime::spawn(async move {
                if let Err(error) = close(&over).await {
                    debug!(%error, "toasts stay until the person closes them");
                }
            });
        }
    }

    /// Notes the toast's number; `false` when its alert ended while it was on its way.
    fn settle(&self, alert: Option<AlertId>, id: u32) -> bool {
        let Some(alert) = alert else { return true };
        match self.shown().get_mut(&alert) {
            Some(shown) => {
                *shown = Shown::As(id);
                true
            }
            None => false,
        }
    }

    fn shown(&self) -> MutexGuard<'_, HashMap<AlertId, Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn notification(toast: &Toast) -> Notification {
    Notification::new()
        .appname("chayan")
        .icon("chayan")
        .summary(&toast.title)
        .body(&toast.body)
        .urgency(Urgency::Critical)
        .timeout(Timeout::Never)
        // The alert has its own sound, which the person can set.
        .hint(Hint::SuppressSound(true))
        .action("default", "")
        .finalize()
}

/// Asks the notification service to take toasts down.
async fn close(ids: &[u32]) -> zbus::Result<()> {
    const SERVICE: &str = "org.freedesktop.Notifications";
    let connection = zbus::Connection::session().await?;
    for id in ids {
        connection
            .call_method(
                Some(SERVICE),
                "/org/freedesktop/Notifications",
                Some(SERVICE),
                "CloseNotification",
                &(*id,),
            )
            .await?;
    }
    Ok(())
}
