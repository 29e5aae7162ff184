//! The store's key in a file, for a machine whose keyring is missing or locked.
//!
//! Without it everything that is sealed would end with the program. It is weaker than a keyring: whoever works under
//! this login, or copies the folder, has it. So the person is told, only this login may read the file, and it goes
//! away as soon as a keyring keeps the key.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

use chayan_runtime::Entropy;

use crate::store::StoreKey;

/// Where the key lies when no keyring has it.
pub(crate) struct KeyFile {
    folder: PathBuf,
    path: PathBuf,
}

impl KeyFile {
    /// Beside the store in `folder`.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), path: folder.join("desk.key") }
    }

    /// The key, if there is such a file. One of another length holds no key.
    pub(crate) fn read(&self) -> Result<Option<StoreKey>> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(StoreKey::from_slice(&zeroize::Zeroizing::new(bytes))),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The key of the file, or a new one; answers only once it would outlive a power cut.
    pub(crate) fn read_or_make(&self, entropy: &dyn Entropy) -> Result<StoreKey> {
        if let Some(key) = self.read()? {
            return Ok(key);
        }
        let key = StoreKey::new(entropy.bytes32());
        let fresh = self.path.with_extension("key-new");
        remove(&fresh)?;
        let mut file = for_this_login_only().open(&fresh)?;
        file.write_all(key.bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, &self.path)?;
        sync_folder(&self.folder)?;
        Ok(key)
    }

    /// The keyring has the key now.
    pub(crate) fn remove(&self) -> Result<()> {
        remove(&self.path)
    }
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn for_this_login_only() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600);
    options
}

/// Elsewhere the folder is inside the profile of the login, whose rights the file takes over.
#[cfg(not(unix))]
fn for_this_login_only() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create_new(true);
    options
}

/// A renamed file is durable with its folder.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same on every system")]
fn sync_folder(_folder: &Path) -> Result<()> {
    Ok(())
}
