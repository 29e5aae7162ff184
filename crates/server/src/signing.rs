//! The centre's Ed25519 key: made at the first start, kept in a file that only the server may read.
//!
//! It signs time anchors and receipts, so losing it makes old receipts unverifiable and leaking it makes them worthless.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use chayan_runtime::Entropy;
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The key pair with its short name.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    key_id: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

impl Signer {
    /// A signer of these 32 secret bytes.
    #[must_use]
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(secret);
        let digest = Sha256::digest(key.verifying_key().as_bytes());
        Self { key, key_id: hex::encode(&digest[..8]) }
    }

    /// Reads the key file, or makes it when it is missing.
    ///
    /// # Errors
    /// When the file cannot be read or written, is no key, or others may read it.
    pub fn open(path: &Path, entropy: &dyn Entropy) -> anyhow::Result<Self> {
        if !path.exists() {
            create_private(path, &hex::encode(Zeroizing::new(entropy.bytes32())))
                .with_context(|| format!("{}: cannot be made", path.display()))?;
        }
        refuse_shared(path)?;
        let text = Zeroizing::new(
            std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?,
        );
        let mut secret = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), secret.as_mut_slice())
            .with_context(|| format!("{}: not 64 hexadecimal digits", path.display()))?;
        Ok(Self::from_bytes(&secret))
    }

    /// The secret half, for signing.
    #[must_use]
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// First 16 hexadecimal digits of SHA-256 of the public key.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }
}

fn create_private(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn refuse_shared(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)
        .with_context(|| format!("{}: cannot be read", path.display()))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        bail!("{}: other users may read the key (mode {:o}, needs 600)", path.display(), mode & 0o777);
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_shared(_path: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chayan_runtime::SeededEntropy;

    #[test]
    fn the_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/signing.key");
        let first = Signer::open(&path, &SeededEntropy::new(1)).unwrap();
        let second = Signer::open(&path, &SeededEntropy::new(2)).unwrap();
        assert_eq!(first.public(), second.public(), "the second start reads the first start's key");
        assert_eq!(first.key_id().len(), 16);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.key");
        Signer::open(&path, &SeededEntropy::new(1)).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Signer::open(&path, &SeededEntropy::new(1)).is_err());
    }
}
