//! Printable pages (证据包, 报告回执, 督办单): each one HTML file in Chinese that needs nothing beside itself.

mod notice;
mod receipts;

use chayan_api::cases::{CaseDetail, TimelineEntry};
use chayan_domain::evidence::{PackEvent, Receipt};
use chayan_domain::time::Timestamp;

use crate::day::moment_text;
use crate::words::{said, text};

const STYLE: &str = "body{font:14px/1.6 'Microsoft YaHei','Noto Sans CJK SC',sans-serif;color:#1b1f24;max-width:52rem;\
margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #ccc}\
table{width:100%;border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;\
border-bottom:1px solid #e4e4e4}th{color:#555;font-weight:400;white-space:nowrap}code{font-size:.8em;color:#555;\
overflow-wrap:anywhere}p.note{color:#555}tr.blank td{height:3rem}@media print{body{margin:0}tr{break-inside:avoid}}";

pub(crate) use notice::{NoticeUrge, of_notice};
pub(crate) use receipts::of_receipts;

/// The page of a case as its viewer sees it.
pub(crate) fn of_case(
    detail: &CaseDetail,
    events: &[PackEvent],
    receipts: &[Receipt],
    exported_by: &str,
    now: Timestamp,
) -> String {
    let mut page = begin(&text("pack.title"));
    let made = text("pack.made").replace("{person}", exported_by).replace("{time}", &moment_text(now));
    note(&mut page, &made);
    note(&mut page, &text("pack.check"));
    head(&mut page, detail);
    section(&mut page, "case.what_happened");
    for (entry, event) in detail.timeline.iter().zip(events) {
        line(&mut page, entry, event);
    }
    page.push_str("</table>\n");
    section(&mut page, "case.evidence");
    for receipt in receipts {
        let proof = said("time_proof", &receipt.report_time.proof);
        cells(
            &mut page,
            &moment_text(receipt.received_at),
            &[&moment_text(receipt.report_time.latest), &proof],
            &receipt.signature,
        );
    }
    page.push_str("</table>\n</body></html>\n");
    page
}

fn head(page: &mut String, detail: &CaseDetail) {
    let case = &detail.summary;
    let pending = || text("common.pending");
    let place = place(detail);
    let rows = [
        ("common.number", case.case_id.to_string()),
        ("mine.state", said("state", &case.state)),
        ("case.head_unit", place),
        ("case.head_line", said("line", &case.line)),
        (
            "case.head_reporter",
            case.reporter.as_ref().map_or_else(|| text("common.hidden"), |one| one.name.clone()),
        ),
        ("case.head_trigger", case.facts.trigger.as_ref().map_or_else(pending, |word| said("trigger", word))),
        ("case.head_step", case.facts.step.as_ref().map_or_else(pending, |word| said("step", word))),
        ("case.head_cause", case.facts.cause.as_ref().map_or_else(pending, |word| said("cause", word))),
        ("case.head_found", moment_text(case.found_at)),
    ];
    page.push_str("<table>\n");
    for (key, value) in rows {
        row(page, &text(key), &value);
    }
    customer(page, detail);
    page.push_str("</table>\n");
}

/// The customer's fields, masked as on the viewer's screen.
fn customer(page: &mut String, detail: &CaseDetail) {
    for field in &detail.customer {
        row(page, &said("field", &field.field), &field.text);
    }
}

fn begin(title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n"
    )
}

fn note(page: &mut String, words: &str) {
    page.push_str(&format!("<p class=\"note\">{}</p>\n", plain(words)));
}

fn row(page: &mut String, name: &str, value: &str) {
    page.push_str(&format!("<tr><th>{name}</th><td>{}</td></tr>\n", plain(value)));
}

fn place(detail: &CaseDetail) -> String {
    detail.place.as_ref().map_or_else(String::new, |place| {
        place.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(" / ")
    })
}

fn line(page: &mut String, entry: &TimelineEntry, event: &PackEvent) {
    let kind = match (entry.kind.as_str(), &entry.actor) {
        ("leader_notified", None) => "leader_notified_system",
        (kind, _) => kind,
    };
    let what =
        text(&format!("story.{kind}")).replace("{level}", &entry.level.unwrap_or_default().to_string());
    let nobody = || text(if entry.actor_hidden { "common.hidden" } else { "common.system" });
    let who =
        entry.actor.as_ref().map_or_else(nobody, |person| format!("{} {}", person.name, person.person_id));
    cells(page, &moment_text(entry.at), &[&what, &who], &event.hash.to_string());
}

fn section(page: &mut String, key: &str) {
    page.push_str(&format!("<h2>{}</h2>\n<table>\n", text(key)));
}

fn cells(page: &mut String, when: &str, cells: &[&str], code: &str) {
    page.push_str(&format!("<tr><th>{when}</th>"));
    for cell in cells {
        page.push_str(&format!("<td>{}</td>", plain(cell)));
    }
    page.push_str(&format!("<td><code>{code}</code></td></tr>\n"));
}

/// A text as text, whatever stands in it.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '"' => plain.push_str("&quot;"),
            '\'' => plain.push_str("&#39;"),
            other => plain.push(other),
        }
    }
    plain
}
