//! What an import changes: every unit, person, 分管领导 and absence that comes, goes or becomes another.
//!
//! It compares lists, not organisations, so that the changes of a draft that is refused can be shown too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, UnitId};

use super::{Absence, DirectoryDraft, LineLeader, Person, Unit};

/// What a change is about.
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
pub enum Subject {
    /// 机构
    Unit,
    /// 人员
    Person,
    /// 分管领导
    LineLeader,
    /// 离岗
    Absence,
}

/// What becomes of it.
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
pub enum ChangeKind {
    /// Was not there.
    Added,
    /// Is there, with other values.
    Changed,
    /// Is not there any more.
    Removed,
}

/// A column of the lists.
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
pub enum DirectoryField {
    /// 名称 / 姓名
    Name,
    /// 上级机构
    Parent,
    /// 层级
    Level,
    /// 启用
    ActiveFrom,
    /// 停用
    ActiveTo,
    /// 承接机构
    Successor,
    /// 所在机构
    Unit,
    /// 条线
    Line,
    /// 岗位
    Post,
    /// 直接领导
    DirectLeader,
    /// 代理人
    Deputies,
    /// 角色
    Roles,
    /// 分管领导
    LineLeader,
    /// 离岗时间和代理人
    Absences,
    /// 电话
    Phone,
}

/// One value that becomes another. Codes and wire words; several are joined by `;`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct FieldChange {
    /// Which column.
    pub field: DirectoryField,
    /// Was empty when `None`.
    pub before: Option<String>,
    /// Becomes empty when `None`.
    pub after: Option<String>,
}

/// One change of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DirectoryChange {
    /// What it is about.
    pub subject: Subject,
    /// What becomes of it.
    pub kind: ChangeKind,
    /// 机构代码, 工号; of a 分管领导 the unit and the line, as `320500/claims`.
    pub id: String,
    /// Its name after the change; before it for what goes.
    pub name: String,
    /// For what comes or goes: its values. For what changes: those that differ.
    pub fields: Vec<FieldChange>,
}

type Values = Vec<(DirectoryField, Option<String>)>;

/// A row of a list as it is compared.
struct Row {
    name: String,
    values: Values,
}

/// The rows of one list by their codes.
type Rows = fn(&DirectoryDraft) -> BTreeMap<String, Row>;

/// Every difference: units, then people, 分管领导 and absences, each in the order of their codes.
#[must_use]
pub fn diff(before: &DirectoryDraft, after: &DirectoryDraft) -> Vec<DirectoryChange> {
    let lists: [(Subject, Rows); 4] = [
        (Subject::Unit, units),
        (Subject::Person, people),
        (Subject::LineLeader, line_leaders),
        (Subject::Absence, absences),
    ];
    lists.into_iter().flat_map(|(subject, rows)| compare(subject, rows(before), rows(after))).collect()
}

fn compare(
    subject: Subject,
    mut before: BTreeMap<String, Row>,
    after: BTreeMap<String, Row>,
) -> Vec<DirectoryChange> {
    let mut changes = Vec::new();
    for (id, new) in after {
        let (kind, fields) = match before.remove(&id) {
            Some(old) if old.values == new.values => continue,
            Some(old) => (ChangeKind::Changed, differing(old.values, &new.values)),
            None => (ChangeKind::Added, differing(Values::new(), &new.values)),
        };
        changes.push(DirectoryChange { subject, kind, id, name: new.name, fields });
    }
    changes.extend(before.into_iter().map(|(id, old)| {
        let gone: Values = old.values.iter().map(|(field, _)| (*field, None)).collect();
        let fields = differing(old.values, &gone);
        DirectoryChange { subject, kind: ChangeKind::Removed, id, name: old.name, fields }
    }));
    changes.sort_by(|one, other| one.id.cmp(&other.id));
    changes
}

fn differing(before: Values, after: &Values) -> Vec<FieldChange> {
    let mut before: BTreeMap<DirectoryField, Option<String>> = before.into_iter().collect();
    let pairs = after.iter().map(|(field, after)| FieldChange {
        field: *field,
        before: before.remove(field).flatten(),
        after: after.clone(),
    });
    pairs.filter(|change| change.before != change.after).collect()
}

fn units(draft: &DirectoryDraft) -> BTreeMap<String, Row> {
    let row = |unit: &Unit| Row {
        name: unit.name.clone(),
        values: vec![
            (DirectoryField::Name, Some(unit.name.clone())),
            (DirectoryField::Parent, unit.parent.as_ref().map(UnitId::to_string)),
            (DirectoryField::Level, word(&unit.level)),
            (DirectoryField::ActiveFrom, Some(unit.active_from.0.to_string())),
            (DirectoryField::ActiveTo, unit.active_to.map(|at| at.0.to_string())),
            (DirectoryField::Successor, unit.successor.as_ref().map(UnitId::to_string)),
        ],
    };
    draft.units.iter().map(|unit| (unit.unit_id.to_string(), row(unit))).collect()
}

fn people(draft: &DirectoryDraft) -> BTreeMap<String, Row> {
    let row = |person: &Person| Row {
        name: person.name.clone(),
        values: vec![
            (DirectoryField::Name, Some(person.name.clone())),
            (DirectoryField::Unit, Some(person.unit_id.to_string())),
            (DirectoryField::Line, word(&person.line)),
            (DirectoryField::Post, word(&person.post)),
            (DirectoryField::DirectLeader, person.direct_leader.as_ref().map(PersonId::to_string)),
            (DirectoryField::Deputies, joined(person.deputies.iter().map(PersonId::to_string))),
            (DirectoryField::Roles, joined(person.roles.iter().filter_map(word))),
            (DirectoryField::Phone, person.phone.clone()),
        ],
    };
    draft.people.iter().map(|person| (person.person_id.to_string(), row(person))).collect()
}

fn line_leaders(draft: &DirectoryDraft) -> BTreeMap<String, Row> {
    let id = |leader: &LineLeader| format!("{}/{}", leader.unit_id, word(&leader.line).unwrap_or_default());
    let names = names(draft);
    let row = |leader: &LineLeader| Row {
        name: names.get(leader.person_id.as_str()).copied().unwrap_or_default().to_owned(),
        values: vec![(DirectoryField::LineLeader, Some(leader.person_id.to_string()))],
    };
    draft.line_leaders.iter().map(|leader| (id(leader), row(leader))).collect()
}

/// A person may be away several times: all of it is one row.
fn absences(draft: &DirectoryDraft) -> BTreeMap<String, Row> {
    let mut by_person: BTreeMap<String, Vec<&Absence>> = BTreeMap::new();
    for absence in &draft.absences {
        by_person.entry(absence.person_id.to_string()).or_default().push(absence);
    }
    let names = names(draft);
    let text = |absence: &&Absence| {
        let deputy = absence.deputy.as_ref().map(|deputy| format!("@{deputy}")).unwrap_or_default();
        format!("{}-{}{deputy}", absence.from.0, absence.to.0)
    };
    let row = |id: &str, mut all: Vec<&Absence>| {
        all.sort_by_key(|absence| (absence.from, absence.to));
        let name = names.get(id).copied().unwrap_or_default().to_owned();
        Row { name, values: vec![(DirectoryField::Absences, joined(all.iter().map(text)))] }
    };
    by_person.into_iter().map(|(id, all)| (id.clone(), row(&id, all))).collect()
}

fn names(draft: &DirectoryDraft) -> BTreeMap<&str, &str> {
    draft.people.iter().map(|person| (person.person_id.as_str(), person.name.as_str())).collect()
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(";"))
}

/// The wire word of a value of a list.
fn word<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}
