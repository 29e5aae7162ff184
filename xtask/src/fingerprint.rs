//! A fingerprint of files, to tell whether something made from them is stale. It guards nothing against a person.

use std::path::Path;

use anyhow::{Context, Result};

/// 64-bit FNV-1a: short, stable between versions and machines.
pub(crate) fn of_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The fingerprint of one file's bytes.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn of_file(path: &Path) -> Result<u64> {
    Ok(of_bytes(&std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?))
}

/// The fingerprint of files and of all files below folders: their names and bytes. What is missing counts as absent.
///
/// # Errors
/// When something that is there cannot be read.
pub(crate) fn of_paths(paths: &[std::path::PathBuf]) -> Result<u64> {
    let mut lines = Vec::new();
    for path in paths {
        collect(path, &mut lines)?;
    }
    lines.sort();
    Ok(of_bytes(lines.concat().as_bytes()))
}

fn collect(path: &Path, lines: &mut Vec<String>) -> Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            if entry.file_name() != "node_modules" {
                collect(&entry.path(), lines)?;
            }
        }
    } else if path.is_file() {
        lines.push(format!("{} {:016x}\n", path.display(), of_file(path)?));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::of_bytes;

    #[test]
    fn the_fingerprint_is_the_published_fnv_1a() {
        assert_eq!(of_bytes(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(of_bytes(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(of_bytes(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
