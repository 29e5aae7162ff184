//! Who is told what after some events, and what is no longer asked. Computed, so that every node tells the same.

mod handling;

use crate::directory::{Person, Role};
use crate::ids::PersonId;
use crate::report::FieldName;
use crate::time::Timestamp;

use super::alert::{AlertChange, AlertEnd, AlertKind};
use super::body::EventBody;
use super::callback::CallbackResult;
use super::command::Context;
use super::event::Actor;
use super::ladder::Level;
use super::state::{Case, CaseState, Starter};
use super::timer::{TimerName, timers};

/// The changes of alerts that follow from `bodies`, which led from `before` to `after`. To be carried out in order.
#[must_use]
pub fn alerts(
    before: Option<&Case>,
    after: &Case,
    bodies: &[EventBody],
    ctx: &Context<'_>,
) -> Vec<AlertChange> {
    let mut told = Told { before, after, ctx, changes: Vec::new() };
    for body in bodies {
        told.follow(body);
    }
    told.changes
}

pub(super) struct Told<'a> {
    before: Option<&'a Case>,
    after: &'a Case,
    ctx: &'a Context<'a>,
    changes: Vec<AlertChange>,
}

impl Told<'_> {
    fn follow(&mut self, body: &EventBody) {
        match body {
            EventBody::LeaderNotified { level, leader, deputy } => {
                self.close(None, AlertKind::CountersignRefused, AlertEnd::Settled);
                self.notified(*level, leader, deputy.as_ref());
            }
            EventBody::NoticeUndelivered { level, deputy, .. } => {
                if let Some(deputy) = deputy {
                    self.raise(deputy, AlertKind::LeaderNotice, *level, None);
                }
                self.tell_reporter(AlertKind::Undelivered, *level);
            }
            EventBody::NoticeDelivered { level, .. } => self.delivered(*level),
            EventBody::LeaderTookOver { level, person_id } => self.taken_over(*level, person_id),
            EventBody::LeaderResolved { .. } => {
                self.close_all(AlertEnd::Settled);
                self.tell_reporter(AlertKind::Outcome, 0);
            }
            EventBody::FlowStarted { starter, .. } => self.flow_started(*starter),
            EventBody::CallbackClaimed { person_id, .. } => {
                self.close(Some(person_id), AlertKind::CallbackDue, AlertEnd::Acknowledged);
                self.close(None, AlertKind::CallbackDue, AlertEnd::TakenByOther);
            }
            EventBody::CallbackReleased { .. } | EventBody::AppointmentDue { .. } => self.callback_due(),
            EventBody::Dialled { .. } => {
                self.close(None, AlertKind::CallbackDue, AlertEnd::Settled);
                self.close(None, AlertKind::CallbackOverdue, AlertEnd::Settled);
            }
            EventBody::CallbackRecorded { result, .. } => self.recorded(*result),
            EventBody::CallbackOverdue { step, .. } => self.overdue(*step),
            EventBody::Supplemented { sheet } => {
                let answers = self.before.is_some_and(|case| case.callback.number_needed);
                if answers && sheet.given.contains(&FieldName::Phone) {
                    self.close(None, AlertKind::NumberNeeded, AlertEnd::Settled);
                    self.callback_due();
                } else if self.after.state == CaseState::Recalling && sheet.given.contains(&FieldName::Phone)
                {
                    self.close(None, AlertKind::NumberNeeded, AlertEnd::Settled);
                    self.recall_due();
                }
            }
            EventBody::Withdrawn { .. } => self.close_all(AlertEnd::CaseEnded),
            EventBody::Voided { .. } => {
                self.close_all(AlertEnd::CaseEnded);
                self.tell_reporter(AlertKind::Outcome, 0);
            }
            EventBody::TimingStarted { .. }
            | EventBody::TimingWarned { .. }
            | EventBody::TimingOverdue { .. }
            | EventBody::Discarded
            | EventBody::Reported { .. }
            | EventBody::SpotResolved
            | EventBody::LevelSkipped { .. }
            | EventBody::LevelEnded { .. }
            | EventBody::NoticeShown { .. }
            | EventBody::NoticeAcknowledged { .. }
            | EventBody::DeviceChainBroken { .. }
            | EventBody::SimilarFound { .. }
            | EventBody::FieldRevealed { .. } => {}
            EventBody::VerballyReported { level, leader, deputy, .. } => {
                for person in std::iter::once(leader).chain(deputy) {
                    self.raise(person, AlertKind::CountersignNeeded, *level, None);
                }
            }
            EventBody::Countersigned { level, .. } => {
                self.close(None, AlertKind::CountersignNeeded, AlertEnd::Settled);
                self.delivered(*level);
            }
            EventBody::CountersignRefused { overdue, .. } => {
                self.close(None, AlertKind::CountersignNeeded, AlertEnd::Settled);
                if *overdue {
                    self.tell_reporter(AlertKind::CountersignRefused, 0);
                }
            }
            body => self.follow_handling(body),
        }
    }

    /// A notice goes out. From the second level on the lower ones and the clerk learn that it has climbed.
    fn notified(&mut self, level: u8, leader: &PersonId, deputy: Option<&PersonId>) {
        let lower = self.lower_than(level);
        if !lower.is_empty() {
            self.close(None, AlertKind::LeaderNotice, AlertEnd::Climbed);
            self.close(None, AlertKind::Undelivered, AlertEnd::Climbed);
        }
        let told: Vec<&PersonId> = std::iter::once(leader).chain(deputy).collect();
        for person in &told {
            self.raise(person, AlertKind::LeaderNotice, level, None);
        }
        if !lower.is_empty() {
            self.climbed(level, &lower, &told);
        }
    }

    fn climbed(&mut self, level: u8, lower: &[PersonId], but: &[&PersonId]) {
        let reporter = self.after.reporter.clone();
        for person in lower.iter().chain(std::iter::once(&reporter)) {
            if !but.contains(&person) && !self.is_actor(person) {
                self.raise(person, AlertKind::Climbed, level, None);
            }
        }
    }

    fn delivered(&mut self, level: u8) {
        let clock =
            timers(self.after).into_iter().find(|timer| timer.name == TimerName::T2 && timer.level == level);
        if let Some(timer) = clock {
            self.changes.push(AlertChange::Clock {
                kind: AlertKind::LeaderNotice,
                level,
                due_at: timer.due_at,
            });
            self.close(None, AlertKind::Undelivered, AlertEnd::Settled);
        }
    }

    /// One takes it over: theirs is acknowledged, everybody else's is taken by another.
    fn taken_over(&mut self, level: u8, person: &PersonId) {
        self.close(Some(person), AlertKind::LeaderNotice, AlertEnd::Acknowledged);
        let others: Vec<PersonId> =
            self.after.level(level).map(|level| level.alerted.clone()).unwrap_or_default();
        for other in others.iter().filter(|other| *other != person) {
            self.close(Some(other), AlertKind::LeaderNotice, AlertEnd::TakenByOther);
        }
        self.close(None, AlertKind::Undelivered, AlertEnd::Settled);
    }

    /// The flow ends the ladder's alerts and calls the complaint group.
    fn flow_started(&mut self, starter: Starter) {
        self.close(None, AlertKind::LeaderNotice, AlertEnd::FlowStarted);
        self.close(None, AlertKind::Undelivered, AlertEnd::FlowStarted);
        self.close(None, AlertKind::CountersignRefused, AlertEnd::FlowStarted);
        self.callback_due();
        match starter {
            Starter::System => {
                let lower = self.lower_than(u8::MAX);
                self.climbed(0, &lower, &[]);
            }
            Starter::Leader | Starter::Agent => self.tell_reporter(AlertKind::Outcome, 0),
            Starter::Reporter => {}
        }
    }

    fn callback_due(&mut self) {
        let due_at = timers(self.after)
            .into_iter()
            .find(|timer| timer.name == TimerName::T3)
            .map(|timer| timer.due_at);
        for member in self.ctx.directory.with_role(Role::Cmp) {
            self.raise(&member.person_id, AlertKind::CallbackDue, 0, due_at);
        }
    }

    fn recorded(&mut self, result: CallbackResult) {
        match result {
            CallbackResult::NotDissatisfied => {
                self.close_all(AlertEnd::Settled);
                self.tell_reporter(AlertKind::Outcome, 0);
            }
            CallbackResult::Dissatisfied => {
                self.close_all(AlertEnd::Settled);
                self.tell_reporter(AlertKind::Outcome, 0);
                self.dispatch_needed();
            }
            CallbackResult::WrongNumber => self.tell_reporter(AlertKind::NumberNeeded, 0),
            // The conversion that follows from a complaint tells of it.
            CallbackResult::NotReached
            | CallbackResult::Refused
            | CallbackResult::Appointment
            | CallbackResult::Complained => {}
        }
    }

    fn overdue(&mut self, step: TimerName) {
        let directory = self.ctx.directory;
        let (level, people): (u8, Vec<&Person>) = match step {
            TimerName::T3 => (1, directory.with_role(Role::Cmp)),
            TimerName::T3Head => (2, directory.callback_head()),
            TimerName::T3Department => (3, directory.csd_of(&self.after.unit_id)),
            _ => return,
        };
        for person in people {
            self.raise(&person.person_id, AlertKind::CallbackOverdue, level, None);
        }
    }

    /// Everybody who got a notice below this level, each once.
    fn lower_than(&self, level: u8) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = Vec::new();
        let lower = self.after.ladder.iter().filter(|rung: &&Level| rung.level < level);
        for person in lower.flat_map(|rung| &rung.alerted) {
            if !people.contains(person) {
                people.push(person.clone());
            }
        }
        people
    }

    fn is_actor(&self, person: &PersonId) -> bool {
        matches!(self.ctx.actor, Actor::Person { person_id } if person_id == person)
    }

    /// Tells the reporter, unless the reporter did it.
    fn tell_reporter(&mut self, kind: AlertKind, level: u8) {
        let reporter = self.after.reporter.clone();
        if !self.is_actor(&reporter) {
            self.raise(&reporter, kind, level, None);
        }
    }

    fn raise(&mut self, person: &PersonId, kind: AlertKind, level: u8, due_at: Option<Timestamp>) {
        self.changes.push(AlertChange::Raise { person_id: person.clone(), kind, level, due_at });
    }

    fn close(&mut self, person: Option<&PersonId>, kind: AlertKind, reason: AlertEnd) {
        self.changes.push(AlertChange::Close { person_id: person.cloned(), kind: Some(kind), reason });
    }

    fn close_all(&mut self, reason: AlertEnd) {
        self.changes.push(AlertChange::Close { person_id: None, kind: None, reason });
    }
}
