//! 机构与人员 as a whole: read by date, brought as a file with a preview, and absences as people enter them.

use std::collections::BTreeMap;

use chayan_domain::calendar::CalendarChange;
use chayan_domain::directory::{AbsenceKind, DirectoryChange, Person, Unit};
use chayan_domain::evidence::Hash;
use chayan_domain::ids::{AbsenceId, PersonId, UnitId};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Known;
use crate::cases::PersonRef;

/// A file of an import may have this many bytes.
pub const FILE_LIMIT: usize = 16 * 1024 * 1024;

/// `GET /v1/directory?on=…&unit=…`
#[derive(Debug, Clone, Default, Serialize, Deserialize, ts_rs::TS, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DirectoryQuery {
    /// A day in Asia/Shanghai (`2025-06-30`): the directory as it stood at the end of that day. Absent: now.
    pub on: Option<String>,
    /// Only this unit and what lies below it.
    pub unit: Option<UnitId>,
}

/// 机构与人员 as they stood at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DirectoryView {
    /// The moment that was asked for.
    pub at: Timestamp,
    /// The version that held then; `None` before the first import.
    pub version: Option<String>,
    /// First moment at which that version held.
    pub effective_from: Option<Timestamp>,
    /// The units that existed then.
    pub units: Vec<Unit>,
    /// The people of those units.
    pub people: Vec<Person>,
}

/// A file with one or more lists. A list that it does not have stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DirectoryFile {
    /// Its name; the ending says what it is: `.xlsx`, `.csv`, `.json`.
    pub name: String,
    /// Its bytes in Base64 (RFC 4648, with padding).
    pub content: String,
    /// The first day on which it holds, in Asia/Shanghai (`2026-12-01`). Absent: from the moment it is taken.
    pub effective: Option<String>,
}

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DirectoryPreview {
    /// Names file, date and the version it was compared with: what `POST /v1/directory/versions` takes.
    pub preview: String,
    /// The version that it was compared with: the one in force on its first day.
    pub base: Option<String>,
    /// The lists that the file has, with their rows.
    pub lists: Vec<ListCount>,
    /// What has to be put right first, at most 500.
    pub faults: Vec<ImportFault>,
    /// How many there are.
    pub fault_count: u32,
    /// Everything that comes, goes or becomes another. Empty where a row could not be read.
    pub changes: Vec<DirectoryChange>,
    /// Names of the units and people whom the changes mention, by their codes.
    pub names: BTreeMap<String, String>,
    /// Units afterwards.
    pub units: u32,
    /// People afterwards.
    pub people: u32,
}

/// A list of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ListCount {
    /// Which.
    pub list: DirectoryList,
    /// The sheet, or the file.
    pub sheet: String,
    /// Its rows below the head.
    pub rows: u32,
}

/// The lists of 机构与人员.
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
pub enum DirectoryList {
    /// 机构
    Units,
    /// 人员
    People,
    /// 离岗与值班
    Absences,
    /// 分管领导
    LineLeaders,
}

/// One fault of an import with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ImportFault {
    /// The sheet, or the file.
    pub sheet: String,
    /// Row as a spreadsheet counts it: the head is 1. 0 for the whole sheet.
    pub row: u32,
    /// The column by its head.
    pub column: Option<String>,
    /// Stable code; the catalogue of the screens has a sentence for each.
    pub code: String,
    /// What the sentence mentions, by name.
    pub words: BTreeMap<String, String>,
}

/// `POST /v1/directory/versions`: takes exactly what was previewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct TakeDirectory {
    /// The same file and day.
    pub file: DirectoryFile,
    /// [`DirectoryPreview::preview`].
    pub preview: String,
    /// Why, 2 to 200 characters.
    pub reason: String,
}

/// `GET /v1/directory/versions`: the last 100, the last stored first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DirectoryVersions {
    /// The versions.
    pub versions: Vec<DirectoryVersion>,
}

/// A version with who brought it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DirectoryVersion {
    /// Its name.
    pub version: String,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// When it was taken.
    pub added_at: Timestamp,
    /// Who; `None` on the command line.
    pub by: Option<PersonRef>,
    /// The names of its files; empty where a program wrote it.
    pub source: String,
    /// Why.
    pub reason: String,
    /// Its link in the chain of changes; `None` for one from before imports were chained.
    #[serde(default)]
    pub link: Option<ChangeLink>,
}

/// The link that proves a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ChangeLink {
    /// Position in the chain, from 1.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
}

/// `GET /v1/directory/versions/{version}/changes`: a version against the one that held on its first day before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DirectoryChanges {
    /// Which version.
    pub version: String,
    /// The one before; `None` for the first.
    pub before: Option<String>,
    /// At most five hundred.
    pub changes: Vec<DirectoryChange>,
    /// How many there are.
    pub change_count: u32,
    /// Names of the units and people that the changes mention by code.
    pub names: BTreeMap<String, String>,
}

/// Names a version of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct VersionRef {
    /// Which.
    pub version: String,
}

/// `GET /v1/calendars`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CalendarVersions {
    /// The last stored first, at most a hundred.
    pub versions: Vec<CalendarVersion>,
}

/// A version of the 工作日历.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CalendarVersion {
    /// Its name.
    pub version: String,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// Who; `None` on the command line.
    pub by: Option<PersonRef>,
    /// The name of its file; empty for one from before imports were chained.
    pub source: String,
    /// Why.
    pub reason: String,
    /// Its link in the chain of changes.
    pub link: Option<ChangeLink>,
    /// What it changed.
    pub changes: Vec<CalendarChange>,
}

/// `GET /v1/absences`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AbsenceList {
    /// Those that are not over, by their beginning.
    pub absences: Vec<AbsenceView>,
    /// For whom the person may enter one: the person first, then those whom they lead, at most 500.
    pub people: Vec<PersonRef>,
    /// Who may be proposed to stand in: deputies, leaders and colleagues of the unit, at most 500.
    pub deputies: Vec<PersonRef>,
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// One absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AbsenceView {
    /// `None`: it came with the directory and ends with it.
    pub absence_id: Option<AbsenceId>,
    /// Why; `None` for one that came with the directory.
    pub kind: Option<Known<AbsenceKind>>,
    /// Who.
    pub person: PersonRef,
    /// First moment away.
    pub from: Timestamp,
    /// First moment back.
    pub to: Timestamp,
    /// Who stands in, where somebody is named for this time.
    pub deputy: Option<PersonRef>,
    /// Who entered it.
    pub entered_by: Option<PersonRef>,
    /// When.
    pub entered_at: Option<Timestamp>,
}

/// `POST /v1/absences`: the program makes the id, so a repetition changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct EnterAbsence {
    /// Made where it is entered.
    pub absence_id: AbsenceId,
    /// Who will be away.
    pub person_id: PersonId,
    /// Why.
    pub kind: AbsenceKind,
    /// First moment away.
    pub from: Timestamp,
    /// First moment back.
    pub to: Timestamp,
    /// Who stands in.
    pub deputy: Option<PersonId>,
}
