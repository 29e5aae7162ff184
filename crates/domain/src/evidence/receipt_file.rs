//! 报告回执 as a file: a page that a person reads and prints, with the signed receipts in its last lines, so that anybody
//! can check it without the centre.
//!
//! The seal covers the page above it and every receipt: whatever is changed, in what people read or in what machines do,
//! is found.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::signed::Canonical;
use super::{Hash, Receipt, Signed, key_id, sha256};
use crate::ids::CaseId;

/// What a file of receipts says it is.
pub const RECEIPT_FORMAT: &str = "chayan receipts 1";

/// A data block: no browser runs it.
const BEGIN: &str = "<script type=\"application/json\" id=\"chayan-receipts\">";
const END: &str = "</script>\n</body></html>\n";

/// The data at the end of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptFile {
    /// [`RECEIPT_FORMAT`]
    pub format: String,
    /// Whose receipts these are.
    pub case_id: CaseId,
    /// SHA-256 of the page before this.
    pub page: Hash,
    /// Oldest first.
    pub receipts: Vec<Receipt>,
    /// Ed25519 public key of the centre, 64 hexadecimal digits.
    pub public_key: String,
    /// Ed25519 over the canonical bytes of all of the above, hexadecimal.
    pub signature: String,
}

/// The first thing that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// There are no receipts in it, or their spelling was changed.
    #[error("format")]
    Format,
    /// What people read was changed.
    #[error("page")]
    Page,
    /// This receipt was changed, or is of another case.
    #[error("receipt {0}")]
    Receipt(u32),
    /// A receipt was left out or put in, or the seal was changed.
    #[error("seal")]
    Seal,
    /// Another centre's key than the one that was expected.
    #[error("key")]
    Key,
}

/// The file: a page that ends inside its body, and the receipts behind it.
///
/// # Errors
/// When something cannot be written as JSON.
pub fn write_receipt_file(
    page: &str,
    case_id: CaseId,
    receipts: Vec<Receipt>,
    key: &SigningKey,
) -> serde_json::Result<String> {
    let file = ReceiptFile {
        format: RECEIPT_FORMAT.to_owned(),
        case_id,
        page: sha256(page.as_bytes()),
        receipts,
        public_key: hex::encode(key.verifying_key().as_bytes()),
        signature: String::new(),
    };
    Ok(format!("{page}{BEGIN}{}{END}", serde_json::to_string(&file.signed_with(key))?))
}

/// Checks a file; with the centre's key where it is known from elsewhere.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_receipt_file(text: &str, expected: Option<&VerifyingKey>) -> Result<ReceiptFile, ReceiptFault> {
    let (page, rest) = text.rsplit_once(BEGIN).ok_or(ReceiptFault::Format)?;
    let json = rest.strip_suffix(END).ok_or(ReceiptFault::Format)?;
    let file: ReceiptFile = serde_json::from_str(json).map_err(|_| ReceiptFault::Format)?;
    // One file has one spelling.
    let as_written = serde_json::to_string(&file).is_ok_and(|written| written == json);
    let key = public_key(&file).filter(|_| as_written && file.format == RECEIPT_FORMAT);
    let key = key.ok_or(ReceiptFault::Format)?;
    if expected.is_some_and(|expected| *expected != key) {
        return Err(ReceiptFault::Key);
    }
    for (number, receipt) in (1u32..).zip(&file.receipts) {
        if receipt.case_id != file.case_id || receipt.verify(&key).is_err() {
            return Err(ReceiptFault::Receipt(number));
        }
    }
    let page_holds = sha256(page.as_bytes()) == file.page;
    match (file.verify(&key).is_ok(), page_holds) {
        (true, true) => Ok(file),
        (_, false) => Err(ReceiptFault::Page),
        (false, true) => Err(ReceiptFault::Seal),
    }
}

/// Identifies the key that signed a file.
#[must_use]
pub fn receipt_key_id(file: &ReceiptFile) -> Option<String> {
    public_key(file).map(|key| key_id(&key))
}

fn public_key(file: &ReceiptFile) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(&file.public_key, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

impl Signed for ReceiptFile {
    fn canonical(&self) -> Vec<u8> {
        let mut bytes = Canonical::new(RECEIPT_FORMAT);
        bytes.field(self.case_id.0.as_bytes());
        bytes.field(&self.page.0);
        for receipt in &self.receipts {
            bytes.field(&receipt.canonical());
            bytes.field(receipt.signature.as_bytes());
        }
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
