//! 工作日历: how much working time has passed, and when a share of it will have, in Asia/Shanghai.
//!
//! For T4 to T9 only; T1 to T3 are wall-clock and never come here. A [`Calendar`] is a week of hours with 节假日 and
//! 调休 laid over it; [`Calendars`] are the province's own and those of units that differ. Both can only be made by
//! [`Calendars::build`], which names every fault, so that a reckoning may trust them: it always ends, never panics, and
//! costs the same for a minute as for years.
//!
//! A calendar knows the days of the years that were published. Beyond them the plain week holds, and
//! [`Calendar::covers`] and [`Calendar::covered_until`] say so: a deadline there may still move.

mod build;
mod changes;
mod day;
mod draft;
mod fault;
mod reckon;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::ids::UnitId;

pub use changes::{CalendarChange, CalendarPart};
pub use day::Day;
pub use draft::{CalendarsDraft, FreeDraft, HoursDraft, UnitCalendarDraft, WeekDraft, YearDraft};
pub use fault::{CalendarFault, CalendarsRefused, DayOfWeek};

/// One valid calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Monday first; each day's hours in order, none touching another's time.
    week: [Vec<Hours>; 7],
    make_up: Vec<Hours>,
    /// Days that are not like their weekday, in order.
    exceptions: Vec<Exception>,
    /// First and last covered year.
    years: Option<(i32, i32)>,
}

/// Working hours in milliseconds from midnight, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hours {
    from: i64,
    to: i64,
}

/// A free or a make-up day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Exception {
    day: Day,
    worked: bool,
    /// By how much this day and all exceptions before it change what the plain weeks would have worked.
    change: i64,
}

/// The calendars of the province as one valid version.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "CalendarsDraft", into = "CalendarsDraft")]
pub struct Calendars {
    draft: CalendarsDraft,
    standard: Calendar,
    by_unit: HashMap<UnitId, Calendar>,
}

impl Calendars {
    /// The calendar that holds for a unit: its own, or the nearest above it, or the province's.
    #[must_use]
    pub fn of(&self, directory: &Directory, unit: &UnitId) -> &Calendar {
        directory
            .unit_chain(unit)
            .into_iter()
            .find_map(|above| self.by_unit.get(&above.unit_id))
            .unwrap_or(&self.standard)
    }

    /// The province's own calendar.
    #[must_use]
    pub const fn province(&self) -> &Calendar {
        &self.standard
    }

    /// The document they were built from.
    #[must_use]
    pub const fn draft(&self) -> &CalendarsDraft {
        &self.draft
    }

    /// Whether every unit with a calendar of its own exists.
    ///
    /// # Errors
    /// Every unit that does not, in the order of the document.
    pub fn check_units(&self, directory: &Directory) -> Result<(), Vec<CalendarFault>> {
        let faults: Vec<_> = self
            .draft
            .units
            .iter()
            .filter(|own| directory.unit(&own.unit_id).is_none())
            .map(|own| CalendarFault::UnknownUnit { unit_id: own.unit_id.clone() })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}
