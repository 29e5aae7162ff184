//! Looks for texts that must not stand anywhere in the clear: every byte of every file below a folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A text that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In which file.
    pub file: PathBuf,
    /// Which of the texts.
    pub text: String,
}

/// Every file below `folder` that holds one of `texts`, as UTF-8 or as UTF-16 (the form in which web views keep text).
///
/// # Errors
/// When a file that is still there cannot be read.
pub(super) fn below(folder: &Path, texts: &[&str]) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        // Programs that run make and remove files meanwhile.
        let Ok(kind) = std::fs::symlink_metadata(&path).map(|meta| meta.file_type()) else { continue };
        if kind.is_dir() {
            for entry in std::fs::read_dir(&path).with_context(|| path.display().to_string())? {
                open.push(entry?.path());
            }
        } else if kind.is_file() {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let hit = texts.iter().filter(|text| holds(&bytes, text));
            found.extend(hit.map(|text| Found { file: path.clone(), text: (*text).to_owned() }));
        }
    }
    Ok(found)
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &wide].iter().any(|wanted| bytes.windows(wanted.len()).any(|window| window == *wanted))
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_text_is_found_in_either_encoding_and_a_clean_folder_is_clean() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/plain"), "tel=13800005678;").unwrap();
        let wide: Vec<u8> = "x13800005678".encode_utf16().flat_map(u16::to_le_bytes).collect();
        std::fs::write(folder.path().join("wide"), wide).unwrap();
        assert_eq!(below(folder.path(), &["13800005678"]).unwrap().len(), 2);
        assert_eq!(below(folder.path(), &["13800009999"]).unwrap(), []);
    }
}
