//! 练习: what the small centre of a training says of itself, in one line, to the desk that started it.
//!
//! It is no part of the wire between a desk and the real centre.

use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use serde::{Deserialize, Serialize};

/// Whom one may be in a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum TrainingRole {
    /// 柜台, who reports
    Clerk,
    /// 直接领导
    Leader,
    /// 95518 投诉组坐席
    Agent,
    /// 承办人
    Handler,
    /// 部门负责人, who approves
    Head,
}

impl TrainingRole {
    /// Every role, along the way of a case.
    pub const ALL: &'static [Self] = &[Self::Clerk, Self::Leader, Self::Agent, Self::Handler, Self::Head];
}

/// One of the made-up people of a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TrainingPerson {
    /// As whom.
    pub role: TrainingRole,
    /// 工号
    pub person_id: PersonId,
    /// 姓名
    pub name: String,
    /// 机构
    pub unit_name: String,
}

/// Where the centre of a training answers, and to whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrainingCentre {
    /// `http://127.0.0.1:…`
    pub address: String,
    /// One password for all of them, drawn anew for each training; it is written nowhere.
    pub password: Private,
    /// Whom one may be.
    pub people: Vec<TrainingPerson>,
}
