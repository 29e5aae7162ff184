//! 报告表: what it holds, and what is wrong with it.

use serde::{Deserialize, Serialize};

use super::lists::{
    Cause, CauseDetail, CustomerKind, FieldName, Measure, Mood, Product, RiskTag, Step, Trigger,
};
use super::private::Private;

/// The part of the form that says nothing about who the customer is. Stored and shown in the clear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportFacts {
    /// ① 触发情形
    pub trigger: Option<Trigger>,
    /// ② 业务环节
    pub step: Option<Step>,
    /// ③ 不满事由·一级
    pub cause: Option<Cause>,
    /// 不满事由·二级
    pub cause_detail: Option<CauseDetail>,
    /// ⑥ 是否已要求投诉
    pub complaint_demanded: Option<bool>,
    /// 客户是否仍在现场
    pub customer_present: Option<bool>,
    /// 险种
    pub product: Option<Product>,
    /// 客户类型
    pub customer_kind: Option<CustomerKind>,
    /// 情绪等级
    pub mood: Option<Mood>,
    /// 风险标签
    pub risk_tags: Vec<RiskTag>,
    /// 已采取措施
    pub measures: Vec<Measure>,
}

/// The part of the form that is about the customer. Encrypted wherever it rests; never in an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerFields {
    /// ④ 客户联系电话; blank with `no_phone`.
    pub phone: Private,
    /// “无电话”: then one of policy, loss report, claim number or plate is needed.
    pub no_phone: bool,
    /// 保单号
    pub policy_no: Private,
    /// 报案号
    pub loss_report_no: Private,
    /// 赔案号
    pub claim_no: Private,
    /// 车牌
    pub plate: Private,
    /// 客户姓名/称谓
    pub customer_name: Private,
    /// ⑤ 简要经过, at least 5 characters
    pub narrative: Private,
    /// 客户诉求
    pub demand: Private,
    /// 方便联系时间
    pub contact_time: Private,
    /// 备注
    pub remark: Private,
}

/// 报告表 as the clerk fills it: any part may still be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportForm {
    /// What happened.
    pub facts: ReportFacts,
    /// To whom.
    pub customer: CustomerFields,
}

/// What a form is to be used for; decides what must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// 报直接领导: the trigger only, the rest is 待补.
    Notice,
    /// 启动流程 by a person: all six inputs.
    Flow,
    /// 已当场化解·留痕: the trigger only.
    SpotTrace,
    /// 补充: at least one field.
    Supplement,
}

/// Why a field does not do.
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
pub enum FieldFaultKind {
    /// Needed and not given.
    Missing,
    /// Fewer characters than needed.
    TooShort,
    /// More characters than the field holds.
    TooLong,
    /// Not of the field's shape (a phone with letters, a control character).
    Malformed,
    /// A second-level cause of another first-level cause.
    Mismatched,
}

/// One fault of one field.
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
pub struct FieldFault {
    /// Which field.
    pub field: FieldName,
    /// What is wrong.
    pub kind: FieldFaultKind,
    /// The limit in characters, for too short and too long.
    pub limit: Option<u32>,
}
