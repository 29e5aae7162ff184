//! 录音: the number by which a recording system knows a call, or a link to it. Never the sound itself.

use super::form::{FieldFault, FieldFaultKind};
use super::lists::FieldName;
use super::private::Private;

/// What is wrong with a reference; `None` when it can be kept, or where there is none.
///
/// A link goes to `http` or `https` and nowhere else: what a screen offers to be opened must not run anything.
#[must_use]
pub fn recording_fault(reference: &Private) -> Option<FieldFault> {
    let text = reference.reveal().trim();
    let fault = |kind, limit| Some(FieldFault { field: FieldName::Recording, kind, limit });
    let limit = FieldName::Recording.max_chars();
    if limit.is_some_and(|limit| u32::try_from(text.chars().count()).map_or(true, |length| length > limit)) {
        return fault(FieldFaultKind::TooLong, limit);
    }
    let spaced = text.contains(|c: char| c.is_control() || c.is_whitespace());
    if spaced || (names_a_scheme(text) && !is_link(text)) {
        return fault(FieldFaultKind::Malformed, None);
    }
    None
}

/// Whether a reference can be opened in a browser.
fn is_link(text: &str) -> bool {
    let after = |scheme: &str| {
        let head = text.get(..scheme.len()).filter(|head| head.eq_ignore_ascii_case(scheme));
        head.and_then(|_| text.get(scheme.len()..))
    };
    let host = after("https://").or_else(|| after("http://"));
    host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
}

/// Whether a browser could take it for a link of any kind: `javascript:`, `file:`, `//elsewhere`.
fn names_a_scheme(text: &str) -> bool {
    let word = text.split_once(':').map(|(word, _)| word);
    let scheme = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
    };
    word.is_some_and(scheme) || text.starts_with("//") || text.starts_with('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<FieldFaultKind> {
        recording_fault(&Private::new(text)).map(|fault| fault.kind)
    }

    #[test]
    fn a_number_or_a_web_link_is_kept_and_nothing_that_a_browser_would_run() {
        for good in [
            "",
            "  ",
            "REC-20261123-0097",
            "20261123/1101/7.wav",
            "2026:11:23",
            "https://rec.example/a?b=1",
            "HTTP://[::1]/7",
        ] {
            assert_eq!(kind(good), None, "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JavaScript:1",
            "file:///etc/passwd",
            "data:text/html,x",
            "ftp://rec.example/7",
            "//rec.example/7",
            "https://",
            "https:///7",
            "two words",
            "line\nbreak",
        ] {
            assert_eq!(kind(bad), Some(FieldFaultKind::Malformed), "{bad}");
        }
        assert_eq!(kind(&"7".repeat(500)), None);
        assert_eq!(kind(&"7".repeat(501)), Some(FieldFaultKind::TooLong));
    }
}
