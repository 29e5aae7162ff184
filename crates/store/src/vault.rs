//! Customer data at rest: each case has its own key, wrapped by the master key; rows are sealed with
//! XChaCha20-Poly1305 and bound to their case and command; keys for matching are stored only as keyed digests.
//!
//! Destroying a case's key destroys its customer data and the salts of its commitments; the event chain still holds.
//! The first byte of everything sealed names the algorithm, so that another (SM4) can follow.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use chayan_domain::ids::{CaseId, CommandId};
use chayan_domain::time::Timestamp;
use chayan_runtime::Entropy;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::error::StoreError;
use crate::words::word;
use crate::write::{BlindDraft, CustomerDraft};

/// XChaCha20-Poly1305.
const ALGORITHM: u8 = 1;
const NONCE: usize = 24;
const SALT: usize = 32;

/// The key above all keys: 32 bytes from a file that only the server may read.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl Drop for MasterKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(•••)")
    }
}

impl MasterKey {
    /// A key from its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads the key; makes one, readable by the owner only, where the file is missing.
    ///
    /// # Errors
    /// [`StoreError::MasterKeyFile`] when the file cannot be read or made, has another length, or others may read it.
    pub fn load_or_create(path: &Path, entropy: &dyn Entropy) -> Result<Self, StoreError> {
        let fail = |source| StoreError::MasterKeyFile { path: path.to_owned(), source };
        match File::open(path) {
            Ok(file) => read_key(&file).map_err(fail),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make_key(path, entropy).map_err(fail)
            }
            Err(error) => Err(fail(error)),
        }
    }

    fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(keyed_digest(&self.0, &[b"chayan-store", purpose.as_bytes()]))
    }
}

fn read_key(file: &File) -> std::io::Result<MasterKey> {
    use std::io::{Error, ErrorKind};
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            return Err(Error::new(ErrorKind::PermissionDenied, "group or others may use it"));
        }
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(33));
    Read::take(file, 33).read_to_end(&mut bytes)?;
    let key: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| Error::new(ErrorKind::InvalidData, "it does not hold 32 bytes"))?;
    Ok(MasterKey(key))
}

fn make_key(path: &Path, entropy: &dyn Entropy) -> std::io::Result<MasterKey> {
    let key = MasterKey(entropy.bytes32());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(&key.0)?;
    file.sync_all()?;
    // The name must be as durable as the content: without the key the customer data is lost.
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(key)
}

/// Customer data of one command, in the clear.
#[derive(Clone)]
pub struct CustomerFields {
    /// The command that brought it.
    pub command_id: CommandId,
    /// The bytes that the commitment binds.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The commitment's salt.
    pub salt: [u8; 32],
    /// When it was stored.
    pub at: Timestamp,
}

impl std::fmt::Debug for CustomerFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CustomerFields").field("command_id", &self.command_id).finish_non_exhaustive()
    }
}

/// The key of one case, in the clear.
#[derive(Clone)]
pub(crate) struct CaseKey(Zeroizing<[u8; 32]>);

/// Seals and opens customer data.
#[derive(Clone)]
pub(crate) struct Vault {
    wrapping: Zeroizing<[u8; 32]>,
    blinding: Zeroizing<[u8; 32]>,
    key_id: String,
    entropy: Arc<dyn Entropy>,
}

impl Vault {
    pub(crate) fn new(master: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        let key_id = hex::encode(&master.derive("key id")[..8]);
        Self { wrapping: master.derive("wrap"), blinding: master.derive("blind"), key_id, entropy }
    }

    /// Names the master key without showing it.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    pub(crate) fn new_case_key(&self) -> CaseKey {
        CaseKey(Zeroizing::new(self.entropy.bytes32()))
    }

    pub(crate) fn wrap(&self, case_id: CaseId, key: &CaseKey) -> Result<Vec<u8>, StoreError> {
        self.seal(&self.wrapping, case_id.0.as_bytes(), key.0.as_slice())
    }

    pub(crate) fn unwrap(&self, case_id: CaseId, wrapped: &[u8]) -> Result<CaseKey, StoreError> {
        let plain = open(&self.wrapping, case_id.0.as_bytes(), wrapped, "case key")?;
        let key: [u8; 32] =
            plain.as_slice().try_into().map_err(|_| StoreError::Corrupt { what: "case key" })?;
        Ok(CaseKey(Zeroizing::new(key)))
    }

    pub(crate) fn seal_customer(
        &self,
        case_id: CaseId,
        key: &CaseKey,
        draft: &CustomerDraft,
    ) -> Result<Vec<u8>, StoreError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(SALT + draft.plaintext.len()));
        plain.extend_from_slice(&draft.salt);
        plain.extend_from_slice(&draft.plaintext);
        self.seal(&key.0, &row_context(case_id, draft.command_id), &plain)
    }

    pub(crate) fn open_customer(
        &self,
        case_id: CaseId,
        key: &CaseKey,
        command_id: CommandId,
        sealed: &[u8],
    ) -> Result<(Zeroizing<Vec<u8>>, [u8; SALT]), StoreError> {
        let plain = open(&key.0, &row_context(case_id, command_id), sealed, "customer row")?;
        let (salt, text) = plain.split_first_chunk().ok_or(StoreError::Corrupt { what: "customer row" })?;
        Ok((Zeroizing::new(text.to_vec()), *salt))
    }

    /// Equal kinds and texts give equal digests; nobody without the key can try texts out.
    pub(crate) fn blind(&self, draft: &BlindDraft) -> [u8; 32] {
        keyed_digest(&self.blinding, &[word(draft.kind).as_bytes(), draft.text.as_bytes()])
    }

    fn seal(&self, key: &[u8; 32], context: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context };
        let sealed = XChaCha20Poly1305::new(Key::from_slice(key))
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| StoreError::Corrupt { what: "customer text" })?;
        Ok([&[ALGORITHM], nonce.as_slice(), &sealed].concat())
    }
}

fn open(
    key: &[u8; 32],
    context: &[u8],
    sealed: &[u8],
    what: &'static str,
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let corrupt = || StoreError::Corrupt { what };
    let (algorithm, rest) = sealed.split_first().ok_or_else(corrupt)?;
    let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or_else(corrupt)?;
    if *algorithm != ALGORITHM {
        return Err(corrupt());
    }
    let payload = Payload { msg: text, aad: context };
    XChaCha20Poly1305::new(Key::from_slice(key))
        .decrypt(XNonce::from_slice(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| corrupt())
}

fn row_context(case_id: CaseId, command_id: CommandId) -> Vec<u8> {
    [case_id.0.as_bytes().as_slice(), command_id.0.as_bytes()].concat()
}

/// HMAC-SHA256 over the parts, each preceded by its length.
fn keyed_digest(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use chayan_runtime::SeededEntropy;
    use uuid::Uuid;

    use super::*;
    use crate::write::BlindKind;

    fn vault(seed: u64) -> Vault {
        let entropy = Arc::new(SeededEntropy::new(seed));
        Vault::new(&MasterKey(entropy.bytes32()), entropy)
    }

    fn draft(command: u128) -> CustomerDraft {
        CustomerDraft {
            command_id: CommandId(Uuid::from_u128(command)),
            plaintext: Zeroizing::new(b"13800000000".to_vec()),
            salt: [7; 32],
            at: Timestamp(1),
        }
    }

    #[test]
    fn a_row_opens_only_under_its_own_key_case_and_command() {
        let vault = vault(1);
        let (case_id, other) = (CaseId(Uuid::from_u128(1)), CaseId(Uuid::from_u128(2)));
        let key = vault.new_case_key();
        let draft = draft(9);
        let sealed = vault.seal_customer(case_id, &key, &draft).unwrap();
        let (plain, salt) = vault.open_customer(case_id, &key, draft.command_id, &sealed).unwrap();
        assert_eq!((plain, salt), (draft.plaintext.clone(), draft.salt));
        assert!(vault.open_customer(other, &key, draft.command_id, &sealed).is_err(), "another case");
        assert!(vault.open_customer(case_id, &key, CommandId(other.0), &sealed).is_err(), "another command");
        assert!(
            vault.open_customer(case_id, &vault.new_case_key(), draft.command_id, &sealed).is_err(),
            "another key"
        );
        for cut in 0..sealed.len() {
            assert!(
                vault.open_customer(case_id, &key, draft.command_id, &sealed[..cut]).is_err(),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn a_case_key_unwraps_only_under_its_master_key_and_for_its_case() {
        let (first, second) = (vault(1), vault(2));
        let case_id = CaseId(Uuid::from_u128(1));
        let key = first.new_case_key();
        let wrapped = first.wrap(case_id, &key).unwrap();
        assert_eq!(first.unwrap(case_id, &wrapped).unwrap().0, key.0);
        assert!(first.unwrap(CaseId(Uuid::from_u128(2)), &wrapped).is_err());
        assert!(second.unwrap(case_id, &wrapped).is_err());
        assert_ne!(first.key_id(), second.key_id());
    }

    #[test]
    fn blind_digests_are_equal_only_for_the_same_kind_text_and_master_key() {
        let (first, second) = (vault(1), vault(2));
        let entry = |kind, text: &str| BlindDraft { kind, text: Zeroizing::new(text.to_owned()) };
        let phone = entry(BlindKind::Phone, "13800000000");
        assert_eq!(first.blind(&phone), first.blind(&phone.clone()));
        assert_ne!(first.blind(&phone), first.blind(&entry(BlindKind::Policy, "13800000000")));
        assert_ne!(first.blind(&phone), first.blind(&entry(BlindKind::Phone, "13800000001")));
        assert_ne!(first.blind(&phone), second.blind(&phone));
    }

    #[test]
    fn the_key_file_is_made_once_for_its_owner_and_refused_when_it_is_open_or_cut() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let entropy = SeededEntropy::new(5);
        let made = MasterKey::load_or_create(&path, &entropy).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(MasterKey::load_or_create(&path, &entropy).unwrap().0, made.0);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refusal = MasterKey::load_or_create(&path, &entropy).unwrap_err();
        assert!(matches!(refusal, StoreError::MasterKeyFile { .. }), "{refusal:?}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, [1; 31]).unwrap();
        assert!(MasterKey::load_or_create(&path, &entropy).is_err());
    }
}
