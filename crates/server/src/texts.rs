//! Sentences of the command line, in Chinese, from one catalogue. Keys are typed; a test looks every one of them up.

use std::collections::HashMap;
use std::sync::OnceLock;

macro_rules! texts {
    ($($name:ident = $key:literal),+ $(,)?) => {
        /// A sentence of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Text { $($name),+ }

        impl Text {
            /// Every sentence.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its key in the catalogue.
            #[must_use]
            pub(crate) const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }
        }
    };
}

texts! {
    ConfigUnreadable = "config.unreadable",
    ConfigBadValue = "config.bad_value",
    ConfigPlainHttp = "config.plain_http",
    ConfigTlsHalf = "config.tls_half",
    StoreFailed = "store.failed",
    StoreFull = "store.full",
    Migrated = "store.migrated",
    DirectoryImported = "import.directory.done",
    DirectoryRefused = "import.directory.refused",
    ImportedFrom = "import.from",
    ImportReason = "import.reason",
    RowAt = "import.row_at",
    FileAt = "import.file_at",
    RulesImported = "import.rules.done",
    RulesRefused = "import.rules.refused",
    CalendarImported = "import.calendar.done",
    CalendarRefused = "import.calendar.refused",
    UserCreated = "user.created",
    UserExists = "user.exists",
    UserUnknown = "user.unknown",
    UserNotInDirectory = "user.not_in_directory",
    UserPasswordSet = "user.password_set",
    UserPasswordLength = "user.password_length",
    UserLocked = "user.locked",
    UserUnlocked = "user.unlocked",
    UserLine = "user.line",
    UserStateActive = "user.state.active",
    UserStateLocked = "user.state.locked",
    DemoWritten = "demo.written",
    HistoryWritten = "demo.history",
    HistoryNotEmpty = "demo.not_empty",
    FileFailed = "file.failed",
    AuditOk = "audit.ok",
    AuditBroken = "audit.broken",
    AuditAtEvent = "audit.at_event",
    AuditAtCase = "audit.at_case",
    AuditAtAmendment = "audit.at_amendment",
    AuditAtAccess = "audit.at_access",
    AuditAtRemoval = "audit.at_removal",
    PackOk = "pack.ok",
    PackBroken = "pack.broken",
    PackUnreadable = "pack.unreadable",
    PackBadKey = "pack.bad_key",
    ReceiptOk = "receipt.ok",
    ReceiptBroken = "receipt.broken",
    HealthOk = "health.ok",
    HealthBad = "health.bad",
}

/// The sentence with its `{names}` filled in.
#[must_use]
pub(crate) fn say(text: Text, values: &[(&str, &str)]) -> String {
    let mut sentence = look_up(text.key()).unwrap_or_else(|| text.key().to_owned());
    for (name, value) in values {
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    sentence
}

/// The sentence of a key that is made from a code, where the catalogue has one.
#[must_use]
pub(crate) fn look_up(key: &str) -> Option<String> {
    static CATALOGUE: OnceLock<HashMap<String, String>> = OnceLock::new();
    CATALOGUE
        .get_or_init(|| serde_json::from_str(include_str!("../catalogue/zh-CN.json")).unwrap_or_default())
        .get(key)
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_in_the_catalogue() {
        for text in Text::ALL {
            assert!(look_up(text.key()).is_some(), "{} has no sentence", text.key());
        }
    }

    #[test]
    fn names_are_filled_in() {
        let sentence = say(Text::UserUnknown, &[("person", "32050803")]);
        assert!(sentence.contains("32050803") && !sentence.contains('{'), "{sentence}");
    }
}
