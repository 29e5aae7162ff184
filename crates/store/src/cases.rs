//! Lists of cases by what the viewer may see.

use chayan_domain::case::{Case, CaseState};
use chayan_domain::directory::Line;
use chayan_domain::ids::{CaseId, PersonId};
use chayan_domain::retention::SETTLED;
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::Scope;
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::Store;
use crate::error::StoreError;
use crate::flush::NEVER;
use crate::sql::{Link, Param, Row, blob, fetch_by_keys, int, text};
use crate::vault::Vault;
use crate::ways::{Way, stored_path};
use crate::words::word;
use crate::write::BlindDraft;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseOrder {
    /// By the moment the centre first heard of it, newest first.
    NewestFirst,
    /// By the most urgent clock; cases without one last.
    DueFirst,
    /// Only those that were opened again (复开), the last one first.
    ReopenedFirst,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageMark {
    /// The sort value of the last case.
    pub(crate) key: i64,
    /// The last case.
    pub(crate) case_id: CaseId,
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseQuery {
    /// Joined by or; none means nothing.
    pub scopes: Vec<Scope>,
    /// Only these states; empty means every state.
    pub states: Vec<CaseState>,
    /// Of those, what somebody looks for.
    pub filter: CaseFilter,
    /// In this order.
    pub order: CaseOrder,
    /// Continue after this mark.
    pub after: Option<PageMark>,
    /// At most so many.
    pub limit: u32,
}

/// Narrows a list; what is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// 条线
    pub line: Option<Line>,
    /// A unit and everything below it: its codes from the root.
    pub unit_path: Option<String>,
    /// The centre first heard of it at or after this moment
    pub from: Option<Timestamp>,
    /// and before this one.
    pub to: Option<Timestamp>,
    /// The case's number, or how it ends.
    pub number: Option<NumberPart>,
    /// Carries any of these customer keys; an empty list is carried by none.
    pub keys: Option<Vec<BlindDraft>>,
}

/// The last signs of a case's number, at least as many as a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPart(String);

impl NumberPart {
    /// The fewest signs that are looked for.
    const SHORTEST: usize = 4;
    /// A whole number.
    const WHOLE: usize = 36;

    /// As somebody typed or pasted it; `None` where that cannot be part of a number.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let part = text.trim().trim_start_matches('…').to_ascii_lowercase();
        // Whole, it may have been copied without its dashes.
        let part = part.parse::<CaseId>().map_or(part, |whole| whole.to_string());
        let fits = part.chars().all(|sign| sign.is_ascii_hexdigit() || sign == '-');
        // The last group of a number has twelve signs, so the last four are never cut by a dash.
        let last_four = part.chars().rev().take(Self::SHORTEST).all(|sign| sign != '-');
        (fits && last_four && (Self::SHORTEST..=Self::WHOLE).contains(&part.len())).then_some(Self(part))
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePage {
    /// In order.
    pub cases: Vec<ListedCase>,
    /// Mark of the next page; `None` at the end.
    pub next: Option<PageMark>,
}

/// A case in a list, with its index columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCase {
    /// The case.
    pub case: Case,
    /// 机构 codes from the root, as the directory writes them.
    pub unit_path: String,
    /// 直接领导 of the reporter when the case began.
    pub direct_leader: Option<PersonId>,
    /// When the centre first heard of it.
    pub received_at: Timestamp,
    /// When its most urgent clock runs out.
    pub next_due: Option<Timestamp>,
}

impl std::fmt::Display for PageMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.key, self.case_id)
    }
}

impl std::str::FromStr for PageMark {
    type Err = BadPageMark;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, case_id) = text.split_once('_').ok_or(BadPageMark)?;
        Ok(Self {
            key: key.parse().map_err(|_| BadPageMark)?,
            case_id: case_id.parse().map_err(|_| BadPageMark)?,
        })
    }
}

/// A text that is no page mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a page mark")]
pub struct BadPageMark;

macro_rules! columns {
    () => {
        "SELECT cases.case_id, cases.body, cases.unit_path, cases.direct_leader, cases.received_at, cases.next_due \
         FROM cases "
    };
}

impl Store {
    /// A case with its index columns.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn case(&self, case_id: CaseId) -> Result<Option<ListedCase>, StoreError> {
        let rows = self.fetch(concat!(columns!(), "WHERE case_id = $1"), vec![text(case_id)]).await?;
        rows.first().map(read).transpose()
    }

    /// Cases by id, in no particular order; unknown ones are left out.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn cases_by_id(&self, case_ids: &[CaseId]) -> Result<Vec<ListedCase>, StoreError> {
        let ids: Vec<Param> = case_ids.iter().map(text).collect();
        let sql = concat!(columns!(), "WHERE case_id {in keys}");
        let rows = fetch_by_keys(&mut self.reader().await?, sql, &ids).await?;
        rows.iter().map(read).collect()
    }

    /// A page of a list.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn cases(&self, query: &CaseQuery) -> Result<CasePage, StoreError> {
        if query.scopes.is_empty() || query.limit == 0 {
            return Ok(CasePage { cases: Vec::new(), next: None });
        }
        let (sql, params) = list_statement(query, self.vault());
        let rows = self.fetch(AssertSqlSafe(sql).into_sql_str(), params).await?;
        let mut cases = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let more = cases.len() > wanted;
        cases.truncate(wanted);
        let next = cases.last().filter(|_| more).map(|last| last.mark(query.order));
        Ok(CasePage { cases, next })
    }

    /// Cases whose flow the centre received in `[from, to)`, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn flows_received(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Case>, StoreError> {
        let sql = concat!(columns!(), "WHERE flow_at >= $1 AND flow_at < $2 ORDER BY flow_at, case_id");
        let rows = self.fetch(sql, vec![int(from.0), int(to.0)]).await?;
        rows.iter().map(|row| read(row).map(|listed| listed.case)).collect()
    }
}

impl ListedCase {
    fn mark(&self, order: CaseOrder) -> PageMark {
        let key = match order {
            CaseOrder::NewestFirst => self.received_at.0,
            CaseOrder::DueFirst => self.next_due.map_or(NEVER, |due| due.0),
            CaseOrder::ReopenedFirst => self.case.reopenings.last().map_or(0, |reopening| reopening.at.0),
        };
        PageMark { key, case_id: self.case.case_id }
    }
}

/// The bodies of these cases.
pub(crate) async fn load_bodies(link: &mut Link, ids: &[Param]) -> Result<Vec<Case>, StoreError> {
    let rows = fetch_by_keys(link, "SELECT body FROM cases WHERE case_id {in keys}", ids).await?;
    rows.iter().map(|row| body(row, 0)).collect()
}

fn read(row: &Row) -> Result<ListedCase, StoreError> {
    let next_due = row.int(5)?;
    Ok(ListedCase {
        case: body(row, 1)?,
        unit_path: row.text(2)?.trim_end_matches('/').to_owned(),
        direct_leader: row.opt_text(3)?.map(PersonId),
        received_at: Timestamp(row.int(4)?),
        next_due: (next_due != NEVER).then_some(Timestamp(next_due)),
    })
}

fn body(row: &Row, index: usize) -> Result<Case, StoreError> {
    serde_json::from_str(&row.text(index)?).map_err(|_| StoreError::Corrupt { what: "case" })
}

/// One sub-select per scope, each along its own index and no longer than the page, joined, ordered and cut again.
fn list_statement(query: &CaseQuery, vault: &Vault) -> (String, Vec<Param>) {
    let mut statement = Statement::default();
    let (column, direction, beyond) = match query.order {
        CaseOrder::NewestFirst => ("received_at", "DESC", "<"),
        CaseOrder::DueFirst => ("next_due", "ASC", ">"),
        CaseOrder::ReopenedFirst => ("reopened_at", "DESC", "<"),
    };
    let limit = statement.bind(int(i64::from(query.limit) + 1));
    let mut common = Vec::new();
    if query.order == CaseOrder::ReopenedFirst {
        common.push(Found::Where("cases.reopened_at IS NOT NULL".to_owned()));
    }
    // What names few cases is looked up by that; everything else is read along its way until the page is full.
    let open = !query.states.is_empty() && !query.states.iter().any(|state| SETTLED.contains(state));
    let few = open || query.filter.number.is_some() || query.filter.keys.is_some();
    let along = query.order == CaseOrder::NewestFirst && !few;
    if !query.states.is_empty() {
        let states: Vec<String> =
            query.states.iter().map(|state| statement.bind(text(word(state)))).collect();
        // Nearly all cases have ended: their states must not be what they are looked up by, which would sort them all.
        let state = if along { "(cases.state || '')" } else { "cases.state" };
        common.push(Found::Where(format!("{state} IN ({})", states.join(", "))));
    }
    filter_conditions(&mut statement, &query.filter, vault, &mut common);
    if let Some(after) = &query.after {
        let (key, case_id) = (statement.bind(int(after.key)), statement.bind(text(after.case_id)));
        common.push(Found::Where(format!("({AT}.{column}, {AT}.case_id) {beyond} ({key}, {case_id})")));
    }
    let parts: Vec<Found> =
        query.scopes.iter().flat_map(|scope| scope_conditions(&mut statement, scope)).collect();
    let selects: Vec<String> = parts
        .iter()
        .map(|part| {
            let lead = along.then(|| part.lead(&common)).flatten();
            let at = if lead.is_some() { "lead" } else { "cases" };
            let conditions: Vec<String> =
                std::iter::once(part).chain(&common).map(|one| one.condition(lead)).collect();
            let source = lead.map_or("cases", |_| "case_ways AS lead CROSS JOIN cases");
            format!(
                "SELECT * FROM (SELECT cases.case_id, cases.{column} FROM {source} WHERE {} \
                 ORDER BY {AT}.{column} {direction}, {AT}.case_id {direction} LIMIT {limit}) AS part",
                conditions.join(" AND ")
            )
            .replace(AT, at)
        })
        .collect();
    let sql = format!(
        "{}JOIN ({}) AS found ON found.case_id = cases.case_id \
         ORDER BY cases.{column} {direction}, cases.case_id {direction} LIMIT {limit}",
        columns!(),
        selects.join(" UNION ")
    );
    (sql, statement.params)
}

/// Stands for the table that a sub-select is read along: `cases`, or the ways.
const AT: &str = "{at}";

/// What a case of a list has to fulfil.
enum Found {
    /// It stands under the word of a person or a department that is bound to this placeholder.
    Way(String),
    /// The same of a unit, so many levels below the root.
    Unit { way: String, depth: usize },
    /// A condition with an index of its own in the order of the list.
    Own(String),
    /// Another condition.
    Where(String),
}

impl Found {
    /// The word that the cases of a part of the list are read along: the narrowest, also among what all parts fulfil.
    fn lead<'a>(&'a self, common: &'a [Self]) -> Option<&'a str> {
        match self {
            Self::Way(way) => Some(way),
            Self::Own(_) => None,
            Self::Unit { .. } | Self::Where(_) => {
                let units = std::iter::once(self).chain(common).filter_map(|found| match found {
                    Self::Unit { way, depth } => Some((depth, way.as_str())),
                    _ => None,
                });
                units.max_by_key(|(depth, _)| **depth).map(|(_, way)| way)
            }
        }
    }

    /// As a condition; `lead` is the word that the sub-select is read along.
    fn condition(&self, lead: Option<&str>) -> String {
        match self {
            Self::Way(way) | Self::Unit { way, .. } if lead == Some(way) => {
                format!("lead.way = {way} AND cases.case_id = lead.case_id")
            }
            Self::Way(way) | Self::Unit { way, .. } => format!(
                "EXISTS (SELECT 1 FROM case_ways WHERE case_ways.way = {way} \
                 AND case_ways.received_at = cases.received_at AND case_ways.case_id = cases.case_id)"
            ),
            Self::Own(condition) | Self::Where(condition) => condition.clone(),
        }
    }
}

/// What every way of the list has to fulfil besides.
fn filter_conditions(statement: &mut Statement, filter: &CaseFilter, vault: &Vault, common: &mut Vec<Found>) {
    if let Some(path) = &filter.unit_path {
        common.push(below(statement, path));
    }
    let mut and = |condition: String| common.push(Found::Where(condition));
    if let Some(line) = filter.line {
        and(format!("cases.line = {}", statement.bind(text(word(line)))));
    }
    if let Some(from) = filter.from {
        and(format!("{AT}.received_at >= {}", statement.bind(int(from.0))));
    }
    if let Some(to) = filter.to {
        and(format!("{AT}.received_at < {}", statement.bind(int(to.0))));
    }
    if let Some(NumberPart(part)) = &filter.number {
        let tail = part.split_at(part.len() - NumberPart::SHORTEST).1;
        let (tail, part) = (statement.bind(text(tail)), statement.bind(text(format!("%{part}"))));
        and(format!("substr(cases.case_id, 33) = {tail} AND cases.case_id LIKE {part}"));
    }
    if let Some(keys) = &filter.keys {
        let digests: Vec<String> = keys.iter().map(|key| statement.bind(blob(&vault.blind(key)))).collect();
        and(match digests.as_slice() {
            [] => "1 = 0".to_owned(),
            some => {
                let any = some.join(", ");
                format!("cases.case_id IN (SELECT case_id FROM blind_keys WHERE digest IN ({any}))")
            }
        });
    }
}

/// The unit and everything below it. A root's are (nearly) all, read along the list itself: '0' comes after '/'.
fn below(statement: &mut Statement, path: &str) -> Found {
    let depth = path.trim_end_matches('/').matches('/').count();
    if depth > 0 {
        return Found::Unit { way: statement.bind(text(Way::unit(path))), depth };
    }
    let path = stored_path(path);
    let end = format!("{}0", path.trim_end_matches('/'));
    let (from, to) = (statement.bind(text(path)), statement.bind(text(end)));
    Found::Where(format!("cases.unit_path >= {from} AND cases.unit_path < {to}"))
}

/// How the cases of a scope are found; several are several ways.
fn scope_conditions(statement: &mut Statement, scope: &Scope) -> Vec<Found> {
    let mut way = |way: Way| vec![Found::Way(statement.bind(text(way)))];
    match scope {
        Scope::Involved(person) => way(Way::involved(person)),
        Scope::Department(department) => way(Way::department(department)),
        Scope::Escalated(person) => way(Way::escalated(person)),
        Scope::Subtree(path) => vec![below(statement, path)],
        Scope::Reporter(person) => {
            let person = statement.bind(text(person));
            ["reporter", "submitter"].map(|who| Found::Own(format!("cases.{who} = {person}"))).into()
        }
        Scope::Team(person) => {
            vec![Found::Own(format!("cases.direct_leader = {}", statement.bind(text(person))))]
        }
        Scope::Callback => vec![Found::Where("cases.flow_at IS NOT NULL".to_owned())],
        Scope::All => vec![Found::Where("1 = 1".to_owned())],
    }
}

#[derive(Default)]
struct Statement {
    params: Vec<Param>,
}

impl Statement {
    /// Adds a parameter; returns its placeholder.
    fn bind(&mut self, param: Param) -> String {
        self.params.push(param);
        format!("${}", self.params.len())
    }
}
