//! Verifies the evidence of the whole database, for auditors and after a restore.

use chayan_store::{AuditFault, AuditFaultKind, AuditReport, Store};

use super::Failed;
use crate::texts::{Text, look_up, say};

/// Reads every event, case and commitment.
///
/// # Errors
/// When anything does not hold: each place on a line of its own. Or when the database fails.
pub async fn verify_audit(store: &Store) -> Result<String, Failed> {
    let report = store.audit().await.map_err(Failed::store)?;
    if report.is_sound() {
        Ok(count(Text::AuditOk, &report))
    } else {
        let lines: Vec<String> = std::iter::once(count(Text::AuditBroken, &report))
            .chain(report.faults.iter().map(line))
            .chain(report.broken_amendments.iter().map(amendment_line))
            .chain(report.broken_access.map(access_line))
            .collect();
        Err(Failed::new(lines.join("\n")))
    }
}

fn count(text: Text, report: &AuditReport) -> String {
    let (cases, events) = (report.cases.to_string(), report.events.to_string());
    let faults =
        report.faults.len() + report.broken_amendments.len() + usize::from(report.broken_access.is_some());
    let (count, amendments) = (faults.to_string(), report.amendments.to_string());
    let words = [("cases", &*cases), ("events", &events), ("amendments", &amendments), ("count", &count)];
    say(text, &words)
}

fn access_line(number: i64) -> String {
    say(Text::AuditAtAccess, &[("number", &number.to_string())])
}

fn amendment_line((number, kind): &(u32, AuditFaultKind)) -> String {
    let (number, code) = (number.to_string(), kind.code());
    let what = look_up(&format!("audit.{code}")).unwrap_or_else(|| code.clone());
    say(Text::AuditAtAmendment, &[("amendment", &number), ("what", &what), ("code", &code)])
}

fn line(fault: &AuditFault) -> String {
    let code = fault.kind.code();
    let what = look_up(&format!("audit.{code}")).unwrap_or_else(|| code.clone());
    let (case, what, code) =
        (("case", fault.case_id.as_str()), ("what", what.as_str()), ("code", code.as_str()));
    match fault.event {
        Some(event) => say(Text::AuditAtEvent, &[case, ("event", &event.to_string()), what, code]),
        None => say(Text::AuditAtCase, &[case, what, code]),
    }
}
