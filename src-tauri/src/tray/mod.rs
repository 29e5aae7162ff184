//! The tray item: picture, words, menu. The first way into the program, but not the only one: without a tray host the
//! program works, and the item appears as soon as a host does.

mod face;
#[cfg(target_os = "linux")]
mod host;
mod menu;

use std::sync::{Mutex, MutexGuard, PoisonError};

use tauri::image::Image;
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, include_image};

use face::Face;
pub(crate) use face::{Look, Scene, session_known, signed_in};
pub(crate) use menu::TrayAct;
use menu::TrayMenu;

use crate::texts::{Text, text};

/// The tray item, if there is a host for it.
pub(crate) struct Tray {
    app: AppHandle,
    state: Mutex<State>,
}

struct State {
    look: Look,
    item: Option<(TrayIcon, TrayMenu)>,
}

impl Tray {
    /// Not shown yet.
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app, state: Mutex::new(State { look: Scene::Starting.look(), item: None }) }
    }

    /// Puts the item into the panel. To be called on the main thread.
    ///
    /// # Errors
    /// There is no tray host.
    pub(crate) fn put_up(&self) -> tauri::Result<()> {
        let mut state = self.state();
        if state.item.is_some() {
            return Ok(());
        }
        let menu = TrayMenu::new(&self.app, &state.look)?;
        let icon = TrayIconBuilder::with_id("chayan")
            .title(text(Text::Product))
            .tooltip(&state.look.tooltip)
            .icon(picture(state.look.face))
            .menu(&menu.menu)
            .show_menu_on_left_click(false)
            .build(&self.app)?;
        state.item = Some((icon, menu));
        Ok(())
    }

    /// Shows a look; what did not change is left alone.
    pub(crate) fn show(&self, look: Look) {
        let (before, item) = {
            let mut state = self.state();
            if state.look == look {
                return;
            }
            (std::mem::replace(&mut state.look, look.clone()), state.item.clone())
        };
        let Some((icon, menu)) = item else { return };
        let on_main_thread = self.app.run_on_main_thread(move || {
            let mut done = Ok(());
            if look.face != before.face {
                done = icon.set_icon(Some(picture(look.face)));
            }
            if look.tooltip != before.tooltip {
                done = done.and(icon.set_tooltip(Some(&look.tooltip)));
            }
            menu.relabel(&look);
            if let Err(error) = done {
                tracing::warn!(%error, "the tray keeps its old look");
            }
        });
        if let Err(error) = on_main_thread {
            tracing::warn!(%error, "the tray cannot be reached");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a tray host; `false` when there will be none.
#[cfg(target_os = "linux")]
pub(crate) async fn host_appeared() -> bool {
    match host::appeared().await {
        Ok(()) => true,
        Err(error) => {
            tracing::info!(%error, "no session bus: the program runs without a tray item");
            false
        }
    }
}

/// Elsewhere the panel is part of the system.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn host_appeared() -> bool {
    std::future::ready(false).await
}

/// A left click, whatever the panel reports of it.
pub(crate) const fn is_left_click(event: &TrayIconEvent) -> bool {
    matches!(
        event,
        TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
    )
}

fn picture(face: Face) -> Image<'static> {
    match face {
        Face::Idle => include_image!("../icons/tray/idle@2x.png"),
        Face::Timing => include_image!("../icons/tray/timing@2x.png"),
        Face::Pending => include_image!("../icons/tray/pending@2x.png"),
        Face::Alert => include_image!("../icons/tray/alert@2x.png"),
        Face::Offline => include_image!("../icons/tray/offline@2x.png"),
    }
}
