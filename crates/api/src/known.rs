//! A word of a list that the other side may already have made longer.

use serde::{Deserialize, Serialize};

/// A value this program knows, or the raw code of one that a newer centre added.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Known<T> {
    /// A word of the list.
    Word(T),
    /// A word this program does not know; shown as 其他(代码).
    Unknown(String),
}

impl<T> Known<T> {
    /// The word, if this program knows it.
    pub const fn word(&self) -> Option<&T> {
        match self {
            Self::Word(word) => Some(word),
            Self::Unknown(_) => None,
        }
    }
}

impl<T> From<T> for Known<T> {
    fn from(word: T) -> Self {
        Self::Word(word)
    }
}
