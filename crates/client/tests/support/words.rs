//! What the fake centre says: people, cases, alerts, feed events.

use chayan_domain::ids::CaseId;
use chayan_domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{CLERK, MORNING};

pub(super) fn me(newer: bool) -> Value {
    let (line, roles) =
        if newer { ("new_line", json!(["REP", "NEW"])) } else { ("customer_service", json!(["REP"])) };
    json!({
        "person_id": CLERK, "name": "李芳", "unit_id": "320100", "unit_name": "南京市分公司",
        "line": line, "roles": roles,
    })
}

pub(crate) fn case_summary(case_id: CaseId, at: Timestamp) -> Value {
    json!({
        "case_id": case_id, "version": 2, "state": "SUBMITTED", "reporter": null, "unit_id": "320100",
        "unit_name": "南京市分公司", "line": "claims", "facts": {}, "found_at": at.0, "changed_at": at.0,
        "clock": null, "level": 0, "holder": null, "missing": [], "report_time": null, "callback_result": null,
    })
}

pub(crate) fn alert(number: u128) -> Value {
    json!({
        "alert_id": Uuid::from_u128(0xA000_0000 + number), "case_id": Uuid::from_u128(0xC000_0000 + number),
        "kind": "leader_notice", "level": 1, "raised_at": MORNING.0, "due_at": null, "span": null,
        "unit_name": "南京市分公司", "line": "claims", "facts": {}, "story": [], "ended": null,
    })
}

pub(crate) fn raised(number: u128) -> Value {
    json!({ "kind": "alert_raised", "alert": alert(number) })
}

pub(crate) fn ended(number: u128) -> Value {
    let alert = alert(number);
    json!({
        "kind": "alert_ended", "alert_id": alert["alert_id"], "case_id": alert["case_id"],
        "over": { "reason": "taken_by_other", "at": MORNING.0 },
    })
}
