//! Alerts and what devices did with them.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use chayan_api::alerts::{AlertList, AlertReceipts};
use chayan_api::paths;

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http::Json;
use crate::problem::ApiResult;
use crate::service::alerts;

/// The open alerts of the signed-in person, most urgent first.
#[utoipa::path(get, path = paths::ALERTS, tag = "alerts", security(("token" = [])),
    responses((status = 200, body = AlertList), Problems))]
pub(crate) async fn open(State(centre): State<Centre>, caller: Caller) -> ApiResult<Answer<AlertList>> {
    alerts::open(&centre, &caller).await.map(Answer)
}

/// Delivered, shown, acknowledged: at most 500 at once; repeating one changes nothing.
#[utoipa::path(post, path = paths::ALERT_RECEIPTS, tag = "alerts", security(("token" = [])),
    request_body = AlertReceipts, responses((status = 204), Problems))]
pub(crate) async fn receipts(
    State(centre): State<Centre>,
    caller: Caller,
    Json(batch): Json<AlertReceipts>,
) -> ApiResult<StatusCode> {
    alerts::take_receipts(&centre, &caller, batch).await?;
    Ok(StatusCode::NO_CONTENT)
}
