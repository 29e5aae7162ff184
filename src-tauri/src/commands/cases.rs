//! Cases at the centre, and what lies on this desk.

use chayan_api::cases::{CallbackFigures, CaseDetail, CaseList, Revealed};
use chayan_client::ipc::{ActOutcome, LocalRecords};
use serde_json::Value;

use super::{Answer, ShellState, desk, parse};

/// A list of cases.
#[tauri::command]
pub(super) async fn cases(shell: ShellState<'_>, args: Value) -> Answer<CaseList> {
    let args = parse(args)?;
    desk(&shell).await?.cases(args).await
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
