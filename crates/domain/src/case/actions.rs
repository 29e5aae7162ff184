//! What a person can do with a case now, and why not where not. From the same table and guards as [`super::decide`].

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::process::{self, Action};

use super::command::Context;
use super::decide::guard;
use super::refusal::Refusal;
use super::state::Case;

/// One action that belongs to the person's relation to the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ActionOffer {
    /// Which.
    pub action: Action,
    /// Why it is not possible now; `None` when it is.
    pub refusal: Option<Refusal>,
}

/// Every action that the process table knows for the person's relation, in the table's order.
#[must_use]
pub fn actions(case: &Case, person: &PersonId, ctx: &Context<'_>) -> Vec<ActionOffer> {
    let relations = process::relations(case, person, ctx.directory);
    Action::ALL
        .iter()
        .copied()
        .filter(|action| process::knows(&relations, *action))
        .map(|action| {
            let allowed = process::consult(Some(case.state), &relations, action)
                .and_then(|()| guard(case, action, person, ctx))
                .and_then(|()| held_already(case, action, person));
            ActionOffer { action, refusal: allowed.err() }
        })
        .collect()
}

/// To claim again what one holds is answered (a retry), but not offered.
fn held_already(case: &Case, action: Action, person: &PersonId) -> Result<(), Refusal> {
    let recall = case.round().and_then(|round| round.recall.claimed_by.as_ref());
    let held = match action {
        Action::ClaimCallback => case.callback.claimed_by.as_ref() == Some(person),
        Action::ClaimRecall => recall == Some(person),
        _ => false,
    };
    if held { Err(Refusal::WrongState { state: case.state }) } else { Ok(()) }
}
