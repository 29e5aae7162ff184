//! 督办, 回避, risks, complaints and merges folded into the case.

use crate::ids::PersonId;
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::clock::Clock;
use super::super::complaint::Reopening;
use super::super::event::CaseEvent;
use super::super::oversight::{Comment, Escalation, Urge};
use super::super::round::Stamp;
use super::super::state::{Case, CaseState};
use super::ApplyFault;

impl Case {
    pub(super) fn fold_oversight(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        match body {
            EventBody::ClockStarted { clock } => self.clocks.push(clock.clone()),
            EventBody::RetryPlanned { due_at } => self.plan_retry(*due_at)?,
            EventBody::Urged { .. } => self.fold_urge(body, event),
            EventBody::UrgeSeen { number, person_id } => {
                let urge = self.urges.iter_mut().find(|urge| urge.number == *number);
                let seen = &mut urge.ok_or(ApplyFault::Urge)?.seen;
                seen.push(Stamp { person_id: person_id.clone(), at: event.at });
            }
            EventBody::RiskFlagged { tags, to, leaders } => {
                self.risks_told.extend(tags);
                let told = &mut self.risk_told;
                told.extend(to.iter().filter(|person| !told.contains(person)).cloned().collect::<Vec<_>>());
                self.escalate_to(leaders, event.at);
            }
            EventBody::EscalationAcknowledged { person_id } => {
                self.escalation_mut(person_id)?.acknowledged_at.get_or_insert(event.at);
            }
            EventBody::Commented { person_id, note } => {
                self.escalation_mut(person_id)?.comments.push(Comment { at: event.at, note: *note });
            }
            EventBody::InvolvedNamed { people } => self.recuse(people),
            EventBody::ComplaintNoted { complained_at } => {
                let earliest = self.complained_at.map_or(*complained_at, |known| known.min(*complained_at));
                self.complained_at = Some(earliest);
            }
            EventBody::ConvertedToComplaint { conversion, .. } => {
                self.end_callback();
                self.conversion = Some(conversion.clone());
            }
            EventBody::TermExtended { term, .. } => {
                let conversion = self.conversion.as_mut().ok_or(ApplyFault::NoConversion)?;
                conversion.term = *term;
                conversion.decide_by = conversion.dates.decide_by(*term);
            }
            EventBody::Reopened { person_id, complaint_no, .. } => self.reopenings.push(Reopening {
                person_id: person_id.clone(),
                at: event.at,
                complaint_no: complaint_no.clone(),
            }),
            EventBody::Absorbed { merged } => self.merged.push(merged.clone()),
            _ => {}
        }
        Ok(())
    }

    fn plan_retry(&mut self, due_at: Timestamp) -> Result<(), ApplyFault> {
        if self.state == CaseState::Recalling {
            self.open_round()?.recall.appointment_at = Some(due_at);
        } else {
            self.callback.appointment_at = Some(due_at);
        }
        Ok(())
    }

    fn fold_urge(&mut self, body: &EventBody, event: &CaseEvent) {
        let EventBody::Urged { urge: kind, clock, to, leaders, .. } = body else { return };
        let running = |known: &&mut Clock| known.runs() && Some(known.name) == *clock;
        if let Some(known) = self.clocks.iter_mut().rev().find(running) {
            known.told.push(kind.step());
        }
        let (round, rework) = self.round().map_or((0, 0), super::super::round::Round::numbers);
        let number = self.urges.last().map_or(0, |urge| urge.number).saturating_add(1);
        self.urges.push(Urge {
            number,
            kind: *kind,
            clock: *clock,
            round,
            rework,
            by: event.actor.clone(),
            at: event.at,
            to: to.clone(),
            leaders: leaders.clone(),
            seen: Vec::new(),
        });
        self.escalate_to(leaders, event.at);
    }

    /// A later escalation to the same person asks for a new acknowledgement; what was said before stays.
    fn escalate_to(&mut self, leaders: &[PersonId], at: Timestamp) {
        for leader in leaders {
            match self.escalations.iter_mut().find(|known| known.person_id == *leader) {
                Some(known) => {
                    known.at = at;
                    known.acknowledged_at = None;
                }
                None => self.escalations.push(Escalation {
                    person_id: leader.clone(),
                    at,
                    acknowledged_at: None,
                    comments: Vec::new(),
                }),
            }
        }
    }

    fn escalation_mut(&mut self, person: &PersonId) -> Result<&mut Escalation, ApplyFault> {
        self.escalations.iter_mut().find(|known| known.person_id == *person).ok_or(ApplyFault::Urge)
    }

    /// 回避: whoever is involved loses the case, and a result of theirs that waits for approval falls.
    fn recuse(&mut self, people: &[PersonId]) {
        let new: Vec<PersonId> =
            people.iter().filter(|person| !self.involved.contains(person)).cloned().collect();
        self.involved.extend(new);
        let involved = &self.involved;
        if let Some(round) = self.rounds.last_mut() {
            round.handler = round.handler.take().filter(|handler| !involved.contains(handler));
            let falls = round.waiting().is_some_and(|reply| involved.contains(&reply.by.person_id));
            round.reply = round.reply.take().filter(|_| !falls);
            let recall = &mut round.recall;
            recall.claimed_by = recall.claimed_by.take().filter(|holder| !involved.contains(holder));
        }
    }
}
