//! Masking: enough to recognise a customer one knows, not enough to learn about one.

use super::lists::FieldName;
use super::private::Private;

/// What a screen without the right to see the field shows: `138****1234` for a telephone, the first and the last
/// character otherwise. Short texts show less, never more; an empty text stays empty.
#[must_use]
pub fn mask(field: FieldName, text: &Private) -> String {
    let characters: Vec<char> = text.reveal().trim().chars().collect();
    match (field, characters.len()) {
        (_, 0) => String::new(),
        (FieldName::Phone, 8..) => around(&characters, 3, 4),
        (_, 3..) => around(&characters, 1, 1),
        (_, 2) => around(&characters, 1, 0),
        _ => "*".to_owned(),
    }
}

/// The first `head` and last `tail` characters; everything between becomes four stars at most, so that the length of
/// a long text does not show.
fn around(characters: &[char], head: usize, tail: usize) -> String {
    let hidden = characters.len().saturating_sub(head + tail).clamp(1, 4);
    let first = characters.iter().take(head);
    let last = characters.iter().skip(characters.len().saturating_sub(tail));
    first.chain(std::iter::repeat_n(&'*', hidden)).chain(last).collect()
}

impl Private {
    /// The text as a telephone number, masked: `138****1234`.
    #[must_use]
    pub fn masked_phone(&self) -> String {
        mask(FieldName::Phone, self)
    }
}
