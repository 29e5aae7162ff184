//! Who may depend on what: the boundaries that ARCHITECTURE.md draws.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command::{cargo, read};

/// All that the pure rules may use: words, numbers and hashes, nothing that does I/O.
const DOMAIN_MAY_USE: &[&str] = &[
    "chrono",
    "ed25519-dalek",
    "hex",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "ts-rs",
    "unicode-normalization",
    "utoipa",
    "uuid",
];

/// A library, and the only crates that may depend on it. A name ending in `*` stands for all that begin so.
const RESERVED: &[(&str, &[&str])] = &[
    ("tauri*", &["chayan", "chayan-peer"]),
    ("tray-icon", &["chayan", "chayan-peer"]),
    ("sqlx", &["chayan-store", "chayan-client", "chayan-tests"]),
    ("reqwest", &["chayan-client", "chayan-tests"]),
    ("axum", &["chayan-server"]),
];

/// Crates that must not know each other.
const STRANGERS: &[(&str, &str)] = &[
    ("chayan-client", "chayan-server"),
    ("chayan-server", "chayan-client"),
    ("chayan-client", "chayan-store"),
    ("chayan-store", "chayan-server"),
];

pub(super) fn findings() -> Result<Vec<String>> {
    let metadata: Value =
        serde_json::from_str(&read(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists packages")?;
    let mut findings = Vec::new();
    for package in packages {
        let user = package["name"].as_str().unwrap_or_default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev";
            findings.extend(judge(user, used, for_tests));
        }
    }
    Ok(findings)
}

fn judge(user: &str, used: &str, for_tests: bool) -> Option<String> {
    if let Some((_, allowed)) = RESERVED.iter().find(|(pattern, _)| matches(pattern, used))
        && !allowed.contains(&user)
        && !(for_tests && used != "tauri")
    {
        return Some(format!("{user} depends on {used}: only {} may", allowed.join(", ")));
    }
    if STRANGERS.contains(&(user, used)) {
        return Some(format!("{user} depends on {used}: they must not know each other"));
    }
    if user == "chayan-domain" && !for_tests && !DOMAIN_MAY_USE.contains(&used) {
        return Some(format!("chayan-domain depends on {used}: it is pure, see DOMAIN_MAY_USE in xtask"));
    }
    None
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn only_the_shell_may_use_tauri_even_in_tests() {
        assert_eq!(judge("chayan", "tauri", false), None);
        assert!(judge("chayan-client", "tauri", false).is_some());
        assert!(judge("chayan-client", "tauri", true).is_some());
        assert!(judge("chayan-tests", "tauri-plugin-notification", false).is_some());
    }

    #[test]
    fn the_client_and_the_server_do_not_know_each_other_even_in_tests() {
        assert!(judge("chayan-client", "chayan-server", true).is_some());
        assert!(judge("chayan-server", "chayan-client", false).is_some());
        assert_eq!(judge("chayan-tests", "chayan-server", false), None);
    }

    #[test]
    fn the_domain_uses_nothing_that_does_io() {
        assert!(judge("chayan-domain", "tokio", false).is_some());
        assert_eq!(judge("chayan-domain", "serde", false), None);
        assert_eq!(judge("chayan-domain", "proptest", true), None);
    }

    #[test]
    fn sql_belongs_to_the_store_and_the_client() {
        assert!(judge("chayan-server", "sqlx", false).is_some());
        assert_eq!(judge("chayan-store", "sqlx", false), None);
    }
}
