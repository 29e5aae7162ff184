//! The files of the working copy as git sees them: tracked ones and new ones, never ignored ones.

use anyhow::Result;

use crate::command::{command, read, root};

/// Paths from the root, with `/`, sorted; files that git lists but that are deleted are left out.
///
/// # Errors
/// When git cannot list them.
pub(crate) fn files() -> Result<Vec<String>> {
    let listed = read(command("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let mut files: Vec<String> =
        listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    files.retain(|path| root().join(path).is_file());
    Ok(files)
}
