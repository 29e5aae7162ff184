//! Customer data that cannot be printed or logged.

use serde::{Deserialize, Serialize};

/// Text about a customer. `Debug` and logs show `•••`; only [`Private::reveal`] gives it out.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct Private(String);

impl Private {
    /// Wraps a customer's text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for encryption, validation or a screen that is allowed to show it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing but white space was given.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}
