//! Cases at the centre, and what lies on this desk.

use chayan_api::cases::{CallbackFigures, CaseDetail, CaseList, Revealed, Wallboard};
use chayan_api::search::UnitChoices;
use chayan_client::ipc::{ActOutcome, CaseRef, ExportArgs, FileSaved, LocalRecords, PackArgs};
use serde_json::Value;
use tauri::WebviewWindow;

use super::{Answer, ShellState, desk, parse};
use crate::files;

/// A list of cases.
#[tauri::command]
pub(super) async fn cases(shell: ShellState<'_>, args: Value) -> Answer<CaseList> {
    let args = parse(args)?;
    desk(&shell).await?.cases(args).await
}

/// A whole list as a file. Where it goes is asked first: whoever thinks better of it has fetched nothing.
#[tauri::command]
pub(super) async fn export_cases(
    window: WebviewWindow,
    shell: ShellState<'_>,
    args: Value,
) -> Answer<FileSaved> {
    let args: ExportArgs = parse(args)?;
    let Some(place) = files::ask(&window, &args.file_name).await else { return Ok(files::NOT_SAVED) };
    let file = desk(&shell).await?.export_cases(args).await?;
    files::save(&place, file).await
}

/// Units by code or name.
#[tauri::command]
pub(super) async fn find_units(shell: ShellState<'_>, args: Value) -> Answer<UnitChoices> {
    let args = parse(args)?;
    desk(&shell).await?.find_units(args).await
}

/// The number of a case that is about to be registered.
#[tauri::command]
pub(super) async fn new_call(shell: ShellState<'_>, args: Value) -> Answer<CaseRef> {
    let args = parse(args)?;
    desk(&shell).await?.new_call(args).await
}

/// Drafts and records on this desk.
#[tauri::command]
pub(super) async fn local_records(shell: ShellState<'_>, args: Value) -> Answer<LocalRecords> {
    let args = parse(args)?;
    desk(&shell).await?.local_records(args).await
}

/// One case.
#[tauri::command]
pub(super) async fn case_detail(shell: ShellState<'_>, args: Value) -> Answer<CaseDetail> {
    let args = parse(args)?;
    desk(&shell).await?.case_detail(args).await
}

/// The evidence of a case as a file.
#[tauri::command]
pub(super) async fn export_pack(
    window: WebviewWindow,
    shell: ShellState<'_>,
    args: Value,
) -> Answer<FileSaved> {
    let args: PackArgs = parse(args)?;
    let Some(place) = files::ask(&window, &args.file_name).await else { return Ok(files::NOT_SAVED) };
    let file = desk(&shell).await?.export_pack(args).await?;
    files::save(&place, file).await
}

/// An act on a case.
#[tauri::command]
pub(super) async fn act(shell: ShellState<'_>, args: Value) -> Answer<ActOutcome> {
    let args = parse(args)?;
    desk(&shell).await?.act(args).await
}

/// Shows one customer field, with a reason.
#[tauri::command]
pub(super) async fn reveal(shell: ShellState<'_>, args: Value) -> Answer<Revealed> {
    let args = parse(args)?;
    desk(&shell).await?.reveal(args).await
}

/// Figures over the callback queue.
#[tauri::command]
pub(super) async fn callback_figures(shell: ShellState<'_>, args: Value) -> Answer<CallbackFigures> {
    let args = parse(args)?;
    desk(&shell).await?.callback_figures(args).await
}

/// The figures and the next calls, for the screen on the wall.
#[tauri::command]
pub(super) async fn wallboard(shell: ShellState<'_>, args: Value) -> Answer<Wallboard> {
    let args = parse(args)?;
    desk(&shell).await?.wallboard(args).await
}
