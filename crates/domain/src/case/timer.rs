//! Timers: what is armed is computed from the case, so a restart or another machine arrives at the same ones.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

use super::clock::Clock;
use super::ladder::{Level, VerbalClaim};
use super::state::{Case, CaseState};

/// Names of timers. On the wire and in the store they are `snake_case`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TimerName {
    /// The one warning before T1 ends.
    T1Warning,
    /// 5 min (article 8)
    T1,
    /// Undelivered: alert the deputy, tell the clerk.
    DeliveryDeputy,
    /// Undelivered: climb.
    DeliveryClimb,
    /// 10 min for each level (article 8)
    T2,
    /// 5 min (article 12)
    T3,
    /// T3 at 150 %: the group's head.
    T3Head,
    /// T3 at 200 %: the customer-service department.
    T3Department,
    /// 要求改期, or the next attempt that was planned after 未接通.
    Appointment,
    /// A verbal report without an answer from its leader: climb.
    Countersign,
    /// To the dispatch. Its levels are the steps of supervision, like those of the next four.
    T4,
    /// To signing or return
    T5,
    /// To the first contact
    T6,
    /// To the approved reply
    T7,
    /// To the second callback
    T9,
    /// The next attempt of the second callback.
    RecallAppointment,
}

impl TimerName {
    /// Every timer.
    pub const ALL: &'static [Self] = &[
        Self::T1Warning,
        Self::T1,
        Self::DeliveryDeputy,
        Self::DeliveryClimb,
        Self::T2,
        Self::T3,
        Self::T3Head,
        Self::T3Department,
        Self::Appointment,
        Self::Countersign,
        Self::T4,
        Self::T5,
        Self::T6,
        Self::T7,
        Self::T9,
        Self::RecallAppointment,
    ];

    /// Whether it counts working time and is supervised step by step.
    #[must_use]
    pub const fn is_working_time(self) -> bool {
        matches!(self, Self::T4 | Self::T5 | Self::T6 | Self::T7 | Self::T9)
    }
}

/// A timer that is armed: computed from the case, never a counter.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
pub struct Timer {
    /// Which.
    pub name: TimerName,
    /// The ladder level, or the step of supervision; 0 where it has none.
    pub level: u8,
    /// When it fires. An act at exactly this moment is in time.
    pub due_at: Timestamp,
}

/// Every armed timer of a case, in the order in which they fire.
///
/// The spans are those that the case began under ([`Case::limits`]): rules that changed since move no running timer.
#[must_use]
pub fn timers(case: &Case) -> Vec<Timer> {
    let mut timers = match case.state {
        CaseState::Timing | CaseState::Draft => clerk_timers(case),
        CaseState::LeaderNotified | CaseState::LeaderHandling => case
            .ladder
            .iter()
            .filter(|level| level.end.is_none())
            .flat_map(|level| level_timers(case, level))
            .collect(),
        CaseState::Submitted | CaseState::Calling => callback_timers(case),
        CaseState::NotReached => appointment(case).into_iter().collect(),
        CaseState::Recalling => recall_appointment(case).into_iter().collect(),
        _ => Vec::new(),
    };
    timers.extend(case.clocks.iter().filter(|clock| clock.runs()).flat_map(Clock::timers));
    timers.sort_unstable_by_key(|timer| (timer.due_at, timer.name, timer.level));
    timers
}

fn clerk_timers(case: &Case) -> Vec<Timer> {
    let timing = &case.timing;
    if timing.overdue || timing.answered_at.is_some() {
        return Vec::new();
    }
    let limit = Timer { name: TimerName::T1, level: 0, due_at: timing.due_at };
    let warning =
        Timer { name: TimerName::T1Warning, level: 0, due_at: timing.due_at.minus(case.limits.t1_warning) };
    if timing.warned { vec![limit] } else { vec![warning, limit] }
}

/// An open level waits for its first delivery; from then on T2 runs. One that was told by word of mouth waits for its
/// leader's word instead.
fn level_timers(case: &Case, level: &Level) -> Vec<Timer> {
    let timer = |name, due_at| Timer { name, level: level.level, due_at };
    if level.verbal.as_ref().is_some_and(VerbalClaim::is_open) {
        let limit = case.limits.handling.countersign;
        return vec![timer(TimerName::Countersign, level.notified_at.plus(limit))];
    }
    if let Some(delivered) = level.delivered_at {
        return vec![timer(TimerName::T2, delivered.plus(case.limits.t2))];
    }
    let climb = timer(TimerName::DeliveryClimb, level.notified_at.plus(case.limits.delivery_climb));
    if level.undelivered_told {
        return vec![climb];
    }
    vec![timer(TimerName::DeliveryDeputy, level.notified_at.plus(case.limits.delivery_deputy)), climb]
}

/// T3 and its two steps, until the first dial.
fn callback_timers(case: &Case) -> Vec<Timer> {
    let Some(flow) = case.flow.as_ref().filter(|_| case.callback.dials.is_empty()) else { return Vec::new() };
    let limits = &case.limits;
    [
        (TimerName::T3, limits.t3),
        (TimerName::T3Head, limits.t3_head),
        (TimerName::T3Department, limits.t3_department),
    ]
    .into_iter()
    .filter(|(name, _)| !case.callback.overdue_told.contains(name))
    .map(|(name, span)| Timer { name, level: 0, due_at: flow.received_at.plus(span) })
    .collect()
}

impl Case {
    /// Whether a claim without a sign of work may be taken over, so that an agent who vanished blocks no customer.
    ///
    /// Before the first dial it holds until T3 runs out; a claim after that holds as long as T3 from its own moment. A
    /// call that was dialled may be long: its claim holds for twice T3 from the dial. At exactly the limit it holds.
    #[must_use]
    pub fn claim_has_run_out(&self, now: Timestamp) -> bool {
        let (Some(claimed_at), Some(flow)) = (self.callback.claimed_at, &self.flow) else { return false };
        let t3_ends = flow.received_at.plus(self.limits.t3);
        let until = match self.callback.dials.last() {
            Some(dial) if dial.at >= claimed_at => dial.at.plus(self.limits.t3).plus(self.limits.t3),
            None if claimed_at <= t3_ends => t3_ends,
            _ => claimed_at.plus(self.limits.t3),
        };
        now > until
    }
}

fn appointment(case: &Case) -> Option<Timer> {
    let due_at = case.callback.appointment_at?;
    Some(Timer { name: TimerName::Appointment, level: 0, due_at })
}

fn recall_appointment(case: &Case) -> Option<Timer> {
    let due_at = case.round()?.recall.appointment_at?;
    Some(Timer { name: TimerName::RecallAppointment, level: 0, due_at })
}
