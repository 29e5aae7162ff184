//! The catalogue's sentences by key: tests name what a person reads without copying it.

use std::sync::LazyLock;

use anyhow::{Context, Result};
use serde_json::Value;

static CATALOGUE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../ui/src/texts/zh-CN.json")).unwrap_or_default());

/// The sentence at a dotted key such as `native.window.timer`.
///
/// # Errors
/// When the catalogue has no such sentence.
pub fn words(key: &str) -> Result<&'static str> {
    key.split('.')
        .try_fold(&*CATALOGUE, |branch, name| branch.get(name))
        .and_then(Value::as_str)
        .with_context(|| format!("the catalogue has no `{key}`"))
}

/// The sentence with its `{name}` places filled.
///
/// # Errors
/// When the catalogue has no such sentence.
pub fn filled(key: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut sentence = words(key)?.to_owned();
    for (name, value) in values {
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    Ok(sentence)
}

/// What of a sentence stands before its first place to fill: enough to recognise it.
///
/// # Errors
/// When the catalogue has no such sentence.
pub fn beginning(key: &str) -> Result<&'static str> {
    let sentence = words(key)?;
    Ok(sentence.split('{').next().unwrap_or(sentence))
}

/// Whether a text holds the sentence, whatever stands in its places: its fixed pieces, in order.
///
/// # Errors
/// When the catalogue has no such sentence.
pub fn says(key: &str) -> Result<impl Fn(&str) -> bool + use<>> {
    let pieces: Vec<&str> = words(key)?
        .split('{')
        .enumerate()
        .filter_map(
            |(at, piece)| if at == 0 { Some(piece) } else { piece.split_once('}').map(|(_, rest)| rest) },
        )
        .collect();
    Ok(move |text: &str| {
        let next = |rest: &mut &str, piece: &&str| {
            let found = rest.split_once(piece).map(|(_, after)| after);
            *rest = found.unwrap_or_default();
            found.is_some()
        };
        let mut rest = text;
        pieces.iter().all(|piece| next(&mut rest, piece))
    })
}

#[cfg(test)]
mod tests {
    use super::{beginning, filled, says, words};

    #[test]
    fn a_sentence_is_recognised_whatever_stands_in_its_places() {
        let pending = says("native.tip.pending").unwrap();
        assert!(pending("察言 · 12 条待发送 · 离线"));
        assert!(!pending("察言 · 在线"));
    }

    #[test]
    fn a_sentence_is_found_by_its_key_and_a_wrong_key_is_named() {
        assert_eq!(words("native.product").unwrap(), "察言");
        assert_eq!(words("native.nothing").unwrap_err().to_string(), "the catalogue has no `native.nothing`");
    }

    #[test]
    fn places_are_filled_and_the_beginning_ends_before_the_first() {
        assert_eq!(filled("app.version", &[("version", "1.0")]).unwrap(), "版本 1.0");
        assert_eq!(beginning("app.version").unwrap(), "版本 ");
    }
}
