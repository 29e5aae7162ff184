//! What the lists of an import are called, what stands in their heads, and the words of their cells: the wire's own and
//! those that people write, which stand in a catalogue.

use std::collections::HashMap;
use std::sync::LazyLock;

use chayan_api::directory::DirectoryList;
use chayan_domain::directory::{Line, Post, Role, UnitLevel};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// For a name on the wire, what people write.
type Written = HashMap<String, Vec<String>>;

/// The catalogue.
#[derive(Debug, Default, Deserialize)]
struct Words {
    /// What a sheet or a file is called, by its list.
    lists: Written,
    /// What a column is called, by its list.
    columns: HashMap<String, Written>,
    /// What stands in a cell, by the kind of its column.
    cells: HashMap<String, Written>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // Its own test reads it first.
    serde_json::from_str(include_str!("../../catalogue/import-words.zh-CN.json")).unwrap_or_default()
});

/// A column: its list, its name, and whether a list is none without it.
pub(super) struct Column {
    list: DirectoryList,
    pub(super) name: &'static str,
    pub(super) needed: bool,
}

const fn needed(list: DirectoryList, name: &'static str) -> Column {
    Column { list, name, needed: true }
}

const fn optional(list: DirectoryList, name: &'static str) -> Column {
    Column { list, name, needed: false }
}

const UNITS: &[Column] = &[
    needed(DirectoryList::Units, "unit_id"),
    optional(DirectoryList::Units, "parent"),
    needed(DirectoryList::Units, "level"),
    needed(DirectoryList::Units, "name"),
    optional(DirectoryList::Units, "active_from"),
    optional(DirectoryList::Units, "active_to"),
    optional(DirectoryList::Units, "successor"),
];
const PEOPLE: &[Column] = &[
    needed(DirectoryList::People, "person_id"),
    needed(DirectoryList::People, "name"),
    needed(DirectoryList::People, "unit_id"),
    needed(DirectoryList::People, "line"),
    needed(DirectoryList::People, "post"),
    optional(DirectoryList::People, "direct_leader"),
    optional(DirectoryList::People, "deputies"),
    optional(DirectoryList::People, "roles"),
    optional(DirectoryList::People, "phone"),
];
const ABSENCES: &[Column] = &[
    needed(DirectoryList::Absences, "person_id"),
    needed(DirectoryList::Absences, "from"),
    needed(DirectoryList::Absences, "to"),
    optional(DirectoryList::Absences, "deputy"),
];
const LINE_LEADERS: &[Column] = &[
    needed(DirectoryList::LineLeaders, "unit_id"),
    needed(DirectoryList::LineLeaders, "line"),
    needed(DirectoryList::LineLeaders, "person_id"),
];

/// Every list, the one with the most columns first.
pub(super) const LISTS: [DirectoryList; 4] =
    [DirectoryList::People, DirectoryList::Units, DirectoryList::Absences, DirectoryList::LineLeaders];

/// The columns of a list.
pub(super) const fn columns(list: DirectoryList) -> &'static [Column] {
    match list {
        DirectoryList::Units => UNITS,
        DirectoryList::People => PEOPLE,
        DirectoryList::Absences => ABSENCES,
        DirectoryList::LineLeaders => LINE_LEADERS,
    }
}

/// Its name on the wire and in the catalogue.
const fn wire(list: DirectoryList) -> &'static str {
    match list {
        DirectoryList::Units => "units",
        DirectoryList::People => "people",
        DirectoryList::Absences => "absences",
        DirectoryList::LineLeaders => "line_leaders",
    }
}

impl Column {
    /// What people call it, the usual name first.
    fn called(&self) -> &'static [String] {
        WORDS
            .columns
            .get(wire(self.list))
            .and_then(|columns| columns.get(self.name))
            .map_or(&[], Vec::as_slice)
    }

    /// What it is called when it is asked for.
    pub(super) fn shown(&self) -> &'static str {
        self.called().first().map_or(self.name, String::as_str)
    }
}

/// The list that a sheet or a file is called after.
pub(super) fn list_called(name: &str) -> Option<DirectoryList> {
    let stem = plain(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let called =
        |list: &DirectoryList| WORDS.lists.get(wire(*list)).is_some_and(|names| names.contains(&stem));
    LISTS.into_iter().find(called)
}

/// For each column of a list the places in the head at which it stands.
pub(super) fn find(list: DirectoryList, head: &[String]) -> Vec<(&'static Column, Vec<usize>)> {
    let head: Vec<String> = head.iter().map(|cell| plain(cell)).collect();
    let places = |column: &Column| {
        let is_it = |cell: &String| cell == column.name || column.called().contains(cell);
        head.iter().enumerate().filter(|(_, cell)| is_it(cell)).map(|(at, _)| at).collect()
    };
    columns(list).iter().map(|column| (column, places(column))).collect()
}

/// Without what people put around a head: blanks, stars, `（必填）`.
fn plain(cell: &str) -> String {
    let before = cell.split(['(', '（']).next().unwrap_or(cell);
    let kept =
        before.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '*' | '＊' | '\u{feff}'));
    kept.collect::<String>().to_lowercase()
}

/// A kind of cell, by its name in the catalogue.
pub(super) trait Worded: DeserializeOwned {
    /// That name.
    const KIND: &'static str;
}

impl Worded for UnitLevel {
    const KIND: &'static str = "level";
}

impl Worded for Line {
    const KIND: &'static str = "line";
}

impl Worded for Post {
    const KIND: &'static str = "post";
}

impl Worded for Role {
    const KIND: &'static str = "role";
}

/// The ending of a post's name that people write or leave out.
const POST: char = '\u{5c97}';

/// The value of a cell: the wire's word, or one that people write.
pub(super) fn value<T: Worded>(cell: &str) -> Option<T> {
    let written: String = cell.chars().filter(|sign| !matches!(sign, ' ' | '\u{b7}' | '\u{3000}')).collect();
    let short = written.strip_suffix(POST).unwrap_or(&written);
    let is_it = |word: &String| *word == written || word == short;
    let known = WORDS.cells.get(T::KIND)?;
    let found = known.iter().find(|(_, words)| words.iter().any(is_it)).map(|(wire, _)| wire.as_str());
    serde_json::from_value(serde_json::Value::String(found.unwrap_or(cell).to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_word_is_read_as<T: Worded>() {
        let words = &WORDS.cells[T::KIND];
        for (wire, written) in words {
            for word in written {
                let read = serde_json::from_value::<T>(serde_json::Value::String(wire.clone()));
                assert!(read.is_ok() && value::<T>(word).is_some(), "{}: {wire}: {word}", T::KIND);
            }
        }
    }

    #[test]
    fn the_catalogue_names_every_list_and_column_and_every_cell_has_one_reading() {
        every_word_is_read_as::<UnitLevel>();
        every_word_is_read_as::<Line>();
        every_word_is_read_as::<Post>();
        every_word_is_read_as::<Role>();
        for list in LISTS {
            assert!(!WORDS.lists[wire(list)].is_empty());
            assert!(columns(list).iter().all(|column| !column.called().is_empty()), "{list:?}");
        }
        for (kind, words) in &WORDS.cells {
            let mut all: Vec<&String> = words.values().flatten().collect();
            all.sort();
            assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "{kind}: a word with two readings");
        }
    }
}
