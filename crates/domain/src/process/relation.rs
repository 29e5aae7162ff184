//! How somebody stands to a case.

use serde::{Deserialize, Serialize};

use crate::case::{Case, Level, VerbalClaim};
use crate::directory::{Directory, Role};
use crate::ids::PersonId;

/// How somebody stands to a case. One person may stand in several ways.
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
pub enum Relation {
    /// 报告人
    Reporter,
    /// 95518 客服代表, who enters reports made by telephone for the reporter
    Agent,
    /// Leader or alerted deputy of the ladder's open level
    Leader,
    /// Leader or alerted deputy of a level that was climbed over
    PassedLeader,
    /// 代理人 of a leader who is asked to countersign
    Deputy,
    /// 95518 投诉组
    ComplaintGroup,
    /// 客户服务部门 of the case's unit or of one above it
    CustomerServiceDept,
    /// 承办人 of the department that leads the case
    Handler,
    /// 部门负责人 of that department, or a listed deputy
    DeptHead,
    /// Handler or head of a department that assists
    Assisting,
    /// 分管领导 before whom the case was brought
    LineLeader,
    /// 审计
    Audit,
    /// 系统自动
    System,
    /// Nothing to do with it
    None,
}

impl Relation {
    /// Every relation.
    pub const ALL: &'static [Self] = &[
        Self::Reporter,
        Self::Agent,
        Self::Leader,
        Self::PassedLeader,
        Self::Deputy,
        Self::ComplaintGroup,
        Self::CustomerServiceDept,
        Self::Handler,
        Self::DeptHead,
        Self::Assisting,
        Self::LineLeader,
        Self::Audit,
        Self::System,
        Self::None,
    ];
}

/// How a person stands to an existing case; [`Relation::None`] where nothing else applies.
#[must_use]
pub fn relations(case: &Case, person: &PersonId, directory: &Directory) -> Vec<Relation> {
    let mut found = Vec::new();
    if case.reporter == *person {
        found.push(Relation::Reporter);
    }
    found.extend(on_the_ladder(case, person, directory));
    found.extend(by_role(person, directory));
    let answers_for_unit = directory.person(person).is_some_and(|found| {
        found.roles.contains(&Role::Csd) && directory.is_within(&case.unit_id, &found.unit_id)
    });
    if answers_for_unit {
        found.push(Relation::CustomerServiceDept);
    }
    found.extend(in_the_round(case, person, directory));
    if found.is_empty() {
        found.push(Relation::None);
    }
    found
}

/// How a person stands to a case that `reporter` is about to begin.
#[must_use]
pub fn relations_before(reporter: &PersonId, person: &PersonId, directory: &Directory) -> Vec<Relation> {
    let mut found = Vec::new();
    if reporter == person && directory.person(person).is_some() {
        found.push(Relation::Reporter);
    }
    found.extend(by_role(person, directory));
    if found.is_empty() {
        found.push(Relation::None);
    }
    found
}

fn on_the_ladder(case: &Case, person: &PersonId, directory: &Directory) -> Vec<Relation> {
    let alerted = |open: bool| {
        case.ladder.iter().any(|level| level.is_open() == open && level.alerted.contains(person))
    };
    let stands_in = |level: &Level| {
        level.verbal.as_ref().is_some_and(VerbalClaim::is_open) && directory.stands_in(person, &level.leader)
    };
    let mut found = Vec::new();
    if alerted(true) {
        found.push(Relation::Leader);
    } else if alerted(false) {
        found.push(Relation::PassedLeader);
    }
    if case.ladder.iter().any(stands_in) {
        found.push(Relation::Deputy);
    }
    found
}

/// By the round that is open: a department that was asked before has nothing more to do.
fn in_the_round(case: &Case, person: &PersonId, directory: &Directory) -> Vec<Relation> {
    let mut found = Vec::new();
    let Some(round) = case.round() else {
        found.extend(case.escalation(person).map(|_| Relation::LineLeader));
        return found;
    };
    if directory.handlers_of(&round.lead).iter().any(|handler| handler.person_id == *person) {
        found.push(Relation::Handler);
    }
    let heads = directory.heads_of(&round.lead);
    if heads.iter().any(|head| head.person_id == *person || directory.stands_in(person, &head.person_id)) {
        found.push(Relation::DeptHead);
    }
    if round.assisting.iter().any(|asked| directory.is_staff(person, &asked.department)) {
        found.push(Relation::Assisting);
    }
    let approves = round.waiting().is_some_and(|reply| reply.approvers.contains(person));
    let leads = directory.line_leader(&round.lead).is_some_and(|leader| leader.person_id == *person);
    if case.escalation(person).is_some() || (approves && leads) {
        found.push(Relation::LineLeader);
    }
    found
}

fn by_role(person: &PersonId, directory: &Directory) -> impl Iterator<Item = Relation> {
    [(Role::Agt, Relation::Agent), (Role::Cmp, Relation::ComplaintGroup), (Role::Aud, Relation::Audit)]
        .into_iter()
        .filter(|(role, _)| directory.has_role(person, *role))
        .map(|(_, relation)| relation)
}
