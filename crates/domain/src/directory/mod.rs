//! The organisation: units as a tree, people with exactly one direct leader, deputies and absences.
//!
//! A [`Directory`] is one imported version, valid from a date. It can only be made by [`Directory::build`], which
//! refuses cycles, orphans and duplicates, so that everything that reads it may trust it.

mod absence;
mod build;
mod departments;
mod diff;
mod fault;
mod lookup;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, UnitId};
use crate::time::Timestamp;

pub use absence::{AbsenceFault, AbsenceKind, LONGEST_ABSENCE};
pub use diff::{ChangeKind, DirectoryChange, DirectoryField, FieldChange, Subject, diff};
pub use fault::{DirectoryFault, DirectoryRefused};

/// 机构层级.
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
pub enum UnitLevel {
    /// 总公司
    Headquarters,
    /// 省分公司
    Province,
    /// 市分公司
    City,
    /// 县(区)支公司
    County,
    /// 营业部 / 营销服务部 / 出单点
    Outlet,
}

/// 业务条线.
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
pub enum Line {
    /// 承保
    Underwriting,
    /// 理赔
    Claims,
    /// 销售
    Sales,
    /// 出单
    PolicyIssuing,
    /// 电网销
    TeleSales,
    /// 客服 / 95518
    CustomerService,
}

impl UnitLevel {
    /// Every level, the highest first.
    pub const ALL: &'static [Self] =
        &[Self::Headquarters, Self::Province, Self::City, Self::County, Self::Outlet];
}

impl Line {
    /// Every line, in the order of the lists.
    pub const ALL: &'static [Self] = &[
        Self::Underwriting,
        Self::Claims,
        Self::Sales,
        Self::PolicyIssuing,
        Self::TeleSales,
        Self::CustomerService,
    ];
}

/// 岗位.
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
pub enum Post {
    /// 承保
    Underwriting,
    /// 出单
    PolicyIssuing,
    /// 理赔·查勘
    Survey,
    /// 理赔·定损
    LossAssessment,
    /// 理赔·核赔
    ClaimReview,
    /// 理赔·人伤
    InjuryClaims,
    /// 理赔·柜面
    ClaimsCounter,
    /// 销售
    Sales,
    /// 电网销
    TeleSales,
    /// 95518坐席
    HotlineAgent,
    /// 综合柜面
    GeneralCounter,
    /// 管理岗 (leaders, heads)
    Management,
    /// 系统管理 (IT)
    Administration,
}

/// 角色. Everybody is a reporter; who has subordinates is a leader: neither is listed on a person.
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
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// 报告人
    Rep,
    /// 直接领导
    Ldr,
    /// 95518 客服代表
    Agt,
    /// 95518 投诉组
    Cmp,
    /// 部门承办人
    Hdl,
    /// 部门负责人
    Dpt,
    /// 客户服务部门
    Csd,
    /// 分管领导 / 班子成员
    Exe,
    /// 系统管理员
    Adm,
    /// 审计
    Aud,
}

/// 机构.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Unit {
    /// 机构代码
    pub unit_id: UnitId,
    /// The unit above; `None` only for the root.
    pub parent: Option<UnitId>,
    /// 层级
    pub level: UnitLevel,
    /// 名称, for example 昆山支公司
    pub name: String,
    /// First moment at which the unit exists.
    pub active_from: Timestamp,
    /// First moment at which it no longer exists.
    pub active_to: Option<Timestamp>,
    /// The unit that took over.
    pub successor: Option<UnitId>,
}

/// 人员.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Person {
    /// 工号
    pub person_id: PersonId,
    /// 姓名
    pub name: String,
    /// 所在机构
    pub unit_id: UnitId,
    /// 条线
    pub line: Line,
    /// 岗位
    pub post: Post,
    /// 直接领导; `None` only at the top of a chain (the person then must be in a unit of province level or above).
    pub direct_leader: Option<PersonId>,
    /// 代理人 in the order in which they stand in.
    pub deputies: Vec<PersonId>,
    /// Roles beside reporter and leader.
    pub roles: Vec<Role>,
    /// 电话: by which 95518 finds who calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub phone: Option<String>,
}

/// 离岗: half-open `[from, to)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Absence {
    /// 工号
    pub person_id: PersonId,
    /// First moment away.
    pub from: Timestamp,
    /// First moment back.
    pub to: Timestamp,
    /// Who stands in this time, before the listed deputies (值班人).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy: Option<PersonId>,
}

/// 部门: a line of business in a unit. One of them leads a case, any number assists.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema,
)]
pub struct Department {
    /// 机构
    pub unit_id: UnitId,
    /// 条线
    pub line: Line,
}

/// 分管领导 of a department, and of the same line in every unit below that names none of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct LineLeader {
    /// 机构
    pub unit_id: UnitId,
    /// 条线
    pub line: Line,
    /// 工号
    pub person_id: PersonId,
}

/// What an import brings, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryDraft {
    /// All units.
    pub units: Vec<Unit>,
    /// All people.
    pub people: Vec<Person>,
    /// Known absences.
    pub absences: Vec<Absence>,
    /// 分管领导 by unit and line.
    #[serde(default)]
    pub line_leaders: Vec<LineLeader>,
}

/// 机构与人员 as one valid version. Everything it answers comes from indices made once, when it is built.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "DirectoryDraft", into = "DirectoryDraft")]
pub struct Directory {
    draft: DirectoryDraft,
    unit_at: HashMap<UnitId, usize>,
    person_at: HashMap<PersonId, usize>,
    /// For each unit the position of its parent.
    parent_of: Vec<Option<usize>>,
    /// For each unit its codes from the root down, joined by `/`.
    path_of: Vec<String>,
    /// For each person the position of the direct leader.
    leader_at: Vec<Option<usize>>,
    /// For each person the positions of those whose direct leader it is.
    team_of: Vec<Vec<usize>>,
    /// For each listed role the positions of those who have it, in the order of the import.
    holders_of: HashMap<Role, Vec<usize>>,
    /// For each department the positions of its heads and handlers, in the order of the import.
    staff_of: HashMap<Department, Vec<usize>>,
    /// For each department the position of its 分管领导.
    line_leader_of: HashMap<Department, usize>,
    /// For each person the absences, in the order in which they were imported; those entered at a desk follow.
    away: HashMap<PersonId, Vec<Absence>>,
}
