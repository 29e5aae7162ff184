//! 机构与人员, and absences.

use chayan_api::directory::{
    AbsenceList, AbsenceView, DirectoryPreview, DirectoryVersion, DirectoryVersions, DirectoryView,
};
use chayan_api::search::PersonChoices;
use chayan_client::ipc::Nothing;
use serde_json::Value;

use super::{Answer, ShellState, desk, parse};

/// Who may be on the line.
#[tauri::command]
pub(super) async fn find_people(shell: ShellState<'_>, args: Value) -> Answer<PersonChoices> {
    let args = parse(args)?;
    desk(&shell).await?.find_people(args).await
}

/// The directory as of a day.
#[tauri::command]
pub(super) async fn directory(shell: ShellState<'_>, args: Value) -> Answer<DirectoryView> {
    let args = parse(args)?;
    desk(&shell).await?.directory(args).await
}

/// What a file would change.
#[tauri::command]
pub(super) async fn preview_directory(shell: ShellState<'_>, args: Value) -> Answer<DirectoryPreview> {
    let args = parse(args)?;
    desk(&shell).await?.preview_directory(args).await
}

/// Takes what was previewed.
#[tauri::command]
pub(super) async fn take_directory(shell: ShellState<'_>, args: Value) -> Answer<DirectoryVersion> {
    let args = parse(args)?;
    desk(&shell).await?.take_directory(args).await
}

/// Who brought which version.
#[tauri::command]
pub(super) async fn directory_versions(shell: ShellState<'_>, args: Value) -> Answer<DirectoryVersions> {
    let args = parse(args)?;
    desk(&shell).await?.directory_versions(args).await
}

/// Absences.
#[tauri::command]
pub(super) async fn absences(shell: ShellState<'_>, args: Value) -> Answer<AbsenceList> {
    let args = parse(args)?;
    desk(&shell).await?.absences(args).await
}

/// Enters an absence.
#[tauri::command]
pub(super) async fn enter_absence(shell: ShellState<'_>, args: Value) -> Answer<AbsenceView> {
    let args = parse(args)?;
    desk(&shell).await?.enter_absence(args).await
}

/// Ends an absence.
#[tauri::command]
pub(super) async fn end_absence(shell: ShellState<'_>, args: Value) -> Answer<Nothing> {
    let args = parse(args)?;
    desk(&shell).await?.end_absence(args).await
}
