//! Reads a directory draft from files and writes one back: CSV for spreadsheets, JSON for programs.
//!
//! A folder holds `units.csv`, `people.csv` and, where there are such, `absences.csv` and `line_leaders.csv`; a single `.json` file holds a whole
//! [`DirectoryDraft`]. UTF-8 with or without a byte order mark. Every fault names its file and row; this module changes
//! nothing, and whether the draft is a valid organisation is [`chayan_domain::directory::Directory::build`]'s to say.

use std::path::{Path, PathBuf};

use chayan_domain::directory::{Absence, DirectoryDraft, LineLeader, Person, Unit};
use chayan_domain::ids::{PersonId, UnitId};
use chayan_domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is wrong with a row. Stable codes with a sentence each in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFaultKind {
    /// The file cannot be read.
    FileUnreadable,
    /// Not UTF-8.
    NotUtf8,
    /// A column is missing in the head.
    ColumnMissing,
    /// The row has another number of cells than the head.
    CellCount,
    /// A needed cell is empty.
    ValueMissing,
    /// Not a word of the list.
    UnknownWord,
    /// Not a moment such as `2026-11-22T08:30:00+08:00`.
    BadTime,
    /// Not the JSON of a directory.
    BadJson,
}

/// One fault with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// File name.
    pub file: String,
    /// Row as a spreadsheet counts it: the head is 1. 0 for the whole file.
    pub row: u64,
    /// What is wrong.
    pub kind: RowFaultKind,
    /// The column or the offending word.
    pub detail: String,
}

/// Where each unit and person stood, so that a fault of the whole can name its row too.
#[derive(Debug, Default)]
pub struct Places {
    people: std::collections::HashMap<PersonId, u64>,
    units: std::collections::HashMap<UnitId, u64>,
}

impl Places {
    /// The row in `people.csv`.
    #[must_use]
    pub fn of_person(&self, person_id: &PersonId) -> Option<u64> {
        self.people.get(person_id).copied()
    }

    /// The row in `units.csv`.
    #[must_use]
    pub fn of_unit(&self, unit_id: &UnitId) -> Option<u64> {
        self.units.get(unit_id).copied()
    }
}

/// Reads a draft from a folder, from CSV files, or from one JSON file.
///
/// # Errors
/// Every fault of every row at once.
pub fn read(paths: &[PathBuf]) -> Result<(DirectoryDraft, Places), Vec<RowFault>> {
    if let [only] = paths
        && only.extension().is_some_and(|ending| ending == "json")
    {
        return read_json(only);
    }
    let mut reading = Reading::default();
    for path in files(paths) {
        reading.file(&path);
    }
    if reading.faults.is_empty() { Ok((reading.draft, reading.places)) } else { Err(reading.faults) }
}

/// Writes the four CSV files.
///
/// # Errors
/// When a file cannot be written.
pub fn write_csv(draft: &DirectoryDraft, folder: &Path) -> anyhow::Result<()> {
    let mut units = csv::Writer::from_path(folder.join("units.csv"))?;
    units.write_record(UNIT_COLUMNS)?;
    for unit in &draft.units {
        units.write_record([
            unit.unit_id.as_str(),
            unit.parent.as_ref().map_or("", UnitId::as_str),
            &word(&unit.level),
            &unit.name,
            &moment(unit.active_from),
            &unit.active_to.map(moment).unwrap_or_default(),
            unit.successor.as_ref().map_or("", UnitId::as_str),
        ])?;
    }
    units.flush()?;
    let mut people = csv::Writer::from_path(folder.join("people.csv"))?;
    people.write_record(PEOPLE_COLUMNS)?;
    for person in &draft.people {
        people.write_record([
            person.person_id.as_str(),
            &person.name,
            person.unit_id.as_str(),
            &word(&person.line),
            &word(&person.post),
            person.direct_leader.as_ref().map_or("", PersonId::as_str),
            &person.deputies.iter().map(PersonId::as_str).collect::<Vec<_>>().join(";"),
            &person.roles.iter().map(word).collect::<Vec<_>>().join(";"),
        ])?;
    }
    people.flush()?;
    let mut absences = csv::Writer::from_path(folder.join("absences.csv"))?;
    absences.write_record(ABSENCE_COLUMNS)?;
    for absence in &draft.absences {
        absences.write_record([absence.person_id.as_str(), &moment(absence.from), &moment(absence.to)])?;
    }
    absences.flush()?;
    let mut leaders = csv::Writer::from_path(folder.join("line_leaders.csv"))?;
    leaders.write_record(LINE_LEADER_COLUMNS)?;
    for leader in &draft.line_leaders {
        leaders.write_record([leader.unit_id.as_str(), &word(&leader.line), leader.person_id.as_str()])?;
    }
    leaders.flush()?;
    Ok(())
}

const UNIT_COLUMNS: [&str; 7] =
    ["unit_id", "parent", "level", "name", "active_from", "active_to", "successor"];
const PEOPLE_COLUMNS: [&str; 8] =
    ["person_id", "name", "unit_id", "line", "post", "direct_leader", "deputies", "roles"];
const ABSENCE_COLUMNS: [&str; 3] = ["person_id", "from", "to"];
const LINE_LEADER_COLUMNS: [&str; 3] = ["unit_id", "line", "person_id"];

fn read_json(path: &Path) -> Result<(DirectoryDraft, Places), Vec<RowFault>> {
    let name = file_name(path);
    let fault = |kind, detail: String| vec![RowFault { file: name.clone(), row: 0, kind, detail }];
    let bytes =
        std::fs::read(path).map_err(|error| fault(RowFaultKind::FileUnreadable, error.to_string()))?;
    let text =
        std::str::from_utf8(&bytes).map_err(|error| fault(RowFaultKind::NotUtf8, error.to_string()))?;
    let draft: DirectoryDraft = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| fault(RowFaultKind::BadJson, error.to_string()))?;
    let mut places = Places::default();
    for (row, unit) in (1..).zip(&draft.units) {
        places.units.insert(unit.unit_id.clone(), row);
    }
    for (row, person) in (1..).zip(&draft.people) {
        places.people.insert(person.person_id.clone(), row);
    }
    Ok((draft, places))
}

/// A folder stands for its files; absences and 分管领导 may be absent.
fn files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend([path.join("units.csv"), path.join("people.csv")]);
            let others = ["absences.csv", "line_leaders.csv"].map(|name| path.join(name));
            files.extend(others.into_iter().filter(|file| file.exists()));
        } else {
            files.push(path.clone());
        }
    }
    files
}

#[derive(Default)]
struct Reading {
    draft: DirectoryDraft,
    places: Places,
    faults: Vec<RowFault>,
}

impl Reading {
    fn file(&mut self, path: &Path) {
        let name = file_name(path);
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return self.fault(&name, 0, RowFaultKind::FileUnreadable, &error.to_string()),
        };
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return self.fault(&name, 0, RowFaultKind::NotUtf8, "UTF-8");
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let head: Vec<String> = match reader.headers() {
            Ok(head) => head.iter().map(|cell| cell.trim().to_owned()).collect(),
            Err(error) => return self.fault(&name, 1, RowFaultKind::CellCount, &error.to_string()),
        };
        let columns: &[&str] = match name.as_str() {
            "people.csv" => &PEOPLE_COLUMNS,
            "absences.csv" => &ABSENCE_COLUMNS,
            "line_leaders.csv" => &LINE_LEADER_COLUMNS,
            _ => &UNIT_COLUMNS,
        };
        let missing: Vec<_> =
            columns.iter().filter(|column| !head.iter().any(|cell| cell == *column)).collect();
        for column in &missing {
            self.fault(&name, 1, RowFaultKind::ColumnMissing, column);
        }
        if !missing.is_empty() {
            return;
        }
        for (record, row) in reader.records().zip(2..) {
            match record {
                Ok(cells) if cells.len() == head.len() => {
                    let row = Row { reading: self, file: &name, number: row, head: &head, cells: &cells };
                    row.take();
                }
                Ok(cells) => self.fault(&name, row, RowFaultKind::CellCount, &cells.len().to_string()),
                Err(error) => self.fault(&name, row, RowFaultKind::CellCount, &error.to_string()),
            }
        }
    }

    fn fault(&mut self, file: &str, row: u64, kind: RowFaultKind, detail: &str) {
        self.faults.push(RowFault { file: file.to_owned(), row, kind, detail: detail.to_owned() });
    }
}

struct Row<'a> {
    reading: &'a mut Reading,
    file: &'a str,
    number: u64,
    head: &'a [String],
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    /// Every cell of the row is looked at before the row is given up, so that one run shows all its faults.
    fn take(mut self) {
        match self.file {
            "people.csv" => self.person(),
            "absences.csv" => self.absence(),
            "line_leaders.csv" => self.line_leader(),
            _ => self.unit(),
        }
    }

    fn unit(&mut self) {
        let (unit_id, level, name) = (self.needed("unit_id"), self.word("level"), self.needed("name"));
        let (from, to) = (self.moment("active_from"), self.optional_moment("active_to"));
        let parent = self.cell("parent").map(UnitId);
        let successor = self.cell("successor").map(UnitId);
        if let (Some(unit_id), Some(level), Some(name), Some(active_from), Ok(active_to)) =
            (unit_id, level, name, from, to)
        {
            let unit_id = UnitId(unit_id);
            self.reading.places.units.insert(unit_id.clone(), self.number);
            let unit = Unit { unit_id, parent, level, name, active_from, active_to, successor };
            self.reading.draft.units.push(unit);
        }
    }

    fn person(&mut self) {
        let (person_id, name) = (self.needed("person_id"), self.needed("name"));
        let (unit_id, line, post) = (self.needed("unit_id"), self.word("line"), self.word("post"));
        let direct_leader = self.cell("direct_leader").map(PersonId);
        let deputies = self.parts("deputies").into_iter().map(PersonId).collect();
        let roles = self.parts("roles").iter().map(|part| self.parse_word(part)).collect::<Option<Vec<_>>>();
        if let (Some(person_id), Some(name), Some(unit_id), Some(line), Some(post), Some(roles)) =
            (person_id, name, unit_id, line, post, roles)
        {
            let (person_id, unit_id) = (PersonId(person_id), UnitId(unit_id));
            self.reading.places.people.insert(person_id.clone(), self.number);
            let person = Person { person_id, name, unit_id, line, post, direct_leader, deputies, roles };
            self.reading.draft.people.push(person);
        }
    }

    fn absence(&mut self) {
        let (person_id, from, to) = (self.needed("person_id"), self.moment("from"), self.moment("to"));
        if let (Some(person_id), Some(from), Some(to)) = (person_id, from, to) {
            self.reading.draft.absences.push(Absence { person_id: PersonId(person_id), from, to });
        }
    }

    fn line_leader(&mut self) {
        let (unit_id, line, person_id) =
            (self.needed("unit_id"), self.word("line"), self.needed("person_id"));
        if let (Some(unit_id), Some(line), Some(person_id)) = (unit_id, line, person_id) {
            let (unit_id, person_id) = (UnitId(unit_id), PersonId(person_id));
            self.reading.draft.line_leaders.push(LineLeader { unit_id, line, person_id });
        }
    }

    fn cell(&self, column: &str) -> Option<String> {
        let index = self.head.iter().position(|cell| cell == column)?;
        self.cells.get(index).map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    fn parts(&self, column: &str) -> Vec<String> {
        let cell = self.cell(column).unwrap_or_default();
        cell.split([';', '；', '、'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn needed(&mut self, column: &str) -> Option<String> {
        let cell = self.cell(column);
        if cell.is_none() {
            self.fault(RowFaultKind::ValueMissing, column);
        }
        cell
    }

    fn word<T: DeserializeOwned>(&mut self, column: &str) -> Option<T> {
        let cell = self.needed(column)?;
        self.parse_word(&cell)
    }

    fn parse_word<T: DeserializeOwned>(&mut self, cell: &str) -> Option<T> {
        let parsed = serde_json::from_value(serde_json::Value::String(cell.to_owned())).ok();
        if parsed.is_none() {
            self.fault(RowFaultKind::UnknownWord, cell);
        }
        parsed
    }

    fn moment(&mut self, column: &str) -> Option<Timestamp> {
        let cell = self.needed(column)?;
        self.parse_moment(&cell)
    }

    /// `Err` when a moment is given but is none.
    fn optional_moment(&mut self, column: &str) -> Result<Option<Timestamp>, ()> {
        match self.cell(column) {
            None => Ok(None),
            Some(cell) => self.parse_moment(&cell).map(Some).ok_or(()),
        }
    }

    fn parse_moment(&mut self, cell: &str) -> Option<Timestamp> {
        let parsed = chrono::DateTime::parse_from_rfc3339(cell).ok();
        if parsed.is_none() {
            self.fault(RowFaultKind::BadTime, cell);
        }
        parsed.map(|moment| Timestamp(moment.timestamp_millis()))
    }

    fn fault(&mut self, kind: RowFaultKind, detail: &str) {
        self.reading.fault(self.file, self.number, kind, detail);
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The wire word of a list's value.
fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A moment as the files and the terminal write it: in Asia/Shanghai, as the people who keep them read time.
pub(crate) fn moment(at: Timestamp) -> String {
    let shanghai = chrono::FixedOffset::east_opt(8 * 3_600);
    match (at.to_chrono(), shanghai) {
        (Some(moment), Some(zone)) => moment.with_timezone(&zone).to_rfc3339(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo_directory::{self, Names};

    #[test]
    fn what_is_written_is_read_again_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let divisions = include_str!("../../../data/jiangsu-divisions.csv");
        let written = demo_directory::write(divisions, &Names::built_in().unwrap(), folder.path()).unwrap();
        let (read, places) = read(&[folder.path().to_owned()]).unwrap();
        assert_eq!(read, written);
        assert_eq!(places.of_unit(&UnitId::from("320000")), Some(2), "the first row below the head");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_column() {
        let folder = tempfile::tempdir().unwrap();
        let csv = "\u{feff}unit_id,parent,level,name,active_from,active_to,successor\n\
                   320000,,province,江苏分公司,2018-06-01T00:00:00+08:00,,\n";
        let path = folder.path().join("units.csv");
        std::fs::write(&path, csv).unwrap();
        let (draft, _) = read(&[path]).unwrap();
        assert_eq!(draft.units[0].name, "江苏分公司");
    }

    #[test]
    fn every_fault_names_its_row_and_column() {
        let folder = tempfile::tempdir().unwrap();
        let csv = "person_id,name,unit_id,line,post,direct_leader,deputies,roles\n\
                   1,,320000,claims,survey,,,\n\
                   2,甲,320000,cooking,survey,,,KING\n\
                   3,乙\n";
        let path = folder.path().join("people.csv");
        std::fs::write(&path, csv).unwrap();
        let faults = read(&[path]).unwrap_err();
        let seen: Vec<_> =
            faults.iter().map(|fault| (fault.row, fault.kind, fault.detail.as_str())).collect();
        assert_eq!(
            seen,
            [
                (2, RowFaultKind::ValueMissing, "name"),
                (3, RowFaultKind::UnknownWord, "cooking"),
                (3, RowFaultKind::UnknownWord, "KING"),
                (4, RowFaultKind::CellCount, "2"),
            ]
        );
    }
}
