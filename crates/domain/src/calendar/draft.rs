//! The calendars as a document: what a settings screen edits and the store keeps, unchecked.
//!
//! Days and times of day are texts, so that a person's slip is a named fault and not an unreadable document.

use serde::{Deserialize, Serialize};

use crate::ids::UnitId;

/// The calendar of the whole province and those of units that differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarsDraft {
    /// The hours of a week.
    pub week: WeekDraft,
    /// 节假日 and 调休, year by year without a gap.
    pub years: Vec<YearDraft>,
    /// Units with hours or days of their own; each holds for everything below it.
    #[serde(default)]
    pub units: Vec<UnitCalendarDraft>,
}

/// The hours of each day of a week, and of a day that is worked in exchange for a free one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeekDraft {
    /// 周一
    pub monday: Vec<HoursDraft>,
    /// 周二
    pub tuesday: Vec<HoursDraft>,
    /// 周三
    pub wednesday: Vec<HoursDraft>,
    /// 周四
    pub thursday: Vec<HoursDraft>,
    /// 周五
    pub friday: Vec<HoursDraft>,
    /// 周六
    pub saturday: Vec<HoursDraft>,
    /// 周日
    pub sunday: Vec<HoursDraft>,
    /// 调休上班日, whatever day of the week it is.
    pub make_up: Vec<HoursDraft>,
}

/// Working hours from one time of day to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursDraft {
    /// First minute, `HH:MM`.
    pub from: String,
    /// First minute after, `HH:MM`; `24:00` is the end of the day.
    pub to: String,
}

/// The free and the make-up days of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YearDraft {
    /// The year that the notice is for; it may speak of the December before.
    pub year: i32,
    /// The notice, with its number and date.
    pub source: String,
    /// Where its text was read.
    #[serde(default)]
    pub seen_at: Vec<String>,
    /// What was compared, and what was left out.
    #[serde(default)]
    pub note: String,
    /// 节假日
    pub free: Vec<FreeDraft>,
    /// 调休上班日, each `YYYY-MM-DD`.
    pub make_up: Vec<String>,
}

/// One holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreeDraft {
    /// For example 春节.
    pub name: String,
    /// First free day, `YYYY-MM-DD`.
    pub from: String,
    /// Last free day, `YYYY-MM-DD`.
    pub to: String,
}

/// The calendar of one unit and everything below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitCalendarDraft {
    /// Which unit.
    pub unit_id: UnitId,
    /// Its hours; `None`: those of the province.
    #[serde(default)]
    pub week: Option<WeekDraft>,
    /// Its years, each instead of the province's year of that number; the others hold as they are.
    #[serde(default)]
    pub years: Vec<YearDraft>,
}
