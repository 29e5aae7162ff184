//! Saving a file where the person wants it: the system's own dialog asks, and only its answer is written to.

use std::path::{Path, PathBuf};

use chayan_client::ipc::{DeskFault, DeskFaultCode, FetchedFile, FileSaved};
use tauri::WebviewWindow;
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

/// The person closed the dialog.
pub(crate) const NOT_SAVED: FileSaved = FileSaved { name: None, rows: 0, complete: true };

/// Asks where; `None` when the person closes the dialog.
pub(crate) async fn ask(window: &WebviewWindow, name: &str) -> Option<PathBuf> {
    let (answer, answered) = oneshot::channel();
    let dialog = window.dialog().file().set_parent(window).set_file_name(plain(name));
    dialog.save_file(move |place| drop(answer.send(place)));
    answered.await.ok().flatten()?.into_path().ok()
}

/// Writes it whole, or says that it could not.
pub(crate) async fn save(place: &Path, file: FetchedFile) -> Result<FileSaved, DeskFault> {
    tokio::fs::write(place, &file.bytes).await.map_err(|error| {
        // The path may name the person, so only the kind is logged.
        tracing::warn!(kind = ?error.kind(), "a file could not be written");
        DeskFault::new(DeskFaultCode::FileFailed)
    })?;
    let name = place.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(FileSaved { name, rows: file.rows, complete: file.complete })
}

/// A name that every system takes.
fn plain(name: &str) -> String {
    let allowed = |sign: char| !sign.is_control() && !r#"\/:*?"<>|"#.contains(sign);
    name.chars().map(|sign| if allowed(sign) { sign } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> FetchedFile {
        FetchedFile { bytes: b"rows".to_vec(), rows: 3, complete: true }
    }

    #[tokio::test]
    async fn a_file_lies_where_the_person_wanted_it_and_its_name_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("待转办.csv");
        let saved = save(&place, file()).await.unwrap();
        assert_eq!((saved.name.as_deref(), saved.rows), (Some("待转办.csv"), 3));
        assert_eq!(std::fs::read(&place).unwrap(), b"rows");
    }

    #[tokio::test]
    async fn a_place_that_takes_no_file_is_a_fault_with_its_code() {
        let folder = tempfile::tempdir().unwrap();
        let fault = save(&folder.path().join("nowhere/list.csv"), file()).await.unwrap_err();
        assert_eq!(fault.code, DeskFaultCode::FileFailed);
    }

    #[test]
    fn a_proposed_name_is_one_that_every_system_takes() {
        assert_eq!(plain("我的报告 2026-11-23.xlsx"), "我的报告 2026-11-23.xlsx");
        assert_eq!(plain("../a:b\n.csv"), "..-a-b-.csv");
    }
}
