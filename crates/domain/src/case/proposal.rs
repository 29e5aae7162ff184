//! Whom a case should be dispatched to: 业务环节 × 机构. A proposal only; the complaint group decides.

use crate::directory::{Department, Directory, Line};
use crate::report::Step;

use super::state::Case;

/// Which line of business answers for a step. 其他 names none: then it is the reporter's own.
const LINES: &[(Step, Line)] = &[
    (Step::Enquiry, Line::CustomerService),
    (Step::Quotation, Line::Sales),
    (Step::Underwriting, Line::Underwriting),
    (Step::PolicyIssuing, Line::PolicyIssuing),
    (Step::PolicyDelivery, Line::PolicyIssuing),
    (Step::Endorsement, Line::Underwriting),
    (Step::Renewal, Line::Sales),
    (Step::LossReport, Line::CustomerService),
    (Step::Survey, Line::Claims),
    (Step::LossAssessment, Line::Claims),
    (Step::ClaimPayment, Line::Claims),
    (Step::RepairRescue, Line::Claims),
    (Step::AddedService, Line::CustomerService),
    (Step::Callback, Line::CustomerService),
];

/// The department that most likely caused the dissatisfaction: the line of the step, at the unit of the report or the
/// nearest one above that has such a department. Where there is none, the reporter's own line. What was returned already
/// is not proposed again.
#[must_use]
pub fn proposal(case: &Case, directory: &Directory) -> Option<Department> {
    let step = case.facts.step.and_then(line_of);
    let wanted = match (step, case.line) {
        // What is sold by telephone or on the web is sold by 电网销.
        (Some(Line::Sales), Line::TeleSales) | (None, Line::TeleSales) => Line::TeleSales,
        (Some(line), _) => line,
        (None, own) => own,
    };
    let returned = |department: &Department| {
        case.rounds.iter().any(|round| round.returned.is_some() && round.lead == *department)
    };
    [wanted, case.line]
        .into_iter()
        .filter_map(|line| directory.nearest_department(&case.unit_id, line))
        .find(|department| !returned(department))
}

/// The line that answers for a step.
#[must_use]
pub fn line_of(step: Step) -> Option<Line> {
    LINES.iter().find(|(known, _)| *known == step).map(|(_, line)| *line)
}
