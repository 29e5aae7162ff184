//! The feed as a stream and by long polling.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response, Sse};
use chayan_api::paths;
use chayan_api::stream::{EventsQuery, FeedEvent, FeedPage};
use serde::Deserialize;

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::feed;
use crate::http::Asked;
use crate::problem::ApiResult;

/// Where a stream begins.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// Continue after this; `Last-Event-ID` goes before it. Absent: from now.
    cursor: Option<String>,
}

/// Server-sent events: `feed` with a cursor as id, `ping` at once and every ten seconds.
#[utoipa::path(get, path = paths::STREAM, tag = "feed", security(("token" = [])), params(StreamQuery),
    responses((status = 200, body = FeedEvent, content_type = "text/event-stream"), Problems))]
pub(crate) async fn stream(
    State(centre): State<Centre>,
    caller: Caller,
    headers: HeaderMap,
    Asked(asked): Asked<StreamQuery>,
) -> ApiResult<Response> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let cursor = last.filter(|text| !text.is_empty()).or(asked.cursor.as_deref());
    let events = feed::stream(&centre, caller, cursor).await?;
    // Proxies must pass every event on at once.
    let unbuffered =
        [(header::CACHE_CONTROL, "no-cache"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(events)).into_response())
}

/// The same events by long polling.
#[utoipa::path(get, path = paths::EVENTS, tag = "feed", security(("token" = [])), params(EventsQuery),
    responses((status = 200, body = FeedPage), Problems))]
pub(crate) async fn events(
    State(centre): State<Centre>,
    caller: Caller,
    Asked(asked): Asked<EventsQuery>,
) -> ApiResult<Answer<FeedPage>> {
    feed::poll(&centre, &caller, &asked).await.map(Answer)
}
