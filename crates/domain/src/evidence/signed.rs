//! What the centre signs: time anchors and receipts.
//!
//! The canonical bytes are a tag naming the kind and its version, followed by the fields in the order in which they
//! stand in the type. Texts and byte strings have their length before them (u32, big endian); numbers are 8 bytes, big
//! endian; an optional field begins with 1 or 0. So no two values share their bytes, and JSON's spelling is no matter.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::time::Timestamp;

use super::{Anchor, Receipt, ReportTime, TimeProof, sha256};

/// A signature does not prove what it stands under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Not 128 hexadecimal digits.
    #[error("malformed signature")]
    Malformed,
    /// Made with another key, or over other words.
    #[error("wrong signature")]
    Wrong,
    /// Says that another key signed it.
    #[error("another key")]
    OtherKey,
}

/// Something with canonical bytes and a place for a signature over them.
pub trait Signed: Sized {
    /// The bytes that are signed.
    fn canonical(&self) -> Vec<u8>;

    /// The signature, hexadecimal.
    fn signature(&self) -> &str;

    /// Puts a signature in its place; a type that names its key names it here too.
    fn signed_with(self, key: &SigningKey) -> Self;

    /// Whether the centre with this key signed exactly this.
    ///
    /// # Errors
    /// What is wrong with the signature.
    fn verify(&self, key: &VerifyingKey) -> Result<(), SignatureFault> {
        check(self, key)
    }
}

/// Identifies a key: the first 16 hexadecimal digits of SHA-256 of the public key.
#[must_use]
pub fn key_id(key: &VerifyingKey) -> String {
    let mut text = sha256(key.as_bytes()).to_string();
    text.truncate(16);
    text
}

impl Signed for Anchor {
    fn canonical(&self) -> Vec<u8> {
        let mut bytes = Canonical::new("chayan anchor 1");
        bytes.time(self.server_time);
        bytes.field(self.device_id.0.as_bytes());
        match &self.elapsed {
            None => bytes.flag(false),
            Some(elapsed) => {
                bytes.flag(true);
                bytes.field(elapsed.boot_id.as_bytes());
                bytes.number(elapsed.since_boot.0);
            }
        }
        bytes.field(self.nonce.as_bytes());
        bytes.0
    }

    fn signature(&self) -> &str {
        &self.signature
    }

    fn signed_with(mut self, key: &SigningKey) -> Self {
        self.signature = signature(&self, key);
        self
    }
}

impl Signed for Receipt {
    fn canonical(&self) -> Vec<u8> {
        let mut bytes = Canonical::new("chayan receipt 1");
        bytes.field(self.command_id.0.as_bytes());
        bytes.field(self.case_id.0.as_bytes());
        bytes.field(&self.content_hash.0);
        bytes.time(self.received_at);
        bytes.report_time(&self.report_time);
        bytes.field(&self.case_hash.0);
        bytes.field(self.key_id.as_bytes());
        bytes.0
    }

    fn signature(&self) -> &str {
        &self.signature
    }

    fn signed_with(mut self, key: &SigningKey) -> Self {
        self.key_id = key_id(&key.verifying_key());
        self.signature = signature(&self, key);
        self
    }

    fn verify(&self, key: &VerifyingKey) -> Result<(), SignatureFault> {
        if self.key_id != key_id(key) {
            return Err(SignatureFault::OtherKey);
        }
        check(self, key)
    }
}

pub(super) fn signature(value: &impl Signed, key: &SigningKey) -> String {
    hex::encode(key.sign(&value.canonical()).to_bytes())
}

fn check(value: &impl Signed, key: &VerifyingKey) -> Result<(), SignatureFault> {
    let mut bytes = [0; 64];
    hex::decode_to_slice(value.signature(), &mut bytes).map_err(|_| SignatureFault::Malformed)?;
    key.verify_strict(&value.canonical(), &Signature::from_bytes(&bytes)).map_err(|_| SignatureFault::Wrong)
}

pub(super) struct Canonical(pub(super) Vec<u8>);

impl Canonical {
    pub(super) fn new(tag: &str) -> Self {
        let mut bytes = Self(Vec::new());
        bytes.field(tag.as_bytes());
        bytes
    }

    pub(super) fn field(&mut self, bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    fn number(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    fn time(&mut self, at: Timestamp) {
        self.number(at.0);
    }

    fn flag(&mut self, flag: bool) {
        self.0.push(u8::from(flag));
    }

    fn report_time(&mut self, time: &ReportTime) {
        self.flag(time.earliest.is_some());
        if let Some(earliest) = time.earliest {
            self.time(earliest);
        }
        self.time(time.latest);
        self.0.push(match time.proof {
            TimeProof::Online => 1,
            TimeProof::Telephone => 2,
            TimeProof::OfflineProven => 3,
            TimeProof::Doubtful => 4,
        });
    }
}
