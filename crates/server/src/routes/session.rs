//! Signing in and out.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::session::{Me, SignIn, SignedIn};

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http::Json;
use crate::problem::ApiResult;
use crate::service::session;

/// Signs in.
#[utoipa::path(post, path = paths::SESSION, tag = "session", request_body = SignIn,
    responses((status = 200, body = SignedIn), Problems))]
pub(crate) async fn sign_in(
    State(centre): State<Centre>,
    Json(asked): Json<SignIn>,
) -> ApiResult<Answer<SignedIn>> {
    session::sign_in(&centre, asked).await.map(Answer)
}

/// Who is signed in.
#[utoipa::path(get, path = paths::SESSION, tag = "session", security(("token" = [])),
    responses((status = 200, body = Me), Problems))]
pub(crate) async fn who(caller: Caller) -> ApiResult<Answer<Me>> {
    let me = session::me(&caller.organisation, caller.id()).ok_or(ErrorCode::UnknownMember)?;
    Ok(Answer(me))
}

/// Signs out.
#[utoipa::path(delete, path = paths::SESSION, tag = "session", security(("token" = [])),
    responses((status = 204), Problems))]
pub(crate) async fn sign_out(State(centre): State<Centre>, caller: Caller) -> ApiResult<StatusCode> {
    session::sign_out(&centre, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
