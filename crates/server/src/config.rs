//! Settings: defaults, then the TOML file, then the environment (`CHAYAN_<KEY>`), then flags; later ones win.
//!
//! The four layers are merged into one table that is checked once, so a bad value is refused by its key wherever it
//! came from. Every key is explained in `chayan-server.toml`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chayan_domain::time::Span;
use serde::Deserialize;

/// Every setting of the server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "chayan-server.toml explains every key; a second explanation would drift")]
pub struct Config {
    pub listen: SocketAddr,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub store: String,
    pub master_key_file: PathBuf,
    pub signing_key_file: PathBuf,
    pub log_format: LogFormat,
    pub log_filter: String,
    pub session_minutes: u32,
    pub lockout_attempts: u32,
    pub lockout_window_minutes: u32,
    pub lockout_minutes: u32,
    pub body_limit_kib: u32,
    pub request_timeout_seconds: u32,
    pub rate_per_second: u32,
    pub rate_burst: u32,
    pub concurrent_requests: u32,
    pub engine_concurrency: u32,
    pub engine_poll_seconds: u32,
    pub drain_seconds: u32,
    pub feed_keep_days: u32,
    pub session_keep_days: u32,
    pub hotline: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors: one JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8_118)),
            tls_cert: None,
            tls_key: None,
            store: "chayan.db".to_owned(),
            master_key_file: PathBuf::from("chayan-master.key"),
            signing_key_file: PathBuf::from("chayan-signing.key"),
            log_format: LogFormat::Text,
            log_filter: "info".to_owned(),
            session_minutes: 12 * 60,
            lockout_attempts: 5,
            lockout_window_minutes: 15,
            lockout_minutes: 15,
            body_limit_kib: 256,
            request_timeout_seconds: 15,
            rate_per_second: 50,
            rate_burst: 500,
            concurrent_requests: 1_024,
            engine_concurrency: 128,
            engine_poll_seconds: 30,
            drain_seconds: 10,
            feed_keep_days: 30,
            session_keep_days: 7,
            hotline: "95518-6".to_owned(),
        }
    }
}

/// Why the settings do not do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigFault {
    /// The file cannot be read or is no TOML.
    #[error("{path}: {reason}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// One key has a value that does not do.
    #[error("{key}: {reason}")]
    BadValue {
        /// Which key.
        key: String,
        /// Why.
        reason: String,
    },
    /// Plain HTTP beyond this machine.
    #[error("listen: {address} is not a loopback address and there is no TLS")]
    PlainHttp {
        /// The address asked for.
        address: String,
    },
    /// Only one of certificate and key.
    #[error("tls_cert and tls_key belong together")]
    TlsHalf,
}

impl Config {
    /// Merges the layers and checks the result.
    ///
    /// # Errors
    /// A [`ConfigFault`] that names the file or the key.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        flags: &[(&str, String)],
    ) -> Result<Self, ConfigFault> {
        let mut table = match file {
            Some(path) => read(path)?,
            None => toml::Table::new(),
        };
        for (name, text) in environment {
            if let Some(key) = name.strip_prefix("CHAYAN_").map(str::to_ascii_lowercase)
                && KEYS.contains(&key.as_str())
            {
                let value = loose(&key, &text);
                table.insert(key, value);
            }
        }
        for (key, text) in flags {
            table.insert((*key).to_owned(), loose(key, text));
        }
        let config = check_types(&table)?;
        config.check()?;
        Ok(config)
    }

    /// How long a sign-in holds.
    #[must_use]
    pub fn session_span(&self) -> Span {
        Span::minutes(self.session_minutes.into())
    }

    fn check(&self) -> Result<(), ConfigFault> {
        let least = [
            ("session_minutes", self.session_minutes, 1),
            ("lockout_attempts", self.lockout_attempts, 1),
            ("lockout_window_minutes", self.lockout_window_minutes, 1),
            ("lockout_minutes", self.lockout_minutes, 1),
            ("body_limit_kib", self.body_limit_kib, 16),
            ("request_timeout_seconds", self.request_timeout_seconds, 1),
            ("rate_per_second", self.rate_per_second, 1),
            ("rate_burst", self.rate_burst, 1),
            ("concurrent_requests", self.concurrent_requests, 1),
            ("engine_concurrency", self.engine_concurrency, 1),
            ("engine_poll_seconds", self.engine_poll_seconds, 1),
            ("feed_keep_days", self.feed_keep_days, 1),
            ("session_keep_days", self.session_keep_days, 1),
        ];
        for (key, value, lowest) in least {
            if value < lowest {
                return Err(bad(key, format!("{value} < {lowest}")));
            }
        }
        self.log_filter
            .parse::<tracing_subscriber::EnvFilter>()
            .map_err(|error| bad("log_filter", error.to_string()))?;
        self.store.parse::<chayan_store::Target>().map_err(|error| bad("store", error.to_string()))?;
        match (&self.tls_cert, &self.tls_key) {
            (Some(_), Some(_)) => Ok(()),
            (None, None) if self.listen.ip().is_loopback() => Ok(()),
            (None, None) => Err(ConfigFault::PlainHttp { address: self.listen.to_string() }),
            _ => Err(ConfigFault::TlsHalf),
        }
    }
}

const KEYS: [&str; 23] = [
    "listen",
    "tls_cert",
    "tls_key",
    "store",
    "master_key_file",
    "signing_key_file",
    "log_format",
    "log_filter",
    "session_minutes",
    "lockout_attempts",
    "lockout_window_minutes",
    "lockout_minutes",
    "body_limit_kib",
    "request_timeout_seconds",
    "rate_per_second",
    "rate_burst",
    "concurrent_requests",
    "engine_concurrency",
    "engine_poll_seconds",
    "drain_seconds",
    "feed_keep_days",
    "session_keep_days",
    "hotline",
];

fn read(path: &Path) -> Result<toml::Table, ConfigFault> {
    let unreadable = |reason: String| ConfigFault::Unreadable { path: path.display().to_string(), reason };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    text.parse().map_err(|error: toml::de::Error| unreadable(error.message().to_owned()))
}

/// Environment and flags are text: it stays text where the key takes text, and becomes a number where not.
fn loose(key: &str, text: &str) -> toml::Value {
    let as_text = toml::Value::String(text.to_owned());
    match text.parse::<i64>() {
        Ok(number) if alone(key, &as_text).is_err() => toml::Value::Integer(number),
        _ => as_text,
    }
}

/// Each key alone first, so that the fault names it.
fn check_types(table: &toml::Table) -> Result<Config, ConfigFault> {
    for (key, value) in table {
        if !KEYS.contains(&key.as_str()) {
            return Err(bad(key, "unknown key".to_owned()));
        }
        alone(key, value)?;
    }
    table.clone().try_into().map_err(|error: toml::de::Error| bad("", error.message().to_owned()))
}

fn alone(key: &str, value: &toml::Value) -> Result<(), ConfigFault> {
    let mut table = toml::Table::new();
    table.insert(key.to_owned(), value.clone());
    table.try_into::<Config>().map(drop).map_err(|error| bad(key, error.message().to_owned()))
}

fn bad(key: &str, reason: String) -> ConfigFault {
    ConfigFault::BadValue { key: key.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, ConfigFault> {
        let environment = environment.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let flags: Vec<_> = flags.iter().map(|(key, text)| (*key, (*text).to_owned())).collect();
        Config::load(None, environment, &flags)
    }

    #[test]
    fn the_committed_sample_names_every_key_and_holds_the_defaults() {
        let sample = include_str!("../chayan-server.toml");
        for key in KEYS {
            assert!(
                sample.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} ="))),
                "{key}"
            );
        }
        let table: toml::Table = sample.parse().unwrap();
        let shown = check_types(&table).unwrap();
        assert_eq!(format!("{shown:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn a_flag_beats_the_environment_and_the_environment_beats_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chayan-server.toml");
        std::fs::write(&path, "rate_burst = 7\nlog_filter = \"warn\"\nhotline = \"1\"\n").unwrap();
        let environment = [
            ("CHAYAN_RATE_BURST".to_owned(), "8".to_owned()),
            ("CHAYAN_HOTLINE".to_owned(), "95518".to_owned()),
        ];
        let flags = [("rate_burst", "9".to_owned())];
        let config = Config::load(Some(&path), environment.into_iter(), &flags).unwrap();
        assert_eq!(
            (config.rate_burst, config.hotline.as_str(), config.log_filter.as_str()),
            (9, "95518", "warn")
        );
    }

    #[rstest::rstest]
    #[case("listen", "nowhere")]
    #[case("rate_burst", "0")]
    #[case("rate_burst", "many")]
    #[case("log_format", "xml")]
    #[case("store", "mysql://x")]
    #[case("speed", "9")]
    fn a_bad_value_is_refused_by_its_key(#[case] key: &str, #[case] value: &str) {
        match load(&[], &[(key, value)]) {
            Err(ConfigFault::BadValue { key: named, .. }) => assert_eq!(named, key),
            other => panic!("{key} = {value} gave {other:?}"),
        }
    }

    #[test]
    fn plain_http_is_refused_beyond_this_machine() {
        let fault = load(&[], &[("listen", "0.0.0.0:8118")]).unwrap_err();
        assert_eq!(fault, ConfigFault::PlainHttp { address: "0.0.0.0:8118".to_owned() });
        assert!(load(&[], &[("listen", "[::1]:8118")]).is_ok());
    }
}
