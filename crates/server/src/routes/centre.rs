//! Reference data, evidence services, health.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chayan_api::paths;
use chayan_api::reference::{AnchorRequest, Health, Reference, SigningKey};
use chayan_domain::evidence::Anchor;

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http::Json;
use crate::problem::{ApiError, ApiResult};
use crate::service::reference as evidence;

/// What a desk caches. Answers 304 to an `If-None-Match` that still holds.
#[utoipa::path(get, path = paths::REFERENCE, tag = "reference", security(("token" = [])),
    responses((status = 200, body = Reference), (status = 304), Problems))]
pub(crate) async fn reference(
    State(centre): State<Centre>,
    caller: Caller,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let reference = evidence::reference(&centre, &caller)?;
    let tag = HeaderValue::from_str(&format!("\"{}\"", reference.version)).map_err(ApiError::internal)?;
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|given| *given == tag);
    let tagged = [(header::ETAG, tag)];
    Ok(if known {
        (StatusCode::NOT_MODIFIED, tagged).into_response()
    } else {
        (tagged, Answer(reference)).into_response()
    })
}

/// A signed time anchor.
#[utoipa::path(post, path = paths::ANCHORS, tag = "reference", security(("token" = [])), request_body = AnchorRequest,
    responses((status = 200, body = Anchor), Problems))]
pub(crate) async fn anchor(
    State(centre): State<Centre>,
    caller: Caller,
    Json(asked): Json<AnchorRequest>,
) -> ApiResult<Answer<Anchor>> {
    evidence::anchor(&centre, &caller, asked).map(Answer)
}

/// The public key that anchors and receipts verify with.
#[utoipa::path(get, path = paths::SIGNING_KEY, tag = "reference",
    responses((status = 200, body = SigningKey), Problems))]
pub(crate) async fn signing_key(State(centre): State<Centre>) -> Answer<SigningKey> {
    Answer(evidence::signing_key(&centre))
}

/// Liveness and versions; 503 when the store takes no work.
#[utoipa::path(get, path = paths::HEALTH, tag = "reference",
    responses((status = 200, body = Health), (status = 503, body = Health), Problems))]
pub(crate) async fn health(State(centre): State<Centre>) -> Response {
    let health = evidence::health(&centre).await;
    let status = if health.status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Answer(health)).into_response()
}
