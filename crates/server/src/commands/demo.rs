//! Writes the demo province.

use std::path::Path;

use super::Failed;
use crate::demo_directory::{self, Names};
use crate::texts::{Text, say};

/// Writes the CSV files of the demo province into `folder`.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write_demo_directory(divisions: &Path, names: Option<&Path>, folder: &Path) -> Result<String, Failed> {
    let csv = std::fs::read_to_string(divisions).map_err(|error| Failed::file(divisions, error))?;
    let names = match names {
        None => Names::built_in(),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failed::file(path, error))
            .and_then(|json| Names::read(&json).map_err(|error| Failed::file(path, error)).map(Ok))?,
    }
    .map_err(|error| Failed::file(folder, error))?;
    let draft = demo_directory::write(&csv, &names, folder).map_err(|error| Failed::file(folder, error))?;
    let (units, people) = (draft.units.len().to_string(), draft.people.len().to_string());
    let path = folder.display().to_string();
    Ok(say(Text::DemoWritten, &[("units", &units), ("people", &people), ("path", &path)]))
}
