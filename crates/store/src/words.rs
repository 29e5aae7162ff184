//! The stored word of an enumeration is its word on the wire.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::StoreError;

/// The word of a plain enumeration value.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        // Only plain enumerations are given; anything else would be read back as corrupt.
        _ => String::new(),
    }
}

/// The value of a stored word.
pub(crate) fn from_word<T: DeserializeOwned>(word: String, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_value(Value::String(word)).map_err(|_| StoreError::Corrupt { what })
}

/// A stored SHA-256.
pub(crate) fn hash(bytes: &[u8], what: &'static str) -> Result<chayan_domain::evidence::Hash, StoreError> {
    bytes.try_into().map(chayan_domain::evidence::Hash).map_err(|_| StoreError::Corrupt { what })
}
