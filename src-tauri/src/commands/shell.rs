//! Windows: their first picture, showing and hiding.

use chayan_client::ipc::{Boot, Nothing, OpenReport, OpenWorkbench, WindowArgs};
use serde_json::Value;

use super::{Answer, ShellState, parse};

/// Everything a window needs to draw its first picture.
#[tauri::command]
pub(super) async fn boot(shell: ShellState<'_>, args: Value) -> Answer<Boot> {
    parse::<Nothing>(args)?;
    // Core and realm belong together; a page that is loaded while they change is loaded once more.
    let realm = shell.door.realm();
    let boot = shell.door.desk_of(realm).await?.boot_view();
    let (report, page) = shell.windows.intents();
    Ok(Boot { report, page, realm, training: shell.training_view(realm), ..boot })
}

/// A window has painted.
#[tauri::command]
pub(super) async fn painted(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let WindowArgs { window } = parse(args)?;
    shell.present()?;
    shell.windows.painted(window);
    std::future::ready(Ok(Nothing {})).await
}

/// Hides a window; a draft stays.
#[tauri::command]
pub(super) async fn hide_window(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let WindowArgs { window } = parse(args)?;
    shell.present()?;
    shell.windows.hide(window);
    std::future::ready(Ok(Nothing {})).await
}

/// Opens the workbench at a page.
#[tauri::command]
pub(super) async fn open_workbench(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let page: OpenWorkbench = parse(args)?;
    shell.present()?;
    shell.windows.show_page(page);
    std::future::ready(Ok(Nothing {})).await
}

/// Opens the quick report, for a case or empty.
#[tauri::command]
pub(super) async fn open_report(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let report: OpenReport = parse(args)?;
    shell.present()?;
    shell.windows.show_report(report);
    std::future::ready(Ok(Nothing {})).await
}
