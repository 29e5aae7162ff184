//! The one table: state × relation × action → allowed and where it leads, or the reason why not.
//!
//! [`crate::case::decide`] consults it before anything else, the actions that a screen offers come from it, and so does
//! the [`document`] that describes the process. What a table cannot know (who holds the claim, how old the timer is)
//! follows in the guards of `decide`.

mod action;
mod document;
mod picture;
mod relation;
mod table;
mod words;

use crate::case::{CaseState, Refusal};

use table::{Row, TABLE};

pub use action::Action;
pub use document::{Document, document};
pub use relation::{Relation, relations, relations_before};

/// What the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Go on.
    Allowed,
    /// There is no such case yet.
    UnknownCase,
    /// The case has begun and cannot begin again.
    AlreadyBegun,
    /// 已受理: too late to withdraw.
    AlreadyAccepted,
    /// Nobody holds the callback.
    NotClaimed,
    /// Not in this state.
    WrongState,
    /// Never with this relation.
    NotAllowed,
}

/// What the table says; `state` is `None` before the case exists.
#[must_use]
pub fn verdict(state: Option<CaseState>, relation: Relation, action: Action) -> Verdict {
    let answers = rows(relation, action).map(|row| row.verdict(state));
    answers.min().unwrap_or(Verdict::NotAllowed)
}

/// The states that an action can lead to from a state (`None` before the case exists), the state itself included where
/// the case can stay in it; nothing where the table does not allow the action for the relation.
#[must_use]
pub fn leads_to(state: Option<CaseState>, relation: Relation, action: Action) -> Vec<CaseState> {
    let allowed = rows(relation, action).filter(|row| row.verdict(state) == Verdict::Allowed);
    let mut found: Vec<CaseState> = allowed
        .flat_map(|row| if row.to.is_empty() { state.into_iter().collect() } else { row.to.to_vec() })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the table knows this action for one of these relations at all.
#[must_use]
pub fn knows(relations: &[Relation], action: Action) -> bool {
    relations.iter().any(|relation| rows(*relation, action).next().is_some())
}

/// The table's answer for somebody who stands in several ways: allowed if one of them allows it, otherwise the most
/// telling reason (a state before a missing right).
///
/// # Errors
/// The named refusal.
pub fn consult(state: Option<CaseState>, relations: &[Relation], action: Action) -> Result<(), Refusal> {
    let best = relations.iter().map(|relation| verdict(state, *relation, action)).min();
    match (best.unwrap_or(Verdict::NotAllowed), state) {
        (Verdict::Allowed, _) => Ok(()),
        (Verdict::AlreadyBegun, _) => Err(Refusal::AlreadyBegun),
        (Verdict::AlreadyAccepted, _) => Err(Refusal::AlreadyAccepted),
        (Verdict::NotClaimed, _) => Err(Refusal::NotClaimed),
        (Verdict::WrongState, Some(state)) => Err(Refusal::WrongState { state }),
        (Verdict::UnknownCase, _) | (Verdict::WrongState, None) => Err(Refusal::UnknownCase),
        (Verdict::NotAllowed, _) => Err(Refusal::NotAllowed),
    }
}

fn rows(relation: Relation, action: Action) -> impl Iterator<Item = &'static Row> {
    TABLE.iter().filter(move |row| row.action == action && row.by.contains(&relation))
}

impl Row {
    fn verdict(&self, state: Option<CaseState>) -> Verdict {
        let Some(state) = state else {
            return if self.begins { Verdict::Allowed } else { Verdict::UnknownCase };
        };
        if self.from.contains(&state) {
            return Verdict::Allowed;
        }
        let named = self.reasons.iter().find(|(states, _)| states.contains(&state));
        named.map_or(Verdict::WrongState, |(_, reason)| *reason)
    }
}
