//! Every path of the contract, version 1, and the headers that carry meaning.

/// `POST` signs in, `GET` says who is signed in, `DELETE` signs out.
pub const SESSION: &str = "/v1/session";
/// `PUT`: one command to one case; the command's id is its idempotency key for ever.
pub const COMMAND: &str = "/v1/cases/{case_id}/commands/{command_id}";
/// `GET`: a list of cases, see [`crate::cases::CaseListQuery`].
pub const CASES: &str = "/v1/cases";
/// `POST`: a list of cases, narrowed, see [`crate::search::CaseSearch`].
pub const CASE_SEARCH: &str = "/v1/cases/search";
/// `POST`: a whole list as a file, see [`crate::search::CaseExport`].
pub const CASE_EXPORT: &str = "/v1/cases/export";
/// `GET`: units by code or name (`?text=`), to narrow a list by.
pub const UNITS: &str = "/v1/units";
/// `POST`: people by staff number, name or telephone, for who registers a call.
pub const PEOPLE_SEARCH: &str = "/v1/people/search";
/// `GET`: who saw what, for audit, see [`crate::search::AccessQuery`].
pub const ACCESSES: &str = "/v1/accesses";
/// `GET`: what the last walk over all chains found; `POST` begins one.
pub const AUDIT: &str = "/v1/audit";
/// `GET`: customer data that was removed when its time was over, for audit (`?before=`).
pub const REMOVALS: &str = "/v1/removals";
/// `GET`: one case with everything that its viewer may see.
pub const CASE: &str = "/v1/cases/{case_id}";
/// `POST`: one customer field in the clear, with a reason; the showing is an event.
pub const REVEAL: &str = "/v1/cases/{case_id}/reveal";
/// `POST`: the evidence of one case as a file that can be checked without the centre; it is recorded.
pub const PACK: &str = "/v1/cases/{case_id}/pack";
/// `POST`: 报告回执 of one case as a page that can be checked without the centre.
pub const RECEIPTS: &str = "/v1/cases/{case_id}/receipts";
/// `POST`: 督办单 of one case as a page to print; it is recorded.
pub const NOTICE: &str = "/v1/cases/{case_id}/notice";
/// `GET`: the figures over the callback queue.
pub const CALLBACK_FIGURES: &str = "/v1/callbacks/figures";
/// `GET`: the figures and the next ten calls, for the screen on the wall.
pub const WALLBOARD: &str = "/v1/callbacks/wallboard";
/// `GET`: the open alerts of the signed-in person.
pub const ALERTS: &str = "/v1/alerts";
/// `POST`: delivered / shown / acknowledged, in batches.
pub const ALERT_RECEIPTS: &str = "/v1/alerts/receipts";
/// `GET`: what a desk caches: who I am, my leaders, the rules. With `ETag`.
pub const REFERENCE: &str = "/v1/reference";
/// `GET`: the whole directory as of a date (`?on=2025-06-30&unit=`), for IT and audit.
pub const DIRECTORY: &str = "/v1/directory";
/// `GET`: the rules as they bind a unit (`?unit=`), every version of them, and every change with who and why.
pub const RULES: &str = "/v1/rules";
/// `POST`: a change of the rules, or what it would change.
pub const AMENDMENTS: &str = "/v1/rules/amendments";
/// `POST`: what a file would change, with every error by row; changes nothing.
pub const DIRECTORY_PREVIEW: &str = "/v1/directory/preview";
/// `GET`: who brought which version and why; `POST`: takes exactly what was previewed.
pub const DIRECTORY_VERSIONS: &str = "/v1/directory/versions";
/// `GET`: what a version changed, as far as its import is recorded.
pub const DIRECTORY_CHANGES: &str = "/v1/directory/versions/{version}/changes";
/// `GET`: who brought which version of the calendar, what it changed and why.
pub const CALENDARS: &str = "/v1/calendars";
/// `GET`: absences of mine and of those whom I lead; `POST`: enters one.
pub const ABSENCES: &str = "/v1/absences";
/// `POST`: ends an absence now; one that has not begun will not.
pub const ABSENCE_END: &str = "/v1/absences/{absence_id}/end";
/// `GET`: server-sent events from a cursor (`Last-Event-ID` or `?cursor=`).
pub const STREAM: &str = "/v1/stream";
/// `GET`: the same events by long polling (`?cursor=&wait=` in seconds, at most 25).
pub const EVENTS: &str = "/v1/events";
/// `POST`: a signed time anchor.
pub const ANCHORS: &str = "/v1/anchors";
/// `GET`: the public key that anchors and receipts verify with.
pub const SIGNING_KEY: &str = "/v1/signing-key";
/// `GET`: liveness and versions, without sign-in.
pub const HEALTH: &str = "/v1/health";
/// `GET`: the OpenAPI document.
pub const OPENAPI: &str = "/v1/openapi.json";

/// Request id: taken from the caller or made, returned on every answer, in every log line.
pub const REQUEST_ID: &str = "x-request-id";
/// The device a request comes from (UUID).
pub const DEVICE_ID: &str = "x-chayan-device";
/// The program's version.
pub const CLIENT_VERSION: &str = "x-chayan-version";

/// How many rows an exported list has.
pub const ROWS: &str = "x-chayan-rows";
/// Whether they are all (`true`), or as many as a file may have (`false`).
pub const COMPLETE: &str = "x-chayan-complete";

/// The path of one command.
#[must_use]
pub fn command(case_id: chayan_domain::ids::CaseId, command_id: chayan_domain::ids::CommandId) -> String {
    format!("/v1/cases/{case_id}/commands/{command_id}")
}

/// The path of one case.
#[must_use]
pub fn case(case_id: chayan_domain::ids::CaseId) -> String {
    format!("/v1/cases/{case_id}")
}

/// The path of one case's evidence.
#[must_use]
pub fn pack(case_id: chayan_domain::ids::CaseId) -> String {
    format!("/v1/cases/{case_id}/pack")
}

/// The path of one case's receipts.
#[must_use]
pub fn receipts(case_id: chayan_domain::ids::CaseId) -> String {
    format!("/v1/cases/{case_id}/receipts")
}

/// The path of one case's 督办单.
#[must_use]
pub fn notice(case_id: chayan_domain::ids::CaseId) -> String {
    format!("/v1/cases/{case_id}/notice")
}

/// The path of what a version of the directory changed.
#[must_use]
pub fn directory_changes(version: &str) -> String {
    format!("/v1/directory/versions/{version}/changes")
}

/// The path that ends an absence.
#[must_use]
pub fn absence_end(absence_id: chayan_domain::ids::AbsenceId) -> String {
    format!("/v1/absences/{absence_id}/end")
}

/// The path for showing one field of a case.
#[must_use]
pub fn reveal(case_id: chayan_domain::ids::CaseId) -> String {
    format!("/v1/cases/{case_id}/reveal")
}
