//! Writes a directory as the CSV files that an import reads.

use std::path::Path;

use chayan_domain::directory::DirectoryDraft;
use chayan_domain::ids::{PersonId, UnitId};
use chayan_domain::time::Timestamp;
use serde::Serialize;

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
            person.phone.as_deref().unwrap_or_default(),
        ])?;
    }
    people.flush()?;
    let mut absences = csv::Writer::from_path(folder.join("absences.csv"))?;
    absences.write_record(ABSENCE_COLUMNS)?;
    for absence in &draft.absences {
        absences.write_record([
            absence.person_id.as_str(),
            &moment(absence.from),
            &moment(absence.to),
            absence.deputy.as_ref().map_or("", PersonId::as_str),
        ])?;
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
const PEOPLE_COLUMNS: [&str; 9] =
    ["person_id", "name", "unit_id", "line", "post", "direct_leader", "deputies", "roles", "phone"];
const ABSENCE_COLUMNS: [&str; 4] = ["person_id", "from", "to", "deputy"];
const LINE_LEADER_COLUMNS: [&str; 3] = ["unit_id", "line", "person_id"];

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
