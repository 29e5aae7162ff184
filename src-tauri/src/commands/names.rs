//! The names of all commands, for the build script (one permission each) and for the registration.
//!
//! A test holds them against the contract in `chayan_client::ipc`.

/// Every command, in the order of the contract.
pub(crate) const NAMES: &[&str] = &[
    "boot",
    "painted",
    "hide_window",
    "open_workbench",
    "open_report",
    "sign_in",
    "sign_out",
    "retry_keyring",
    "settings",
    "save_settings",
    "check_server",
    "start_timing",
    "discard_timing",
    "name_timer",
    "open_draft",
    "save_draft",
    "discard_draft",
    "submit",
    "correct_record",
    "alerts",
    "alerts_shown",
    "acknowledge_alert",
    "test_alert",
    "cases",
    "export_cases",
    "find_units",
    "local_records",
    "case_detail",
    "act",
    "reveal",
    "callback_figures",
];
