//! From cells to the rows of a list.

use chayan_api::directory::{DirectoryList, ListCount};
use chayan_domain::directory::{Absence, LineLeader, Person, Unit};
use chayan_domain::ids::{PersonId, UnitId};
use chayan_domain::report::{FieldName, normalise_key};
use chayan_domain::time::Timestamp;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::heads::{self, Column, Worded};
use super::sheets::{Cell, Line, MOST_ROWS, Sheet};
use super::{HEAD_WITHIN, Reading, RowFault, RowFaultKind};
use crate::day::{DAY, SHANGHAI};

/// The most digits of a telephone number.
const LONGEST_PHONE: usize = 15;

/// Where each column of a list stands.
struct Head {
    list: DirectoryList,
    /// Its place among the lines.
    at: usize,
    cells: Vec<String>,
    places: Vec<(&'static Column, usize)>,
    /// Needed columns that it does not have.
    missing: Vec<&'static Column>,
    /// Columns that it has more than once.
    twice: Vec<&'static Column>,
}

/// Takes every sheet that is a list. Other sheets of a workbook may be there, as long as one of them is a list.
pub(super) fn read(file: &str, sheets: Vec<Sheet>, reading: &mut Reading) {
    let before = (reading.lists.len(), reading.faults.len());
    for sheet in &sheets {
        if let Some(head) = head_of(sheet, reading) {
            take(sheet, &head, reading);
        }
    }
    if before == (reading.lists.len(), reading.faults.len()) {
        reading.fault(RowFault::of_file(file, RowFaultKind::NotAList, ""));
    }
}

/// The head of a sheet; a fault where it is nearly one, or where the sheet is called after a list.
fn head_of(sheet: &Sheet, reading: &mut Reading) -> Option<Head> {
    let called = heads::list_called(&sheet.name);
    // A whole head goes before a part of one, the list that the sheet is called after before another, more columns
    // before fewer, and a row further up before one below.
    let score = |head: &Head| (head.missing.is_empty(), called == Some(head.list), head.places.len());
    let mut nearest: Option<Head> = None;
    for (at, line) in sheet.lines.iter().enumerate().take(HEAD_WITHIN) {
        for list in heads::LISTS {
            let head = Head::of(list, at, line);
            let known = !head.places.is_empty();
            if known && nearest.as_ref().is_none_or(|best| score(&head) > score(best)) {
                nearest = Some(head);
            }
        }
    }
    let head = nearest?;
    let row = sheet.lines.get(head.at).map_or(1, |line| line.number);
    let mut fault = |kind, column: &Column| {
        let (file, detail) = (sheet.name.clone(), column.shown().to_owned());
        reading.fault(RowFault { file, row, column: None, kind, detail });
    };
    if head.missing.is_empty() {
        for column in &head.twice {
            fault(RowFaultKind::ColumnTwice, column);
        }
        return Some(head);
    }
    // One word that a head could have is no head, unless the sheet says that it is the list.
    if called.is_some() || head.places.len() > 1 || sheet.even {
        for column in &head.missing {
            fault(RowFaultKind::ColumnMissing, column);
        }
    }
    None
}

impl Head {
    fn of(list: DirectoryList, at: usize, line: &Line) -> Self {
        let cells: Vec<String> = line.cells.iter().map(|cell| cell.text().to_owned()).collect();
        let found = heads::find(list, &cells);
        let which = |fits: &dyn Fn(&Column, &[usize]) -> bool| {
            let fitting = found.iter().filter(|(column, places)| fits(column, places));
            fitting.map(|(column, _)| *column).collect()
        };
        Self {
            list,
            at,
            places: found.iter().filter_map(|(column, places)| Some((*column, *places.first()?))).collect(),
            missing: which(&|column, places| column.needed && places.is_empty()),
            twice: which(&|_, places| places.len() > 1),
            cells,
        }
    }
}

fn take(sheet: &Sheet, head: &Head, reading: &mut Reading) {
    if reading.lists.iter().any(|taken| taken.list == head.list) {
        return reading.fault(RowFault::of_file(&sheet.name, RowFaultKind::ListTwice, ""));
    }
    let lines = sheet.lines.get(head.at + 1..).unwrap_or_default();
    let rows = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    reading.lists.push(ListCount { list: head.list, sheet: sheet.name.clone(), rows });
    reading.places.lists.insert(head.list, sheet.name.clone());
    if lines.len() > MOST_ROWS {
        return reading.fault(RowFault::of_file(
            &sheet.name,
            RowFaultKind::TooManyRows,
            &MOST_ROWS.to_string(),
        ));
    }
    match head.list {
        DirectoryList::Units => reading.units = Some(Vec::with_capacity(lines.len())),
        DirectoryList::People => reading.people = Some(Vec::with_capacity(lines.len())),
        DirectoryList::Absences => reading.absences = Some(Vec::new()),
        DirectoryList::LineLeaders => reading.line_leaders = Some(Vec::new()),
    }
    for line in lines {
        if sheet.even && line.cells.len() != head.cells.len() {
            let (file, detail) = (sheet.name.clone(), line.cells.len().to_string());
            let kind = RowFaultKind::CellCount;
            reading.fault(RowFault { file, row: line.number, column: None, kind, detail });
            continue;
        }
        Row { reading, sheet: &sheet.name, head, line }.take();
    }
}

struct Row<'a> {
    reading: &'a mut Reading,
    sheet: &'a str,
    head: &'a Head,
    line: &'a Line,
}

impl Row<'_> {
    /// Every cell of the row is looked at before the row is given up, so that one run shows all its faults.
    fn take(mut self) {
        match self.head.list {
            DirectoryList::Units => self.unit(),
            DirectoryList::People => self.person(),
            DirectoryList::Absences => self.absence(),
            DirectoryList::LineLeaders => self.line_leader(),
        }
    }

    fn unit(&mut self) {
        let (unit_id, level, name) = (self.code("unit_id"), self.word("level"), self.needed("name"));
        let from = self.optional_moment("active_from", false);
        let to = self.optional_moment("active_to", false);
        let (parent, successor) = (self.optional_code("parent"), self.optional_code("successor"));
        if let (Some(unit_id), Some(level), Some(name), Ok(from), Ok(active_to)) =
            (unit_id, level, name, from, to)
            && let (Ok(parent), Ok(successor)) = (parent, successor)
        {
            let (unit_id, place) = (UnitId(unit_id), self.place());
            self.reading.places.units.insert(unit_id.clone(), place);
            let active_from = from.unwrap_or(Timestamp(0));
            let (parent, successor) = (parent.map(UnitId), successor.map(UnitId));
            let unit = Unit { unit_id, parent, level, name, active_from, active_to, successor };
            self.reading.units.get_or_insert_default().push(unit);
        }
    }

    fn person(&mut self) {
        let (person_id, name) = (self.code("person_id"), self.needed("name"));
        let (unit_id, line, post) = (self.code("unit_id"), self.word("line"), self.word("post"));
        let direct_leader = self.optional_code("direct_leader");
        let phone = self.phone();
        let deputies = self.parts("deputies");
        let roles = self.parts("roles");
        let roles = roles.and_then(|parts| {
            parts.iter().map(|part| self.parse_word("roles", part)).collect::<Option<Vec<_>>>()
        });
        if let (Some(person_id), Some(name), Some(unit_id), Some(line), Some(post), Some(roles)) =
            (person_id, name, unit_id, line, post, roles)
            && let (Ok(leader), Some(deputies), Ok(phone)) = (direct_leader, deputies, phone)
        {
            let (person_id, unit_id, place) = (PersonId(person_id), UnitId(unit_id), self.place());
            self.reading.places.people.insert(person_id.clone(), place);
            let direct_leader = leader.map(PersonId);
            let deputies = deputies.iter().map(|part| PersonId(code_in(part))).collect();
            let person =
                Person { person_id, name, unit_id, line, post, direct_leader, deputies, roles, phone };
            self.reading.people.get_or_insert_default().push(person);
        }
    }

    fn absence(&mut self) {
        let (person_id, deputy) = (self.code("person_id"), self.optional_code("deputy"));
        let (from, to) = (self.moment("from", false), self.moment("to", true));
        if let (Some(person_id), Some(from), Some(to), Ok(deputy)) = (person_id, from, to, deputy) {
            let absence = Absence { person_id: PersonId(person_id), from, to, deputy: deputy.map(PersonId) };
            self.reading.absences.get_or_insert_default().push(absence);
        }
    }

    fn line_leader(&mut self) {
        let (unit_id, line, person_id) = (self.code("unit_id"), self.word("line"), self.code("person_id"));
        if let (Some(unit_id), Some(line), Some(person_id)) = (unit_id, line, person_id) {
            let (unit_id, person_id) = (UnitId(unit_id), PersonId(person_id));
            self.reading.line_leaders.get_or_insert_default().push(LineLeader { unit_id, line, person_id });
        }
    }

    fn place(&self) -> super::Place {
        (self.sheet.to_owned(), self.line.number)
    }

    /// The text of a cell; `Err` when it cannot be taken, which is then said.
    fn cell(&mut self, column: &str) -> Result<Option<String>, ()> {
        let at = self.head.places.iter().find(|(known, _)| known.name == column).map(|(_, at)| *at);
        match at.and_then(|at| self.line.cells.get(at)) {
            None | Some(Cell::Empty) => Ok(None),
            Some(Cell::Text(text)) => Ok(Some(text.clone())),
            Some(Cell::Bad(kind, detail)) => {
                let (kind, detail) = (*kind, detail.clone());
                self.fault(kind, column, &detail);
                Err(())
            }
        }
    }

    fn needed(&mut self, column: &str) -> Option<String> {
        let cell = self.cell(column).ok()?;
        if cell.is_none() {
            let shown = self.shown(column);
            self.fault(RowFaultKind::ValueMissing, column, &shown);
        }
        cell
    }

    fn code(&mut self, column: &str) -> Option<String> {
        self.needed(column).map(|cell| code_in(&cell))
    }

    fn optional_code(&mut self, column: &str) -> Result<Option<String>, ()> {
        self.cell(column).map(|cell| cell.map(|cell| code_in(&cell)))
    }

    /// One telephone number, as it is compared: digits alone.
    fn phone(&mut self) -> Result<Option<String>, ()> {
        let Some(cell) = self.cell("phone")? else { return Ok(None) };
        let mut found = normalise_key(FieldName::Phone, &cell);
        match (found.pop(), found.is_empty()) {
            (Some(phone), true) if phone.len() <= LONGEST_PHONE => Ok(Some(phone)),
            _ => {
                self.fault(RowFaultKind::BadPhone, "phone", &cell);
                Err(())
            }
        }
    }

    fn parts(&mut self, column: &str) -> Option<Vec<String>> {
        let cell = self.cell(column).ok()?.unwrap_or_default();
        let parts = cell.split([';', '；', '、', ',', '，', '\n']).map(str::trim);
        Some(parts.filter(|part| !part.is_empty()).map(str::to_owned).collect())
    }

    fn word<T: Worded>(&mut self, column: &str) -> Option<T> {
        let cell = self.needed(column)?;
        self.parse_word(column, &cell)
    }

    fn parse_word<T: Worded>(&mut self, column: &str, cell: &str) -> Option<T> {
        let parsed = heads::value(cell);
        if parsed.is_none() {
            self.fault(RowFaultKind::UnknownWord, column, cell);
        }
        parsed
    }

    fn moment(&mut self, column: &str, end_of_day: bool) -> Option<Timestamp> {
        let cell = self.needed(column)?;
        self.parse_moment(column, &cell, end_of_day)
    }

    fn optional_moment(&mut self, column: &str, end_of_day: bool) -> Result<Option<Timestamp>, ()> {
        match self.cell(column)? {
            None => Ok(None),
            Some(cell) => self.parse_moment(column, &cell, end_of_day).map(Some).ok_or(()),
        }
    }

    fn parse_moment(&mut self, column: &str, cell: &str, end_of_day: bool) -> Option<Timestamp> {
        let parsed = moment_in(cell, end_of_day);
        if parsed.is_none() {
            self.fault(RowFaultKind::BadTime, column, cell);
        }
        parsed
    }

    /// A column as the file calls it.
    fn shown(&self, column: &str) -> String {
        let at = self.head.places.iter().find(|(known, _)| known.name == column).map(|(_, at)| *at);
        at.and_then(|at| self.head.cells.get(at)).cloned().unwrap_or_else(|| column.to_owned())
    }

    fn fault(&mut self, kind: RowFaultKind, column: &str, detail: &str) {
        let column = Some(self.shown(column));
        let (file, detail) = (self.sheet.to_owned(), detail.to_owned());
        self.reading.fault(RowFault { file, row: self.line.number, column, kind, detail });
    }
}

/// A code, also where somebody wrote the name before it: `陆建明（32050802）`.
fn code_in(cell: &str) -> String {
    let inside = cell.trim_end().strip_suffix([')', '）']).and_then(|cell| cell.rsplit_once(['(', '（']));
    inside.map_or(cell, |(_, code)| code).trim().to_owned()
}

/// A moment as RFC 3339, or a day or a minute in Asia/Shanghai in the ways in which people write them. Where a bare day
/// is the last one, it is over when the next begins.
fn moment_in(cell: &str, end_of_day: bool) -> Option<Timestamp> {
    if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(cell) {
        return Some(Timestamp(moment.timestamp_millis()));
    }
    let cell: String = cell
        .chars()
        .map(|sign| if matches!(sign, '/' | '.' | '年' | '月') { '-' } else { sign })
        .filter(|sign| *sign != '日')
        .collect();
    let local = |moment: NaiveDateTime| Timestamp(moment.and_utc().timestamp_millis()).minus(SHANGHAI);
    let midnight = |day: NaiveDate| local(day.and_time(NaiveTime::MIN));
    if let Ok(day) = NaiveDate::parse_from_str(cell.trim(), "%Y-%m-%d") {
        return sensible(midnight(day)).map(|at| if end_of_day { at.plus(DAY) } else { at });
    }
    let moment = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(cell.trim(), form).ok())?;
    // A spreadsheet has no bare day: midnight is how it writes one.
    let bare = end_of_day && moment.time() == NaiveTime::MIN && cell.trim().ends_with("00:00:00");
    sensible(local(moment)).map(|at| if bare { at.plus(DAY) } else { at })
}

/// Years have four digits: further ones are slips of the hand.
fn sensible(moment: Timestamp) -> Option<Timestamp> {
    let year = moment.plus(SHANGHAI).to_chrono()?.format("%Y").to_string();
    (year.len() == 4).then_some(moment)
}
