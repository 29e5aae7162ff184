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
            .chain(report.broken_access.map(|number| at(Text::AuditAtAccess, number)))
            .chain(report.broken_removal.map(|number| at(Text::AuditAtRemoval, number)))
            .collect();
        Err(Failed::new(lines.join("\n")))
    }
}

fn count(text: Text, report: &AuditReport) -> String {
    let numbers = [
        ("cases", report.cases.to_string()),
        ("events", report.events.to_string()),
        ("amendments", report.amendments.to_string()),
        ("accesses", report.accesses.to_string()),
        ("removals", report.removals.to_string()),
        ("count", report.count().to_string()),
    ];
    let words: Vec<(&str, &str)> = numbers.iter().map(|(name, text)| (*name, text.as_str())).collect();
    say(text, &words)
}

fn at(text: Text, number: i64) -> String {
    say(text, &[("number", &number.to_string())])
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
