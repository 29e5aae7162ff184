//! One change of one case as it grows: commands are folded in, and at the end there is one [`CaseWrite`].
//!
//! Everything that follows from an event (timers, alerts, feed rows, who is involved) is worked out here, so a report, a
//! device's receipt and a timer lead to the same things in the same way.

use std::collections::BTreeSet;

use chayan_domain::case::{
    self, Actor, AlertChange, AlertEnd, AlertKind, Case, CaseState, Command, Context, Refusal, TimerName,
    VerbalClaim,
};
use chayan_domain::directory::Department;
use chayan_domain::ids::{AlertId, DeviceId, EventId, PersonId, UnitId};
use chayan_domain::rules::EffectiveRules;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::{
    AlertEnding, AlertRow, CaseRecord, CaseWrite, FeedDraft, FeedKind, SealedEvent, Snapshot, Topic,
};

use crate::centre::{Centre, Organisation};

/// Who acts, from where, by which clock.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) actor: Actor,
    pub(crate) device_id: Option<DeviceId>,
    pub(crate) device_time: Option<Timestamp>,
    /// The deciding clock.
    pub(crate) now: Timestamp,
}

impl Act {
    pub(crate) const fn system(now: Timestamp) -> Self {
        Self { actor: Actor::System, device_id: None, device_time: None, now }
    }
}

/// A case with everything that has followed so far.
pub(crate) struct Change<'a> {
    centre: &'a Centre,
    organisation: &'a Organisation,
    pub(crate) case: Option<Case>,
    /// Open and new alerts, as they stand now.
    alerts: Vec<AlertRow>,
    /// Of those: raised by this change, altered by it.
    raised: BTreeSet<AlertId>,
    altered: BTreeSet<AlertId>,
    write: CaseWrite,
    events: usize,
}

impl<'a> Change<'a> {
    pub(crate) fn new(centre: &'a Centre, organisation: &'a Organisation, snapshot: &Snapshot) -> Self {
        Self {
            centre,
            organisation,
            case: snapshot.case.clone(),
            alerts: snapshot.open_alerts.clone(),
            raised: BTreeSet::new(),
            altered: BTreeSet::new(),
            write: CaseWrite::default(),
            events: 0,
        }
    }

    /// Folds one command in. A refusal leaves the change as it was.
    pub(crate) fn advance(&mut self, command: &Command, unit: &UnitId, act: &Act) -> Result<(), Refusal> {
        let unit = self.case.as_ref().map_or(unit, |case| &case.unit_id);
        let rules = self.organisation.rules.effective(unit, &self.organisation.directory);
        let step = self.decide(command, &rules, act)?;
        self.events += step.events.len();
        self.write.events.extend(step.events.into_iter().map(|sealed| SealedEvent {
            event_id: sealed.event.event_id,
            sequence: sealed.event.sequence,
            at: sealed.event.at,
            kind: kind_word(&sealed.event.body),
            prev_hash: sealed.event.prev_hash,
            hash: sealed.hash,
            bytes: sealed.bytes,
        }));
        self.write.timers = Some(step.timers);
        for change in step.alerts {
            self.apply(&step.case, change, act.now);
        }
        self.case = Some(step.case);
        Ok(())
    }

    /// This person is done with the alert, on every device. An alert that is over stays as it is.
    pub(crate) fn acknowledge(&mut self, alert_id: AlertId, now: Timestamp) {
        if let Some(alert) =
            self.alerts.iter_mut().find(|alert| alert.alert_id == alert_id && alert.ended.is_none())
        {
            alert.ended = Some(AlertEnding { reason: AlertEnd::Acknowledged, at: now });
            self.altered.insert(alert_id);
        }
    }

    /// The write with everything that listeners should know; the command and its receipt are the caller's to add.
    pub(crate) fn finish(mut self, now: Timestamp) -> CaseWrite {
        let changed = self.events > 0;
        if let Some(case) = self.case.as_ref().filter(|_| changed) {
            self.write.case = Some(record(case, self.organisation));
            self.write.feed = case_rows(case, self.organisation, &|| self.event_id(now), now);
        }
        let touched = self
            .alerts
            .iter()
            .filter(|alert| self.raised.contains(&alert.alert_id) || self.altered.contains(&alert.alert_id));
        let mut rows = Vec::new();
        for alert in touched {
            let kind = match (&alert.ended, self.raised.contains(&alert.alert_id)) {
                (None, true) => FeedKind::AlertRaised,
                (None, false) => FeedKind::AlertChanged,
                (Some(_), _) => FeedKind::AlertEnded,
            };
            self.write.feed.push(FeedDraft {
                topic: Topic::person(&alert.person_id),
                event_id: self.event_id(now),
                at: now,
                kind,
                case_id: Some(alert.case_id),
                alert_id: Some(alert.alert_id),
                detail: None,
            });
            rows.push(alert.clone());
        }
        self.write.alerts = rows;
        self.write
    }

    fn decide(&self, command: &Command, rules: &EffectiveRules, act: &Act) -> Result<case::Step, Refusal> {
        let context = Context {
            now: act.now,
            actor: &act.actor,
            device: act.device_id,
            rules,
            directory: &self.organisation.directory,
            calendars: &self.organisation.calendars,
        };
        let mut new_id = || self.event_id(act.now);
        case::advance(self.case.clone(), command, &context, act.device_time, &mut new_id)
    }

    fn apply(&mut self, case: &Case, change: AlertChange, now: Timestamp) {
        match change {
            AlertChange::Raise { person_id, kind, level, due_at } => {
                let same = |alert: &AlertRow| {
                    alert.ended.is_none()
                        && alert.person_id == person_id
                        && alert.kind == kind
                        && alert.level == level
                };
                if !self.alerts.iter().any(same) {
                    let alert_id = AlertId(self.centre.entropy.uuid(now));
                    self.raised.insert(alert_id);
                    let case_id = case.case_id;
                    let alert = AlertRow {
                        alert_id,
                        case_id,
                        person_id,
                        kind,
                        level,
                        raised_at: now,
                        due_at,
                        ended: None,
                    };
                    self.alerts.push(alert);
                }
            }
            AlertChange::Clock { kind, level, due_at } => {
                let running = self.alerts.iter_mut().filter(|alert| {
                    alert.ended.is_none()
                        && alert.kind == kind
                        && alert.level == level
                        && alert.due_at != Some(due_at)
                });
                for alert in running {
                    alert.due_at = Some(due_at);
                    self.altered.insert(alert.alert_id);
                }
            }
            AlertChange::Close { person_id, kind, reason } => {
                let meant = self.alerts.iter_mut().filter(|alert| {
                    alert.ended.is_none()
                        && person_id.as_ref().is_none_or(|person| *person == alert.person_id)
                        && kind.map_or_else(|| asks(alert.kind), |kind| kind == alert.kind)
                });
                for alert in meant {
                    alert.ended = Some(AlertEnding { reason, at: now });
                    self.altered.insert(alert.alert_id);
                }
            }
        }
    }

    fn event_id(&self, now: Timestamp) -> EventId {
        EventId(self.centre.entropy.uuid(now))
    }
}

/// The clock that matters now: which, since when it is due, and its whole length.
pub(crate) fn clock(case: &Case) -> Option<(TimerName, u8, Timestamp, Span)> {
    match case.state {
        CaseState::Timing if case.timing.answered_at.is_none() => {
            Some((TimerName::T1, 0, case.timing.due_at, case.limits.t1))
        }
        CaseState::LeaderNotified | CaseState::LeaderHandling => {
            let open = case.ladder.iter().rev().find(|level| level.end.is_none())?;
            if open.verbal.as_ref().is_some_and(VerbalClaim::is_open) {
                let span = case.limits.handling.countersign;
                return Some((TimerName::Countersign, open.level, open.notified_at.plus(span), span));
            }
            let due_at = open.delivered_at?.plus(case.limits.t2);
            Some((TimerName::T2, open.level, due_at, case.limits.t2))
        }
        CaseState::Submitted | CaseState::Calling if case.callback.dials.is_empty() => {
            let flow = case.flow.as_ref()?;
            Some((TimerName::T3, 0, flow.received_at.plus(case.limits.t3), case.limits.t3))
        }
        CaseState::NotReached => {
            let at = case.callback.appointment_at?;
            Some((TimerName::Appointment, 0, at, Span(0)))
        }
        _ => working_clock(case),
    }
}

/// From 待转办 on: of the clocks of working time the one that runs out first; then the next agreed call.
fn working_clock(case: &Case) -> Option<(TimerName, u8, Timestamp, Span)> {
    let running = case.clocks.iter().filter(|clock| clock.runs()).min_by_key(|clock| clock.due_at);
    if let Some(clock) = running {
        return Some((clock.name, 0, clock.due_at, case.limits.handling.of_clock(clock.name)));
    }
    let at = case.round().filter(|_| case.state == CaseState::Recalling)?.recall.appointment_at?;
    Some((TimerName::RecallAppointment, 0, at, Span(0)))
}

/// Everybody who has had a part: leaders, deputies, agents, whoever started the flow.
pub(crate) fn involved(case: &Case) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::new();
    for level in &case.ladder {
        people.extend(level.alerted.iter().cloned());
        people.extend(level.taken_over_by.clone());
    }
    people.extend(case.submitter.clone());
    people.extend(case.flow.as_ref().and_then(|flow| flow.started_by.clone()));
    people.extend(case.callback.claimed_by.clone());
    people.extend(case.callback.dials.iter().map(|dial| dial.by.clone()));
    people.extend(case.risk_told.iter().cloned());
    for round in &case.rounds {
        people.extend(round.handler.clone());
        people.extend(round.recall.claimed_by.clone());
        people.extend(round.recall.dials.iter().map(|dial| dial.by.person_id.clone()));
    }
    people.extend(escalated(case));
    people
}

/// Everybody before whom the case was brought: what [`chayan_domain::visibility::Scope::Escalated`] asks for.
fn escalated(case: &Case) -> BTreeSet<PersonId> {
    let replies = case.rounds.iter().filter_map(|round| round.reply.as_ref());
    let mut people: BTreeSet<PersonId> = replies.flat_map(|reply| reply.approvers.iter().cloned()).collect();
    people.extend(case.escalations.iter().map(|escalation| escalation.person_id.clone()));
    people.extend(case.urges.iter().flat_map(|urge| urge.to.iter().cloned()));
    people
}

/// Every department that leads or assists, each once.
fn departments(case: &Case) -> BTreeSet<Department> {
    case.rounds.iter().flat_map(|round| round.departments().cloned()).collect()
}

/// The word by which an event's body goes on the wire.
pub(crate) fn kind_word(body: &case::EventBody) -> String {
    // It is what its JSON begins with; the rest is not written down.
    let mut head = [0; 64];
    let _cut_short = serde_json::to_writer(head.as_mut_slice(), body).is_err();
    let word = head.strip_prefix(br#"{"kind":""#).unwrap_or_default();
    let word = word.split(|byte| *byte == b'"').next().unwrap_or_default();
    String::from_utf8_lossy(word).into_owned()
}

/// Whether an alert of this kind wants something done; the others only inform.
const fn asks(kind: AlertKind) -> bool {
    !matches!(kind, AlertKind::Climbed | AlertKind::Outcome | AlertKind::AssistanceAsked)
}

fn record(case: &Case, organisation: &Organisation) -> CaseRecord {
    let directory = &organisation.directory;
    CaseRecord {
        case: case.clone(),
        unit_path: case
            .unit_path
            .clone()
            .or_else(|| directory.unit_path(&case.unit_id))
            .unwrap_or_else(|| case.unit_id.as_str().to_owned()),
        direct_leader: case
            .direct_leader
            .clone()
            .or_else(|| directory.leader_of(&case.reporter).map(|leader| leader.person_id.clone())),
        received_at: case.created_at,
        next_due: clock(case).map(|(_, _, due_at, _)| due_at),
        involved: case
            .ladder
            .iter()
            .flat_map(|level| &level.alerted)
            .chain(&case.risk_told)
            .cloned()
            .collect(),
        departments: departments(case).into_iter().collect(),
        escalated: escalated(case).into_iter().collect(),
    }
}

/// A changed case under every topic whose listeners may care; each reader's own rights are checked when it is read.
fn case_rows(
    case: &Case,
    organisation: &Organisation,
    event_id: &dyn Fn() -> EventId,
    now: Timestamp,
) -> Vec<FeedDraft> {
    let directory = &organisation.directory;
    let mut topics: BTreeSet<Topic> = involved(case).iter().map(Topic::person).collect();
    topics.insert(Topic::person(&case.reporter));
    topics.extend(case.direct_leader.as_ref().map(Topic::person));
    topics.extend(directory.leader_of(&case.reporter).map(|leader| Topic::person(&leader.person_id)));
    if case.flow.is_some() {
        topics.insert(Topic::role("CMP"));
    }
    for department in departments(case) {
        let staff = directory.handlers_of(&department).into_iter().chain(directory.heads_of(&department));
        topics.extend(staff.map(|person| Topic::person(&person.person_id)));
    }
    topics.extend(organisation.service_units_of(&case.unit_id).map(|unit| Topic::unit(unit.as_str())));
    // The units of the case's own day, too: those departments keep their cases through a reorganisation.
    let then = case.unit_path.iter().flat_map(|path| path.split('/')).map(UnitId::from);
    topics.extend(then.filter(|unit| organisation.has_service(unit)).map(|unit| Topic::unit(unit.as_str())));
    let event_id = event_id();
    let row = |topic| FeedDraft {
        topic,
        event_id,
        at: now,
        kind: FeedKind::CaseChanged,
        case_id: Some(case.case_id),
        alert_id: None,
        detail: None,
    };
    topics.into_iter().map(row).collect()
}
