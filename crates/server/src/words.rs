//! Words of the wire as people read them: from the same catalogue as the screens, so that a list that was taken along
//! says what the screen said.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;

static CATALOGUE: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../ui/src/texts/zh-CN.json")).unwrap_or_default()
});

/// The word by which a plain value goes on the wire.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A text of the screens by its key; the key itself where there is none.
pub(crate) fn text(key: &str) -> String {
    let found = key.split('.').try_fold(&*CATALOGUE, |branch, name| branch.get(name));
    found.and_then(Value::as_str).unwrap_or(key).to_owned()
}

/// A word of a list as people read it; one that this program does not know keeps its code.
pub(crate) fn said<T: Serialize>(list: &str, value: &T) -> String {
    let code = word(value);
    let found = CATALOGUE.get("words").and_then(|words| words.get(list)).and_then(|list| list.get(&code));
    found
        .and_then(Value::as_str)
        .map_or_else(|| text("common.unknown").replace("{code}", &code), str::to_owned)
}

#[cfg(test)]
mod tests {
    use chayan_domain::case::CaseState;

    use super::*;

    #[test]
    fn every_state_is_said_as_on_the_screens_and_a_strange_word_keeps_its_code() {
        for state in CaseState::ALL {
            assert!(!said("state", state).contains(&word(state)), "{state:?}");
        }
        assert_eq!(said("state", &CaseState::Calling), "首次回访中");
        assert_eq!(said("state", &"ON_HOLD"), "其他（ON_HOLD）");
        assert_eq!(text("common.yes"), "是");
    }
}
