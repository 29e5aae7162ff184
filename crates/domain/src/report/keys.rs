//! Keys that tie reports to complaints: normalised before they are compared, so that 138-0000 1111 equals
//! ＋86 13800001111. Each kind is compared with its own kind only; empty never equals empty.

use unicode_normalization::UnicodeNormalization;

use super::lists::FieldName;

/// Words that mean "none", one a line; data, because they are Chinese and a later setting.
const ABSENT: &str = include_str!("../../data/absent-keys.txt");

/// The fewest digits of a telephone number that can be compared.
const SHORTEST_PHONE: usize = 7;

/// The comparable keys in a field, in order and each once; none for fields that are no keys, for masked values (`*`)
/// and for words that mean "none".
///
/// A telephone field may hold several numbers, split at `/ 、 , ;`, or at a space where every part is long enough.
#[must_use]
pub fn normalise_key(field: FieldName, text: &str) -> Vec<String> {
    let mut keys: Vec<String> = match field {
        FieldName::Phone => phones(text),
        FieldName::PolicyNo | FieldName::LossReportNo | FieldName::ClaimNo | FieldName::Plate => {
            number(text).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}

fn number(text: &str) -> Option<String> {
    let folded = fold(text);
    let key: String = folded.chars().filter(|c| !is_filler(*c)).collect();
    let usable = !key.is_empty() && !key.contains('*') && !means_none(&folded) && !means_none(&key);
    usable.then_some(key)
}

fn phones(text: &str) -> Vec<String> {
    let folded = fold(text);
    if means_none(&folded) {
        return Vec::new();
    }
    folded.split(['/', '、', ',', ';']).flat_map(split_at_spaces).filter_map(phone).collect()
}

/// Splits at spaces only where every part can be a number of its own: `138 0000 1111` is one number.
fn split_at_spaces(cell: &str) -> Vec<&str> {
    let parts: Vec<&str> = cell.split_whitespace().collect();
    let digits = |part: &&str| part.chars().filter(char::is_ascii_digit).count();
    if parts.iter().all(|part| digits(part) >= SHORTEST_PHONE) { parts } else { vec![cell] }
}

fn phone(part: &str) -> Option<String> {
    if part.contains('*') || means_none(part) {
        return None;
    }
    let part = part.trim().strip_suffix(".0").unwrap_or(part);
    let digits: String = part.chars().filter(char::is_ascii_digit).collect();
    let local = ["0086", "86"]
        .iter()
        .filter_map(|prefix| digits.strip_prefix(prefix))
        .find(|rest| matches!(rest.len(), 11 | 12))
        .unwrap_or(&digits);
    (local.len() >= SHORTEST_PHONE && !means_none(local)).then(|| local.to_owned())
}

/// NFKC, upper case, without a spreadsheet's trailing `.0`.
fn fold(text: &str) -> String {
    let folded: String = text.nfkc().collect::<String>().to_uppercase();
    let trimmed = folded.trim();
    trimmed.strip_suffix(".0").unwrap_or(trimmed).to_owned()
}

fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−' | '_' | '.' | '·' | '•' | '・' | '‧')
}

fn means_none(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || ABSENT.lines().any(|word| word == text) || text.chars().all(|c| c == '0')
}
