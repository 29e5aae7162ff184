//! Hearing that the process behind a page has died (Linux): a blank window would otherwise stand where an alert was.

use tauri::WebviewWindow;

/// Calls `lost` when the page's process has died.
#[cfg(target_os = "linux")]
pub(super) fn watch(window: &WebviewWindow, lost: impl Fn() + Send + 'static) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt;
    window.with_webview(move |webview| {
        webview.inner().connect_web_process_terminated(move |_, reason| {
            tracing::error!(?reason, "the process of a page has died");
            lost();
        });
    })
}

/// Elsewhere the system's webview restarts its page by itself.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(_window: &WebviewWindow, _lost: impl Fn() + Send + 'static) -> tauri::Result<()> {
    Ok(())
}
