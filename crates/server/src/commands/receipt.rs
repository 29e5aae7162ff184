//! Verifies a file of 报告回执, on any machine: needs neither store nor centre.

use std::path::Path;

use chayan_domain::evidence::{ReceiptFault, receipt_key_id, verify_receipt_file};

use super::Failed;
use super::pack::read_key;
use crate::texts::{Text, look_up, say};

/// Reads the file and checks the page and every receipt.
///
/// # Errors
/// The first thing that does not hold, by name; or why the file cannot be read.
pub fn verify_receipt(file: &Path, key: Option<&str>) -> Result<String, Failed> {
    let key = key.map(read_key).transpose()?;
    let bytes = std::fs::read(file).map_err(|error| Failed::file(file, error))?;
    let found = match std::str::from_utf8(&bytes) {
        Ok(text) => verify_receipt_file(text, key.as_ref()),
        Err(_) => Err(ReceiptFault::Format),
    };
    let found =
        found.map_err(|fault| Failed::new(say(Text::ReceiptBroken, &[("what", &sentence(fault))])))?;
    let (case, count) = (found.case_id.to_string(), found.receipts.len().to_string());
    let key = receipt_key_id(&found).unwrap_or_default();
    Ok(say(Text::ReceiptOk, &[("case", &case), ("count", &count), ("key", &key)]))
}

fn sentence(fault: ReceiptFault) -> String {
    let (code, number) = match fault {
        ReceiptFault::Format => ("format", String::new()),
        ReceiptFault::Page => ("page", String::new()),
        ReceiptFault::Receipt(number) => ("receipt", number.to_string()),
        ReceiptFault::Seal => ("seal", String::new()),
        ReceiptFault::Key => ("key", String::new()),
    };
    look_up(&format!("receipt.{code}")).unwrap_or_else(|| code.to_owned()).replace("{n}", &number)
}
