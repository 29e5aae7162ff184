//! Who may see which case, and which field of it. One place; the server's queries and checks come from here.
//!
//! A list is the union of a person's [`Scope`]s; [`may_see`] is the same question for one case. Seeing a case does not
//! mean seeing the customer: that is [`field_access`].

use serde::{Deserialize, Serialize};

use crate::case::{Case, Round};
use crate::directory::{Department, Directory, Role};
use crate::ids::{PersonId, UnitId};
use crate::report::FieldName;

/// One reason for which a person sees cases. A list query joins them with "or".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Scope {
    /// Reported by this person, or entered by this person for another (代登记).
    Reporter(PersonId),
    /// This person got a notice at some level of the ladder, or was told of a risk.
    Involved(PersonId),
    /// Reported by somebody whose direct leader this person was when the case began, or is today.
    Team(PersonId),
    /// Every case with a flow: the complaint group and its head, for the whole province.
    Callback,
    /// Dispatched to this department, to lead or to assist. Never another line's.
    Department(Department),
    /// Brought before this person: as 分管领导, to approve a result, or urged as one who stands in for another.
    Escalated(PersonId),
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
    let mut scopes = vec![
        Scope::Reporter(person.clone()),
        Scope::Involved(person.clone()),
        Scope::Escalated(person.clone()),
    ];
    if directory.has_role(person, Role::Ldr) {
        scopes.push(Scope::Team(person.clone()));
    }
    let heads_group = || directory.callback_head().iter().any(|head| head.person_id == *person);
    if directory.has_role(person, Role::Cmp) || heads_group() {
        scopes.push(Scope::Callback);
    }
    if [Role::Hdl, Role::Dpt].into_iter().any(|role| directory.has_role(person, role)) {
        scopes.push(Scope::Department(known.department()));
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
            Self::Involved(person) => {
                case.ladder.iter().any(|level| level.alerted.contains(person))
                    || case.risk_told.contains(person)
            }
            Self::Team(person) => {
                case.direct_leader.as_ref() == Some(person)
                    || directory.leader_of(&case.reporter).is_some_and(|leader| leader.person_id == *person)
            }
            Self::Callback => case.flow.is_some(),
            Self::Department(own) => {
                case.rounds.iter().any(|round| round.departments().any(|department| department == own))
            }
            Self::Escalated(person) => {
                let asked = |round: &Round| {
                    round.reply.as_ref().is_some_and(|reply| reply.approvers.contains(person))
                };
                case.escalation(person).is_some()
                    || case.rounds.iter().any(asked)
                    || case.urges.iter().any(|urge| urge.to.contains(person))
            }
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

    /// Whether this scope is that of the unit that handles: it learns of the matter, not of who reported it.
    const fn is_handling(&self) -> bool {
        matches!(self, Self::Department(_) | Self::Escalated(_))
    }
}

/// Whether a person may see a case at all.
#[must_use]
pub fn may_see(case: &Case, person: &PersonId, directory: &Directory) -> bool {
    case_scope(person, directory).iter().any(|scope| scope.shows(case, directory))
}

/// Whether a person may take the evidence of a case along: 审计, 客户服务部门 of the unit or above it, and the direct leader
/// of who reported it, for an appeal. The events name the reporter, so nobody from whom the reporter is hidden may.
#[must_use]
pub fn may_take_evidence(case: &Case, person: &PersonId, directory: &Directory) -> bool {
    let entitles = |scope: &Scope| matches!(scope, Scope::All | Scope::Subtree(_) | Scope::Team(_));
    case_scope(person, directory).iter().any(|scope| entitles(scope) && scope.shows(case, directory))
}

/// Whether a person may take the 报告回执 of a case along: whoever wrote it, and whoever may take its evidence.
#[must_use]
pub fn may_take_receipts(case: &Case, person: &PersonId, directory: &Directory) -> bool {
    let wrote = standing(case, person, directory) == Some(Standing::Wrote);
    wrote || may_take_evidence(case, person, directory)
}

/// Whether a person may print the 督办单 of a case: those who supervise it and those who handle it, once it was
/// dispatched. Who reported it reads of the handling on their own screen.
#[must_use]
pub fn may_print_notice(case: &Case, person: &PersonId, directory: &Directory) -> bool {
    let concerned = standing(case, person, directory)
        .is_some_and(|standing| matches!(standing, Standing::Oversees | Standing::Handling));
    concerned && case.round().is_some()
}

/// Whether a person audits: verifies the chains, reads who saw what and what was removed.
#[must_use]
pub fn may_audit(person: &PersonId, directory: &Directory) -> bool {
    directory.has_role(person, Role::Aud)
}

/// How a person sees a customer field of a case.
///
/// The reporter (and the agent who entered it) sees what they wrote. Everybody else who sees the case reads what
/// happened, and recognises the customer without learning who it is; to show more is an event with a reason. 系统管理员
/// see no customer data at all, whatever else they are.
#[must_use]
pub fn field_access(case: &Case, person: &PersonId, directory: &Directory, field: FieldName) -> FieldAccess {
    let Some(standing) = standing(case, person, directory) else { return FieldAccess::Hidden };
    shown(Detail::Field(field), standing)
}

/// How a person sees the name of who reported a case.
///
/// Hidden from the department that handles it and from the 分管领导 above it: who is named for reporting stops
/// reporting. Where `open` is set (a setting; 系统默认 off) they see it too.
#[must_use]
pub fn reporter_access(case: &Case, person: &PersonId, directory: &Directory, open: bool) -> FieldAccess {
    match standing(case, person, directory) {
        None => FieldAccess::Hidden,
        Some(Standing::Handling) if open => FieldAccess::Clear,
        Some(standing) => shown(Detail::Reporter, standing),
    }
}

/// What of the rules is to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulePart<'a> {
    /// The 实施细则 of a unit, its limits or its text.
    OfUnit(&'a UnitId),
    /// Our own settings.
    Defaults,
}

/// Whether a person may change a part of the rules. Everybody may read all of them.
///
/// 系统管理员 keep the settings, and enter 实施细则 for any unit; a customer-service department makes those of its own
/// unit and of the units below.
#[must_use]
pub fn may_amend(person: &PersonId, part: RulePart<'_>, directory: &Directory) -> bool {
    if directory.has_role(person, Role::Adm) {
        return true;
    }
    match part {
        RulePart::Defaults => false,
        RulePart::OfUnit(unit) => {
            let own = directory.person(person).map(|known| &known.unit_id);
            directory.has_role(person, Role::Csd) && own.is_some_and(|own| directory.is_within(unit, own))
        }
    }
}

/// How somebody looks at a case, the nearest way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Wrote it: the reporter, or the agent who entered it.
    Wrote,
    /// Has to do with it as leader, complaint group, customer-service department or audit.
    Oversees,
    /// Handles it, or is told of it as 分管领导.
    Handling,
    /// 系统管理员: keeps the program going, has nothing to do with customers.
    Keeps,
}

/// What there is to see beside the matter itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// A field of the form.
    Field(FieldName),
    /// Who reported it.
    Reporter,
}

/// Masking by standing and detail, and nothing else: the whole matrix.
#[must_use]
pub const fn shown(detail: Detail, standing: Standing) -> FieldAccess {
    match (standing, detail) {
        (Standing::Keeps, Detail::Field(_))
        | (Standing::Handling, Detail::Reporter)
        | (Standing::Handling | Standing::Wrote, Detail::Field(FieldName::Recording)) => FieldAccess::Hidden,
        (Standing::Oversees | Standing::Handling, Detail::Field(field)) if field.identifies() => {
            FieldAccess::Masked
        }
        _ => FieldAccess::Clear,
    }
}

/// How a person looks at a case; `None` who may not see it.
#[must_use]
pub fn standing(case: &Case, person: &PersonId, directory: &Directory) -> Option<Standing> {
    let shown_by: Vec<Scope> =
        case_scope(person, directory).into_iter().filter(|scope| scope.shows(case, directory)).collect();
    if shown_by.iter().any(|scope| matches!(scope, Scope::Reporter(_))) {
        return Some(Standing::Wrote);
    }
    if shown_by.is_empty() {
        return None;
    }
    if directory.has_role(person, Role::Adm) {
        return Some(Standing::Keeps);
    }
    let handles_only = shown_by.iter().all(Scope::is_handling);
    Some(if handles_only { Standing::Handling } else { Standing::Oversees })
}

/// Whether a person reads 机构与人员 as a whole: who keeps it (系统管理员) and who checks (审计).
#[must_use]
pub fn may_read_directory(person: &PersonId, directory: &Directory) -> bool {
    [Role::Adm, Role::Aud].into_iter().any(|role| directory.has_role(person, role))
}

/// Whether a person may bring a new version of 机构与人员.
#[must_use]
pub fn may_keep_directory(person: &PersonId, directory: &Directory) -> bool {
    directory.has_role(person, Role::Adm)
}

/// Whether a person sees, enters and ends the absences of another: their own, and those of everybody whom they lead.
#[must_use]
pub fn may_keep_absences(person: &PersonId, of: &PersonId, directory: &Directory) -> bool {
    directory.person(of).is_some() && (person == of || directory.leads(person, of))
}

/// Whether a person registers reports for those who telephone, and so looks for any of them: 95518.
#[must_use]
pub fn may_register(person: &PersonId, directory: &Directory) -> bool {
    [Role::Agt, Role::Cmp].into_iter().any(|role| directory.has_role(person, role))
}

/// Whether a person learns where the recordings of a case's calls lie: who oversees it, and the agent who entered it.
/// Neither the reporter, who was not on the line, nor the department that handles it.
#[must_use]
pub fn may_hear_of_recordings(case: &Case, person: &PersonId, directory: &Directory) -> bool {
    if directory.has_role(person, Role::Adm) {
        return false;
    }
    let oversees = |scope: &Scope| !matches!(scope, Scope::Reporter(_)) && !scope.is_handling();
    let by_scope = || {
        let scopes = case_scope(person, directory);
        scopes.iter().any(|scope| oversees(scope) && scope.shows(case, directory))
    };
    case.submitter.as_ref() == Some(person) || (case.reporter != *person && by_scope())
}
