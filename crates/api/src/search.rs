//! Looking for cases, taking a list along, and the record of both.
//!
//! What is looked for may be a customer's: it travels in a body, never in an address, and is compared as a keyed digest.

use chayan_domain::case::CaseState;
use chayan_domain::directory::Line;
use chayan_domain::evidence::Hash;
use chayan_domain::ids::{CaseId, DeviceId, PersonId, UnitId};
use chayan_domain::report::{FieldName, Private};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Known;
use crate::cases::{CaseView, PersonRef};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindBy {
    /// 案件编号, or its last signs
    CaseNo,
    /// 客户联系电话
    Phone,
    /// 保单号
    PolicyNo,
    /// 报案号
    LossReportNo,
    /// 赔案号
    ClaimNo,
    /// 车牌
    Plate,
}

impl FindBy {
    /// The customer's field that it compares; none for a case's own number.
    #[must_use]
    pub const fn field(self) -> Option<FieldName> {
        match self {
            Self::CaseNo => None,
            Self::Phone => Some(FieldName::Phone),
            Self::PolicyNo => Some(FieldName::PolicyNo),
            Self::LossReportNo => Some(FieldName::LossReportNo),
            Self::ClaimNo => Some(FieldName::ClaimNo),
            Self::Plate => Some(FieldName::Plate),
        }
    }
}

/// A text that is looked for: exactly, after it was normalised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Find {
    /// What the text is.
    pub by: FindBy,
    /// As it was typed.
    pub text: Private,
}

/// Narrows a list; what is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(default)]
pub struct CaseFilter {
    /// One thing that is looked for. A customer's is an access that is recorded.
    pub find: Option<Find>,
    /// Any of these states.
    pub states: Vec<CaseState>,
    /// A unit and everything below it.
    pub unit_id: Option<UnitId>,
    /// 条线
    pub line: Option<Line>,
    /// The centre first heard of it at or after this moment
    pub from: Option<Timestamp>,
    /// and before this one.
    pub to: Option<Timestamp>,
}

/// `POST /v1/cases/search`: a list, narrowed.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CaseSearch {
    /// Which list.
    pub view: CaseView,
    /// What of it.
    pub filter: CaseFilter,
    /// Continue after this page mark.
    #[serde(default)]
    pub after: Option<String>,
    /// 1 to 200; 50 if absent.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// The form of an exported list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Excel
    Xlsx,
    /// CSV, UTF-8 with its mark
    Csv,
}

/// `POST /v1/cases/export`: a whole list as a file.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CaseExport {
    /// Which list.
    pub view: CaseView,
    /// What of it.
    pub filter: CaseFilter,
    /// In which form.
    pub format: ExportFormat,
}

/// `GET /v1/units?text=…`
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LookUp {
    /// The beginning of a code or number, or a part of a name.
    pub text: String,
}

/// A unit that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct UnitChoice {
    /// 机构代码
    pub unit_id: UnitId,
    /// 名称
    pub name: String,
    /// Name of the unit above it.
    pub above: Option<String>,
}

/// `GET /v1/units?text=…`: at most twenty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct UnitChoices {
    /// In the order of the tree.
    pub units: Vec<UnitChoice>,
}

/// `POST /v1/people/search`: by staff number, name or telephone, in a body and never in an address.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct PeopleSearch {
    /// The beginning of a staff number, a part of a name, or a whole telephone number.
    pub text: Private,
}

/// Somebody who can be chosen: enough to know that it is who is on the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct PersonChoice {
    /// 工号
    pub person_id: PersonId,
    /// 姓名
    pub name: String,
    /// 机构
    pub unit_name: String,
    /// 条线
    pub line: Known<Line>,
}

/// Answer to a search for people: at most twenty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct PersonChoices {
    /// In the order of the directory.
    pub people: Vec<PersonChoice>,
}

/// A kind of access that is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    /// 按客户信息查找
    Search,
    /// 导出列表
    Export,
    /// 导出证据包
    Pack,
    /// 打印督办单
    Notice,
    /// 显示客户信息: an event of its case
    Reveal,
}

/// What is recorded of an access. Never what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AccessRecord {
    /// The centre's clock.
    pub at: Timestamp,
    /// Who.
    pub person_id: PersonId,
    /// From which device.
    pub device_id: DeviceId,
    /// What it was.
    pub kind: Known<AccessKind>,
    /// In which list.
    #[serde(default)]
    pub view: Option<Known<CaseView>>,
    /// By which of the customer's fields.
    #[serde(default)]
    pub by: Option<Known<FindBy>>,
    /// Narrowed to these states,
    #[serde(default)]
    pub states: Vec<Known<CaseState>>,
    /// this unit,
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// this line,
    #[serde(default)]
    pub line: Option<Known<Line>>,
    /// from
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// until.
    #[serde(default)]
    pub to: Option<Timestamp>,
    /// The form of an export.
    #[serde(default)]
    pub format: Option<Known<ExportFormat>>,
    /// The customer's field that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Known<FieldName>>,
    /// How many cases were shown.
    pub count: u32,
    /// Which, of a search or a pack.
    #[serde(default)]
    pub cases: Vec<CaseId>,
}

/// A recorded access, or a customer field that was shown on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AccessEntry {
    /// Its place in the list.
    pub mark: String,
    /// From 1, without gap; `None` for what stands in a case's own chain.
    pub number: Option<u32>,
    /// The person with their name of today.
    pub person: PersonRef,
    /// What was recorded.
    pub record: AccessRecord,
    /// Its place in the chain.
    pub hash: Hash,
}

/// `GET /v1/accesses`
#[derive(Debug, Clone, Default, Serialize, Deserialize, ts_rs::TS, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccessQuery {
    /// Only those after this [`AccessEntry::mark`] in the list.
    pub before: Option<String>,
    /// By these people: a staff number, or a part of a name of today.
    pub person: Option<String>,
    /// Of this case: its number, or at least four of its last signs.
    pub case: Option<String>,
    /// Of this kind.
    pub kind: Option<AccessKind>,
    /// At or after this moment
    pub from: Option<Timestamp>,
    /// and before this one.
    pub to: Option<Timestamp>,
}

/// Who saw what, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AccessList {
    /// At most a hundred.
    pub accesses: Vec<AccessEntry>,
    /// There are more after the last one.
    #[serde(default)]
    pub more: bool,
}
