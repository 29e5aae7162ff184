//! Hashes: their text, the chain, and commitments to customer texts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use super::{Commitment, Hash, SealEvidence};

/// A text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct HashText;

impl Hash {
    /// What stands before the first event of a chain.
    pub const ZERO: Self = Self([0; 32]);
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for Hash {
    type Err = HashText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashText)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// The next hash of a chain: SHA-256 of the hash before it followed by the stored bytes.
#[must_use]
pub fn chain_hash(prev: &Hash, bytes: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update(prev.0).chain_update(bytes).finalize().into())
}

/// Binds to a customer's text without showing it: SHA-256 of the salt followed by the bytes.
#[must_use]
pub fn commit(salt: &[u8; 32], bytes: &[u8]) -> Commitment {
    Commitment(Hash(Sha256::new().chain_update(salt).chain_update(bytes).finalize().into()))
}

/// A link of a device's chain, as the centre has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainRecord {
    /// Position from 1.
    pub sequence: u64,
    /// The record's hash.
    pub hash: Hash,
    /// The hash of the one before it.
    pub prev_hash: Hash,
}

impl From<&SealEvidence> for ChainRecord {
    fn from(seal: &SealEvidence) -> Self {
        Self { sequence: seal.sequence, hash: seal.hash, prev_hash: seal.prev_hash }
    }
}

/// How a record stands to its device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainLink {
    /// It is the first, or follows the record before it.
    Follows,
    /// The record before it has not been seen: it waits on the device for another person to sign in, or never came.
    Unseen,
    /// It contradicts a record of the same place, or one next to it.
    Broken,
}

/// How `record` stands to the known records of its device. Records may arrive in another order than they were sealed in,
/// so both neighbours are asked.
#[must_use]
pub fn chain_link(record: &ChainRecord, known: &[ChainRecord]) -> ChainLink {
    let at = |sequence: Option<u64>| known.iter().filter(move |other| Some(other.sequence) == sequence);
    let forked = at(Some(record.sequence)).any(|other| other.hash != record.hash);
    let mut after = at(record.sequence.checked_add(1)).peekable();
    let disowned = after.peek().is_some() && !after.any(|next| next.prev_hash == record.hash);
    let mut before = at(record.sequence.checked_sub(1)).peekable();
    let seen = before.peek().is_some();
    let follows = record.sequence == 1 || before.any(|previous| previous.hash == record.prev_hash);
    match (forked || disowned, follows, seen) {
        (true, ..) | (false, false, true) => ChainLink::Broken,
        (false, true, _) => ChainLink::Follows,
        (false, false, false) => ChainLink::Unseen,
    }
}
