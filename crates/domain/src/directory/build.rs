//! Building: every check of an import, and the indices that the lookups need.

use std::collections::HashMap;
use std::hash::Hash;

use crate::ids::PersonId;

use super::{
    Absence, Department, Directory, DirectoryDraft, DirectoryFault, DirectoryRefused, Person, Role, Unit,
    UnitLevel,
};

impl Directory {
    /// Checks an import and makes its indices.
    ///
    /// # Errors
    /// Every fault found; nothing of a faulty import can be used.
    pub fn build(draft: DirectoryDraft) -> Result<Self, Vec<DirectoryFault>> {
        let mut faults = Vec::new();
        let unit_at = index(
            &draft.units,
            |unit| &unit.unit_id,
            |unit| {
                faults.push(DirectoryFault::DuplicateUnit { unit_id: unit.unit_id.clone() });
            },
        );
        let person_at = index(
            &draft.people,
            |person| &person.person_id,
            |person| {
                faults.push(DirectoryFault::DuplicatePerson { person_id: person.person_id.clone() });
            },
        );
        let parent_of: Vec<Option<usize>> = draft
            .units
            .iter()
            .map(|unit| unit.parent.as_ref().and_then(|id| unit_at.get(id).copied()))
            .collect();
        let leader_at: Vec<Option<usize>> = draft
            .people
            .iter()
            .map(|person| person.direct_leader.as_ref().and_then(|id| person_at.get(id).copied()))
            .collect();

        check_units(&draft.units, &parent_of, &mut faults);
        for person in &draft.people {
            let level =
                unit_at.get(&person.unit_id).and_then(|at| draft.units.get(*at)).map(|unit| unit.level);
            check_person(person, level, &person_at, &mut faults);
        }
        faults.extend(cycles(&leader_at).into_iter().map(|cycle| {
            DirectoryFault::LeaderCycle {
                person_ids: cycle
                    .iter()
                    .filter_map(|at| draft.people.get(*at))
                    .map(|person| person.person_id.clone())
                    .collect(),
            }
        }));
        let away = absences(&draft, &person_at, &mut faults);
        let line_leader_of = line_leaders(&draft, &unit_at, &person_at, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }

        let path_of = paths(&draft.units, &parent_of);
        let team_of = teams(&leader_at);
        let holders_of = holders(&draft.people);
        let staff_of = staff(&draft.people);
        Ok(Self {
            draft,
            unit_at,
            person_at,
            parent_of,
            path_of,
            leader_at,
            team_of,
            holders_of,
            staff_of,
            line_leader_of,
            away,
        })
    }
}

impl Directory {
    /// The same organisation with absences that were entered beside the import. Those of people whom it does not know
    /// are left out, and so is a stand-in whom it does not know: they may have left since.
    #[must_use]
    pub fn with_absences(mut self, entered: impl IntoIterator<Item = Absence>) -> Self {
        self.away = Away::new();
        let imported = std::mem::take(&mut self.draft.absences);
        for absence in imported.iter().cloned().chain(entered) {
            if self.person_at.contains_key(&absence.person_id) && absence.from < absence.to {
                let known = |deputy: &PersonId| self.person_at.contains_key(deputy);
                let deputy = absence.deputy.filter(known);
                self.away.entry(absence.person_id.clone()).or_default().push(Absence { deputy, ..absence });
            }
        }
        self.draft.absences = imported;
        self
    }
}

impl TryFrom<DirectoryDraft> for Directory {
    type Error = DirectoryRefused;

    fn try_from(draft: DirectoryDraft) -> Result<Self, Self::Error> {
        Self::build(draft).map_err(DirectoryRefused)
    }
}

impl From<Directory> for DirectoryDraft {
    fn from(directory: Directory) -> Self {
        directory.draft
    }
}

fn index<'a, T, K: Hash + Eq + Clone + 'a>(
    items: &'a [T],
    key: impl Fn(&'a T) -> &'a K,
    mut duplicate: impl FnMut(&'a T),
) -> HashMap<K, usize> {
    let mut positions = HashMap::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        if positions.contains_key(key(item)) {
            duplicate(item);
        } else {
            positions.insert(key(item).clone(), at);
        }
    }
    positions
}

fn check_units(units: &[Unit], parent_of: &[Option<usize>], faults: &mut Vec<DirectoryFault>) {
    for (unit, found) in units.iter().zip(parent_of) {
        if let (Some(parent), None) = (&unit.parent, found) {
            faults.push(DirectoryFault::UnknownParent {
                unit_id: unit.unit_id.clone(),
                parent: parent.clone(),
            });
        }
    }
    let roots: Vec<_> =
        units.iter().filter(|unit| unit.parent.is_none()).map(|unit| unit.unit_id.clone()).collect();
    if roots.len() > 1 {
        faults.push(DirectoryFault::SeveralRoots { unit_ids: roots });
    }
    faults.extend(cycles(parent_of).into_iter().map(|cycle| DirectoryFault::UnitCycle {
        unit_ids: cycle.iter().filter_map(|at| units.get(*at)).map(|unit| unit.unit_id.clone()).collect(),
    }));
}

fn check_person(
    person: &Person,
    level: Option<UnitLevel>,
    person_at: &HashMap<PersonId, usize>,
    faults: &mut Vec<DirectoryFault>,
) {
    let person_id = person.person_id.clone();
    if level.is_none() {
        faults.push(DirectoryFault::UnknownUnit {
            person_id: person_id.clone(),
            unit_id: person.unit_id.clone(),
        });
    }
    match &person.direct_leader {
        Some(leader) if !person_at.contains_key(leader) => {
            faults
                .push(DirectoryFault::UnknownLeader { person_id: person_id.clone(), leader: leader.clone() });
        }
        None if level.is_some_and(|level| level > UnitLevel::Province) => {
            faults.push(DirectoryFault::Orphan { person_id: person_id.clone() });
        }
        _ => {}
    }
    for deputy in &person.deputies {
        if *deputy == person_id {
            faults.push(DirectoryFault::SelfDeputy { person_id: person_id.clone() });
        } else if !person_at.contains_key(deputy) {
            faults
                .push(DirectoryFault::UnknownDeputy { person_id: person_id.clone(), deputy: deputy.clone() });
        }
    }
}

type Away = HashMap<PersonId, Vec<Absence>>;

fn absences(
    draft: &DirectoryDraft,
    person_at: &HashMap<PersonId, usize>,
    faults: &mut Vec<DirectoryFault>,
) -> Away {
    let mut away = Away::new();
    for absence in &draft.absences {
        let person_id = absence.person_id.clone();
        if !person_at.contains_key(&person_id) {
            faults.push(DirectoryFault::UnknownAbsentee { person_id });
        } else if absence.from >= absence.to {
            faults.push(DirectoryFault::EmptyAbsence { person_id, from: absence.from, to: absence.to });
        } else if let Some(deputy) = absence
            .deputy
            .as_ref()
            .filter(|deputy| **deputy == absence.person_id || !person_at.contains_key(*deputy))
        {
            faults.push(DirectoryFault::UnknownStandIn { person_id, deputy: deputy.clone() });
        } else {
            away.entry(person_id).or_default().push(absence.clone());
        }
    }
    away
}

/// Every cycle of "next" links, each once. Linear: a position that was walked before is not walked again.
fn cycles(next: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut walked_by = vec![usize::MAX; next.len()];
    let mut found = Vec::new();
    for start in 0..next.len() {
        let mut at = Some(start);
        while let Some(here) = at.filter(|here| walked_by.get(*here) == Some(&usize::MAX)) {
            if let Some(mark) = walked_by.get_mut(here) {
                *mark = start;
            }
            at = next.get(here).copied().flatten();
        }
        if let Some(entry) = at.filter(|entry| walked_by.get(*entry) == Some(&start)) {
            found.push(around(next, entry));
        }
    }
    found
}

/// The cycle through `entry`, beginning with its lowest position.
fn around(next: &[Option<usize>], entry: usize) -> Vec<usize> {
    let mut cycle = vec![entry];
    let mut at = next.get(entry).copied().flatten();
    while let Some(here) = at.filter(|here| *here != entry) {
        cycle.push(here);
        at = next.get(here).copied().flatten();
    }
    let first = cycle.iter().enumerate().min_by_key(|(_, at)| **at).map_or(0, |(place, _)| place);
    cycle.rotate_left(first);
    cycle
}

/// The path of each unit. Runs only after the tree is known to have no cycle.
fn paths(units: &[Unit], parent_of: &[Option<usize>]) -> Vec<String> {
    (0..units.len())
        .map(|unit| {
            let mut codes: Vec<&str> = Vec::new();
            let mut at = Some(unit);
            while let Some(here) = at {
                codes.extend(units.get(here).map(|unit| unit.unit_id.as_str()));
                at = parent_of.get(here).copied().flatten();
            }
            codes.reverse();
            codes.join("/")
        })
        .collect()
}

fn teams(leader_at: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut teams = vec![Vec::new(); leader_at.len()];
    for (person, leader) in leader_at.iter().enumerate() {
        if let Some(team) = leader.and_then(|at| teams.get_mut(at)) {
            team.push(person);
        }
    }
    teams
}

fn holders(people: &[Person]) -> HashMap<Role, Vec<usize>> {
    let mut holders: HashMap<Role, Vec<usize>> = HashMap::new();
    for (at, person) in people.iter().enumerate() {
        for role in &person.roles {
            let positions = holders.entry(*role).or_default();
            if positions.last() != Some(&at) {
                positions.push(at);
            }
        }
    }
    holders
}

/// Heads and handlers of each department.
fn staff(people: &[Person]) -> HashMap<Department, Vec<usize>> {
    let mut staff: HashMap<Department, Vec<usize>> = HashMap::new();
    for (at, person) in people.iter().enumerate() {
        if person.roles.iter().any(|role| matches!(role, Role::Hdl | Role::Dpt)) {
            staff.entry(person.department()).or_default().push(at);
        }
    }
    staff
}

fn line_leaders(
    draft: &DirectoryDraft,
    unit_at: &HashMap<crate::ids::UnitId, usize>,
    person_at: &HashMap<PersonId, usize>,
    faults: &mut Vec<DirectoryFault>,
) -> HashMap<Department, usize> {
    let mut leaders = HashMap::new();
    for named in &draft.line_leaders {
        let department = Department { unit_id: named.unit_id.clone(), line: named.line };
        let (unit_id, line, person_id) = (named.unit_id.clone(), named.line, named.person_id.clone());
        match person_at.get(&named.person_id) {
            _ if !unit_at.contains_key(&named.unit_id) => {
                faults.push(DirectoryFault::UnknownLineUnit { unit_id, line });
            }
            None => faults.push(DirectoryFault::UnknownLineLeader { unit_id, line, person_id }),
            Some(at) => {
                if leaders.insert(department, *at).is_some() {
                    faults.push(DirectoryFault::SeveralLineLeaders { unit_id, line });
                }
            }
        }
    }
    leaders
}
