//! 规则与参数.

use chayan_api::rules::{AmendOutcome, RuleBook};
use serde_json::Value;

use super::{Answer, ShellState, desk, parse};

/// The rules of a unit, with versions and changes.
#[tauri::command]
pub(super) async fn rule_book(shell: ShellState<'_>, args: Value) -> Answer<RuleBook> {
    let args = parse(args)?;
    desk(&shell).await?.rule_book(args).await
}

/// A change of the rules, or a look at what it would change.
#[tauri::command]
pub(super) async fn amend_rules(shell: ShellState<'_>, args: Value) -> Answer<AmendOutcome> {
    let args = parse(args)?;
    desk(&shell).await?.amend_rules(args).await
}
