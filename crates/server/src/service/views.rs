//! Cases and alerts as one viewer may see them. The only place that turns stored things into wire things.

use std::collections::{BTreeSet, HashMap};

use chayan_api::alerts::{Alert, AlertOver, StoryLine};
use chayan_api::cases::{
    CaseClock, CasePlace, CaseSummary, ConversionView, FlowView, PersonRef, ShownField, TimelineEntry,
    UnitRef,
};
use chayan_domain::case::{
    Actor, AlertKind, CallbackResult, Case, CaseEvent, CaseState, Conversion, EventBody, Flow, Level,
    LevelEnd, Starter, TimerName,
};
use chayan_domain::directory::Directory;
use chayan_domain::evidence::Commitment;
use chayan_domain::ids::{PersonId, UnitId};
use chayan_domain::process::{self, Action};
use chayan_domain::report::{CustomerFields, Private, mask};
use chayan_domain::rules::SwitchName;
use chayan_domain::time::{Span, Timestamp};
use chayan_domain::visibility::{FieldAccess, field_access, may_hear_of_recordings, reporter_access};
use chayan_store::AlertRow;

use super::change::{self, kind_word};
use crate::past::Past;
use crate::words::word;

/// One viewer: what they may see is today's organisation's to say, names are those of the day.
#[derive(Clone, Copy)]
pub(crate) struct Viewer<'a> {
    pub(crate) person: &'a PersonId,
    pub(crate) past: &'a Past,
}

impl<'a> Viewer<'a> {
    pub(super) fn directory(self) -> &'a Directory {
        self.past.today()
    }

    /// The case as a row of a list.
    pub(crate) fn summary(self, case: &Case) -> CaseSummary {
        CaseSummary {
            case_id: case.case_id,
            version: case.version,
            state: case.state.into(),
            reporter: self.may_know_reporter(case).then(|| self.named(&case.reporter, case.created_at)),
            unit_id: case.unit_id.clone(),
            unit_name: self.unit_name(case),
            line: case.line.into(),
            facts: case.facts.clone().into(),
            found_at: case.timing.found_at,
            changed_at: case.changed_at,
            clock: change::clock(case).map(|(name, level, due_at, span)| CaseClock {
                name: name.into(),
                level,
                due_at,
                span,
            }),
            level: current_level(case).map_or(0, |level| level.level),
            holder: holder(case).map(|person| self.named(&person, case.changed_at)),
            missing: case.missing.iter().copied().map(Into::into).collect(),
            report_time: case.flow.as_ref().map(|flow| flow.report_time).or(case.first_report_time),
            callback_result: case.callback.dials.iter().rev().find_map(|dial| dial.result).map(Into::into),
        }
    }

    /// The flow with the name of whoever started it.
    pub(crate) fn flow(self, case: &Case, flow: &Flow) -> FlowView {
        FlowView {
            received_at: flow.received_at,
            report_time: flow.report_time,
            starter: flow.starter.into(),
            started_by: flow
                .started_by
                .as_ref()
                .filter(|person| !self.hides(case, person))
                .map(|person| self.named(person, flow.received_at)),
            channel: flow.channel.into(),
        }
    }

    /// 转投诉 with its dates.
    pub(crate) fn conversion(self, case: &Case, conversion: &Conversion) -> ConversionView {
        let by = Some(&conversion.person_id).filter(|person| !self.hides(case, person));
        ConversionView {
            by: by.map(|person| self.named(person, conversion.at)),
            at: conversion.at,
            complaint_no: conversion.complaint_no.clone(),
            term: conversion.term.into(),
            dates: conversion.dates,
            decide_by: conversion.decide_by,
        }
    }

    /// One event as a line of what happened.
    pub(crate) fn line(
        self,
        case: &Case,
        event: &CaseEvent,
        recordings: &HashMap<Commitment, Private>,
    ) -> TimelineEntry {
        let hears = || may_hear_of_recordings(case, self.person, self.directory());
        let recording = commitment(&event.body).and_then(|of| recordings.get(&of)).filter(|_| hears());
        let (level, about, word, late) = particulars(&event.body);
        let known = |person: &&PersonId| !self.hides(case, person);
        let acted = match &event.actor {
            Actor::Person { person_id } => Some(person_id),
            Actor::System => None,
        };
        TimelineEntry {
            sequence: event.sequence,
            at: event.at,
            kind: kind_word(&event.body),
            actor: acted.filter(known).map(|person| self.named(person, event.at)),
            actor_hidden: acted.is_some_and(|person| self.hides(case, person)),
            acting_for: event.acting_for.as_ref().filter(known).map(|person| self.named(person, event.at)),
            level,
            about: about.as_ref().filter(known).map(|person| self.named(person, event.at)),
            word,
            late,
            rule_version: event.rule_version.clone(),
            recording: recording.cloned(),
        }
    }

    /// The customer's fields, each as this viewer may see it; what is hidden is not there at all.
    pub(crate) fn customer(self, case: &Case, known: &CustomerFields) -> Vec<ShownField> {
        let relations = process::relations(case, self.person, self.directory());
        let reveals = process::consult(Some(case.state), &relations, Action::RevealField).is_ok();
        let given = known.texts().into_iter().filter(|(_, text)| !text.is_blank());
        given
            .filter_map(|(field, text)| match field_access(case, self.person, self.directory(), field) {
                FieldAccess::Hidden => None,
                FieldAccess::Clear => Some(ShownField {
                    field,
                    text: text.reveal().to_owned(),
                    masked: false,
                    revealable: false,
                }),
                FieldAccess::Masked => {
                    Some(ShownField { field, text: mask(field, text), masked: true, revealable: reveals })
                }
            })
            .collect()
    }

    /// An alert with what its window shows.
    pub(crate) fn alert(self, row: &AlertRow, case: &Case) -> Alert {
        Alert {
            alert_id: row.alert_id,
            case_id: row.case_id,
            kind: row.kind.into(),
            level: row.level,
            raised_at: row.raised_at,
            due_at: row.due_at,
            span: span(row, case),
            unit_name: self.unit_name(case),
            line: case.line.into(),
            facts: case.facts.clone().into(),
            story: story(case),
            ended: row.ended.map(|over| AlertOver { reason: over.reason.into(), at: over.at }),
        }
    }

    /// Everybody in ladder and callback, with names.
    pub(crate) fn people(self, case: &Case) -> Vec<PersonRef> {
        let mut people: BTreeSet<PersonId> = change::involved(case);
        people.extend(case.ladder.iter().map(|level| level.leader.clone()));
        if self.may_know_reporter(case) {
            people.insert(case.reporter.clone());
        } else {
            people.remove(&case.reporter);
        }
        people.iter().map(|person| self.named(person, case.created_at)).collect()
    }

    /// Where the case belongs, in the tree of its day.
    pub(crate) fn place(self, case: &Case) -> CasePlace {
        let then = self.past.at(case.created_at);
        let path = case.unit_path.clone().or_else(|| then.unit_path(&case.unit_id));
        let path = path.unwrap_or_else(|| case.unit_id.as_str().to_owned());
        let unit = |code: &str| {
            let unit_id = UnitId::from(code);
            UnitRef { name: self.name_of_unit(&unit_id, case.created_at), unit_id }
        };
        let leader =
            case.direct_leader.as_ref().or_else(|| then.leader_of(&case.reporter).map(|it| &it.person_id));
        CasePlace {
            units: path.split('/').map(unit).collect(),
            direct_leader: leader.map(|leader| self.named(leader, case.created_at)),
        }
    }

    /// A person as they were called then.
    pub(super) fn named(self, person_id: &PersonId, moment: Timestamp) -> PersonRef {
        let name = |directory: &Directory| directory.person(person_id).map(|person| person.name.clone());
        PersonRef { person_id: person_id.clone(), name: self.then_or_today(moment, name) }
    }

    fn unit_name(self, case: &Case) -> String {
        self.name_of_unit(&case.unit_id, case.created_at)
    }

    pub(super) fn name_of_unit(self, unit_id: &UnitId, moment: Timestamp) -> String {
        self.then_or_today(moment, |directory| directory.unit(unit_id).map(|unit| unit.name.clone()))
    }

    /// As it was called then; what came later or is known no other way, as it is called today.
    fn then_or_today(self, moment: Timestamp, name: impl Fn(&Directory) -> Option<String>) -> String {
        name(self.past.at(moment)).or_else(|| name(self.past.today())).unwrap_or_default()
    }

    /// 报告人 is hidden from the department that handles the case and from the 分管领导 above it, unless the rules in force
    /// say otherwise: a reporter who is named to those he reports about stops reporting.
    fn may_know_reporter(self, case: &Case) -> bool {
        let open = self.past.rules().is_on(SwitchName::ReporterOpen);
        reporter_access(case, self.person, self.directory(), open) != FieldAccess::Hidden
    }

    /// Whether this person is the reporter and must not be named to the viewer.
    pub(super) fn hides(self, case: &Case, person: &PersonId) -> bool {
        case.reporter == *person && !self.may_know_reporter(case)
    }
}

fn current_level(case: &Case) -> Option<&Level> {
    let on_ladder = matches!(case.state, CaseState::LeaderNotified | CaseState::LeaderHandling);
    case.ladder.iter().rev().find(|level| on_ladder && level.end.is_none())
}

fn holder(case: &Case) -> Option<PersonId> {
    if let Some(level) = current_level(case) {
        return Some(level.taken_over_by.clone().unwrap_or_else(|| level.leader.clone()));
    }
    match case.state {
        CaseState::Handling | CaseState::Rework => case.round().and_then(|round| round.handler.clone()),
        CaseState::Recalling => case.round().and_then(|round| round.recall.claimed_by.clone()),
        _ => case.callback.claimed_by.clone(),
    }
}

/// What the words of a call are bound by.
const fn commitment(body: &EventBody) -> Option<Commitment> {
    match body {
        EventBody::Reported { submission, .. } => submission.sheet.commitment,
        EventBody::CallbackRecorded { note, .. } | EventBody::RecallRecorded { note, .. } => *note,
        _ => None,
    }
}

/// The whole length of the clock that an alert shows.
fn span(row: &AlertRow, case: &Case) -> Option<Span> {
    let limits = &case.limits;
    let of_clock = |clock: TimerName| row.due_at.map(|_| limits.handling.of_clock(clock));
    match row.kind {
        AlertKind::LeaderNotice => Some(limits.t2),
        AlertKind::CallbackDue | AlertKind::CallbackOverdue => Some(limits.t3),
        AlertKind::DispatchNeeded | AlertKind::RulingNeeded => of_clock(TimerName::T4),
        AlertKind::SignNeeded => of_clock(TimerName::T5),
        AlertKind::Assigned if case.clock(TimerName::T6).is_some() => of_clock(TimerName::T6),
        AlertKind::Assigned | AlertKind::ApprovalNeeded | AlertKind::ReworkNeeded => of_clock(TimerName::T7),
        AlertKind::RecallDue => of_clock(TimerName::T9),
        _ => None,
    }
}

/// What went before, from the case alone, so that an alert costs no walk through its events.
fn story(case: &Case) -> Vec<StoryLine> {
    let mut story = Vec::new();
    let mut climbed = false;
    for level in &case.ladder {
        let mut tell = |at, kind: &str, by_system| {
            story.push(StoryLine { at, kind: kind.to_owned(), level: level.level, by_system });
        };
        let by_word = level.verbal.is_some();
        tell(level.notified_at, if by_word { "verbally_reported" } else { "leader_notified" }, climbed);
        if let Some(at) = level.delivered_at {
            tell(at, if by_word { "countersigned" } else { "notice_delivered" }, !by_word);
        }
        if let (Some(at), Some(_)) = (level.acknowledged_at, &level.taken_over_by) {
            tell(at, "leader_took_over", false);
        }
        climbed = matches!(
            level.end,
            Some(LevelEnd::RanOut | LevelEnd::Undelivered | LevelEnd::SkippedAbsent | LevelEnd::Unconfirmed)
        );
        if let Some(at) = level.ended_at {
            tell(at, "level_ended", climbed);
        }
    }
    if let Some(flow) = &case.flow {
        let by_system = flow.starter == Starter::System;
        story.push(StoryLine { at: flow.received_at, kind: "flow_started".to_owned(), level: 0, by_system });
    }
    story.extend(handling_story(case));
    story
}

/// The same from the first dispatch on.
fn handling_story(case: &Case) -> Vec<StoryLine> {
    let mut story = Vec::new();
    let mut tell = |at, kind: &str, level, by_system| {
        story.push(StoryLine { at, kind: kind.to_owned(), level, by_system });
    };
    for round in &case.rounds {
        let begun = if round.rework > 0 { "rework_ordered" } else { "dispatched" };
        tell(round.dispatched_at, begun, 0, false);
        let stamps = [
            ("signed", round.signed.as_ref()),
            ("dispatch_returned", round.returned.as_ref().map(|returned| &returned.by)),
            ("contact_logged", round.first_contact.as_ref().map(|contact| &contact.by)),
            ("result_written", round.reply.as_ref().map(|reply| &reply.by)),
            ("result_approved", round.reply.as_ref().and_then(|reply| reply.approved.as_ref())),
        ];
        for (kind, stamp) in stamps {
            if let Some(stamp) = stamp {
                tell(stamp.at, kind, 0, false);
            }
        }
    }
    for urge in &case.urges {
        tell(urge.at, "urged", urge.kind.step(), urge.by == Actor::System);
    }
    story.sort_by_key(|line| line.at);
    story
}

type Particulars = (Option<u8>, Option<PersonId>, Option<String>, Span);

/// Level, other person, word and lateness of an event.
fn particulars(body: &EventBody) -> Particulars {
    use EventBody as E;
    let on_time = Span(0);
    match body {
        E::TimingWarned { late } | E::AppointmentDue { late } => (None, None, None, *late),
        E::TimingOverdue { late } => (None, None, Some(word(&TimerName::T1)), *late),
        E::CallbackOverdue { step, late } => (None, None, Some(word(step)), *late),
        E::LeaderNotified { level, leader, .. } | E::LevelSkipped { level, leader } => {
            (Some(*level), Some(leader.clone()), None, on_time)
        }
        E::LevelEnded { level, end, late } => (Some(*level), None, Some(word(end)), *late),
        E::NoticeDelivered { level, person_id }
        | E::NoticeShown { level, person_id }
        | E::NoticeAcknowledged { level, person_id }
        | E::LeaderTookOver { level, person_id }
        | E::LeaderResolved { level, person_id, .. } => {
            (Some(*level), Some(person_id.clone()), None, on_time)
        }
        E::NoticeUndelivered { level, deputy, late } => (Some(*level), deputy.clone(), None, *late),
        E::FlowStarted { starter, .. } => (None, None, Some(word(starter)), on_time),
        E::CallbackRecorded { result, .. } => (None, None, Some(word(result)), on_time),
        E::Voided { reason, .. } => (None, None, Some(word(reason)), on_time),
        E::CallbackClaimed { taken_from, .. } => (None, taken_from.clone(), None, on_time),
        E::FieldRevealed { person_id, field, .. } => {
            (None, Some(person_id.clone()), Some(word(field)), on_time)
        }
        body => particulars_of_handling(body),
    }
}

/// The same for word of mouth and from 待转办 on.
fn particulars_of_handling(body: &EventBody) -> Particulars {
    use EventBody as E;
    let on_time = Span(0);
    let said = |word: String| (None, None, Some(word), on_time);
    match body {
        E::VerballyReported { level, leader: person_id, .. }
        | E::Countersigned { level, person_id, .. }
        | E::CountersignRefused { level, person_id, .. } => {
            (Some(*level), Some(person_id.clone()), None, on_time)
        }
        E::ClockStarted { clock } => said(word(&clock.name)),
        E::RiskFlagged { tags, .. } => (None, None, tags.first().map(word), on_time),
        E::InvolvedNamed { people } => (None, people.first().cloned(), None, on_time),
        E::Dispatched { lead: department, .. }
        | E::AssistanceAsked { department, .. }
        | E::Assisted { department, .. } => said(word(&department.line)),
        E::DispatchReturned { reason, .. } => said(word(reason)),
        E::Signed { handler, .. } | E::HandlerAssigned { handler, .. } => {
            (None, Some(handler.clone()), None, on_time)
        }
        E::ContactLogged { reached: false, .. } => said(word(&CallbackResult::NotReached)),
        E::ResultWritten { result, .. } => said(word(result)),
        E::RecallRecorded { result, .. } => said(word(result)),
        E::RecallDue { late } => (None, None, None, *late),
        E::Urged { urge, late, .. } => (None, None, Some(word(urge)), *late),
        E::ConvertedToComplaint { conversion, .. } => said(word(&conversion.term)),
        E::TermExtended { term, .. } => said(word(term)),
        _ => (None, None, None, on_time),
    }
}
