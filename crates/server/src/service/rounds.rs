//! 转办 rounds as one viewer may see them, and where a case could go.

use chayan_api::cases::PersonRef;
use chayan_api::rounds::{
    AssistanceView, DepartmentChoice, DepartmentRef, RecallView, ReplyView, ReturnView, RoundView, StepView,
};
use chayan_domain::case::{Assistance, Case, Reply, Round, Stamp, proposal};
use chayan_domain::directory::Department;
use chayan_domain::ids::PersonId;
use chayan_domain::process::{self, Action};
use chayan_domain::time::Timestamp;

use super::views::Viewer;

/// Every round of the case, oldest first.
pub(crate) fn views(viewer: Viewer<'_>, case: &Case) -> Vec<RoundView> {
    case.rounds.iter().map(|round| Shown { viewer, case }.round(round)).collect()
}

/// Where the case could go, for a viewer who may send it on: the departments of its unit and above.
pub(crate) fn choices(viewer: Viewer<'_>, case: &Case) -> Vec<DepartmentChoice> {
    let relations = process::relations(case, viewer.person, viewer.directory());
    let may = |action| process::consult(Some(case.state), &relations, action).is_ok();
    if ![Action::Dispatch, Action::Rule, Action::AskAssistance].into_iter().any(may) {
        return Vec::new();
    }
    let proposed = proposal(case, viewer.directory());
    let known = viewer.directory().departments_for(&case.unit_id);
    known
        .into_iter()
        .map(|department| DepartmentChoice {
            unit_name: viewer.name_of_unit(&department.unit_id, case.changed_at),
            proposed: proposed.as_ref() == Some(&department),
            department,
        })
        .collect()
}

#[derive(Clone, Copy)]
struct Shown<'a> {
    viewer: Viewer<'a>,
    case: &'a Case,
}

impl Shown<'_> {
    fn round(self, round: &Round) -> RoundView {
        let contact = round.first_contact.as_ref();
        RoundView {
            label: round.label(),
            lead: self.department(&round.lead, round.dispatched_at),
            assisting: round.assisting.iter().map(|asked| self.assistance(asked)).collect(),
            dispatched_at: round.dispatched_at,
            binding: round.binding,
            handler: round.handler.as_ref().and_then(|person| self.person(person, round.dispatched_at)),
            signed: round.signed.as_ref().map(|stamp| self.step(stamp)),
            contacted: contact.map(|contact| self.step(&contact.by)),
            reached: contact.is_some_and(|contact| contact.reached),
            returned: round
                .returned
                .as_ref()
                .map(|returned| ReturnView { step: self.step(&returned.by), reason: returned.reason.into() }),
            reply: round.reply.as_ref().map(|reply| self.reply(reply)),
            rejections: round.rejections,
            recalls: round
                .recall
                .dials
                .iter()
                .map(|dial| RecallView { step: self.step(&dial.by), result: dial.result.map(Into::into) })
                .collect(),
        }
    }

    fn reply(self, reply: &Reply) -> ReplyView {
        ReplyView {
            written: self.step(&reply.by),
            result: reply.result.into(),
            approvers: reply.approvers.iter().filter_map(|person| self.person(person, reply.by.at)).collect(),
            approved: reply.approved.as_ref().map(|stamp| self.step(stamp)),
        }
    }

    fn assistance(self, asked: &Assistance) -> AssistanceView {
        AssistanceView {
            department: self.department(&asked.department, asked.asked_at),
            answered_at: asked.answered.as_ref().map(|stamp| stamp.at),
        }
    }

    fn department(self, department: &Department, then: Timestamp) -> DepartmentRef {
        DepartmentRef {
            unit_id: department.unit_id.clone(),
            unit_name: self.viewer.name_of_unit(&department.unit_id, then),
            line: department.line.into(),
        }
    }

    fn step(self, stamp: &Stamp) -> StepView {
        StepView { by: self.person(&stamp.person_id, stamp.at), at: stamp.at }
    }

    fn person(self, person: &PersonId, then: Timestamp) -> Option<PersonRef> {
        (!self.viewer.hides(self.case, person)).then(|| self.viewer.named(person, then))
    }
}
