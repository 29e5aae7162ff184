//! Bringing a window up, with the focus or expressly without it. On Linux through GTK: only there the two can be told
//! apart, and showing and focusing is one step. Everything here runs on the main thread.

use tauri::WebviewWindow;

/// Tells the window manager once that this window must not take the focus when it appears.
#[cfg(target_os = "linux")]
pub(super) fn never_focus_by_itself(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::prelude::GtkWindowExt;
    let gtk_window = window.gtk_window()?;
    gtk_window.set_focus_on_map(false);
    Ok(())
}

/// Elsewhere the window is made unfocused, and shown without being activated.
#[cfg(not(target_os = "linux"))]
pub(super) fn never_focus_by_itself(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Shows the window; the focus stays where it is.
#[cfg(target_os = "linux")]
pub(super) fn show(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::prelude::{GtkWindowExt, WidgetExt};
    let gtk_window = window.gtk_window()?;
    gtk_window.show_all();
    gtk_window.set_keep_above(true);
    Ok(())
}

/// Shows the window; the focus stays where it is.
#[cfg(not(target_os = "linux"))]
pub(super) fn show(window: &WebviewWindow) -> tauri::Result<()> {
    window.set_always_on_top(true)?;
    window.show()
}

/// The window no longer stands above others; one that the person is in stays in front.
#[cfg(target_os = "linux")]
pub(super) fn step_back(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::prelude::{GtkWindowExt, WidgetExt};
    let gtk_window = window.gtk_window()?;
    gtk_window.set_keep_above(false);
    if !gtk_window.is_active()
        && let Some(surface) = gtk_window.window()
    {
        surface.lower();
    }
    Ok(())
}

/// The window no longer stands above others.
#[cfg(not(target_os = "linux"))]
pub(super) fn step_back(window: &WebviewWindow) -> tauri::Result<()> {
    window.set_always_on_top(false)
}

/// Shows the window and gives it the focus.
#[cfg(target_os = "linux")]
pub(super) fn show_and_focus(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::glib::object::Cast;
    use gtk::prelude::{GtkWindowExt, WidgetExt};
    let gtk_window = window.gtk_window()?;
    gtk_window.deiconify();
    gtk_window.show_all();
    // A click on the tray is no event of this program's windows: without the server's own time the window manager
    // takes the request for an old one and leaves the window in the background.
    let time = gtk_window
        .window()
        .and_then(|surface| surface.downcast::<gdkx11::X11Window>().ok())
        .map_or(0, |surface| gdkx11::functions::x11_get_server_time(&surface));
    gtk_window.present_with_time(time);
    Ok(())
}

/// Shows the window and gives it the focus.
#[cfg(not(target_os = "linux"))]
pub(super) fn show_and_focus(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}
