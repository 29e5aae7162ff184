//! The least that a Tauri program with a tray item and a prepared window can be: the benchmark's yardstick.
//!
//! A click on the tray item shows the window and gives it the keyboard, the next click hides it. It must stay empty:
//! whatever is added here makes the desktop program look faster than it is.

use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{App, WebviewUrl, WebviewWindow, WebviewWindowBuilder, include_image};

fn main() -> tauri::Result<()> {
    tauri::Builder::default().setup(|app| Ok(set_up(app)?)).run(tauri::generate_context!())
}

fn set_up(app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "peer", WebviewUrl::App("index.html".into()))
        .title("Peer")
        .inner_size(480.0, 680.0)
        .visible(false)
        .build()?;
    TrayIconBuilder::with_id("peer")
        .icon(include_image!("../../icons/tray/idle@2x.png"))
        .on_tray_icon_event(move |_, event| {
            if is_left_click(&event) {
                toggle(&window).expect("the window obeys");
            }
        })
        .build(app)?;
    Ok(())
}

const fn is_left_click(event: &TrayIconEvent) -> bool {
    matches!(
        event,
        TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
    )
}

fn toggle(window: &WebviewWindow) -> tauri::Result<()> {
    if window.is_visible()? {
        return window.hide();
    }
    window.show()?;
    window.set_focus()
}
