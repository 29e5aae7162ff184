//! 督办单: what a department has to do and by when, how it was urged, and room to sign.

use chayan_api::cases::CaseDetail;
use chayan_api::rounds::RoundView;
use chayan_domain::case::{Clock, UrgeKind};
use chayan_domain::time::Timestamp;

use super::{begin, customer, note, place, row, section};
use crate::day::moment_text;
use crate::words::{said, text};

/// One urging with names.
pub(crate) struct NoticeUrge {
    pub(crate) kind: UrgeKind,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) to: Vec<String>,
}

/// The page of a round as its viewer sees it; it never names who reported the case.
pub(crate) fn of_notice(
    detail: &CaseDetail,
    (round, clocks, urges): (&RoundView, &[Clock], &[NoticeUrge]),
    (printed_by, now): (&str, Timestamp),
) -> String {
    let mut page = begin(&text("notice.title"));
    let made = text("notice.made").replace("{person}", printed_by).replace("{time}", &moment_text(now));
    note(&mut page, &made);
    matter(&mut page, detail, round);
    section(&mut page, "notice.clocks");
    for clock in clocks {
        let state = match clock.stopped_at {
            None if now > clock.due_at => text("notice.overdue"),
            None => text("notice.running"),
            Some(stopped) if stopped > clock.due_at => {
                text("notice.stopped_late").replace("{time}", &moment_text(stopped))
            }
            Some(stopped) => text("notice.stopped").replace("{time}", &moment_text(stopped)),
        };
        let due = text("notice.due").replace("{time}", &moment_text(clock.due_at));
        row(
            &mut page,
            &said("timer_name", &clock.name),
            &format!("{due}{}{state}", text("common.separator")),
        );
    }
    page.push_str("</table>\n");
    section(&mut page, "notice.urges");
    for urge in urges {
        let to = urge.to.join(&text("common.list_separator"));
        let words = text("notice.urged").replace("{by}", &urge.by).replace("{to}", &to);
        let kind = said("urge_kind", &urge.kind);
        row(&mut page, &moment_text(urge.at), &format!("{kind}{}{words}", text("common.separator")));
    }
    page.push_str("</table>\n");
    section(&mut page, "notice.demand");
    page.push_str(&format!("<tr><td colspan=\"2\">{}</td></tr>\n", text("notice.demand_words")));
    for blank in ["notice.sign", "notice.result", "notice.head", "notice.date"] {
        page.push_str(&format!("<tr class=\"blank\"><th>{}</th><td></td></tr>\n", text(blank)));
    }
    page.push_str("</table>\n</body></html>\n");
    page
}

fn matter(page: &mut String, detail: &CaseDetail, round: &RoundView) {
    let (case, pending) = (&detail.summary, || text("common.pending"));
    let department = |department: &chayan_api::rounds::DepartmentRef| {
        format!("{} {}", department.unit_name, said("line", &department.line))
    };
    let assisting: Vec<String> = round.assisting.iter().map(|one| department(&one.department)).collect();
    let rows = [
        ("common.number", case.case_id.to_string()),
        ("notice.round", round.label.clone()),
        ("mine.state", said("state", &case.state)),
        ("notice.lead", department(&round.lead)),
        ("notice.assisting", assisting.join(&text("common.list_separator"))),
        ("notice.handler", round.handler.as_ref().map_or_else(pending, |one| one.name.clone())),
        ("notice.dispatched_at", moment_text(round.dispatched_at)),
        ("case.head_unit", place(detail)),
        ("case.head_line", said("line", &case.line)),
        ("case.head_trigger", case.facts.trigger.as_ref().map_or_else(pending, |word| said("trigger", word))),
        ("case.head_step", case.facts.step.as_ref().map_or_else(pending, |word| said("step", word))),
        ("case.head_cause", case.facts.cause.as_ref().map_or_else(pending, |word| said("cause", word))),
    ];
    page.push_str("<table>\n");
    for (key, value) in rows {
        row(page, &text(key), &value);
    }
    customer(page, detail);
    page.push_str("</table>\n");
}
