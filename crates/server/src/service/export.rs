//! A whole list as a file: what the screen shows of each case to the same person, and nothing else. Whoever takes one
//! along is recorded first.

use chayan_api::cases::CaseSummary;
use chayan_api::search::{AccessKind, CaseExport, ExportFormat};
use chayan_domain::case::Case;

use super::accesses;
use super::cases::{moments, viewer};
use super::lists;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::day::moment_text;
use crate::past::Past;
use crate::problem::{ApiError, ApiResult};
use crate::table::Table;
use crate::words::{said, text};

/// So many cases a file holds; whoever needs more narrows the list.
const MOST_ROWS: usize = 20_000;

/// The columns, in order: keys of the catalogue.
const COLUMNS: [&str; 18] = [
    "case_no",
    "state",
    "unit_id",
    "unit",
    "line",
    "reporter",
    "trigger",
    "step",
    "cause",
    "cause_detail",
    "complaint",
    "found_at",
    "report_time",
    "clock",
    "due_at",
    "holder",
    "result",
    "missing",
];

/// A list that was made into a file.
pub(crate) struct Exported {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: u32,
    pub(crate) complete: bool,
}

/// Reads the list to its end, records the access, answers with the file.
pub(crate) async fn export(centre: &Centre, caller: &Caller, asked: &CaseExport) -> ApiResult<Exported> {
    let mut query = lists::query(caller, asked.view, &asked.filter)?;
    let (mut cases, mut complete): (Vec<Case>, bool) = (Vec::new(), false);
    while !complete && cases.len() < MOST_ROWS {
        let (page, next) = lists::page(centre, caller, &query).await?;
        cases.extend(page);
        complete = next.is_none();
        query.after = next;
    }
    complete &= cases.len() <= MOST_ROWS;
    cases.truncate(MOST_ROWS);
    let past = Past::of(centre, &caller.organisation, moments(cases.iter())).await?;
    let viewer = viewer(caller, &past);
    let table = Table {
        name: text(&format!("find.view_{}", crate::words::word(&asked.view))),
        head: COLUMNS.iter().map(|column| text(&format!("export.col_{column}"))).collect(),
        rows: cases.iter().map(|case| row(&viewer.summary(case))).collect(),
    };
    let bytes = match asked.format {
        ExportFormat::Csv => table.csv().map_err(ApiError::internal)?,
        ExportFormat::Xlsx => table.xlsx().map_err(ApiError::internal)?,
    };
    let rows = u32::try_from(cases.len()).unwrap_or(u32::MAX);
    let mut record = accesses::record(centre, caller, AccessKind::Export, (asked.view, &asked.filter));
    record.format = Some(asked.format.into());
    record.count = rows;
    accesses::note(centre, record).await?;
    Ok(Exported { bytes, rows, complete })
}

fn row(case: &CaseSummary) -> Vec<String> {
    let nothing = || text("common.none");
    let pending = || text("common.pending");
    let facts = &case.facts;
    let demanded = facts.complaint_demanded.map(|yes| text(if yes { "common.yes" } else { "common.no" }));
    let missing: Vec<String> = case.missing.iter().map(|field| said("field", field)).collect();
    vec![
        case.case_id.to_string(),
        said("state", &case.state),
        case.unit_id.to_string(),
        case.unit_name.clone(),
        said("line", &case.line),
        case.reporter.as_ref().map_or_else(|| text("common.hidden"), |person| person.name.clone()),
        facts.trigger.as_ref().map_or_else(pending, |word| said("trigger", word)),
        facts.step.as_ref().map_or_else(pending, |word| said("step", word)),
        facts.cause.as_ref().map_or_else(pending, |word| said("cause", word)),
        facts.cause_detail.as_ref().map_or_else(nothing, |word| said("cause_detail", word)),
        demanded.unwrap_or_else(pending),
        moment_text(case.found_at),
        case.report_time.map_or_else(nothing, |time| moment_text(time.latest)),
        case.clock.as_ref().map_or_else(nothing, |clock| said("timer_name", &clock.name)),
        case.clock.as_ref().map_or_else(nothing, |clock| moment_text(clock.due_at)),
        case.holder.as_ref().map_or_else(nothing, |person| person.name.clone()),
        case.callback_result.as_ref().map_or_else(nothing, |word| said("callback_result", word)),
        missing.join(&text("common.list_separator")),
    ]
}
