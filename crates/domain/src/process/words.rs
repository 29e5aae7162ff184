//! The trade's words for states, actions and relations, and where a state stands in the picture: data, because they are
//! Chinese and placed by hand.

use serde::Serialize;

const WORDS: &str = include_str!("../../data/process-words.tsv");

/// The word that JSON uses.
pub(super) fn wire(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// The trade's word; the wire's own where the list has none.
pub(super) fn word(value: &impl Serialize) -> String {
    let wire = wire(value);
    let found = row(&wire).and_then(|row| row.get(2).copied()).map(str::to_owned);
    found.unwrap_or(wire)
}

/// Column and row of a state in the picture.
pub(super) fn place(value: &impl Serialize) -> Option<(f64, f64)> {
    let row = row(&wire(value))?;
    Some((row.get(3)?.parse().ok()?, row.get(4)?.parse().ok()?))
}

fn row(wire: &str) -> Option<Vec<&'static str>> {
    WORDS.lines().map(|line| line.split('\t').collect::<Vec<_>>()).find(|row| row.get(1) == Some(&wire))
}
