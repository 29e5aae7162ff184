//! The commands of the windows, one file per family. Each reads its argument, makes one call and answers: nothing is
//! decided here.
//!
//! The list of handlers is written once, below; a test holds it against the contract.

mod account;
mod alerts;
mod audit;
mod cases;
#[cfg(test)]
mod names;
mod people;
mod report;
mod rules;
mod shell;
mod timing;
mod training;

use std::sync::Arc;

use chayan_client::Desk;
use chayan_client::ipc::{DeskFault, DeskFaultCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};
use tauri::{Runtime, State};

use crate::app::Shell;

/// What every command answers.
type Answer<T> = Result<T, DeskFault>;

/// The shell as commands see it, and to which realm the page belongs that asks.
struct ShellState<'a> {
    shell: State<'a, Arc<Shell>>,
    /// `None`: the page does not know it yet.
    realm: Option<u32>,
}

impl std::ops::Deref for ShellState<'_> {
    type Target = Arc<Shell>;

    fn deref(&self) -> &Arc<Shell> {
        self.shell.inner()
    }
}

impl<'a, 'de: 'a, R: Runtime> CommandArg<'de, R> for ShellState<'a> {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let realm = match command.message.payload() {
            InvokeBody::Json(body) => body.get("realm").and_then(Value::as_u64),
            InvokeBody::Raw(_) => None,
        };
        let realm = realm.and_then(|realm| u32::try_from(realm).ok());
        Ok(Self { shell: State::from_command(command)?, realm })
    }
}

impl ShellState<'_> {
    /// What a page of another realm still wants of tray and windows is no longer wanted.
    fn present(&self) -> Answer<()> {
        let here = self.realm.is_none_or(|realm| realm == self.door.realm());
        if here { Ok(()) } else { Err(DeskFault::new(DeskFaultCode::TrainingOver)) }
    }
}

/// Registers the handlers and keeps their names for the test.
macro_rules! handlers {
    ($($family:ident::$command:ident),+ $(,)?) => {
        /// Answers the calls of the windows.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($family::$command),+]
        }

        /// The names of the registered handlers.
        #[cfg(test)]
        const REGISTERED: &[&str] = &[$(stringify!($command)),+];
    };
}

handlers![
    shell::boot,
    shell::painted,
    shell::hide_window,
    shell::open_workbench,
    shell::open_report,
    training::start_training,
    training::leave_training,
    account::sign_in,
    account::sign_out,
    account::retry_keyring,
    account::settings,
    account::save_settings,
    account::check_server,
    timing::start_timing,
    timing::discard_timing,
    timing::name_timer,
    report::open_draft,
    report::save_draft,
    report::discard_draft,
    report::submit,
    report::correct_record,
    alerts::alerts,
    alerts::alerts_shown,
    alerts::acknowledge_alert,
    alerts::test_alert,
    cases::cases,
    cases::export_cases,
    cases::find_units,
    people::find_people,
    cases::new_call,
    cases::local_records,
    cases::case_detail,
    cases::export_pack,
    cases::act,
    cases::reveal,
    cases::callback_figures,
    rules::rule_book,
    rules::amend_rules,
    cases::wallboard,
    people::directory,
    people::preview_directory,
    people::take_directory,
    people::directory_versions,
    audit::directory_changes,
    audit::calendar_versions,
    people::absences,
    people::enter_absence,
    people::end_absence,
    audit::export_paper,
    audit::audit_state,
    audit::begin_audit,
    audit::accesses,
    audit::removals,
];

/// Reads a command's argument.
fn parse<T: DeserializeOwned>(args: Value) -> Answer<T> {
    serde_json::from_value(args).map_err(|error| {
        // The text may quote the argument, which may be a customer's: only the place is logged.
        tracing::warn!(
            line = error.line(),
            column = error.column(),
            "a window sent an argument of the wrong shape"
        );
        DeskFault::new(DeskFaultCode::BadArgument)
    })
}

/// The core of the page that asks; waits while it is opening.
async fn desk(shell: &ShellState<'_>) -> Answer<Desk> {
    match shell.realm {
        Some(realm) => shell.door.desk_of(realm).await,
        None => shell.door.desk().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chayan_client::ipc::{COMMANDS, Nothing, WindowArgs};
    use serde_json::json;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    #[test]
    fn the_registered_handlers_are_exactly_the_contract() {
        assert_eq!(REGISTERED, COMMANDS);
        assert_eq!(names::NAMES, COMMANDS, "the build script makes a permission for each of these");
    }

    #[test]
    fn an_argument_of_the_wrong_shape_is_a_fault_with_a_code() {
        let fault = parse::<WindowArgs>(json!({ "window": "cellar" })).unwrap_err();
        assert_eq!(fault.code, DeskFaultCode::BadArgument);
        assert!(parse::<Nothing>(json!({})).is_ok());
    }

    /// Window label → what its capability file allows.
    fn capabilities() -> BTreeMap<String, Vec<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("capabilities");
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
                let file: Value = serde_json::from_str(&text).unwrap();
                let windows: Vec<String> = serde_json::from_value(file["windows"].clone()).unwrap();
                assert_eq!(windows.len(), 1, "one file per window");
                assert_eq!(file["identifier"], json!(windows[0]));
                assert_eq!(file.get("remote"), None, "no remote content");
                (windows[0].clone(), serde_json::from_value(file["permissions"].clone()).unwrap())
            })
            .collect()
    }

    #[test]
    fn every_window_may_do_this_and_nothing_else() {
        insta::assert_json_snapshot!(capabilities());
    }

    #[test]
    fn windows_may_only_listen_drag_and_call_our_commands() {
        let ours: BTreeSet<String> =
            COMMANDS.iter().map(|command| format!("allow-{}", command.replace('_', "-"))).collect();
        let core =
            ["core:event:allow-listen", "core:event:allow-unlisten", "core:window:allow-start-dragging"];
        let mut allowed_somewhere = BTreeSet::new();
        for (window, permissions) in capabilities() {
            for permission in permissions {
                let known = ours.contains(&permission) || core.contains(&permission.as_str());
                assert!(known, "{window} may {permission}");
                allowed_somewhere.insert(permission);
            }
        }
        let unused: Vec<_> = ours.difference(&allowed_somewhere).collect();
        assert!(unused.is_empty(), "no window may call {unused:?}");
    }
}
