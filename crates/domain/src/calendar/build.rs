//! Building: every check of a document, and the sums that a reckoning needs.
//!
//! Units are only looked at once the province's own calendar is sound, because they stand on it.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::ids::UnitId;
use crate::time::Span;

use super::day::{DAY, Day};
use super::reckon::length;
use super::{
    Calendar, CalendarFault, Calendars, CalendarsDraft, CalendarsRefused, DayOfWeek, Exception, Hours,
    HoursDraft, UnitCalendarDraft, WeekDraft, YearDraft,
};

/// The hours that hold where nobody says otherwise (系统默认).
const STANDARD_WEEK: &str = include_str!("../../../../data/calendar/standard-week.json");
/// What the State Council published.
const HOLIDAYS: &str = include_str!("../../../../data/calendar/cn-holidays.json");
/// Years that a notice can be for; the rule itself is of 2018.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holidays {
    #[expect(dead_code, reason = "for whoever opens the file")]
    note: String,
    years: Vec<YearDraft>,
}

impl CalendarsDraft {
    /// The standard week with every published year, and no units of their own.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
    pub fn standard() -> Self {
        let week = serde_json::from_str(STANDARD_WEEK).expect("the embedded week is well formed");
        let holidays: Holidays =
            serde_json::from_str(HOLIDAYS).expect("the embedded holidays are well formed");
        Self { week, years: holidays.years, units: Vec::new() }
    }
}

impl Calendars {
    /// The standard calendar, from the data that comes with the program.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the files are part of the program, and a test builds them")]
    pub fn standard() -> Self {
        Self::build(CalendarsDraft::standard()).expect("the embedded calendar is sound")
    }

    /// Reads a document in JSON.
    ///
    /// # Errors
    /// Where it is unreadable, or every fault found in it.
    pub fn read(json: &str) -> Result<Self, Vec<CalendarFault>> {
        let draft = serde_json::from_str(json).map_err(|error| {
            vec![CalendarFault::Unreadable { line: error.line(), column: error.column() }]
        })?;
        Self::build(draft)
    }

    /// Checks a document and makes its calendars.
    ///
    /// # Errors
    /// Every fault found; nothing of a faulty document can be used.
    pub fn build(draft: CalendarsDraft) -> Result<Self, Vec<CalendarFault>> {
        let mut faults = Vec::new();
        let standard =
            Check { unit: None, faults: &mut faults }.calendar(&draft.week, &draft.years, &draft.years);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut by_unit = HashMap::with_capacity(draft.units.len());
        for own in &draft.units {
            let calendar = Check { unit: Some(&own.unit_id), faults: &mut faults }.unit(own, &draft);
            if by_unit.insert(own.unit_id.clone(), calendar).is_some() {
                faults.push(CalendarFault::DuplicateUnit { unit_id: own.unit_id.clone() });
            }
        }
        if faults.is_empty() { Ok(Self { draft, standard, by_unit }) } else { Err(faults) }
    }
}

impl TryFrom<CalendarsDraft> for Calendars {
    type Error = CalendarsRefused;

    fn try_from(draft: CalendarsDraft) -> Result<Self, Self::Error> {
        Self::build(draft).map_err(CalendarsRefused)
    }
}

impl From<Calendars> for CalendarsDraft {
    fn from(calendars: Calendars) -> Self {
        calendars.draft
    }
}

/// One calendar under examination.
struct Check<'a> {
    unit: Option<&'a UnitId>,
    faults: &'a mut Vec<CalendarFault>,
}

impl Check<'_> {
    fn unit(&mut self, own: &UnitCalendarDraft, draft: &CalendarsDraft) -> Calendar {
        let replaced = |year: &&YearDraft| own.years.iter().any(|mine| mine.year == year.year);
        let mut years: Vec<YearDraft> = draft.years.iter().filter(|year| !replaced(year)).cloned().collect();
        years.extend(own.years.iter().cloned());
        self.calendar(own.week.as_ref().unwrap_or(&draft.week), &years, &own.years)
    }

    /// `years` hold; of them `said` were said here and not taken over, and only they can be at odds with the week.
    fn calendar(&mut self, week: &WeekDraft, years: &[YearDraft], said: &[YearDraft]) -> Calendar {
        let make_up = self.hours(DayOfWeek::MakeUp, &week.make_up);
        let week = [
            self.hours(DayOfWeek::Monday, &week.monday),
            self.hours(DayOfWeek::Tuesday, &week.tuesday),
            self.hours(DayOfWeek::Wednesday, &week.wednesday),
            self.hours(DayOfWeek::Thursday, &week.thursday),
            self.hours(DayOfWeek::Friday, &week.friday),
            self.hours(DayOfWeek::Saturday, &week.saturday),
            self.hours(DayOfWeek::Sunday, &week.sunday),
        ];
        let unit_id = self.unit.cloned();
        if week.iter().all(|hours| hours.is_empty()) {
            self.faults.push(CalendarFault::NoWorkingTime { unit_id: unit_id.clone() });
        }
        if make_up.is_empty() && years.iter().any(|year| !year.make_up.is_empty()) {
            self.faults.push(CalendarFault::NoMakeUpHours { unit_id });
        }
        for year in said {
            self.workdays_made_up(year, &week);
        }
        let days = self.days(years);
        let exceptions = summed(&days, &week, &make_up);
        Calendar { week, make_up, exceptions, years: self.covered(years) }
    }

    fn hours(&mut self, day: DayOfWeek, drafts: &[HoursDraft]) -> Vec<Hours> {
        let mut hours = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let ends = (self.time(day, &draft.from), self.time(day, &draft.to));
            if let (Some(from), Some(to)) = ends {
                hours.push((Hours { from, to }, draft));
            }
        }
        hours.sort_by_key(|(hours, _)| (hours.from, hours.to));
        let mut end = 0;
        for (span, draft) in &hours {
            let (unit_id, from, to) = (self.unit.cloned(), draft.from.clone(), draft.to.clone());
            if span.to <= span.from {
                self.faults.push(CalendarFault::EmptyHours { unit_id, day, from, to });
            } else if span.from < end {
                self.faults.push(CalendarFault::OverlappingHours { unit_id, day, from, to });
            }
            end = end.max(span.to);
        }
        hours.into_iter().map(|(hours, _)| hours).collect()
    }

    fn time(&mut self, day: DayOfWeek, text: &str) -> Option<i64> {
        let time = time_of_day(text);
        if time.is_none() {
            self.faults.push(CalendarFault::BadTime {
                unit_id: self.unit.cloned(),
                day,
                text: text.to_owned(),
            });
        }
        time
    }

    /// Every day that is not like its weekday, and whether it is worked.
    fn days(&mut self, years: &[YearDraft]) -> BTreeMap<Day, bool> {
        let mut days = BTreeMap::new();
        let mut years: Vec<&YearDraft> = years.iter().collect();
        years.sort_by_key(|year| year.year);
        for year in years {
            if year.source.trim().is_empty() {
                self.faults.push(CalendarFault::NoSource { unit_id: self.unit.cloned(), year: year.year });
            }
            for holiday in &year.free {
                let ends = (self.day(year, &holiday.from), self.day(year, &holiday.to));
                let (Some(first), Some(last)) = ends else { continue };
                if last < first {
                    self.faults.push(CalendarFault::BackwardHoliday {
                        unit_id: self.unit.cloned(),
                        year: year.year,
                        from: holiday.from.clone(),
                        to: holiday.to.clone(),
                    });
                }
                for day in
                    std::iter::successors(Some(first), |day| Some(day.next())).take_while(|day| *day <= last)
                {
                    self.note(&mut days, year, day, false);
                }
            }
            for text in &year.make_up {
                if let Some(day) = self.day(year, text) {
                    self.note(&mut days, year, day, true);
                }
            }
        }
        days
    }

    fn note(&mut self, days: &mut BTreeMap<Day, bool>, year: &YearDraft, day: Day, worked: bool) {
        let Some(before) = days.insert(day, worked) else { return };
        let (unit_id, year, day) = (self.unit.cloned(), year.year, day.to_string());
        self.faults.push(if before == worked {
            CalendarFault::DuplicateDay { unit_id, year, day }
        } else {
            CalendarFault::FreeAndMakeUp { unit_id, year, day }
        });
    }

    /// A day of a year or of the December before it: 元旦 may begin then.
    fn day(&mut self, year: &YearDraft, text: &str) -> Option<Day> {
        let unit_id = self.unit.cloned();
        let Some(day) = Day::parse(text) else {
            self.faults.push(CalendarFault::BadDay { unit_id, year: year.year, text: text.to_owned() });
            return None;
        };
        let first = Day::first_of(year.year.saturating_sub(1), 12);
        let end = Day::first_of(year.year.saturating_add(1), 1);
        if first.is_some_and(|first| first <= day) && end.is_some_and(|end| day < end) {
            return Some(day);
        }
        self.faults.push(CalendarFault::OutsideYear { unit_id, year: year.year, day: text.to_owned() });
        None
    }

    fn workdays_made_up(&mut self, year: &YearDraft, week: &[Vec<Hours>; 7]) {
        let worked = |text: &&String| {
            let hours = Day::parse(text).and_then(|day| week.get(day.weekday()));
            hours.is_some_and(|hours| !hours.is_empty())
        };
        for text in year.make_up.iter().filter(worked) {
            let (unit_id, year, day) = (self.unit.cloned(), year.year, text.clone());
            self.faults.push(CalendarFault::MakeUpOnWorkday { unit_id, year, day });
        }
    }

    fn covered(&mut self, years: &[YearDraft]) -> Option<(i32, i32)> {
        let mut numbers: Vec<i32> = years.iter().map(|year| year.year).collect();
        numbers.sort_unstable();
        for year in numbers.iter().filter(|year| !YEARS.contains(year)) {
            self.faults.push(CalendarFault::BadYear { unit_id: self.unit.cloned(), year: *year });
        }
        for pair in numbers.windows(2) {
            let &[earlier, later] = pair else { continue };
            let (unit_id, next) = (self.unit.cloned(), earlier.saturating_add(1));
            if later == earlier {
                self.faults.push(CalendarFault::DuplicateYear { unit_id, year: later });
            } else if later != next {
                self.faults.push(CalendarFault::MissingYear { unit_id, year: next });
            }
        }
        Some((*numbers.first()?, *numbers.last()?))
    }
}

/// The exceptions in order, each with what it and those before it change.
fn summed(days: &BTreeMap<Day, bool>, week: &[Vec<Hours>; 7], make_up: &[Hours]) -> Vec<Exception> {
    let mut change = 0;
    days.iter()
        .map(|(&day, &worked)| {
            let plain = week.get(day.weekday()).map_or(0, |hours| length(hours));
            change += if worked { length(make_up) } else { 0 } - plain;
            Exception { day, worked, change }
        })
        .collect()
}

/// Milliseconds from midnight of exactly `HH:MM`; `24:00` is the end of the day.
fn time_of_day(text: &str) -> Option<i64> {
    let digits =
        |part: &str| (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(());
    let (hours, minutes) = text.split_once(':')?;
    digits(hours).and(digits(minutes))?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let time = Span::minutes(hours * 60 + minutes).0;
    (minutes < 60 && time <= DAY).then_some(time)
}
