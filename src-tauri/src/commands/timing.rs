//! The five-minute timer at the counter.

use chayan_client::ipc::{Nothing, TimerView};
use serde_json::Value;

use super::{Answer, ShellState, desk, parse};

/// 开始计时
#[tauri::command]
pub(super) async fn start_timing(shell: ShellState<'_>, args: Value) -> Answer<TimerView> {
    let args = parse(args)?;
    desk(&shell).await?.start_timing(args).await
}

/// 误触
#[tauri::command]
pub(super) async fn discard_timing(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    desk(&shell).await?.discard_timing(args).await
}

/// Names a timer; local only.
#[tauri::command]
pub(super) async fn name_timer(shell: ShellState<'_>, args: Value) -> Answer<TimerView> {
    let args = parse(args)?;
    desk(&shell).await?.name_timer(args).await
}
