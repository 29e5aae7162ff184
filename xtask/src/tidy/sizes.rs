//! A file that does not fit a reader's head is split; the few exceptions give a reason.

use anyhow::Result;

use super::text;

const LIMIT: usize = 500;

pub(super) fn findings(files: &[String]) -> Result<Vec<String>> {
    let exceptions = text("xtask/tidy-exceptions.txt")?;
    let mut findings = Vec::new();
    for path in files {
        let is_code = ["rs", "ts", "vue"].iter().any(|extension| path.rsplit('.').next() == Some(extension));
        if !is_code || path.starts_with("ui/src/ipc/gen/") || is_excepted(&exceptions, path) {
            continue;
        }
        let lines = text(path)?.lines().count();
        if lines > LIMIT {
            findings.push(format!(
                "{path} has {lines} lines: split it, or give a reason in xtask/tidy-exceptions.txt"
            ));
        }
    }
    for path in exceptions.lines().filter_map(excepted_path) {
        if !files.iter().any(|file| file == path) {
            findings.push(format!("xtask/tidy-exceptions.txt: {path} is not there any more"));
        }
    }
    Ok(findings)
}

fn is_excepted(exceptions: &str, path: &str) -> bool {
    exceptions.lines().filter_map(excepted_path).any(|excepted| excepted == path)
}

/// A line is `path: reason`; without a reason it excepts nothing.
fn excepted_path(line: &str) -> Option<&str> {
    let (path, reason) = line.split_once(':')?;
    (!line.starts_with('#') && !reason.trim().is_empty()).then_some(path.trim())
}

#[cfg(test)]
mod tests {
    use super::is_excepted;

    #[test]
    fn an_exception_needs_a_reason() {
        assert!(is_excepted("a.rs: one table\n", "a.rs"));
        assert!(!is_excepted("a.rs:\n", "a.rs"));
        assert!(!is_excepted("# a.rs: one table\n", "a.rs"));
    }
}
