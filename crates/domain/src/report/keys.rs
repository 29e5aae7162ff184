//! Keys that tie reports to complaints: normalised before they are compared, so that 138-0000 1111 equals
//! ＋86 13800001111. Each kind is compared with its own kind only; empty never equals empty.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::lists::FieldName;

/// Words that mean "none" (系统默认), one a line; data, because they are Chinese and a setting.
const ABSENT: &str = include_str!("../../data/absent-keys.txt");

/// The fewest digits of a telephone number that can be compared.
const SHORTEST_PHONE: usize = 7;

/// The comparable keys in a field, in order and each once; none for fields that are no keys, for masked values (`*`)
/// and for words that mean "none".
///
/// A telephone field may hold several numbers, split at `/ 、 , ;`, or at a space where every part is long enough.
#[must_use]
pub fn normalise_key(field: FieldName, text: &str) -> Vec<String> {
    static STANDARD: LazyLock<AbsentWords> = LazyLock::new(AbsentWords::default);
    normalise_key_unless(&STANDARD, field, text)
}

/// As [`normalise_key`], with an installation's own words for "none".
#[must_use]
pub fn normalise_key_unless(absent: &AbsentWords, field: FieldName, text: &str) -> Vec<String> {
    let mut keys: Vec<String> = match field {
        FieldName::Phone => phones(absent, text),
        FieldName::PolicyNo | FieldName::LossReportNo | FieldName::ClaimNo | FieldName::Plate => {
            number(absent, text).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}

/// The words that mean "none" where a key should stand. Nothing but zeros means it whatever they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentWords(Vec<String>);

impl AbsentWords {
    /// Takes words as people write them.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self(words.into_iter().map(fold).collect())
    }

    fn contain(&self, text: &str) -> bool {
        let text = text.trim();
        text.is_empty() || self.0.iter().any(|word| word == text) || text.chars().all(|c| c == '0')
    }
}

impl Default for AbsentWords {
    fn default() -> Self {
        Self::new(ABSENT.lines())
    }
}

fn number(absent: &AbsentWords, text: &str) -> Option<String> {
    let folded = fold(text);
    let key: String = folded.chars().filter(|c| !is_filler(*c)).collect();
    let usable = !key.is_empty() && !key.contains('*') && !absent.contain(&folded) && !absent.contain(&key);
    usable.then_some(key)
}

fn phones(absent: &AbsentWords, text: &str) -> Vec<String> {
    let folded = fold(text);
    if absent.contain(&folded) {
        return Vec::new();
    }
    let cells = folded.split(['/', '、', ',', ';']);
    cells.flat_map(split_at_spaces).filter_map(|part| phone(absent, part)).collect()
}

/// Splits at spaces only where every part can be a number of its own: `138 0000 1111` is one number.
fn split_at_spaces(cell: &str) -> Vec<&str> {
    let parts: Vec<&str> = cell.split_whitespace().collect();
    let digits = |part: &&str| part.chars().filter(char::is_ascii_digit).count();
    if parts.iter().all(|part| digits(part) >= SHORTEST_PHONE) { parts } else { vec![cell] }
}

fn phone(absent: &AbsentWords, part: &str) -> Option<String> {
    if part.contains('*') || absent.contain(part) {
        return None;
    }
    let part = part.trim().strip_suffix(".0").unwrap_or(part);
    let digits: String = part.chars().filter(char::is_ascii_digit).collect();
    let local = ["0086", "86"]
        .iter()
        .filter_map(|prefix| digits.strip_prefix(prefix))
        .find(|rest| matches!(rest.len(), 11 | 12))
        .unwrap_or(&digits);
    (local.len() >= SHORTEST_PHONE && !absent.contain(local)).then(|| local.to_owned())
}

/// NFKC, upper case, without a spreadsheet's trailing `.0` and without marks that take no room.
fn fold(text: &str) -> String {
    let wide: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    let folded: String = wide.to_uppercase().nfkc().collect();
    let trimmed = folded.trim();
    trimmed.strip_suffix(".0").unwrap_or(trimmed).to_owned()
}

/// What copying from a chat or a web page brings along.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// Spaces, dashes, dots and middle dots, however they are typed.
fn is_filler(c: char) -> bool {
    let dash = matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let dot = matches!(c, '.' | '。' | '·' | '•' | '・' | '‧' | '∙' | '⋅');
    c.is_whitespace() || dash || dot
}
