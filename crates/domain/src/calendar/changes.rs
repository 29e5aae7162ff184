//! What one calendar has that another has not, part by part, as a person reads it.

use serde::{Deserialize, Serialize};

use super::draft::{CalendarsDraft, HoursDraft, WeekDraft, YearDraft};
use crate::ids::UnitId;

/// A part of a calendar.
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
pub enum CalendarPart {
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
    /// 调休上班日的工作时间
    MakeUpHours,
    /// 节假日
    FreeDays,
    /// 调休上班日
    MakeUpDays,
}

/// A part that is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CalendarChange {
    /// Whose calendar; `None`: the province's.
    pub unit_id: Option<UnitId>,
    /// Which part.
    pub part: CalendarPart,
    /// Of which year, where the part has one.
    pub year: Option<i32>,
    /// What stood there; empty where nothing did.
    pub before: String,
    /// What stands there; empty where nothing does.
    pub after: String,
}

impl CalendarsDraft {
    /// What becomes different with another one.
    #[must_use]
    pub fn changes_to(&self, after: &Self) -> Vec<CalendarChange> {
        let mut found = Vec::new();
        compare(&mut found, None, (Some(&self.week), &self.years), (Some(&after.week), &after.years));
        let mut units: Vec<&UnitId> =
            self.units.iter().chain(&after.units).map(|unit| &unit.unit_id).collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            let of = |draft: &Self| draft.units.iter().find(|own| own.unit_id == *unit).cloned();
            let (old, new) = (of(self), of(after));
            let old = old.map_or((None, Vec::new()), |own| (own.week, own.years));
            let new = new.map_or((None, Vec::new()), |own| (own.week, own.years));
            compare(&mut found, Some(unit), (old.0.as_ref(), &old.1), (new.0.as_ref(), &new.1));
        }
        found
    }
}

fn compare(
    found: &mut Vec<CalendarChange>,
    unit: Option<&UnitId>,
    before: (Option<&WeekDraft>, &[YearDraft]),
    after: (Option<&WeekDraft>, &[YearDraft]),
) {
    let mut push = |part, year, before: String, after: String| {
        if before != after {
            found.push(CalendarChange { unit_id: unit.cloned(), part, year, before, after });
        }
    };
    for (part, of) in WEEK {
        let text = |week: Option<&WeekDraft>| week.map_or_else(String::new, |week| hours(of(week)));
        push(*part, None, text(before.0), text(after.0));
    }
    let mut years: Vec<i32> = before.1.iter().chain(after.1).map(|year| year.year).collect();
    years.sort_unstable();
    years.dedup();
    for number in years {
        let of = |years: &[YearDraft]| years.iter().find(|year| year.year == number).cloned();
        let (old, new) = (of(before.1), of(after.1));
        let free = |year: &Option<YearDraft>| year.as_ref().map_or_else(String::new, free_days);
        let make_up =
            |year: &Option<YearDraft>| year.as_ref().map_or_else(String::new, |y| y.make_up.join(" "));
        push(CalendarPart::FreeDays, Some(number), free(&old), free(&new));
        push(CalendarPart::MakeUpDays, Some(number), make_up(&old), make_up(&new));
    }
}

type OfWeek = fn(&WeekDraft) -> &[HoursDraft];

const WEEK: &[(CalendarPart, OfWeek)] = &[
    (CalendarPart::Monday, |week| &week.monday),
    (CalendarPart::Tuesday, |week| &week.tuesday),
    (CalendarPart::Wednesday, |week| &week.wednesday),
    (CalendarPart::Thursday, |week| &week.thursday),
    (CalendarPart::Friday, |week| &week.friday),
    (CalendarPart::Saturday, |week| &week.saturday),
    (CalendarPart::Sunday, |week| &week.sunday),
    (CalendarPart::MakeUpHours, |week| &week.make_up),
];

fn hours(hours: &[HoursDraft]) -> String {
    hours.iter().map(|one| format!("{}–{}", one.from, one.to)).collect::<Vec<_>>().join(" ")
}

fn free_days(year: &YearDraft) -> String {
    year.free.iter().map(|one| format!("{} {}–{}", one.name, one.from, one.to)).collect::<Vec<_>>().join(" ")
}
