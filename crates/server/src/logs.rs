//! Log lines in English: text for people, JSON for collectors. Never a customer's word: only ids, codes and numbers.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Sends log lines to standard error from now on.
///
/// # Errors
/// When a subscriber is set already.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter: EnvFilter = config.log_filter.parse()?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow::anyhow!(error))
}
