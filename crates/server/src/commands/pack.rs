//! Verifies an evidence pack, on any machine: needs neither store nor centre.

use std::path::Path;

use chayan_domain::evidence::{PackFault, pack_key_id, verify_pack as verify};
use ed25519_dalek::VerifyingKey;

use super::Failed;
use crate::archive;
use crate::texts::{Text, look_up, say};

/// Reads the file and checks every line of it.
///
/// # Errors
/// The first thing that does not hold, by name; or why the file cannot be read.
pub fn verify_pack(file: &Path, key: Option<&str>) -> Result<String, Failed> {
    let key = key.map(read_key).transpose()?;
    let bytes = std::fs::read(file).map_err(|error| Failed::file(file, error))?;
    let (text, page) = archive::open(bytes)
        .map_err(|reason| Failed::new(say(Text::PackUnreadable, &[("reason", &reason.to_string())])))?;
    let head = verify(&text, &page, key.as_ref())
        .map_err(|fault| Failed::new(say(Text::PackBroken, &[("what", &sentence(fault))])))?;
    let (case, events) = (head.case_id.to_string(), head.events.to_string());
    let key = pack_key_id(&head).unwrap_or_default();
    Ok(say(Text::PackOk, &[("case", &case), ("events", &events), ("key", &key)]))
}

pub(super) fn read_key(text: &str) -> Result<VerifyingKey, Failed> {
    let bad = || Failed::new(say(Text::PackBadKey, &[]));
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| bad())?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| bad())
}

fn sentence(fault: PackFault) -> String {
    let (code, number) = match fault {
        PackFault::Head => ("head", String::new()),
        PackFault::Event(number) => ("event", number.to_string()),
        PackFault::Receipt(number) => ("receipt", number.to_string()),
        PackFault::Line(number) => ("line", number.to_string()),
        PackFault::Seal => ("seal", String::new()),
        PackFault::Page => ("page", String::new()),
        PackFault::Key => ("key", String::new()),
    };
    look_up(&format!("pack.{code}")).unwrap_or_else(|| code.to_owned()).replace("{n}", &number)
}
