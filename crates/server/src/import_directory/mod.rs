//! Reads 机构与人员 from files: spreadsheets for people, JSON for programs.
//!
//! A file holds one or more of the lists 机构, 人员, 离岗与值班, 分管领导: an XLSX file on its sheets, a CSV file one of them.
//! Which list it is, the head says. A list that no file has is not [`Reading::over`]written. Every fault names its sheet,
//! row and column; this module changes nothing, and whether the whole is a valid organisation is
//! [`chayan_domain::directory::Directory::build`]'s to say.

mod faults;
mod heads;
mod rows;
mod sheets;
mod write;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chayan_api::directory::{DirectoryList, FILE_LIMIT, ListCount};
use chayan_domain::directory::{Absence, DirectoryDraft, LineLeader, Person, Unit};
use chayan_domain::ids::{PersonId, UnitId};
use serde::Serialize;

pub(crate) use faults::{of_row, of_whole};
pub(crate) use write::moment;
pub use write::write_csv;

/// The head stands in one of the first rows: a title may stand above it.
const HEAD_WITHIN: usize = 10;

/// What is wrong with a row. Stable codes with a sentence each in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFaultKind {
    /// The file cannot be read.
    FileUnreadable,
    /// Larger than [`FILE_LIMIT`].
    FileTooLarge,
    /// JSON that is not UTF-8.
    NotUtf8,
    /// Text that is neither UTF-8 nor UTF-16 nor GB18030, or no text.
    BadEncoding,
    /// A workbook of Excel 97 to 2003, or one with a password.
    OldWorkbook,
    /// A workbook that cannot be read.
    BadWorkbook,
    /// No head of any list among the first rows.
    NotAList,
    /// Two sheets or files bring the same list.
    ListTwice,
    /// More rows than an import may have.
    TooManyRows,
    /// A column is missing in the head.
    ColumnMissing,
    /// Two columns of the head mean the same.
    ColumnTwice,
    /// The row has another number of cells than the head.
    CellCount,
    /// A needed cell is empty.
    ValueMissing,
    /// A formula that the spreadsheet has not calculated.
    FormulaWithoutValue,
    /// A formula that came to an error.
    CellError,
    /// Cells joined across columns.
    JoinedCells,
    /// Not a word of the list.
    UnknownWord,
    /// Not a day or a moment.
    BadTime,
    /// A cell that is not one telephone number.
    BadPhone,
    /// Not the JSON of a directory.
    BadJson,
}

impl RowFaultKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::FileUnreadable,
        Self::FileTooLarge,
        Self::NotUtf8,
        Self::BadEncoding,
        Self::OldWorkbook,
        Self::BadWorkbook,
        Self::NotAList,
        Self::ListTwice,
        Self::TooManyRows,
        Self::ColumnMissing,
        Self::ColumnTwice,
        Self::CellCount,
        Self::ValueMissing,
        Self::FormulaWithoutValue,
        Self::CellError,
        Self::JoinedCells,
        Self::UnknownWord,
        Self::BadTime,
        Self::BadPhone,
        Self::BadJson,
    ];
}

/// One fault with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// The sheet, or the file.
    pub file: String,
    /// Row as a spreadsheet counts it: the head is 1. 0 for the whole file.
    pub row: u32,
    /// The column by its head.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: RowFaultKind,
    /// The column or the offending word.
    pub detail: String,
}

impl RowFault {
    fn of_file(file: &str, kind: RowFaultKind, detail: &str) -> Self {
        Self { file: file.to_owned(), row: 0, column: None, kind, detail: detail.to_owned() }
    }
}

/// Where something stood: its sheet or file, and its row.
pub type Place = (String, u32);

/// Where each unit and person stood, so that a fault of the whole can name its row too.
#[derive(Debug, Default)]
pub struct Places {
    people: HashMap<PersonId, Place>,
    units: HashMap<UnitId, Place>,
    lists: HashMap<DirectoryList, String>,
}

impl Places {
    /// The row of a person.
    #[must_use]
    pub fn of_person(&self, person_id: &PersonId) -> Option<&Place> {
        self.people.get(person_id)
    }

    /// The row of a unit.
    #[must_use]
    pub fn of_unit(&self, unit_id: &UnitId) -> Option<&Place> {
        self.units.get(unit_id)
    }

    /// The sheet of a list, or the word of a list that no file had.
    #[must_use]
    pub fn of_list(&self, list: DirectoryList) -> String {
        let word = || serde_json::to_value(list).ok()?.as_str().map(str::to_owned);
        self.lists.get(&list).cloned().or_else(word).unwrap_or_default()
    }
}

/// A file as it was given.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What the files hold.
#[derive(Debug, Default)]
pub struct Reading {
    units: Option<Vec<Unit>>,
    people: Option<Vec<Person>>,
    absences: Option<Vec<Absence>>,
    line_leaders: Option<Vec<LineLeader>>,
    /// Where everything stood.
    pub places: Places,
    /// The lists with their rows.
    pub lists: Vec<ListCount>,
    /// Everything that is wrong with rows.
    pub faults: Vec<RowFault>,
}

impl Reading {
    /// The lists of the files, and those of `base` that the files do not have. Of those the absences of people who are
    /// gone are left out: they went with them.
    #[must_use]
    pub fn over(self, base: &DirectoryDraft) -> DirectoryDraft {
        let people = self.people.unwrap_or_else(|| base.people.clone());
        let absences = self.absences.unwrap_or_else(|| {
            let here: std::collections::HashSet<&PersonId> =
                people.iter().map(|person| &person.person_id).collect();
            let stays = |absence: &&Absence| {
                here.contains(&absence.person_id)
                    && absence.deputy.as_ref().is_none_or(|deputy| here.contains(deputy))
            };
            base.absences.iter().filter(stays).cloned().collect()
        });
        DirectoryDraft {
            units: self.units.unwrap_or_else(|| base.units.clone()),
            people,
            absences,
            line_leaders: self.line_leaders.unwrap_or_else(|| base.line_leaders.clone()),
        }
    }

    fn fault(&mut self, fault: RowFault) {
        self.faults.push(fault);
    }
}

/// The files behind paths. A folder stands for its files; absences and 分管领导 may be absent.
///
/// # Errors
/// Every file that cannot be read.
pub fn open(paths: &[PathBuf]) -> Result<Vec<Source>, Vec<RowFault>> {
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    for path in files(paths) {
        let name = file_name(&path);
        match std::fs::read(&path) {
            Ok(bytes) => sources.push(Source { name, bytes }),
            Err(error) => {
                faults.push(RowFault::of_file(&name, RowFaultKind::FileUnreadable, &error.to_string()));
            }
        }
    }
    if faults.is_empty() { Ok(sources) } else { Err(faults) }
}

/// Reads every list of the files, with every fault of every row at once.
#[must_use]
pub fn read(sources: &[Source]) -> Reading {
    let mut reading = Reading::default();
    for source in sources {
        if source.bytes.len() > FILE_LIMIT {
            let megabytes = (FILE_LIMIT / 1024 / 1024).to_string();
            reading.fault(RowFault::of_file(&source.name, RowFaultKind::FileTooLarge, &megabytes));
        } else if source.name.to_lowercase().ends_with(".json") {
            json(source, &mut reading);
        } else {
            match sheets::sheets(&source.name, &source.bytes) {
                Ok(sheets) => rows::read(&source.name, sheets, &mut reading),
                Err(fault) => reading.fault(fault),
            }
        }
    }
    reading
}

fn json(source: &Source, reading: &mut Reading) {
    let fault = |kind, detail: String| RowFault::of_file(&source.name, kind, &detail);
    let text = match std::str::from_utf8(&source.bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}'),
        Err(error) => return reading.fault(fault(RowFaultKind::NotUtf8, error.to_string())),
    };
    let draft: DirectoryDraft = match serde_json::from_str(text) {
        Ok(draft) => draft,
        Err(error) => return reading.fault(fault(RowFaultKind::BadJson, error.to_string())),
    };
    for (row, unit) in (1..).zip(&draft.units) {
        reading.places.units.insert(unit.unit_id.clone(), (source.name.clone(), row));
    }
    for (row, person) in (1..).zip(&draft.people) {
        reading.places.people.insert(person.person_id.clone(), (source.name.clone(), row));
    }
    let count = |list, rows: usize| ListCount {
        list,
        sheet: source.name.clone(),
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
    };
    reading.lists.extend([
        count(DirectoryList::Units, draft.units.len()),
        count(DirectoryList::People, draft.people.len()),
        count(DirectoryList::Absences, draft.absences.len()),
        count(DirectoryList::LineLeaders, draft.line_leaders.len()),
    ]);
    reading.units = Some(draft.units);
    reading.people = Some(draft.people);
    reading.absences = Some(draft.absences);
    reading.line_leaders = Some(draft.line_leaders);
}

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

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
