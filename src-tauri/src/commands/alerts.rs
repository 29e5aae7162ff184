//! Alerts on this desk.

use chayan_client::ipc::{AlertBoard, Nothing};
use serde_json::Value;

use super::{Answer, ShellState, desk, parse};

/// The open alerts.
#[tauri::command]
pub(super) async fn alerts(shell: ShellState<'_>, args: Value) -> Answer<AlertBoard> {
    let args = parse(args)?;
    desk(&shell).await?.alerts(args).await
}

/// The window showed these.
#[tauri::command]
pub(super) async fn alerts_shown(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    desk(&shell).await?.alerts_shown(args).await
}

/// 知道了
#[tauri::command]
pub(super) async fn acknowledge_alert(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    desk(&shell).await?.acknowledge_alert(args).await
}

/// 测试提醒
#[tauri::command]
pub(super) async fn test_alert(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    desk(&shell).await?.test_alert(args).await
}
