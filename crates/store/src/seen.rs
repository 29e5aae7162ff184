//! Who saw what, in the order of time: recorded accesses, and the customer fields that were shown on cases.
//!
//! A showing is an event of its case, so it stands in that case's chain and nowhere twice. Here both are read as one list.

use chayan_domain::evidence::Hash;
use chayan_domain::ids::{CaseId, PersonId};
use chayan_domain::time::Timestamp;
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Dialect, Param, Row, int, text};
use crate::words;

/// What of it; what is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeenQuery {
    /// One of these people; none of them when empty, all when `None`.
    pub people: Option<Vec<PersonId>>,
    /// One of these cases; none of them when empty, all when `None`.
    pub cases: Option<Vec<CaseId>>,
    /// Only accesses of this kind.
    pub kind: Option<String>,
    /// Only customer fields that were shown.
    pub shown_only: bool,
    /// At or after
    pub from: Option<Timestamp>,
    /// and before.
    pub to: Option<Timestamp>,
    /// Only what comes after this place.
    pub after: Option<SeenMark>,
    /// At most so many.
    pub limit: u32,
}

/// A place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenMark {
    /// When.
    pub at: Timestamp,
    /// What tells those of one moment apart.
    pub key: String,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its place.
    pub mark: SeenMark,
    /// The number of a recorded access; `None` for an event of a case.
    pub number: Option<u32>,
    /// Its place in its chain.
    pub hash: Hash,
    /// The bytes that were hashed: the access, or the event.
    pub bytes: Vec<u8>,
}

/// Twenty digits, so that their order as text is that of the numbers.
const NUMBER_KEY: &str =
    "substr('00000000000000000000' || CAST(number AS TEXT), length(CAST(number AS TEXT)) + 1)";

impl Store {
    /// A page of the list, newest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn seen(&self, query: &SeenQuery) -> Result<Vec<Seen>, StoreError> {
        let (sql, params) = statement(query, self.dialect());
        let rows = self.fetch(AssertSqlSafe(sql).into_sql_str(), params).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<Seen, StoreError> {
    Ok(Seen {
        mark: SeenMark { at: Timestamp(row.int(0)?), key: row.text(1)? },
        number: row.opt_int(2)?.map(|number| u32::try_from(number).unwrap_or(u32::MAX)),
        hash: words::hash(&row.blob(3)?, "access")?,
        bytes: row.blob(4)?,
    })
}

/// Both lists, each along its own index and no longer than the page, joined, ordered and cut again.
fn statement(query: &SeenQuery, dialect: Dialect) -> (String, Vec<Param>) {
    let mut params = vec![int(i64::from(query.limit))];
    let mut parts = Vec::new();
    if !query.shown_only {
        let mut conditions = vec!["1 = 1".to_owned()];
        if let Some(people) = &query.people {
            conditions.push(any(people.iter().map(|person| equal(&mut params, "person_id", text(person)))));
        }
        if let Some(cases) = &query.cases {
            let holds = |case_id: &CaseId| {
                params.push(text(case_id));
                contains(dialect, params.len())
            };
            conditions.push(any(cases.iter().map(holds)));
        }
        if let Some(kind) = &query.kind {
            conditions.push(equal(&mut params, "kind", text(kind)));
        }
        conditions.extend(when(&mut params, query, NUMBER_KEY));
        parts.push(part(NUMBER_KEY, "number", "accesses", &conditions));
    }
    if query.kind.is_none() {
        let mut conditions = vec!["kind = 'field_revealed'".to_owned()];
        if let Some(people) = &query.people {
            conditions
                .push(any(people.iter().map(|person| equal(&mut params, actor(dialect), text(person)))));
        }
        if let Some(cases) = &query.cases {
            conditions.push(any(cases.iter().map(|case_id| equal(&mut params, "case_id", text(case_id)))));
        }
        conditions.extend(when(&mut params, query, "event_id"));
        parts.push(part("event_id", "CAST(NULL AS BIGINT)", "events", &conditions));
    }
    let sql = format!("{} ORDER BY at DESC, mark DESC LIMIT $1", parts.join(" UNION ALL "));
    (sql, params)
}

fn part(key: &str, number: &str, table: &str, conditions: &[String]) -> String {
    format!(
        "SELECT at, mark, number, hash, bytes FROM (SELECT at, {key} AS mark, {number} AS number, hash, bytes \
         FROM {table} WHERE {} ORDER BY at DESC, mark DESC LIMIT $1) AS {table}_part",
        conditions.join(" AND ")
    )
}

fn when(params: &mut Vec<Param>, query: &SeenQuery, key: &str) -> Vec<String> {
    let mut bind = |param: Param| {
        params.push(param);
        format!("${}", params.len())
    };
    let mut conditions = Vec::new();
    conditions.extend(query.from.map(|from| format!("at >= {}", bind(int(from.0)))));
    conditions.extend(query.to.map(|to| format!("at < {}", bind(int(to.0)))));
    if let Some(after) = &query.after {
        let (at, mark) = (bind(int(after.at.0)), bind(text(&after.key)));
        conditions.push(format!("at <= {at} AND (at < {at} OR {key} < {mark})"));
    }
    conditions
}

fn equal(params: &mut Vec<Param>, column: &str, value: Param) -> String {
    params.push(value);
    format!("{column} = ${}", params.len())
}

fn any(conditions: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = conditions.collect();
    if all.is_empty() { "1 = 0".to_owned() } else { format!("({})", all.join(" OR ")) }
}

/// Whether the bytes name a case: no id of anything else is the same.
fn contains(dialect: Dialect, place: usize) -> String {
    match dialect {
        Dialect::Sqlite => format!("instr(CAST(bytes AS TEXT), ${place}) > 0"),
        Dialect::Postgres => format!("strpos(convert_from(bytes, 'UTF8'), ${place}) > 0"),
    }
}

const fn actor(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "json_extract(CAST(bytes AS TEXT), '$.actor.person_id')",
        Dialect::Postgres => "(convert_from(bytes, 'UTF8')::jsonb #>> '{actor,person_id}')",
    }
}
