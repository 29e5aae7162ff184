//! The quick report: draft, submit, correction.

use chayan_client::ipc::{DraftSaved, DraftView, Nothing, Submitted};
use serde_json::Value;

use super::{Answer, ShellState, desk, parse};

/// The draft of a case, or a new empty one.
#[tauri::command]
pub(super) async fn open_draft(shell: ShellState<'_>, args: Value) -> Answer<DraftView> {
    let args = parse(args)?;
    desk(&shell).await?.open_draft(args).await
}

/// Saves while typing.
#[tauri::command]
pub(super) async fn save_draft(shell: ShellState<'_>, args: Value) -> Answer<DraftSaved> {
    let args = parse(args)?;
    desk(&shell).await?.save_draft(args).await
}

/// 删除草稿
#[tauri::command]
pub(super) async fn discard_draft(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    desk(&shell).await?.discard_draft(args).await
}

/// Seals and sends.
#[tauri::command]
pub(super) async fn submit(shell: ShellState<'_>, args: Value) -> Answer<Submitted> {
    let args = parse(args)?;
    desk(&shell).await?.submit(args).await
}

/// Opens a refused record as a new draft.
#[tauri::command]
pub(super) async fn correct_record(shell: ShellState<'_>, args: Value) -> Answer<DraftView> {
    let args = parse(args)?;
    desk(&shell).await?.correct_record(args).await
}
