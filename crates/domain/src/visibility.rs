//! Who may see which case, and which field of it. One place; the server's queries and checks come from here.
//!
//! A list is the union of a person's [`Scope`]s; [`may_see`] is the same question for one case. Seeing a case does not
//! mean seeing the customer: that is [`field_access`].

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::directory::{Directory, Role};
use crate::ids::PersonId;
use crate::report::FieldName;

/// One reason for which a person sees cases. A list query joins them with "or".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Scope {
    /// Reported by this person, or entered by this person for another (代登记).
    Reporter(PersonId),
    /// This person got a notice at some level of the ladder.
    Involved(PersonId),
    /// Reported by somebody whose direct leader this person was when the case began, or is today.
    Team(PersonId),
    /// Every case with a flow: the complaint group and its head, for the whole province.
    Callback,
    /// Every case of the unit with this path and of all below it, in the tree of the case's day or in today's.
    Subtree(String),
    /// Every case.
    All,
}

/// How a field of the customer is shown.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FieldAccess {
    /// Not at all.
    Hidden,
    /// Enough to recognise it.
    Masked,
    /// In full.
    Clear,
}

/// Every scope of a person; none for unknown people.
#[must_use]
pub fn case_scope(person: &PersonId, directory: &Directory) -> Vec<Scope> {
    let Some(known) = directory.person(person) else { return Vec::new() };
    let mut scopes = vec![Scope::Reporter(person.clone()), Scope::Involved(person.clone())];
    if directory.has_role(person, Role::Ldr) {
        scopes.push(Scope::Team(person.clone()));
    }
    let heads_group = || directory.callback_head().iter().any(|head| head.person_id == *person);
    if directory.has_role(person, Role::Cmp) || heads_group() {
        scopes.push(Scope::Callback);
    }
    if directory.has_role(person, Role::Csd) {
        scopes.extend(directory.unit_path(&known.unit_id).map(Scope::Subtree));
    }
    if directory.has_role(person, Role::Aud) {
        scopes.push(Scope::All);
    }
    scopes
}

impl Scope {
    /// Whether this scope shows the case.
    #[must_use]
    pub fn shows(&self, case: &Case, directory: &Directory) -> bool {
        match self {
            Self::Reporter(person) => case.reporter == *person || case.submitter.as_ref() == Some(person),
            Self::Involved(person) => case.ladder.iter().any(|level| level.alerted.contains(person)),
            Self::Team(person) => {
                case.direct_leader.as_ref() == Some(person)
                    || directory.leader_of(&case.reporter).is_some_and(|leader| leader.person_id == *person)
            }
            Self::Callback => case.flow.is_some(),
            Self::Subtree(path) => {
                let within = |unit: &str| {
                    unit.strip_prefix(path.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                case.unit_path.as_deref().is_some_and(within)
                    || directory.unit_path(&case.unit_id).as_deref().is_some_and(within)
            }
            Self::All => true,
        }
    }
}

/// Whether a person may see a case at all.
#[must_use]
pub fn may_see(case: &Case, person: &PersonId, directory: &Directory) -> bool {
    case_scope(person, directory).iter().any(|scope| scope.shows(case, directory))
}

/// How a person sees a customer field of a case.
///
/// The reporter (and the agent who entered it) sees what they wrote. Everybody else who sees the case reads what
/// happened, and recognises the customer without learning who it is; to show more is an event with a reason. 系统管理员
/// see no customer data at all, whatever else they are.
#[must_use]
pub fn field_access(case: &Case, person: &PersonId, directory: &Directory, field: FieldName) -> FieldAccess {
    if directory.person(person).is_none() {
        return FieldAccess::Hidden;
    }
    if Scope::Reporter(person.clone()).shows(case, directory) {
        return FieldAccess::Clear;
    }
    if directory.has_role(person, Role::Adm) || !may_see(case, person, directory) {
        return FieldAccess::Hidden;
    }
    if field.identifies() { FieldAccess::Masked } else { FieldAccess::Clear }
}
