//! 审计, the papers of a case, and what imports changed.

use chayan_api::audit::{AuditState, RemovalList};
use chayan_api::directory::{CalendarVersions, DirectoryChanges};
use chayan_api::search::AccessList;
use chayan_client::ipc::{FileSaved, PaperArgs};
use serde_json::Value;
use tauri::WebviewWindow;

use super::{Answer, ShellState, desk, parse};
use crate::files;

/// A paper of a case, saved where the person wants it.
#[tauri::command]
pub(super) async fn export_paper(
    window: WebviewWindow,
    shell: ShellState<'_>,
    args: Value,
) -> Answer<FileSaved> {
    let args: PaperArgs = parse(args)?;
    let Some(place) = files::ask(&window, &args.file_name).await else { return Ok(files::NOT_SAVED) };
    let file = desk(&shell).await?.export_paper(args).await?;
    files::save(&place, file).await
}

/// What the last walk over all chains found.
#[tauri::command]
pub(super) async fn audit_state(shell: ShellState<'_>, args: Value) -> Answer<AuditState> {
    let args = parse(args)?;
    desk(&shell).await?.audit_state(args).await
}

/// Begins a walk over all chains.
#[tauri::command]
pub(super) async fn begin_audit(shell: ShellState<'_>, args: Value) -> Answer<AuditState> {
    let args = parse(args)?;
    desk(&shell).await?.begin_audit(args).await
}

/// Who saw what.
#[tauri::command]
pub(super) async fn accesses(shell: ShellState<'_>, args: Value) -> Answer<AccessList> {
    let args = parse(args)?;
    desk(&shell).await?.accesses(args).await
}

/// Customer data that was removed.
#[tauri::command]
pub(super) async fn removals(shell: ShellState<'_>, args: Value) -> Answer<RemovalList> {
    let args = parse(args)?;
    desk(&shell).await?.removals(args).await
}

/// What a version of the directory changed.
#[tauri::command]
pub(super) async fn directory_changes(shell: ShellState<'_>, args: Value) -> Answer<DirectoryChanges> {
    let args = parse(args)?;
    desk(&shell).await?.directory_changes(args).await
}

/// Who brought which version of the calendar.
#[tauri::command]
pub(super) async fn calendar_versions(shell: ShellState<'_>, args: Value) -> Answer<CalendarVersions> {
    let args = parse(args)?;
    desk(&shell).await?.calendar_versions(args).await
}
