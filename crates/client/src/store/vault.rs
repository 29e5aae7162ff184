//! Encryption of single records: XChaCha20-Poly1305, with an id byte so that another cipher can follow.
//!
//! A sealed blob is `id byte · key mark (8 bytes) · nonce (24 bytes) · ciphertext`. What a blob belongs to (table and
//! row) is authenticated with it, so that no row can take another's place. The key lives in memory only.

use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use chayan_domain::evidence::sha256;
use chayan_runtime::Entropy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::StoreFault;

/// XChaCha20-Poly1305.
const CIPHER: u8 = 1;
const MARK: usize = 8;
const NONCE: usize = 24;

/// A key of the store.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        <[u8; 32]>::try_from(bytes).ok().map(Self::new)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Tells keys apart without showing anything of them.
    pub(crate) fn mark(&self) -> [u8; MARK] {
        let mut mark = [0; MARK];
        mark.copy_from_slice(
            &sha256(&[b"chayan store key".as_slice(), self.0.as_slice()].concat()).0[..MARK],
        );
        mark
    }
}

/// Seals and opens blobs with the key that it was given last.
pub(crate) struct Vault {
    key: RwLock<Option<StoreKey>>,
    entropy: Arc<dyn Entropy>,
}

impl Vault {
    pub(crate) const fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self { key: RwLock::new(None), entropy }
    }

    pub(crate) fn set_key(&self, key: StoreKey) {
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Some(key);
    }

    pub(crate) fn key(&self) -> Option<StoreKey> {
        self.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Seals a value for its place.
    pub(crate) fn seal(&self, place: &str, value: &impl Serialize) -> Result<Vec<u8>, StoreFault> {
        let key = self.key().ok_or(StoreFault::NoKey)?;
        let text = Zeroizing::new(serde_json::to_vec(value).map_err(|_| StoreFault::Unreadable)?);
        seal_with(&key, self.entropy.as_ref(), place, &text)
    }

    /// Opens what was sealed for this place.
    pub(crate) fn open<T: DeserializeOwned>(&self, place: &str, blob: &[u8]) -> Result<T, StoreFault> {
        let key = self.key().ok_or(StoreFault::NoKey)?;
        serde_json::from_slice(&open_with(&key, place, blob)?).map_err(|_| StoreFault::Unreadable)
    }

    /// The same blob under the present key, from an older one.
    pub(crate) fn reseal(&self, old: &StoreKey, place: &str, blob: &[u8]) -> Result<Vec<u8>, StoreFault> {
        let key = self.key().ok_or(StoreFault::NoKey)?;
        seal_with(&key, self.entropy.as_ref(), place, &open_with(old, place, blob)?)
    }
}

fn seal_with(key: &StoreKey, entropy: &dyn Entropy, place: &str, text: &[u8]) -> Result<Vec<u8>, StoreFault> {
    let mut nonce = [0; NONCE];
    entropy.fill(&mut nonce);
    let sealed = XChaCha20Poly1305::new(Key::from_slice(key.bytes()))
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: text, aad: place.as_bytes() })
        .map_err(|_| StoreFault::Unreadable)?;
    let mut blob = Vec::with_capacity(1 + MARK + NONCE + sealed.len());
    blob.push(CIPHER);
    blob.extend_from_slice(&key.mark());
    blob.extend_from_slice(&nonce);
    blob.extend_from_slice(&sealed);
    Ok(blob)
}

fn open_with(key: &StoreKey, place: &str, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreFault> {
    let (&cipher, rest) = blob.split_first().ok_or(StoreFault::Unreadable)?;
    let (mark, rest) = rest.split_at_checked(MARK).ok_or(StoreFault::Unreadable)?;
    let (nonce, sealed) = rest.split_at_checked(NONCE).ok_or(StoreFault::Unreadable)?;
    if cipher != CIPHER {
        return Err(StoreFault::Unreadable);
    }
    if mark != key.mark() {
        return Err(StoreFault::OtherKey);
    }
    XChaCha20Poly1305::new(Key::from_slice(key.bytes()))
        .decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: place.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| StoreFault::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chayan_runtime::SeededEntropy;

    fn vault(seed: u64) -> Vault {
        let entropy = Arc::new(SeededEntropy::new(seed));
        let vault = Vault::new(entropy.clone());
        vault.set_key(StoreKey::new(entropy.bytes32()));
        vault
    }

    #[test]
    fn a_blob_opens_only_at_its_own_place_and_with_its_own_key() {
        let (mine, other) = (vault(1), vault(2));
        let blob = mine.seal("drafts/1", &"13800001234").unwrap();
        assert_eq!(mine.open::<String>("drafts/1", &blob).unwrap(), "13800001234");
        assert!(matches!(mine.open::<String>("drafts/2", &blob), Err(StoreFault::Unreadable)));
        assert!(matches!(other.open::<String>("drafts/1", &blob), Err(StoreFault::OtherKey)));
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let vault = vault(1);
        let blob = vault.seal("records/1", &"text").unwrap();
        for position in 0..blob.len() {
            let mut bent = blob.clone();
            bent[position] ^= 1;
            assert!(vault.open::<String>("records/1", &bent).is_err(), "byte {position}");
        }
    }

    #[test]
    fn the_text_is_not_in_the_blob_and_two_blobs_of_one_text_differ() {
        let vault = vault(1);
        let (first, second) =
            (vault.seal("p", &"13800001234").unwrap(), vault.seal("p", &"13800001234").unwrap());
        assert!(!first.windows(11).any(|window| window == b"13800001234"));
        assert_ne!(first, second);
    }
}
