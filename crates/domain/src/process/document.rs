//! The process as a document: tables in Markdown and the state graph as SVG, both from the one table.

use std::fmt::Write as _;

use crate::case::CaseState;

use super::picture::picture;
use super::table::{Mover, OWN_MOVES, Row, TABLE};
use super::words::{wire, word};
use super::{Action, Relation, Verdict};

/// The process in words and as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Markdown, complete but for the picture.
    pub markdown: String,
    /// SVG of the states and what leads from one to another.
    pub svg: String,
}

/// The process table, written out. The same table gives the same text.
#[must_use]
pub fn document() -> Document {
    Document { markdown: markdown(), svg: picture() }
}

fn markdown() -> String {
    let mut text = String::from(HEAD);
    states(&mut text);
    actions(&mut text);
    matrix(&mut text);
    own_moves(&mut text);
    text
}

const HEAD: &str = "# The process\n\n\
Generated from the process table (`domain::process`); a change belongs there. Who may do what in which state, and where \
it leads. What the table cannot know (who holds a claim, whether a limit has passed, who is involved) is checked after \
it and named by its own refusal.\n\n\
![States](process.svg)\n\n";

fn states(text: &mut String) {
    line(text, "## States\n\n| State | In Chinese | Leads to |\n| --- | --- | --- |");
    for state in CaseState::ALL {
        let next: Vec<String> = next_of(*state)
            .into_iter()
            .map(|(to, by)| format!("{} by {}", wire(&to), by.join(", ")))
            .collect();
        let next = if next.is_empty() { "–".to_owned() } else { next.join("; ") };
        line(text, &format!("| `{}` | {} | {next} |", wire(state), word(state)));
    }
    text.push('\n');
}

fn actions(text: &mut String) {
    line(
        text,
        "## Actions\n\n| Action | In Chinese | Who | In | Leads to |\n| --- | --- | --- | --- | --- |",
    );
    for row in TABLE {
        let mut from = row.from.iter().map(wire).collect::<Vec<_>>();
        if row.begins {
            from.insert(0, "no case yet".to_owned());
        }
        let who = row.by.iter().map(word).collect::<Vec<_>>().join(", ");
        let to = if row.to.is_empty() { "stays".to_owned() } else { names(row.to) };
        let action = format!("| `{}` | {} | {who}", wire(&row.action), word(&row.action));
        line(text, &format!("{action} | {} | {to} |", from.join(", ")));
    }
    text.push('\n');
}

/// Who may do what where, one line for each action and state; a refusal that is more than "not in this state" is named.
fn matrix(text: &mut String) {
    line(
        text,
        "## Every refusal with a reason of its own\n\n| Action | State | Refusal |\n| --- | --- | --- |",
    );
    for row in TABLE {
        for (states, verdict) in row.reasons {
            let others: Vec<CaseState> =
                states.iter().copied().filter(|state| !row.from.contains(state)).collect();
            line(text, &format!("| `{}` | {} | {} |", wire(&row.action), names(&others), reason(*verdict)));
        }
    }
    let cells = Action::ALL.len() * Relation::ALL.len() * (CaseState::ALL.len() + 1);
    line(
        text,
        &format!(
            "\nIn any other state an action is refused as `wrong_state`, to anybody else as `not_allowed`: {} actions × {} \
             relations × {} states and \"no case yet\" = {cells} cells.\n",
            Action::ALL.len(),
            Relation::ALL.len(),
            CaseState::ALL.len()
        ),
    );
}

fn own_moves(text: &mut String) {
    line(text, "## What leads on by itself\n\n| By | From | To |\n| --- | --- | --- |");
    for own in OWN_MOVES {
        line(text, &format!("| {} | {} | {} |", mover(own.by), wire(&own.from), wire(&own.to)));
    }
}

/// Every state that this one can lead to, and by what.
pub(super) fn next_of(state: CaseState) -> Vec<(CaseState, Vec<String>)> {
    CaseState::ALL
        .iter()
        .copied()
        .filter(|to| *to != state)
        .filter_map(|to| {
            let by = leading(state, to);
            (!by.is_empty()).then_some((to, by))
        })
        .collect()
}

/// What leads from one state to another: the trade's words of actions, then what moves by itself; each once.
pub(super) fn leading(from: CaseState, to: CaseState) -> Vec<String> {
    let by_action = |row: &&Row| row.from.contains(&from) && row.to.contains(&to);
    let mut by: Vec<String> = TABLE.iter().filter(by_action).map(|row| word(&row.action)).collect();
    let own = OWN_MOVES.iter().filter(|own| own.from == from && own.to == to);
    by.extend(own.map(|own| mover(own.by)));
    let mut seen = std::collections::HashSet::new();
    by.retain(|name| seen.insert(name.clone()));
    by
}

fn mover(by: Mover) -> String {
    match by {
        Mover::Timer(name) => wire(&name),
        Mover::Desk => "desk".to_owned(),
    }
}

const fn reason(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::AlreadyBegun => "`already_begun`",
        Verdict::AlreadyAccepted => "`already_accepted`",
        Verdict::NotClaimed => "`not_claimed`",
        Verdict::UnknownCase => "`unknown_case`",
        Verdict::WrongState => "`wrong_state`",
        Verdict::NotAllowed => "`not_allowed`",
        Verdict::Allowed => "–",
    }
}

fn names(states: &[CaseState]) -> String {
    states.iter().map(wire).collect::<Vec<_>>().join(", ")
}

fn line(text: &mut String, words: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{words}");
}
