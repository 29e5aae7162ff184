//! Who works here and how: sign-in, keyring, settings.

use chayan_api::session::Me;
use chayan_client::ipc::{KeyringState, Nothing, ServerCheck, Settings};
use serde_json::Value;

use super::{Answer, ShellState, desk, parse};

/// 登录
#[tauri::command]
pub(super) async fn sign_in(shell: ShellState<'_>, args: Value) -> Answer<Me> {
    let args = parse(args)?;
    desk(&shell).await?.sign_in(args).await
}

/// 退出登录
#[tauri::command]
pub(super) async fn sign_out(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    desk(&shell).await?.sign_out(args).await
}

/// Tries the keyring again.
#[tauri::command]
pub(super) async fn retry_keyring(shell: ShellState<'_>, args: Value) -> Answer<KeyringState> {
    let args = parse(args)?;
    desk(&shell).await?.retry_keyring(args).await
}

/// 设置
#[tauri::command]
pub(super) async fn settings(shell: ShellState<'_>, args: Value) -> Answer<Settings> {
    let args = parse(args)?;
    desk(&shell).await?.settings(args).await
}

/// Saves settings.
#[tauri::command]
pub(super) async fn save_settings(shell: ShellState<'_>, args: Value) -> Answer<Settings> {
    let args = parse(args)?;
    desk(&shell).await?.save_settings(args).await
}

/// Tries an address without saving it.
#[tauri::command]
pub(super) async fn check_server(shell: ShellState<'_>, args: Value) -> Answer<ServerCheck> {
    let args = parse(args)?;
    desk(&shell).await?.check_server(args).await
}
