//! What happened, as whoever reads it may see it: with the words of a newer centre among them.

use chayan_domain::report::{
    Cause, CauseDetail, CustomerKind, Measure, Mood, Product, ReportFacts, RiskTag, Step, Trigger,
};
use serde::{Deserialize, Serialize};

use crate::Known;

/// The part of the form that says nothing about who the customer is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(default)]
pub struct FactsView {
    /// ① 触发情形
    pub trigger: Option<Known<Trigger>>,
    /// ② 业务环节
    pub step: Option<Known<Step>>,
    /// ③ 不满事由·一级
    pub cause: Option<Known<Cause>>,
    /// 不满事由·二级
    pub cause_detail: Option<Known<CauseDetail>>,
    /// ⑥ 是否已要求投诉
    pub complaint_demanded: Option<bool>,
    /// 客户是否仍在现场
    pub customer_present: Option<bool>,
    /// 险种
    pub product: Option<Known<Product>>,
    /// 客户类型
    pub customer_kind: Option<Known<CustomerKind>>,
    /// 情绪等级
    pub mood: Option<Known<Mood>>,
    /// 风险标签
    pub risk_tags: Vec<Known<RiskTag>>,
    /// 已采取措施
    pub measures: Vec<Known<Measure>>,
}

impl From<ReportFacts> for FactsView {
    fn from(facts: ReportFacts) -> Self {
        Self {
            trigger: facts.trigger.map(Known::from),
            step: facts.step.map(Known::from),
            cause: facts.cause.map(Known::from),
            cause_detail: facts.cause_detail.map(Known::from),
            complaint_demanded: facts.complaint_demanded,
            customer_present: facts.customer_present,
            product: facts.product.map(Known::from),
            customer_kind: facts.customer_kind.map(Known::from),
            mood: facts.mood.map(Known::from),
            risk_tags: facts.risk_tags.into_iter().map(Known::from).collect(),
            measures: facts.measures.into_iter().map(Known::from).collect(),
        }
    }
}

impl FactsView {
    /// What of it this program can put into a form: the words that it knows.
    #[must_use]
    pub fn known(&self) -> ReportFacts {
        ReportFacts {
            trigger: word(self.trigger.as_ref()),
            step: word(self.step.as_ref()),
            cause: word(self.cause.as_ref()),
            cause_detail: word(self.cause_detail.as_ref()),
            complaint_demanded: self.complaint_demanded,
            customer_present: self.customer_present,
            product: word(self.product.as_ref()),
            customer_kind: word(self.customer_kind.as_ref()),
            mood: word(self.mood.as_ref()),
            risk_tags: self.risk_tags.iter().filter_map(|tag| tag.word().copied()).collect(),
            measures: self.measures.iter().filter_map(|measure| measure.word().copied()).collect(),
        }
    }
}

fn word<T: Copy>(known: Option<&Known<T>>) -> Option<T> {
    known.and_then(Known::word).copied()
}
