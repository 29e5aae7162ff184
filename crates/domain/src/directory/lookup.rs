//! Lookups. All answer from indices; none walks the whole list except where it must name many people.

use crate::ids::{PersonId, UnitId};
use crate::report::{FieldName, normalise_key};
use crate::time::Timestamp;

use super::{Absence, Directory, DirectoryDraft, Person, Role, Unit};

impl Directory {
    /// The import it was built from.
    #[must_use]
    pub const fn draft(&self) -> &DirectoryDraft {
        &self.draft
    }

    /// Everybody, in the order of the import.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.draft.people
    }

    /// Every unit, in the order of the import.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.draft.units
    }

    /// The person with this number.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.draft.people.get(*self.person_at.get(id)?)
    }

    /// Who may be meant by what somebody typed, in the order of the import: the beginning of a staff number, a part of a
    /// name, or a whole telephone number however it is written. Part of a telephone number finds nobody.
    pub fn people_like<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a Person> + use<'a> {
        let wanted = text.trim().to_lowercase();
        let phones = normalise_key(FieldName::Phone, text);
        let fits = move |person: &&Person| {
            let numbered = person.person_id.as_str().to_lowercase().starts_with(&wanted);
            let named = person.name.to_lowercase().contains(&wanted);
            let called = || {
                let own = person.phone.iter().flat_map(|phone| normalise_key(FieldName::Phone, phone));
                own.into_iter().any(|phone| phones.contains(&phone))
            };
            !wanted.is_empty() && (numbered || named || (!phones.is_empty() && called()))
        };
        self.draft.people.iter().filter(fits)
    }

    /// The unit with this code.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.draft.units.get(*self.unit_at.get(id)?)
    }

    /// 直接领导; `None` at the top of a chain and for unknown people.
    #[must_use]
    pub fn leader_of(&self, id: &PersonId) -> Option<&Person> {
        let leader = (*self.leader_at.get(*self.person_at.get(id)?)?)?;
        self.draft.people.get(leader)
    }

    /// All leaders above a person, the direct one first.
    #[must_use]
    pub fn leader_chain(&self, id: &PersonId) -> Vec<&Person> {
        std::iter::successors(self.leader_of(id), |leader| self.leader_of(&leader.person_id)).collect()
    }

    /// The people whose direct leader this is.
    #[must_use]
    pub fn subordinates(&self, id: &PersonId) -> Vec<&Person> {
        self.person_at
            .get(id)
            .and_then(|at| self.team_of.get(*at))
            .into_iter()
            .flatten()
            .filter_map(|at| self.draft.people.get(*at))
            .collect()
    }

    /// Whether the person is away at this moment. Absences are half-open `[from, to)`.
    #[must_use]
    pub fn is_absent(&self, id: &PersonId, now: Timestamp) -> bool {
        self.absences_of(id).any(|absence| absence.holds_at(now))
    }

    /// Every absence of a person that is known, past ones and those to come too.
    pub fn absences_of(&self, id: &PersonId) -> impl Iterator<Item = &Absence> {
        self.away.get(id).into_iter().flatten()
    }

    /// The deputies who are not away at this moment, in the order in which they stand in: first those named for the
    /// absence, then the listed ones.
    pub fn deputies_on_duty(&self, id: &PersonId, now: Timestamp) -> impl Iterator<Item = &Person> {
        let named = self.absences_of(id).filter(move |absence| absence.holds_at(now));
        named
            .filter_map(|absence| absence.deputy.as_ref())
            .chain(self.person(id).into_iter().flat_map(|person| &person.deputies))
            .filter(move |deputy| !self.is_absent(deputy, now))
            .filter_map(|deputy| self.person(deputy))
    }

    /// Whether somebody is a listed deputy of a person, or named for one of their absences. Who is on duty at a moment
    /// is [`Self::deputy_on_duty`].
    #[must_use]
    pub fn stands_in(&self, deputy: &PersonId, id: &PersonId) -> bool {
        let listed = self.person(id).is_some_and(|person| person.deputies.contains(deputy));
        listed || self.absences_of(id).any(|absence| absence.deputy.as_ref() == Some(deputy))
    }

    /// Whether `leader` is somewhere above a person.
    #[must_use]
    pub fn leads(&self, leader: &PersonId, id: &PersonId) -> bool {
        self.leader_chain(id).iter().any(|above| above.person_id == *leader)
    }

    /// The deputy on duty: the first one not absent at this moment.
    #[must_use]
    pub fn deputy_on_duty(&self, id: &PersonId, now: Timestamp) -> Option<&Person> {
        self.deputies_on_duty(id, now).next()
    }

    /// Every role of a person: reporter always, leader with subordinates, and the listed ones. Empty for unknown people.
    #[must_use]
    pub fn roles_of(&self, id: &PersonId) -> Vec<Role> {
        let Some(person) = self.person(id) else { return Vec::new() };
        let mut roles = vec![Role::Rep];
        if !self.subordinates(id).is_empty() {
            roles.push(Role::Ldr);
        }
        roles.extend(&person.roles);
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Whether a person has this role.
    #[must_use]
    pub fn has_role(&self, id: &PersonId, role: Role) -> bool {
        match role {
            Role::Rep => self.person(id).is_some(),
            Role::Ldr => !self.subordinates(id).is_empty(),
            listed => self.person(id).is_some_and(|person| person.roles.contains(&listed)),
        }
    }

    /// Everybody with this role, in the order of the import.
    #[must_use]
    pub fn with_role(&self, role: Role) -> Vec<&Person> {
        match role {
            Role::Rep => self.draft.people.iter().collect(),
            Role::Ldr => {
                self.people().iter().filter(|person| self.has_role(&person.person_id, role)).collect()
            }
            listed => {
                let holders = self.holders_of.get(&listed).into_iter().flatten();
                holders.filter_map(|at| self.draft.people.get(*at)).collect()
            }
        }
    }

    /// The unit's codes from the root down, for example `JS/320500/320583`.
    #[must_use]
    pub fn unit_path(&self, id: &UnitId) -> Option<String> {
        self.path_of.get(*self.unit_at.get(id)?).cloned()
    }

    /// A unit and everything above it, the unit first.
    #[must_use]
    pub fn unit_chain(&self, id: &UnitId) -> Vec<&Unit> {
        std::iter::successors(self.unit_at.get(id).copied(), |at| self.parent_of.get(*at).copied().flatten())
            .filter_map(|at| self.draft.units.get(at))
            .collect()
    }

    /// The units that exist at this moment, in the order of the import. `[active_from, active_to)` is half-open.
    pub fn units_at(&self, moment: Timestamp) -> impl Iterator<Item = &Unit> {
        self.draft.units.iter().filter(move |unit| unit.exists_at(moment))
    }

    /// Whether a unit is `ancestor` or lies below it.
    #[must_use]
    pub fn is_within(&self, unit: &UnitId, ancestor: &UnitId) -> bool {
        self.unit_chain(unit).iter().any(|above| above.unit_id == *ancestor)
    }

    /// The head of the complaint group: the direct leaders of its members who are not members themselves.
    #[must_use]
    pub fn callback_head(&self) -> Vec<&Person> {
        let mut heads: Vec<&Person> = Vec::new();
        for member in self.with_role(Role::Cmp) {
            if let Some(leader) = self.leader_of(&member.person_id)
                && !self.has_role(&leader.person_id, Role::Cmp)
                && !heads.iter().any(|head| head.person_id == leader.person_id)
            {
                heads.push(leader);
            }
        }
        heads
    }

    /// The people of the customer-service departments that answer for a unit, the nearest department first.
    #[must_use]
    pub fn csd_of(&self, unit: &UnitId) -> Vec<&Person> {
        let departments = self.with_role(Role::Csd);
        self.unit_chain(unit)
            .into_iter()
            .flat_map(|above| {
                departments.iter().copied().filter(move |person| person.unit_id == above.unit_id)
            })
            .collect()
    }
}

impl Unit {
    /// Whether the unit exists at this moment.
    #[must_use]
    pub fn exists_at(&self, moment: Timestamp) -> bool {
        self.active_from <= moment && self.active_to.is_none_or(|end| moment < end)
    }
}
