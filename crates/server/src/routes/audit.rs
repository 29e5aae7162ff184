//! 审计: the chains, who saw what, what was removed.

use axum::Json as Answer;
use axum::extract::State;
use chayan_api::audit::{AuditState, RemovalList, RemovalQuery};
use chayan_api::paths;
use chayan_api::search::{AccessList, AccessQuery};

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http::Asked;
use crate::problem::ApiResult;
use crate::service::{accesses, audit};

/// Who saw what: lookups, lists and evidence that were taken along, customer fields that were shown.
#[utoipa::path(get, path = paths::ACCESSES, tag = "audit", security(("token" = [])), params(AccessQuery),
    responses((status = 200, body = AccessList), Problems))]
pub(crate) async fn accesses(
    State(centre): State<Centre>,
    caller: Caller,
    Asked(asked): Asked<AccessQuery>,
) -> ApiResult<Answer<AccessList>> {
    accesses::list(&centre, &caller, &asked).await.map(Answer)
}

/// What the last walk over all chains found, and whether one is under way.
#[utoipa::path(get, path = paths::AUDIT, tag = "audit", security(("token" = [])),
    responses((status = 200, body = AuditState), Problems))]
pub(crate) async fn state(State(centre): State<Centre>, caller: Caller) -> ApiResult<Answer<AuditState>> {
    audit::state(&centre, &caller).map(Answer)
}

/// Begins a walk over all chains; where one is under way, nothing more happens.
#[utoipa::path(post, path = paths::AUDIT, tag = "audit", security(("token" = [])),
    responses((status = 200, body = AuditState), Problems))]
pub(crate) async fn begin(State(centre): State<Centre>, caller: Caller) -> ApiResult<Answer<AuditState>> {
    audit::begin(&centre, &caller).map(Answer)
}

/// Customer data that was removed because its time was over.
#[utoipa::path(get, path = paths::REMOVALS, tag = "audit", security(("token" = [])), params(RemovalQuery),
    responses((status = 200, body = RemovalList), Problems))]
pub(crate) async fn removals(
    State(centre): State<Centre>,
    caller: Caller,
    Asked(asked): Asked<RemovalQuery>,
) -> ApiResult<Answer<RemovalList>> {
    audit::removals(&centre, &caller, &asked).await.map(Answer)
}
