//! What made-up customers complain of, and what the people write of it.

use chayan_api::commands::Report;
use chayan_domain::report::{
    Cause, CauseDetail, Channel, CustomerKind, Mood, Private, Product, ReportForm, RiskTag, Step, Trigger,
};
use chayan_domain::time::Timestamp;
use serde::Deserialize;

use super::chance::Chance;
use crate::demo_directory::Names;

/// The matters and words of the province, from `data/demo-stories.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Script {
    matters: Vec<Matter>,
    notes: Notes,
    /// 先生, 女士
    titles: Vec<String>,
    /// The first characters of a plate.
    plates: Vec<String>,
}

/// One thing that a customer may be dissatisfied with.
#[derive(Debug, Deserialize)]
struct Matter {
    step: Step,
    cause: Cause,
    cause_detail: Option<CauseDetail>,
    product: Product,
    narrative: String,
    demand: String,
}

/// Words of the people, by what they do.
#[derive(Debug, Deserialize)]
pub(super) struct Notes {
    pub(super) resolved: Vec<String>,
    pub(super) callback: Vec<String>,
    pub(super) dispatch: Vec<String>,
    pub(super) returned: Vec<String>,
    pub(super) ruling: Vec<String>,
    pub(super) contact: Vec<String>,
    pub(super) result: Vec<String>,
    pub(super) rejected: Vec<String>,
    pub(super) recall: Vec<String>,
    pub(super) comment: Vec<String>,
    pub(super) unresolved: Vec<String>,
    pub(super) withdrawn: Vec<String>,
    pub(super) complaint: Vec<String>,
}

impl Script {
    /// The one that comes with the product.
    ///
    /// # Errors
    /// When it is not JSON of this shape.
    pub(super) fn built_in() -> anyhow::Result<Self> {
        Ok(serde_json::from_str(include_str!("../../../../data/demo-stories.json"))?)
    }

    /// What the people write when they do something.
    pub(super) const fn notes(&self) -> &Notes {
        &self.notes
    }

    /// A report as a clerk fills it; `whole` with everything that the flow needs.
    pub(super) fn report(&self, chance: &Chance, names: &Names, found_at: Timestamp, whole: bool) -> Report {
        let mut form = ReportForm::default();
        form.facts.trigger = chance.pick(Trigger::ALL).copied();
        if let Some(matter) = chance.pick(&self.matters).filter(|_| whole) {
            form.facts.step = Some(matter.step);
            form.facts.cause = Some(matter.cause);
            form.facts.cause_detail = matter.cause_detail;
            form.facts.product = Some(matter.product);
            form.facts.complaint_demanded = Some(chance.percent(12));
            form.facts.customer_present = Some(chance.percent(60));
            form.facts.customer_kind = chance.pick(CustomerKind::ALL).copied();
            form.facts.mood = chance.pick(Mood::ALL).copied();
            if chance.percent(3) {
                form.facts.risk_tags.extend(chance.pick(RiskTag::ALL).copied());
            }
            form.customer.narrative = Private::new(&matter.narrative);
            form.customer.demand = Private::new(&matter.demand);
            self.customer(chance, names, &mut form);
        }
        Report { found_at, timing_started_at: None, channel: channel(chance), form }
    }

    /// The number that the customer gives when the first one was wrong.
    pub(super) fn another_number(&self, chance: &Chance) -> ReportForm {
        let mut form = ReportForm::default();
        form.customer.phone = Private::new(format!("1390001{:04}", chance.number(0, 9_999)));
        form
    }

    fn customer(&self, chance: &Chance, names: &Names, form: &mut ReportForm) {
        // A few thousand numbers for a province: some customers come back.
        let number = chance.number(0, 6_000);
        form.customer.phone = Private::new(format!("1390000{number:04}"));
        let title = chance.pick(&self.titles).map_or("", String::as_str);
        form.customer.customer_name =
            Private::new(format!("{}{title}", names.surname_of(&format!("customer-{number}"))));
        if chance.percent(40)
            && let Some(plate) = chance.pick(&self.plates)
        {
            form.customer.plate = Private::new(format!("{plate}{:05}", 10_000 + number));
        }
        if chance.percent(50) {
            form.customer.policy_no = Private::new(format!("PDAA2026320000{number:08}"));
        }
    }
}

fn channel(chance: &Chance) -> Channel {
    match chance.number(0, 9) {
        0 => Channel::WecomClaims,
        1 => Channel::WecomService,
        2 => Channel::KnowledgePlatform,
        _ => Channel::Desktop,
    }
}

/// One of these words, where there are any.
pub(super) fn words(chance: &Chance, from: &[String]) -> Private {
    Private::new(chance.pick(from).map_or("", String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chayan_domain::report::Purpose;

    #[test]
    fn every_report_can_start_the_flow_and_every_list_has_words() {
        let script = Script::built_in().unwrap();
        let names = Names::built_in().unwrap();
        for number in 0..200 {
            let chance = Chance::new(3, number);
            let report = script.report(&chance, &names, Timestamp(0), true);
            assert_eq!(report.form.faults(Purpose::Flow), Vec::new());
            let short = script.report(&chance, &names, Timestamp(0), false);
            assert_eq!(short.form.faults(Purpose::Notice), Vec::new());
        }
        let notes: serde_json::Value =
            serde_json::from_str(include_str!("../../../../data/demo-stories.json")).unwrap();
        for (name, list) in notes["notes"].as_object().unwrap() {
            assert!(!list.as_array().unwrap().is_empty(), "{name} is empty");
        }
    }
}
