//! Why a document of calendars is refused. Stable codes with their data; `unit_id` is `None` for the province's own.

use serde::{Deserialize, Serialize};

use crate::ids::UnitId;

/// Whose hours: a day of the week, or a day worked in exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayOfWeek {
    /// 周一
    Monday,
    /// 周二
    Tuesday,
    /// 周三
    Wednesday,
    /// 周四
    Thursday,
    /// 周五
    Friday,
    /// 周六
    Saturday,
    /// 周日
    Sunday,
    /// 调休上班日
    MakeUp,
}

/// One fault of a document.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ts_rs::TS, utoipa::ToSchema,
)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CalendarFault {
    /// Not a document of calendars at all.
    #[error("unreadable at line {line}, column {column}")]
    Unreadable {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Not `HH:MM`.
    #[error("{text:?} on {day:?} is no time of day")]
    BadTime {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// Where it stands.
        day: DayOfWeek,
        /// What stands there.
        text: String,
    },
    /// Hours that end before they begin, or at once.
    #[error("{from}–{to} on {day:?} is empty")]
    EmptyHours {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// Where they stand.
        day: DayOfWeek,
        /// First minute.
        from: String,
        /// First minute after.
        to: String,
    },
    /// Hours that share time with others of the same day.
    #[error("{from}–{to} on {day:?} overlaps others")]
    OverlappingHours {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// Where they stand.
        day: DayOfWeek,
        /// First minute of the later ones.
        from: String,
        /// First minute after them.
        to: String,
    },
    /// A week without any hours: no working time would ever pass.
    #[error("the week has no hours")]
    NoWorkingTime {
        /// Whose calendar.
        unit_id: Option<UnitId>,
    },
    /// There are make-up days, and no hours for them.
    #[error("make-up days have no hours")]
    NoMakeUpHours {
        /// Whose calendar.
        unit_id: Option<UnitId>,
    },
    /// A year that no such notice can be for.
    #[error("{year} is no year of a calendar")]
    BadYear {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// Which.
        year: i32,
    },
    /// One year twice.
    #[error("{year} is listed twice")]
    DuplicateYear {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// Which.
        year: i32,
    },
    /// A year between others is not there: in it the plain week would hold unsaid.
    #[error("{year} is missing between others")]
    MissingYear {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// The first one that is missing.
        year: i32,
    },
    /// A year that does not say where it comes from.
    #[error("{year} names no source")]
    NoSource {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// Which.
        year: i32,
    },
    /// Not a day `YYYY-MM-DD`, or one that does not exist.
    #[error("{text:?} in {year} is no day")]
    BadDay {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// The year it stands in.
        year: i32,
        /// What stands there.
        text: String,
    },
    /// A day that lies neither in the year it stands in nor in the December before.
    #[error("{day} does not belong to {year}")]
    OutsideYear {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// The year it stands in.
        year: i32,
        /// Which.
        day: String,
    },
    /// A holiday that ends before it begins.
    #[error("{from} to {to} ends before it begins")]
    BackwardHoliday {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// The year it stands in.
        year: i32,
        /// First free day.
        from: String,
        /// Last free day.
        to: String,
    },
    /// A day listed twice as free, or twice as worked.
    #[error("{day} is listed twice")]
    DuplicateDay {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// The year in which it stands again.
        year: i32,
        /// Which.
        day: String,
    },
    /// A day both free and worked.
    #[error("{day} is both free and worked")]
    FreeAndMakeUp {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// The year in which it stands again.
        year: i32,
        /// Which.
        day: String,
    },
    /// A make-up day on a day that is worked anyway.
    #[error("{day} is worked anyway")]
    MakeUpOnWorkday {
        /// Whose calendar.
        unit_id: Option<UnitId>,
        /// The year it stands in.
        year: i32,
        /// Which.
        day: String,
    },
    /// Two calendars for one unit.
    #[error("unit {unit_id} has two calendars")]
    DuplicateUnit {
        /// Which.
        unit_id: UnitId,
    },
    /// A calendar for a unit that the directory does not know.
    #[error("unit {unit_id} is unknown")]
    UnknownUnit {
        /// Which.
        unit_id: UnitId,
    },
}

/// A refused document with all its faults; what deserialising a bad one ends with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("calendars refused: {} faults, the first: {}", .0.len(), .0.first().map_or_else(String::new, ToString::to_string))]
pub struct CalendarsRefused(pub Vec<CalendarFault>);
