//! Cases: commands, lists, one case, one field in the clear, the figures over the queue.

use axum::Json as Answer;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chayan_api::cases::{
    CallbackFigures, CaseDetail, CaseList, CaseListQuery, RevealRequest, Revealed, Wallboard,
};
use chayan_api::commands::{Accepted, Envelope};
use chayan_api::paths;
use chayan_api::search::{CaseExport, CaseSearch};
use chayan_domain::ids::{CaseId, CommandId};

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http::{Asked, At, Json};
use crate::problem::{ApiError, ApiResult};
use crate::service::export::Exported;
use crate::service::{cases, export, figures, lists, notice, pack, receipts, reveal as revealing, submit};

/// One command to one case. The command's id is its idempotency key for ever: the same bytes again are answered with
/// the same receipt, other bytes under the same id are refused.
#[utoipa::path(put, path = paths::COMMAND, tag = "cases", security(("token" = [])), request_body = Envelope,
    params(("case_id" = CaseId, Path), ("command_id" = CommandId, Path)),
    responses((status = 200, body = Accepted), Problems))]
pub(crate) async fn command(
    State(centre): State<Centre>,
    caller: Caller,
    At((case_id, command_id)): At<(CaseId, CommandId)>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> ApiResult<Answer<Accepted>> {
    let body = body.map_err(ApiError::from)?;
    submit::submit(&centre, &caller, case_id, command_id, &body).await.map(Answer)
}

/// A list of cases.
#[utoipa::path(get, path = paths::CASES, tag = "cases", security(("token" = [])), params(CaseListQuery),
    responses((status = 200, body = CaseList), Problems))]
pub(crate) async fn list(
    State(centre): State<Centre>,
    caller: Caller,
    Asked(asked): Asked<CaseListQuery>,
) -> ApiResult<Answer<CaseList>> {
    lists::list(&centre, &caller, &asked).await.map(Answer)
}

/// A list of cases, narrowed. Looking for a customer is recorded.
#[utoipa::path(post, path = paths::CASE_SEARCH, tag = "cases", security(("token" = [])), request_body = CaseSearch,
    responses((status = 200, body = CaseList), Problems))]
pub(crate) async fn search(
    State(centre): State<Centre>,
    caller: Caller,
    Json(asked): Json<CaseSearch>,
) -> ApiResult<Answer<CaseList>> {
    lists::search(&centre, &caller, &asked).await.map(Answer)
}

/// A whole list as a file; it is recorded.
#[utoipa::path(post, path = paths::CASE_EXPORT, tag = "cases", security(("token" = [])), request_body = CaseExport,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
pub(crate) async fn export(
    State(centre): State<Centre>,
    caller: Caller,
    Json(asked): Json<CaseExport>,
) -> ApiResult<Response> {
    export::export(&centre, &caller, &asked).await.map(file)
}

/// The evidence of one case; it is recorded.
#[utoipa::path(post, path = paths::PACK, tag = "cases", security(("token" = [])), params(("case_id" = CaseId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
pub(crate) async fn take_evidence(
    State(centre): State<Centre>,
    caller: Caller,
    At(case_id): At<CaseId>,
) -> ApiResult<Response> {
    pack::export(&centre, &caller, case_id).await.map(file)
}

/// 报告回执 of one case, for whoever wrote it and whoever may take its evidence.
#[utoipa::path(post, path = paths::RECEIPTS, tag = "cases", security(("token" = [])),
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
pub(crate) async fn take_receipts(
    State(centre): State<Centre>,
    caller: Caller,
    At(case_id): At<CaseId>,
) -> ApiResult<Response> {
    receipts::export(&centre, &caller, case_id).await.map(file)
}

/// 督办单 of one case, for those who supervise or handle it; it is recorded.
#[utoipa::path(post, path = paths::NOTICE, tag = "cases", security(("token" = [])),
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
pub(crate) async fn take_notice(
    State(centre): State<Centre>,
    caller: Caller,
    At(case_id): At<CaseId>,
) -> ApiResult<Response> {
    notice::export(&centre, &caller, case_id).await.map(file)
}

/// A file with what is said of it.
fn file(exported: Exported) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (HeaderName::from_static(paths::ROWS), HeaderValue::from(exported.rows)),
        (
            HeaderName::from_static(paths::COMPLETE),
            HeaderValue::from_static(if exported.complete { "true" } else { "false" }),
        ),
    ];
    (headers, exported.bytes).into_response()
}

/// One case with everything that its viewer may see.
#[utoipa::path(get, path = paths::CASE, tag = "cases", security(("token" = [])), params(("case_id" = CaseId, Path)),
    responses((status = 200, body = CaseDetail), Problems))]
pub(crate) async fn detail(
    State(centre): State<Centre>,
    caller: Caller,
    At(case_id): At<CaseId>,
) -> ApiResult<Answer<CaseDetail>> {
    cases::detail(&centre, &caller, case_id).await.map(Answer)
}

/// One customer field in the clear; the showing is an event.
#[utoipa::path(post, path = paths::REVEAL, tag = "cases", security(("token" = [])), request_body = RevealRequest,
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = Revealed), Problems))]
pub(crate) async fn reveal(
    State(centre): State<Centre>,
    caller: Caller,
    At(case_id): At<CaseId>,
    Json(asked): Json<RevealRequest>,
) -> ApiResult<Answer<Revealed>> {
    revealing::reveal(&centre, &caller, case_id, asked).await.map(Answer)
}

/// The figures over the callback queue.
#[utoipa::path(get, path = paths::CALLBACK_FIGURES, tag = "cases", security(("token" = [])),
    responses((status = 200, body = CallbackFigures), Problems))]
pub(crate) async fn callback_figures(
    State(centre): State<Centre>,
    caller: Caller,
) -> ApiResult<Answer<CallbackFigures>> {
    figures::callback(&centre, &caller).await.map(Answer)
}

/// The figures and the next calls, for the wall.
#[utoipa::path(get, path = paths::WALLBOARD, tag = "cases", security(("token" = [])),
    responses((status = 200, body = Wallboard), Problems))]
pub(crate) async fn wallboard(State(centre): State<Centre>, caller: Caller) -> ApiResult<Answer<Wallboard>> {
    figures::wallboard(&centre, &caller).await.map(Answer)
}
