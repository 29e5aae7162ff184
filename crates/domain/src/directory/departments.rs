//! 部门: who heads one, who handles in it, and which leader answers for its line.

use crate::ids::{PersonId, UnitId};

use super::{Department, Directory, Line, Person, Role};

impl Person {
    /// Where this person works.
    #[must_use]
    pub fn department(&self) -> Department {
        Department { unit_id: self.unit_id.clone(), line: self.line }
    }
}

impl Directory {
    /// 部门负责人, in the order of the import.
    #[must_use]
    pub fn heads_of(&self, department: &Department) -> Vec<&Person> {
        self.staff(department, Role::Dpt).collect()
    }

    /// 部门承办人, in the order of the import.
    #[must_use]
    pub fn handlers_of(&self, department: &Department) -> Vec<&Person> {
        self.staff(department, Role::Hdl).collect()
    }

    /// Whether somebody there can take a case: a head or a handler.
    #[must_use]
    pub fn is_department(&self, department: &Department) -> bool {
        self.staff_of.contains_key(department)
    }

    /// Whether the person heads the department or handles in it.
    #[must_use]
    pub fn is_staff(&self, person: &PersonId, department: &Department) -> bool {
        [Role::Dpt, Role::Hdl]
            .into_iter()
            .any(|role| self.staff(department, role).any(|staff| staff.person_id == *person))
    }

    /// The department of a line that is nearest to a unit: its own, or that of the first unit above which has one.
    #[must_use]
    pub fn nearest_department(&self, unit: &UnitId, line: Line) -> Option<Department> {
        self.departments_above(unit, line).find(|department| self.is_department(department))
    }

    /// Every department that a case of this unit can go to: the unit's own and those above it, the nearest first.
    #[must_use]
    pub fn departments_for(&self, unit: &UnitId) -> Vec<Department> {
        let chain = self.unit_chain(unit).into_iter();
        let all = chain.flat_map(|unit| {
            Line::ALL.iter().map(|line| Department { unit_id: unit.unit_id.clone(), line: *line })
        });
        all.filter(|department| self.is_department(department)).collect()
    }

    /// 分管领导 of a department: who is named for it or for the same line in the nearest unit above; where nobody is, a
    /// member of the leadership (班子成员) of the nearest unit that has one.
    #[must_use]
    pub fn line_leader(&self, department: &Department) -> Option<&Person> {
        let named = self
            .departments_above(&department.unit_id, department.line)
            .find_map(|above| self.draft.people.get(*self.line_leader_of.get(&above)?));
        let leadership = || {
            let everybody = self.with_role(Role::Exe);
            self.unit_chain(&department.unit_id)
                .into_iter()
                .find_map(|unit| everybody.iter().copied().find(|person| person.unit_id == unit.unit_id))
        };
        named.or_else(leadership)
    }

    fn departments_above(&self, unit: &UnitId, line: Line) -> impl Iterator<Item = Department> {
        self.unit_chain(unit).into_iter().map(move |unit| Department { unit_id: unit.unit_id.clone(), line })
    }

    fn staff(&self, department: &Department, role: Role) -> impl Iterator<Item = &Person> {
        let staff = self.staff_of.get(department).into_iter().flatten();
        staff.filter_map(|at| self.draft.people.get(*at)).filter(move |person| person.roles.contains(&role))
    }
}
