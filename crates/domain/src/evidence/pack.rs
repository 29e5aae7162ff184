//! 证据包: the events of one case with their hashes and the receipts of its commands, so that anybody can check them
//! without the centre.
//!
//! One JSON text, one event and one receipt a line, and a seal in the last line: whatever is changed is found on its
//! line. It holds the events as they were hashed, so it holds no customer text, and it names the reporter.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::signed::Canonical;
use super::{Hash, Receipt, Signed, chain_hash, key_id, sha256};
use crate::case::CaseEvent;
use crate::ids::{CaseId, PersonId};
use crate::time::Timestamp;

/// What a pack says it is.
pub const PACK_FORMAT: &str = "chayan pack 1";

const HEAD: &str = "{\"head\":";
const HEAD_HASH: &str = ",\"head_hash\":\"";
const HEAD_END: &str = "\",";
const EVENTS: &[u8] = b"\"events\":[";
const END: &[u8] = b"],";
const RECEIPTS: &[u8] = b"\"receipts\":[";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackHead {
    /// [`PACK_FORMAT`]
    pub format: String,
    /// Whose events these are.
    pub case_id: CaseId,
    /// How many there are.
    pub events: u32,
    /// How many receipts.
    pub receipts: u32,
    /// When it was made.
    pub exported_at: Timestamp,
    /// By whom.
    pub exported_by: PersonId,
    /// SHA-256 of the printable page beside it.
    pub page: Hash,
    /// Ed25519 public key of the centre, 64 hexadecimal digits.
    pub public_key: String,
}

/// One event as the centre keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PackEvent {
    /// Position in the case, from 1.
    pub sequence: u32,
    /// Hash of the event before.
    pub prev_hash: Hash,
    /// Its own, over `prev_hash` and the bytes of `event`.
    pub hash: Hash,
    /// The bytes that were hashed.
    pub event: Box<RawValue>,
}

/// The last line: the centre signs everything before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackSeal {
    /// SHA-256 of all lines before.
    pub digest: Hash,
    /// Ed25519 over the canonical bytes of the digest, hexadecimal.
    pub signature: String,
}

/// The first thing that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackFault {
    /// The head was changed, or is none of ours.
    #[error("head")]
    Head,
    /// This event was changed, moved or left out.
    #[error("event {0}")]
    Event(u32),
    /// This receipt was changed, or is of another case.
    #[error("receipt {0}")]
    Receipt(u32),
    /// This line, which holds the parts together.
    #[error("line {0}")]
    Line(usize),
    /// The last line.
    #[error("seal")]
    Seal,
    /// The printable page.
    #[error("page")]
    Page,
    /// Another centre's key than the one that was expected.
    #[error("key")]
    Key,
}

/// A pack as text.
///
/// # Errors
/// When something cannot be written as JSON.
pub fn write_pack(
    head: &PackHead,
    events: &[PackEvent],
    receipts: &[Receipt],
    key: &SigningKey,
) -> serde_json::Result<Vec<u8>> {
    let head = serde_json::to_string(head)?;
    let mut text = format!("{HEAD}{head}{HEAD_HASH}{}{HEAD_END}\n", sha256(head.as_bytes())).into_bytes();
    rows(&mut text, EVENTS, events)?;
    rows(&mut text, RECEIPTS, receipts)?;
    let unsigned = PackSeal { digest: sha256(&text), signature: String::new() };
    text.extend_from_slice(b"\"seal\":");
    serde_json::to_writer(&mut text, &unsigned.signed_with(key))?;
    text.extend_from_slice(b"}\n");
    Ok(text)
}

fn rows<T: Serialize>(text: &mut Vec<u8>, name: &[u8], rows: &[T]) -> serde_json::Result<()> {
    text.extend_from_slice(name);
    for (index, row) in rows.iter().enumerate() {
        text.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut *text, row)?;
    }
    text.extend_from_slice(b"\n],\n");
    Ok(())
}

/// Checks a pack and the page beside it; with the centre's key where it is known from elsewhere.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_pack(text: &[u8], page: &[u8], expected: Option<&VerifyingKey>) -> Result<PackHead, PackFault> {
    let mut lines = Lines { lines: text.split(|byte| *byte == b'\n').collect(), place: 0 };
    let head = lines.next().and_then(head_of).ok_or(PackFault::Head)?;
    let key = public_key(&head).filter(|_| head.format == PACK_FORMAT).ok_or(PackFault::Head)?;
    if expected.is_some_and(|expected| *expected != key) {
        return Err(PackFault::Key);
    }
    lines.expect(EVENTS)?;
    let mut hashes = vec![Hash::ZERO];
    for (number, line) in (1u32..).zip(lines.rows(head.events)) {
        let event = part(line, b"", b"").ok_or(PackFault::Event(number))?;
        hashes.push(follows(&event, &head, number, hashes.last()).ok_or(PackFault::Event(number))?);
    }
    lines.expect(END)?;
    lines.expect(RECEIPTS)?;
    for (number, line) in (1u32..).zip(lines.rows(head.receipts)) {
        let receipt: Receipt = part(line, b"", b"").ok_or(PackFault::Receipt(number))?;
        let belongs = receipt.case_id == head.case_id && hashes.contains(&receipt.case_hash);
        if !belongs || !is_lower(&receipt.signature) || receipt.verify(&key).is_err() {
            return Err(PackFault::Receipt(number));
        }
    }
    lines.expect(END)?;
    let sealed = lines.read_so_far();
    let seal: PackSeal =
        lines.next().and_then(|line| part(line, b"\"seal\":", b"}")).ok_or(PackFault::Seal)?;
    check_seal(&seal, text.get(..sealed).unwrap_or_default(), &key)?;
    if lines.rest() != [b"".as_slice()] {
        return Err(PackFault::Line(lines.place + 1));
    }
    if sha256(page) == head.page { Ok(head) } else { Err(PackFault::Page) }
}

/// The head, if it is the one whose hash stands beside it.
fn head_of(line: &[u8]) -> Option<PackHead> {
    let line = std::str::from_utf8(line).ok()?;
    let (head, hash) = line.strip_prefix(HEAD)?.strip_suffix(HEAD_END)?.rsplit_once(HEAD_HASH)?;
    if sha256(head.as_bytes()).to_string() != hash {
        return None;
    }
    part(head.as_bytes(), b"", b"")
}

/// Identifies the key that signed a pack.
#[must_use]
pub fn pack_key_id(head: &PackHead) -> Option<String> {
    public_key(head).map(|key| key_id(&key))
}

fn public_key(head: &PackHead) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(&head.public_key, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// The hash of an event that is what it says and follows the one before it.
fn follows(event: &PackEvent, head: &PackHead, number: u32, before: Option<&Hash>) -> Option<Hash> {
    let bytes = event.event.get().as_bytes();
    let said: CaseEvent = serde_json::from_slice(bytes).ok()?;
    let holds = event.sequence == number
        && said.sequence == number
        && said.case_id == head.case_id
        && Some(&event.prev_hash) == before
        && said.prev_hash == event.prev_hash
        && event.hash == chain_hash(&event.prev_hash, bytes);
    holds.then_some(event.hash)
}

/// When everything else holds, a digest of something else means that something at the end was left out.
fn check_seal(seal: &PackSeal, sealed: &[u8], key: &VerifyingKey) -> Result<(), PackFault> {
    let found = PackSeal { digest: sha256(sealed), signature: seal.signature.clone() };
    let signed = is_lower(&seal.signature) && found.verify(key).is_ok();
    match (signed, found.digest == seal.digest) {
        (true, true) => Ok(()),
        (false, false) => Err(PackFault::Head),
        _ => Err(PackFault::Seal),
    }
}

/// One signature has one text.
fn is_lower(hexadecimal: &str) -> bool {
    !hexadecimal.bytes().any(|digit| digit.is_ascii_uppercase())
}

/// The value of a line, if the line is exactly what it is written as.
fn part<T: Serialize + for<'de> Deserialize<'de>>(line: &[u8], before: &[u8], after: &[u8]) -> Option<T> {
    let inner = line.strip_prefix(before)?.strip_suffix(after)?;
    let value: T = serde_json::from_slice(inner).ok()?;
    (serde_json::to_vec(&value).ok()? == inner).then_some(value)
}

/// Lines one after the other.
struct Lines<'a> {
    lines: Vec<&'a [u8]>,
    place: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.lines.get(self.place).copied();
        self.place += 1;
        line
    }

    fn rest(&self) -> &[&'a [u8]] {
        self.lines.get(self.place..).unwrap_or_default()
    }

    fn expect(&mut self, wanted: &[u8]) -> Result<(), PackFault> {
        let place = self.place + 1;
        if self.next() == Some(wanted) { Ok(()) } else { Err(PackFault::Line(place)) }
    }

    /// So many rows of a list, without the commas between them. A line that is no row is an empty one.
    fn rows(&mut self, count: u32) -> Vec<&'a [u8]> {
        let row = |lines: &mut Self, number: u32| {
            let line = lines.next().unwrap_or_default();
            if number == count { line } else { line.strip_suffix(b",").unwrap_or_default() }
        };
        (1..=count).map(|number| row(self, number)).collect()
    }

    /// Bytes of the lines that were read, with their ends.
    fn read_so_far(&self) -> usize {
        self.lines.iter().take(self.place).map(|line| line.len() + 1).sum()
    }
}

impl Signed for PackSeal {
    fn canonical(&self) -> Vec<u8> {
        let mut bytes = Canonical::new(PACK_FORMAT);
        bytes.field(&self.digest.0);
        bytes.0
    }

    fn signature(&self) -> &str {
        &self.signature
    }

    fn signed_with(mut self, key: &SigningKey) -> Self {
        self.signature = super::signed::signature(&self, key);
        self
    }
}
