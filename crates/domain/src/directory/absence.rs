//! 离岗 as people enter it: why, until when, who stands in, and what is refused.

use serde::{Deserialize, Serialize};

use super::{Absence, Directory};
use crate::time::{Span, Timestamp};

/// An absence that ends later than this is a slip of the hand, or no absence.
pub const LONGEST_ABSENCE: Span = Span::minutes(366 * 24 * 60);

/// Why somebody is away.
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
pub enum AbsenceKind {
    /// 请假
    Leave,
    /// 外出
    Out,
    /// 值班: another one is on duty, as the roster says.
    Duty,
}

/// Why an absence is not entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AbsenceFault {
    /// It does not end after it begins, is over already, or is longer than [`LONGEST_ABSENCE`].
    #[error("not a span of time that can be entered")]
    Span,
    /// The deputy is unknown or the person; or there is none on a roster, which is nothing else.
    #[error("not a deputy")]
    Deputy,
}

impl Absence {
    /// Whether somebody may enter it now.
    ///
    /// # Errors
    /// [`AbsenceFault`].
    pub fn check(
        &self,
        kind: AbsenceKind,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<(), AbsenceFault> {
        let longest = self.from.plus(LONGEST_ABSENCE);
        if self.to <= self.from || self.to <= now || self.to > longest {
            return Err(AbsenceFault::Span);
        }
        match &self.deputy {
            None if kind == AbsenceKind::Duty => Err(AbsenceFault::Deputy),
            Some(deputy) if *deputy == self.person_id || directory.person(deputy).is_none() => {
                Err(AbsenceFault::Deputy)
            }
            _ => Ok(()),
        }
    }

    /// Whether it is under way at this moment.
    #[must_use]
    pub fn holds_at(&self, moment: Timestamp) -> bool {
        self.from <= moment && moment < self.to
    }
}
