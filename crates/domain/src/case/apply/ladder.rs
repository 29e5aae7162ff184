//! 逐级报告 folded: notices, deliveries, word of mouth, and how levels end.

use crate::ids::PersonId;
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::event::CaseEvent;
use super::super::ladder::{Level, LevelEnd, VerbalClaim};
use super::super::round::Stamp;
use super::super::state::Case;
use super::ApplyFault;

impl Case {
    pub(super) fn fold_ladder(&mut self, body: &EventBody, event: &CaseEvent) -> Result<(), ApplyFault> {
        match body {
            EventBody::LeaderNotified { level, leader, deputy } => {
                let mut rung = self.new_level(*level, leader, event)?;
                rung.deputy.clone_from(deputy);
                rung.alerted = std::iter::once(leader).chain(deputy).cloned().collect();
                if self.flow.is_some() {
                    rung.close(event.at, LevelEnd::FlowStarted);
                }
                self.ladder.push(rung);
            }
            EventBody::LevelSkipped { level, leader } => {
                let mut rung = self.new_level(*level, leader, event)?;
                rung.close(event.at, LevelEnd::SkippedAbsent);
                self.ladder.push(rung);
            }
            EventBody::VerballyReported { level, leader, deputy, told_at, report_time } => {
                let mut rung = self.new_level(*level, leader, event)?;
                rung.deputy.clone_from(deputy);
                rung.alerted = std::iter::once(leader).chain(deputy).cloned().collect();
                rung.verbal = Some(VerbalClaim {
                    told_at: *told_at,
                    report_time: *report_time,
                    confirmed: None,
                    confirmed_for: None,
                    refused: None,
                });
                if self.flow.is_some() {
                    rung.close(event.at, LevelEnd::FlowStarted);
                }
                self.ladder.push(rung);
            }
            EventBody::Countersigned { level, person_id, confirmed_for } => {
                let rung = self.level_mut(*level)?;
                let claim = rung.verbal.as_mut().ok_or(ApplyFault::Level)?;
                claim.confirmed = Some(Stamp { person_id: person_id.clone(), at: event.at });
                claim.confirmed_for = Some(*confirmed_for);
                rung.delivered_at = Some(*confirmed_for);
            }
            EventBody::CountersignRefused { level, person_id, overdue, .. } => {
                let rung = self.level_mut(*level)?;
                let claim = rung.verbal.as_mut().ok_or(ApplyFault::Level)?;
                claim.refused = Some(Stamp { person_id: person_id.clone(), at: event.at });
                if *overdue {
                    rung.close(event.at, LevelEnd::Refused);
                    self.unanswer(event.at);
                }
            }
            EventBody::LevelEnded { level, end, .. } => self.level_mut(*level)?.close(event.at, *end),
            EventBody::NoticeDelivered { level, .. } => {
                self.level_mut(*level)?.delivered_at.get_or_insert(event.at);
            }
            EventBody::NoticeShown { level, .. } => {
                self.level_mut(*level)?.shown_at.get_or_insert(event.at);
            }
            EventBody::NoticeAcknowledged { level, .. } => {
                self.level_mut(*level)?.acknowledged_at.get_or_insert(event.at);
            }
            EventBody::NoticeUndelivered { level, deputy, .. } => {
                let rung = self.level_mut(*level)?;
                rung.undelivered_told = true;
                if let Some(deputy) = deputy {
                    rung.alerted.push(deputy.clone());
                    rung.deputy = Some(deputy.clone());
                }
            }
            EventBody::LeaderTookOver { level, person_id } => {
                let rung = self.level_mut(*level)?;
                rung.acknowledged_at.get_or_insert(event.at);
                rung.taken_over_by = Some(person_id.clone());
            }
            EventBody::LeaderResolved { level, .. } => {
                self.level_mut(*level)?.acknowledged_at.get_or_insert(event.at);
                self.end_open_levels(event, LevelEnd::Resolved);
            }
            _ => {}
        }
        Ok(())
    }

    fn new_level(&self, level: u8, leader: &PersonId, event: &CaseEvent) -> Result<Level, ApplyFault> {
        // A leader who was never told by word of mouth may be told by a notice after all.
        let stands = |last: &&Level| last.end != Some(LevelEnd::Refused);
        if level == 0 || self.ladder.last().filter(stands).is_some_and(|last| last.level >= level) {
            return Err(ApplyFault::Level);
        }
        Ok(Level {
            level,
            leader: leader.clone(),
            deputy: None,
            alerted: Vec::new(),
            notified_at: event.at,
            delivered_at: None,
            undelivered_told: false,
            shown_at: None,
            acknowledged_at: None,
            taken_over_by: None,
            verbal: None,
            ended_at: None,
            end: None,
        })
    }

    fn level_mut(&mut self, level: u8) -> Result<&mut Level, ApplyFault> {
        self.ladder.iter_mut().rev().find(|rung| rung.level == level).ok_or(ApplyFault::Level)
    }

    /// What was said to have answered T1 never happened: T1 is overdue at once.
    fn unanswer(&mut self, at: Timestamp) {
        let timing = &mut self.timing;
        timing.answered_at = None;
        timing.due_at = timing.due_at.min(at);
        timing.warned = true;
        timing.overdue = true;
        self.first_report_time = None;
    }

    pub(super) fn end_open_levels(&mut self, event: &CaseEvent, end: LevelEnd) {
        for level in &mut self.ladder {
            level.close(event.at, end);
        }
    }

    /// The level with this number.
    #[must_use]
    pub fn level(&self, level: u8) -> Option<&Level> {
        self.ladder.iter().rev().find(|rung| rung.level == level)
    }
}

impl Level {
    /// Whether its clock (delivery check or T2) still runs.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// The first end counts: what happens to a level that was climbed over changes nothing of how it ended.
    fn close(&mut self, at: Timestamp, end: LevelEnd) {
        if self.end.is_none() {
            self.ended_at = Some(at);
            self.end = Some(end);
        }
    }
}
