//! 报告回执: what the centre confirms to whoever reported, with its signatures. The receipts themselves follow the page.

use chayan_api::cases::CaseDetail;
use chayan_domain::evidence::{Receipt, key_id};
use chayan_domain::time::Timestamp;
use ed25519_dalek::VerifyingKey;

use super::{begin, note, place, row};
use crate::day::moment_text;
use crate::words::{said, text};

/// The page up to where the receipts as data begin.
pub(crate) fn of_receipts(
    detail: &CaseDetail,
    receipts: &[Receipt],
    key: &VerifyingKey,
    (saved_by, now): (&str, Timestamp),
) -> String {
    let case = &detail.summary;
    let mut page = begin(&text("receipt.title"));
    let made = text("receipt.made").replace("{person}", saved_by).replace("{time}", &moment_text(now));
    note(&mut page, &made);
    note(&mut page, &text("receipt.check"));
    page.push_str("<table>\n");
    row(&mut page, &text("common.number"), &case.case_id.to_string());
    row(&mut page, &text("case.head_unit"), &place(detail));
    let reporter = case
        .reporter
        .as_ref()
        .map_or_else(|| text("common.hidden"), |one| format!("{} {}", one.name, one.person_id));
    row(&mut page, &text("case.head_reporter"), &reporter);
    row(&mut page, &text("case.head_found"), &moment_text(case.found_at));
    row(&mut page, &text("receipt.key"), &key_id(key));
    page.push_str("</table>\n");
    for (number, receipt) in (1_u32..).zip(receipts) {
        let title = text("receipt.one").replace("{n}", &number.to_string());
        page.push_str(&format!("<h2>{title}</h2>\n<table>\n"));
        let time = &receipt.report_time;
        let latest = moment_text(time.latest);
        let between = match time.earliest {
            Some(earliest) if earliest == time.latest => latest,
            Some(earliest) => text("case.report_time_between")
                .replace("{from}", &moment_text(earliest))
                .replace("{to}", &latest),
            None => text("case.report_time_until").replace("{to}", &latest),
        };
        row(&mut page, &text("receipt.received_at"), &moment_text(receipt.received_at));
        row(&mut page, &text("receipt.report_time"), &between);
        row(&mut page, &text("receipt.proof"), &said("time_proof", &time.proof));
        row(&mut page, &text("receipt.content"), &receipt.content_hash.to_string());
        row(&mut page, &text("receipt.chain"), &receipt.case_hash.to_string());
        row(&mut page, &text("receipt.signature"), &receipt.signature);
        page.push_str("</table>\n");
    }
    page
}
