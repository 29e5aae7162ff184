//! Links between the documents point at files that exist.

use std::path::Path;

use anyhow::Result;

use super::text;
use crate::command::root;

pub(super) fn findings(files: &[String]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in files.iter().filter(|path| path.rsplit('.').next() == Some("md")) {
        let folder = root().join(path).parent().map(Path::to_path_buf).unwrap_or_default();
        for target in targets(&text(path)?) {
            if !folder.join(&target).exists() {
                findings.push(format!("{path}: the link to {target} leads nowhere"));
            }
        }
    }
    Ok(findings)
}

/// The files that `[text](target)`, `![text](target)` and `src="target"` name; anchors and addresses are left out.
fn targets(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        for (opening, closing) in [("](", ')'), ("src=\"", '"')] {
            for part in line.split(opening).skip(1) {
                let target = part.split([closing, '#', ' ']).next().unwrap_or_default();
                if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
                    found.push(target.to_owned());
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn files_are_found_and_addresses_are_not() {
        let markdown =
            "[a](docs/a.md#part) ![b](b.png) <img src=\"c.png\"> [d](https://example.org) [e](#here)";
        assert_eq!(targets(markdown), ["docs/a.md", "b.png", "c.png"]);
    }

    #[test]
    fn code_blocks_hold_no_links() {
        assert_eq!(targets("```text\n[a](b.md)\n```\n"), Vec::<String>::new());
    }
}
