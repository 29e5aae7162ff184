//! Ways: the words under which lists find a case, each row in the order of the list.

use std::fmt;

use chayan_domain::directory::Department;
use chayan_domain::ids::{CaseId, PersonId};
use chayan_domain::time::Timestamp;

use crate::sql::{Param, int, text};
use crate::words::word;
use crate::write::CaseRecord;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way(String);

impl Way {
    /// Who had a part.
    pub(crate) fn involved(person: &PersonId) -> Self {
        Self(format!("involved:{person}"))
    }

    /// Which department leads or assists.
    pub(crate) fn department(department: &Department) -> Self {
        Self(format!("department:{}/{}", department.unit_id, word(department.line)))
    }

    /// Before whom it was brought.
    pub(crate) fn escalated(person: &PersonId) -> Self {
        Self(format!("escalated:{person}"))
    }

    /// A unit by its codes from the root, with everything below it.
    pub(crate) fn unit(unit_path: &str) -> Self {
        Self(format!("unit:{}", stored_path(unit_path)))
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A case under one word.
#[derive(Debug, Clone)]
pub(crate) struct CaseWay {
    way: Way,
    received_at: Timestamp,
    case_id: CaseId,
}

impl CaseWay {
    /// Those of a case. Its units never change, so they are written with its first commit only.
    pub(crate) fn of(record: &CaseRecord, first: bool) -> impl Iterator<Item = Self> {
        let units = first.then(|| units_above(&record.unit_path)).into_iter().flatten();
        let ways = units
            .chain(record.involved.iter().map(Way::involved))
            .chain(record.departments.iter().map(Way::department))
            .chain(record.escalated.iter().map(Way::escalated));
        ways.map(|way| Self { way, received_at: record.received_at, case_id: record.case.case_id })
    }

    pub(crate) fn row(self) -> [Param; 3] {
        [text(self.way), int(self.received_at.0), text(self.case_id)]
    }
}

/// The unit itself and every one that it belongs to.
fn units_above(unit_path: &str) -> impl Iterator<Item = Way> {
    let path = unit_path.trim_end_matches('/');
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(move |end| path.get(..end)).map(Way::unit)
}

/// With a slash at the end, so that `JS/NJ` is no part of `JS/N`.
pub(crate) fn stored_path(unit_path: &str) -> String {
    format!("{}/", unit_path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_stands_under_every_unit_above_it() {
        let ways: Vec<String> = units_above("HQ/JS/NJ").map(|way| way.to_string()).collect();
        assert_eq!(ways, ["unit:HQ/", "unit:HQ/JS/", "unit:HQ/JS/NJ/"]);
        assert_eq!(units_above("HQ/").map(|way| way.to_string()).collect::<Vec<_>>(), ["unit:HQ/"]);
    }
}
