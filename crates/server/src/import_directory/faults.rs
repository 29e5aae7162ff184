//! Faults as they are told: of rows and of the whole alike, each with its place, a stable code and what it mentions.

use std::collections::BTreeMap;

use chayan_api::directory::{DirectoryList, ImportFault};
use chayan_domain::directory::DirectoryFault;
use chayan_domain::ids::{PersonId, UnitId};
use serde_json::Value;

use super::{Places, RowFault};

/// A fault of a row.
pub(crate) fn of_row(fault: &RowFault) -> ImportFault {
    let code = serde_json::to_value(fault.kind).map_or_else(|_| String::new(), |word| plain(&word));
    let mut words = BTreeMap::from([("detail".to_owned(), fault.detail.clone())]);
    words.extend(fault.column.iter().map(|column| ("column".to_owned(), column.clone())));
    ImportFault { sheet: fault.file.clone(), row: fault.row, column: fault.column.clone(), code, words }
}

/// A fault of the whole, at the row of the unit or person that it is about.
pub(crate) fn of_whole(fault: &DirectoryFault, places: &Places) -> ImportFault {
    let (sheet, row) = place(fault, places);
    let mut members = match serde_json::to_value(fault) {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let code = members.remove("code").map_or_else(String::new, |code| plain(&code));
    let words = members.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
    ImportFault { sheet, row, column: None, code, words }
}

fn place(fault: &DirectoryFault, places: &Places) -> (String, u32) {
    use DirectoryFault as F;
    let list = |list| (places.of_list(list), 0);
    let unit = |id: &UnitId| places.of_unit(id).cloned().unwrap_or_else(|| list(DirectoryList::Units));
    let person = |id: &PersonId| places.of_person(id).cloned().unwrap_or_else(|| list(DirectoryList::People));
    match fault {
        F::DuplicateUnit { unit_id } | F::UnknownParent { unit_id, .. } => unit(unit_id),
        F::UnitCycle { unit_ids } | F::SeveralRoots { unit_ids } => {
            unit_ids.first().map_or_else(|| list(DirectoryList::Units), unit)
        }
        F::DuplicatePerson { person_id }
        | F::UnknownUnit { person_id, .. }
        | F::UnknownLeader { person_id, .. }
        | F::UnknownDeputy { person_id, .. }
        | F::SelfDeputy { person_id }
        | F::Orphan { person_id } => person(person_id),
        F::LeaderCycle { person_ids } => {
            person_ids.first().map_or_else(|| list(DirectoryList::People), person)
        }
        F::UnknownAbsentee { .. } | F::EmptyAbsence { .. } | F::UnknownStandIn { .. } => {
            list(DirectoryList::Absences)
        }
        F::UnknownLineUnit { .. } | F::UnknownLineLeader { .. } | F::SeveralLineLeaders { .. } => {
            list(DirectoryList::LineLeaders)
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" → "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
