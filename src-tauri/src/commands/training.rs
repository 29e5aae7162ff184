//! 练习: in and out of it.

use chayan_client::ipc::Nothing;
use serde_json::Value;

use super::{Answer, ShellState, parse};

/// Begins a training, or becomes somebody else in it.
#[tauri::command]
pub(super) async fn start_training(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    shell.present()?;
    shell.start_training(args).await.map(|()| Nothing {})
}

/// Ends the training.
#[tauri::command]
pub(super) async fn leave_training(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    parse::<Nothing>(args)?;
    shell.present()?;
    shell.leave_training().await;
    Ok(Nothing {})
}
