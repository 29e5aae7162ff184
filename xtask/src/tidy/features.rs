//! docs/features.md: every feature of the table is there once, with a status, and its proof exists.

use anyhow::Result;

use super::text;
use crate::command::root;

const TABLE: &str = "docs/features.md";

pub(super) fn findings() -> Result<Vec<String>> {
    let ids = text("xtask/feature-ids.txt")?;
    let mut findings = of_table(&text(TABLE)?, &ids.split_whitespace().collect::<Vec<_>>());
    for (id, proof) in proofs(&text(TABLE)?) {
        if let Some(finding) = missing(&proof)? {
            findings.push(format!("{TABLE}: {id}: {finding}"));
        }
    }
    Ok(findings)
}

/// A row: id, feature, status, proof.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.trim().trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| is_id(cells[0]))
}

fn is_id(cell: &str) -> bool {
    let mut letters = cell.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_uppercase())
        && !letters.as_str().is_empty()
        && letters.all(|letter| letter.is_ascii_digit())
}

fn of_table(table: &str, ids: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for id in ids {
        match rows(table).filter(|cells| cells[0] == *id).count() {
            1 => {}
            0 => findings.push(format!("{TABLE}: {id} is missing")),
            _ => findings.push(format!("{TABLE}: {id} is there more than once")),
        }
    }
    for cells in rows(table) {
        let id = cells[0];
        if !ids.contains(&id) {
            findings.push(format!("{TABLE}: {id} is not in xtask/feature-ids.txt"));
        }
        let (Some(status), Some(proof)) = (cells.get(2), cells.get(3)) else {
            findings.push(format!("{TABLE}: {id} has fewer than four columns"));
            continue;
        };
        if !["works", "partly", "not yet"].iter().any(|known| status.starts_with(known)) {
            findings.push(format!("{TABLE}: {id} has the status `{status}`: works, partly or not yet"));
        }
        if status.starts_with("works") && !proof.contains("::") {
            findings.push(format!("{TABLE}: {id} works without a proof"));
        }
    }
    findings
}

/// Every `` `path::name` `` of the fourth column with its feature's id.
fn proofs(table: &str) -> Vec<(String, String)> {
    rows(table)
        .flat_map(|cells| {
            let id = cells[0].to_owned();
            let cell = cells.get(3).copied().unwrap_or_default().to_owned();
            let quoted: Vec<String> = cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            quoted.into_iter().filter(|proof| proof.contains("::")).map(move |proof| (id.clone(), proof))
        })
        .collect()
}

fn missing(proof: &str) -> Result<Option<String>> {
    let Some((path, name)) = proof.split_once("::") else { return Ok(None) };
    if !root().join(path).is_file() {
        return Ok(Some(format!("the file of the proof `{proof}` is not there")));
    }
    Ok((!holds(path, &text(path)?, name)).then(|| format!("the proof `{proof}` is not there")))
}

/// A Rust test is a function; a test of the screens is a quoted title.
fn holds(path: &str, source: &str, name: &str) -> bool {
    if std::path::Path::new(path).extension().is_some_and(|extension| extension == "rs") {
        let name = name.rsplit("::").next().unwrap_or(name);
        source.contains(&format!("fn {name}("))
    } else {
        ['\'', '"', '`'].iter().any(|quote| source.contains(&format!("{quote}{name}{quote}")))
    }
}

#[cfg(test)]
mod tests {
    use super::{holds, of_table, proofs};

    const TABLE: &str = "| id | feature | status | proof |\n| --- | --- | --- | --- |\n\
        | A1 | x | works | `a/b.rs::it_works`, `ui/c.test.ts::says so` |\n| A2 | y | partly: z | |\n";

    #[test]
    fn a_table_with_every_id_once_is_clean() {
        assert_eq!(of_table(TABLE, &["A1", "A2"]), Vec::<String>::new());
    }

    #[test]
    fn a_missing_id_an_unknown_status_and_a_claim_without_proof_are_found() {
        let table = "| A1 | x | works | |\n| A2 | y | soon | |\n";
        let findings = of_table(table, &["A1", "A2", "A3"]);
        assert_eq!(findings.len(), 3, "{findings:?}");
    }

    #[test]
    fn proofs_are_read_from_the_fourth_column_and_looked_up_by_name() {
        let found = proofs(TABLE);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], ("A1".to_owned(), "a/b.rs::it_works".to_owned()));
        assert!(holds("a/b.rs", "fn it_works() {", "tests::it_works"));
        assert!(!holds("a/b.rs", "fn it_works_not() {", "it_works"));
        assert!(holds("ui/c.test.ts", "it('says so', () => {", "says so"));
    }
}
