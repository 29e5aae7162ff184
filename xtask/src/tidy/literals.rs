//! Texts for people live in catalogues: no Chinese in string literals of the program's code, and no
//! path of one machine anywhere.

use anyhow::Result;

use super::text;

/// The folders whose code becomes the programs.
const PROGRAM_CODE: &[&str] = &["crates/", "src-tauri/src/"];

/// Paths that exist on one machine only; in two parts, so that this file does not hold them itself.
const MACHINE_PATHS: &[(&str, &str)] =
    &[("/wor", "k/main"), ("/wor", "k/shared"), ("/roo", "t/"), ("/hom", "e/")];

/// The one Chinese word that is not translated.
const PRODUCT: &str = "察言";

pub(super) fn findings(files: &[String]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in files {
        if !is_text(path) {
            continue;
        }
        let source = text(path)?;
        let source = if path.ends_with(".rs") { without_tests(&source) } else { &source };
        for (line, found) in machine_paths(source) {
            findings.push(format!("{path}:{line}: `{found}` is a path of one machine"));
        }
        if is_program_code(path) {
            for line in chinese_literals(source) {
                findings.push(format!("{path}:{line}: a sentence in code; texts belong in a catalogue"));
            }
        }
    }
    Ok(findings)
}

fn is_text(path: &str) -> bool {
    ["rs", "toml", "md", "ts", "vue", "css", "html", "json", "sql", "yml", "sh", "svg", "txt", "js", "mjs"]
        .iter()
        .any(|extension| path.rsplit('.').next() == Some(extension))
        && !path.ends_with("package-lock.json")
        || path == ".ci/run"
}

fn is_program_code(path: &str) -> bool {
    let ends = ["/tests.rs", "_tests.rs", "/fixtures.rs"];
    let is_test = path.contains("/tests/") || ends.iter().any(|end| path.ends_with(end));
    PROGRAM_CODE.iter().any(|folder| path.starts_with(folder)) && path.ends_with(".rs") && !is_test
}

fn machine_paths(source: &str) -> Vec<(usize, String)> {
    let names: Vec<String> = MACHINE_PATHS.iter().map(|(one, two)| format!("{one}{two}")).collect();
    source
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let found = names.iter().find(|name| line.contains(name.as_str()))?;
            Some((index + 1, found.clone()))
        })
        .collect()
}

/// Tests may hold any text; they stand at the end of a file.
fn without_tests(source: &str) -> &str {
    source.split("\n#[cfg(test)]\nmod ").next().unwrap_or(source)
}

/// The lines on which a string literal with Chinese begins. Comments may hold any language.
fn chinese_literals(source: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    let mut rest = Letters { source, line: 1 };
    while let Some(letter) = rest.next() {
        match letter {
            '/' if rest.source.starts_with('/') => rest.skip_past("\n"),
            '/' if rest.source.starts_with('*') => rest.skip_past("*/"),
            '\'' => rest.skip_character(),
            'r' if rest.starts_raw_string() => {
                let line = rest.line;
                if has_chinese(rest.take_raw_string()) {
                    lines.push(line);
                }
            }
            '"' => {
                let line = rest.line;
                if has_chinese(rest.take_string()) {
                    lines.push(line);
                }
            }
            _ => {}
        }
    }
    lines
}

/// The product's name is no sentence.
fn has_chinese(text: &str) -> bool {
    text.replace(PRODUCT, "")
        .chars()
        .any(|letter| matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'))
}

/// What is left of a source, and the number of its line.
struct Letters<'a> {
    source: &'a str,
    line: usize,
}

impl<'a> Letters<'a> {
    fn next(&mut self) -> Option<char> {
        let letter = self.source.chars().next()?;
        self.advance(letter.len_utf8());
        Some(letter)
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let (passed, rest) = self.source.split_at(bytes);
        self.line += passed.matches('\n').count();
        self.source = rest;
        passed
    }

    fn skip_past(&mut self, end: &str) {
        let bytes = self.source.find(end).map_or(self.source.len(), |at| at + end.len());
        self.advance(bytes);
    }

    /// After a quote: a character literal is skipped, a lifetime is left as it is.
    fn skip_character(&mut self) {
        let mut letters = self.source.chars();
        match letters.next() {
            Some('\\') => {
                self.advance(2);
                self.skip_past("'");
            }
            Some(letter) if letters.next() == Some('\'') => {
                self.advance(letter.len_utf8() + 1);
            }
            _ => {}
        }
    }

    fn starts_raw_string(&self) -> bool {
        self.source.trim_start_matches('#').starts_with('"')
    }

    fn take_raw_string(&mut self) -> &'a str {
        let hashes = self.source.len() - self.source.trim_start_matches('#').len();
        self.advance(hashes + 1);
        let end = format!("\"{}", "#".repeat(hashes));
        let bytes = self.source.find(&end).unwrap_or(self.source.len());
        self.advance(bytes)
    }

    fn take_string(&mut self) -> &'a str {
        let mut escaped = false;
        let end = self.source.char_indices().find(|(_, letter)| {
            let ends = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        let text = self.advance(end.map_or(self.source.len(), |(at, _)| at));
        self.next();
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{chinese_literals, machine_paths, without_tests};

    #[test]
    fn chinese_in_a_literal_is_found_with_its_line() {
        assert_eq!(chinese_literals("let a = 1;\nlet b = \"报告\";\n"), [2]);
        assert_eq!(chinese_literals("let b = r#\"a \" 报告\"#;"), [1]);
        assert_eq!(chinese_literals("let b = \"a \\\" 报告\";"), [1]);
        assert_eq!(chinese_literals("fn f<'a>(x: &'a str) { g(\"报\") }"), [1]);
        assert_eq!(chinese_literals("let q = '\"'; let b = \"报\"; // 告"), [1]);
    }

    #[test]
    fn chinese_in_comments_and_in_tests_is_allowed() {
        let source = "//! 报告\n/* \"案件\" */\nlet c = '\\''; // \"回访\"\n\n#[cfg(test)]\nmod tests { const A: &str = \"报\"; }";
        assert_eq!(chinese_literals(without_tests(source)), Vec::<usize>::new());
    }

    #[test]
    fn the_products_name_is_no_sentence() {
        assert_eq!(chinese_literals("let title = \"察言 Chayan\";"), Vec::<usize>::new());
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        let source = format!("fine\nsee {}me/x/notes\n", "/ho");
        assert_eq!(machine_paths(&source).len(), 1);
        assert_eq!(machine_paths(&source)[0].0, 2);
    }
}
