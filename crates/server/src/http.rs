//! What happens to every request around its handler: request id, log line, limits, time limit, panics, problem bodies.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, MatchedPath, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chayan_api::error::{ErrorCode, PROBLEM_JSON};
use chayan_api::paths;
use chayan_domain::evidence::sha256;
use serde::de::DeserializeOwned;
use tracing::{Instrument as _, error, info, info_span};

use crate::centre::Centre;
use crate::problem::{ApiError, Carried};

/// A long poll may wait this much longer than other requests take.
const LONG_POLL_ALLOWANCE: Duration = Duration::from_secs(30);
/// Whoever sends a longer request id gets one of ours.
const LONGEST_REQUEST_ID: usize = 64;

/// The outermost layer: names the request, writes the body of a problem, logs one line.
pub(crate) async fn finish(State(centre): State<Centre>, request: Request, next: Next) -> Response {
    let began = centre.clock.now();
    let request_id = request_id(request.headers()).unwrap_or_else(|| centre.entropy.uuid(began).to_string());
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = info_span!("request", request_id);
    async {
        let mut response = next.run(request).await;
        if let Some(Carried(told)) = response.extensions_mut().remove::<Carried>() {
            response = write_problem(response, &told, &request_id);
        }
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert(HeaderName::from_static(paths::REQUEST_ID), value);
        }
        let latency = centre.clock.now().since(began).0;
        info!(%method, route, status = response.status().as_u16(), latency_ms = latency, "request");
        response
    }
    .instrument(span)
    .await
}

/// The inner layer: rate, concurrency and time.
pub(crate) async fn bound(State(centre): State<Centre>, request: Request, next: Next) -> Response {
    let caller = caller_key(&request);
    if let Err(seconds) = centre.buckets.take(caller, centre.clock.now()) {
        return ApiError::new(ErrorCode::TooManyRequests).retry_after(seconds).into_response();
    }
    let Ok(_turn) = centre.handling.try_acquire() else {
        return ApiError::new(ErrorCode::Unavailable).retry_after(1).into_response();
    };
    let mut longest = Duration::from_secs(centre.config.request_timeout_seconds.into());
    if request.uri().path() == paths::EVENTS {
        longest += LONG_POLL_ALLOWANCE;
    }
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(ErrorCode::Unavailable).retry_after(1).into_response(),
    }
}

/// What a panicking handler answers; the text of the panic goes to the log only.
pub(crate) fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panic without text");
    ApiError::internal(format!("handler panicked: {text}")).into_response()
}

/// Paths that are not in the contract.
pub(crate) async fn unknown_path() -> ApiError {
    ApiError::new(ErrorCode::NotFound)
}

/// Methods that a path does not have.
pub(crate) async fn unknown_method() -> ApiError {
    ApiError::new(ErrorCode::BadRequest)
}

/// A JSON body. Its faults never reach the log: they could quote a customer.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// Parts of the path.
#[derive(FromRequestParts)]
#[from_request(via(Path), rejection(ApiError))]
pub(crate) struct At<T>(pub(crate) T);

/// The query.
#[derive(FromRequestParts)]
#[from_request(via(Query), rejection(ApiError))]
pub(crate) struct Asked<T>(pub(crate) T);

/// Whether a text in the JSON holds NUL. No name, number or word does, and PostgreSQL cannot even compare with it.
fn holds_nul(json: &[u8]) -> bool {
    const NUL: &[u8] = b"\\u0000";
    let escaped = |at: usize| json[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    json.windows(NUL.len()).enumerate().any(|(at, window)| window == NUL && !escaped(at))
}

/// Parses JSON without ever quoting it.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if holds_nul(bytes) {
        return Err(ErrorCode::BadRequest.into());
    }
    serde_json::from_slice(bytes).map_err(|_| ApiError::new(ErrorCode::BadRequest))
}

impl From<BytesRejection> for ApiError {
    fn from(rejection: BytesRejection) -> Self {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Self::new(if too_large { ErrorCode::TooLarge } else { ErrorCode::BadRequest })
    }
}

impl From<PathRejection> for ApiError {
    fn from(_: PathRejection) -> Self {
        Self::new(ErrorCode::BadRequest)
    }
}

impl From<QueryRejection> for ApiError {
    fn from(_: QueryRejection) -> Self {
        Self::new(ErrorCode::BadRequest)
    }
}

/// The bearer token, if one was sent.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Who has a bucket of their own: a token; without one, an address.
fn caller_key(request: &Request) -> [u8; 32] {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let name = bearer(request.headers()).map(str::to_owned).or(address).unwrap_or_default();
    sha256(name.as_bytes()).0
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let given = headers.get(paths::REQUEST_ID)?.to_str().ok()?;
    let plain = given.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (plain && !given.is_empty() && given.len() <= LONGEST_REQUEST_ID).then(|| given.to_owned())
}

fn write_problem(response: Response, told: &ApiError, request_id: &str) -> Response {
    let mut problem = (*told.problem).clone();
    problem.request_id = Some(request_id.to_owned());
    if let Some(cause) = &told.cause {
        error!(code = %problem.code, cause = ?cause, "request failed");
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Some(seconds) = problem.retry_after {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, Body::from(serde_json::to_vec(&problem).unwrap_or_default()))
}
