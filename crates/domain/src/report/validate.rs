//! What is wrong with a form, for one purpose. The same check runs on the desk and at the centre.

use super::form::{CustomerFields, FieldFault, FieldFaultKind, Purpose, ReportFacts, ReportForm};
use super::lists::FieldName;
use super::private::Private;

/// The fewest characters of 简要经过.
const SHORTEST_NARRATIVE: u32 = 5;

/// How many digits a telephone number has.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

impl ReportForm {
    /// Every fault of the form for this purpose, in the order of the form; empty when it can be used.
    #[must_use]
    pub fn faults(&self, purpose: Purpose) -> Vec<FieldFault> {
        let mut faults = self.shape_faults();
        let needed = match purpose {
            Purpose::Notice | Purpose::SpotTrace => {
                self.facts.trigger.is_none().then_some(FieldName::Trigger).into_iter().collect()
            }
            Purpose::Flow => self.missing_for_flow(),
            Purpose::Supplement if self.is_empty() => vec![FieldName::Narrative],
            Purpose::Supplement => Vec::new(),
        };
        for field in needed {
            if !faults.iter().any(|fault| fault.field == field) {
                faults.push(FieldFault { field, kind: FieldFaultKind::Missing, limit: None });
            }
        }
        faults.sort_unstable();
        faults
    }

    /// The six inputs that a flow needs and that are not filled in (待补), in the order of the form.
    ///
    /// A telephone number counts as given when “无电话” is ticked and one of the four other numbers is there.
    #[must_use]
    pub fn missing_for_flow(&self) -> Vec<FieldName> {
        let mut missing = self.facts.missing();
        if self.customer.narrative.is_blank() {
            missing.push(FieldName::Narrative);
        }
        if !self.customer.can_be_found() {
            missing.push(FieldName::Phone);
        }
        missing.sort_unstable();
        missing
    }

    /// Names of the customer fields that are filled in, in the order of the form.
    #[must_use]
    pub fn given(&self) -> Vec<FieldName> {
        self.customer
            .texts()
            .into_iter()
            .filter(|(_, text)| !text.is_blank())
            .map(|(field, _)| field)
            .collect()
    }

    /// Whether nothing at all is filled in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts == ReportFacts::default() && self.given().is_empty()
    }

    /// Faults of what is filled in, whatever it is for.
    fn shape_faults(&self) -> Vec<FieldFault> {
        let mut faults: Vec<FieldFault> =
            self.customer.texts().into_iter().filter_map(|(field, text)| text_fault(field, text)).collect();
        if let Some(detail) = self.facts.cause_detail
            && self.facts.cause != Some(detail.cause())
        {
            faults.push(FieldFault {
                field: FieldName::CauseDetail,
                kind: FieldFaultKind::Mismatched,
                limit: None,
            });
        }
        faults
    }
}

impl ReportFacts {
    /// The inputs of a flow among the facts that are not filled in.
    #[must_use]
    pub fn missing(&self) -> Vec<FieldName> {
        [
            (FieldName::Trigger, self.trigger.is_none()),
            (FieldName::Step, self.step.is_none()),
            (FieldName::Cause, self.cause.is_none()),
            (FieldName::ComplaintDemanded, self.complaint_demanded.is_none()),
        ]
        .into_iter()
        .filter_map(|(field, missing)| missing.then_some(field))
        .collect()
    }

    /// What is known after `newer` was added: later words win, tags and measures collect.
    #[must_use]
    pub fn merged(&self, newer: &Self) -> Self {
        let mut risk_tags = self.risk_tags.clone();
        risk_tags.extend(newer.risk_tags.iter().filter(|tag| !self.risk_tags.contains(tag)));
        let mut measures = self.measures.clone();
        measures.extend(newer.measures.iter().filter(|measure| !self.measures.contains(measure)));
        let cause = newer.cause.or(self.cause);
        Self {
            trigger: newer.trigger.or(self.trigger),
            step: newer.step.or(self.step),
            cause,
            cause_detail: newer
                .cause_detail
                .or(self.cause_detail)
                .filter(|detail| Some(detail.cause()) == cause),
            complaint_demanded: newer.complaint_demanded.or(self.complaint_demanded),
            customer_present: newer.customer_present.or(self.customer_present),
            product: newer.product.or(self.product),
            customer_kind: newer.customer_kind.or(self.customer_kind),
            mood: newer.mood.or(self.mood),
            risk_tags,
            measures,
        }
    }
}

impl CustomerFields {
    /// Every text of the customer with its name, in the order of the form.
    #[must_use]
    pub const fn texts(&self) -> [(FieldName, &Private); 10] {
        [
            (FieldName::Phone, &self.phone),
            (FieldName::PolicyNo, &self.policy_no),
            (FieldName::LossReportNo, &self.loss_report_no),
            (FieldName::ClaimNo, &self.claim_no),
            (FieldName::Plate, &self.plate),
            (FieldName::CustomerName, &self.customer_name),
            (FieldName::Narrative, &self.narrative),
            (FieldName::Demand, &self.demand),
            (FieldName::ContactTime, &self.contact_time),
            (FieldName::Remark, &self.remark),
        ]
    }

    /// Whether the complaint group can find the customer: by telephone, or knowingly without one by another number.
    fn can_be_found(&self) -> bool {
        let other = [&self.policy_no, &self.loss_report_no, &self.claim_no, &self.plate];
        !self.phone.is_blank() || (self.no_phone && other.iter().any(|number| !number.is_blank()))
    }
}

fn text_fault(field: FieldName, text: &Private) -> Option<FieldFault> {
    if text.is_blank() {
        return None;
    }
    let trimmed = text.reveal().trim();
    let length = u32::try_from(trimmed.chars().count()).unwrap_or(u32::MAX);
    let fault = |kind, limit| Some(FieldFault { field, kind, limit });
    match field.max_chars() {
        Some(limit) if length > limit => return fault(FieldFaultKind::TooLong, Some(limit)),
        _ => {}
    }
    if field == FieldName::Narrative && length < SHORTEST_NARRATIVE {
        return fault(FieldFaultKind::TooShort, Some(SHORTEST_NARRATIVE));
    }
    let several_lines = matches!(field, FieldName::Narrative | FieldName::Demand | FieldName::Remark);
    let control = |c: char| c.is_control() && !(several_lines && matches!(c, '\n' | '\r' | '\t'));
    if trimmed.contains(control) || (field == FieldName::Phone && !is_phone(trimmed)) {
        return fault(FieldFaultKind::Malformed, None);
    }
    None
}

/// Digits, spaces, dashes and a leading plus; 7 to 15 digits.
fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-')) && PHONE_DIGITS.contains(&digits)
}
