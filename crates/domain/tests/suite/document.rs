//! The process as a document: complete, and the same every time.

use chayan_domain::case::CaseState;
use chayan_domain::process::{Action, Relation, document, leads_to};

fn wire(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).expect("a word").as_str().expect("a word").to_owned()
}

#[test]
fn the_document_names_every_state_and_every_action_in_both_languages() {
    let document = document();
    let row = |wire: String| {
        let start = format!("| `{wire}` | ");
        document.markdown.lines().find(|line| line.starts_with(&start)).map(str::to_owned)
    };
    let words = CaseState::ALL.iter().map(wire).chain(Action::ALL.iter().map(wire));
    for word in words {
        let line = row(word.clone()).unwrap_or_else(|| panic!("{word} is missing"));
        assert!(line.contains(|c: char| c >= '\u{4e00}'), "{line} has no Chinese");
    }
    assert!(
        Relation::ALL.iter().all(|relation| !document.markdown.contains(&format!(" {} ", wire(relation))))
    );
}

#[test]
fn the_picture_draws_every_state_and_every_way_between_two_but_the_void() {
    let svg = document().svg;
    let mut ways = 0;
    for from in CaseState::ALL {
        assert!(svg.contains(&format!(">{}", wire(from))), "{from:?} is missing");
        let next = |to: &&CaseState| {
            let by = |action: &Action| {
                Relation::ALL.iter().any(|relation| leads_to(Some(*from), *relation, *action).contains(to))
            };
            **to != *from && **to != CaseState::Void && Action::ALL.iter().any(by)
        };
        ways += CaseState::ALL.iter().filter(next).count();
    }
    let lines = svg.matches("<line ").count();
    assert!(lines >= ways && ways > 40, "{lines} lines for {ways} ways");
}

#[test]
fn the_document_is_the_same_every_time() {
    assert_eq!(document(), document());
    insta::assert_snapshot!("markdown", document().markdown);
    insta::assert_snapshot!("svg", document().svg);
}
