//! T4 to T9: clocks of working time, with the four steps of supervision (督办) over each.
//!
//! Their moments depend on calendars, which change; so they are worked out once, when the event that starts the clock
//! is decided, and stand in that event. What is armed is then computed from the case like every other timer.

use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::rules::HandlingLimits;
use crate::time::{Span, Timestamp};

use super::timer::{Timer, TimerName};

/// The steps of supervision, as levels of a clock's timers: 预警, 催办, 部门负责人, 分管领导.
pub const STEPS: std::ops::RangeInclusive<u8> = 1..=4;

/// One clock of working time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Clock {
    /// T4, T5, T6, T7 or T9.
    pub name: TimerName,
    /// The round it runs in; 0 before the first dispatch.
    pub round: u16,
    /// The rework of that round; 0 for the dispatch itself.
    pub rework: u16,
    /// When it began.
    pub started_at: Timestamp,
    /// 预警 (系统默认 80 %).
    pub warn_at: Timestamp,
    /// The limit. An act at exactly this moment is in time.
    pub due_at: Timestamp,
    /// The unit's head is told (系统默认 150 %).
    pub head_at: Timestamp,
    /// The 分管领导 is told (系统默认 200 %).
    pub leader_at: Timestamp,
    /// When what it waits for was done, or was no longer needed.
    pub stopped_at: Option<Timestamp>,
    /// The steps that were told, in order.
    pub told: Vec<u8>,
}

impl Clock {
    /// A clock that begins now and counts the working time of one calendar.
    pub(super) fn start(
        name: TimerName,
        (round, rework): (u16, u16),
        limits: &HandlingLimits,
        calendar: &Calendar,
        now: Timestamp,
    ) -> Self {
        let limit = limits.of_clock(name);
        let at = |percent: u32| calendar.due(now, limit.percent(i64::from(percent)));
        Self {
            name,
            round,
            rework,
            started_at: now,
            warn_at: at(limits.warn_percent),
            due_at: at(100),
            head_at: at(limits.head_percent),
            leader_at: at(limits.leader_percent),
            stopped_at: None,
            told: Vec::new(),
        }
    }

    /// Whether it still waits.
    #[must_use]
    pub const fn runs(&self) -> bool {
        self.stopped_at.is_none()
    }

    /// Whether what it waited for came in time; `None` while that is open.
    #[must_use]
    pub fn in_time(&self) -> Option<bool> {
        self.stopped_at.map(|stopped| stopped <= self.due_at)
    }

    /// SUPERVISED(n): the highest step that was told.
    #[must_use]
    pub fn supervised(&self) -> u8 {
        self.told.iter().copied().max().unwrap_or(0)
    }

    /// The timers of the steps that are still to come. Where the limit was told, its warning is not.
    pub(super) fn timers(&self) -> Vec<Timer> {
        let over = |step: &u8| self.told.contains(step) || (*step == 1 && self.told.contains(&2));
        STEPS
            .filter(|step| !over(step))
            .filter_map(|step| Some(Timer { name: self.name, level: step, due_at: self.step_at(step)? }))
            .collect()
    }

    const fn step_at(&self, step: u8) -> Option<Timestamp> {
        match step {
            1 => Some(self.warn_at),
            2 => Some(self.due_at),
            3 => Some(self.head_at),
            4 => Some(self.leader_at),
            _ => None,
        }
    }
}

impl HandlingLimits {
    /// The length of a clock of working time; zero for any other timer.
    #[must_use]
    pub const fn of_clock(&self, name: TimerName) -> Span {
        match name {
            TimerName::T4 => self.t4,
            TimerName::T5 => self.t5,
            TimerName::T6 => self.t6,
            TimerName::T7 => self.t7,
            TimerName::T9 => self.t9,
            _ => Span(0),
        }
    }
}
