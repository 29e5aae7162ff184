//! 规则与参数.

use axum::Json as Answer;
use axum::extract::State;
use chayan_api::paths;
use chayan_api::rules::{AmendOutcome, AmendRequest, RuleBook, RuleQuery};

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http::{Asked, Json};
use crate::problem::ApiResult;
use crate::service::{amend, rules};

/// The rules as they bind a unit, with every version and every change.
#[utoipa::path(get, path = paths::RULES, tag = "rules", security(("token" = [])), params(RuleQuery),
    responses((status = 200, body = RuleBook), Problems))]
pub(crate) async fn book(
    State(centre): State<Centre>,
    caller: Caller,
    Asked(asked): Asked<RuleQuery>,
) -> ApiResult<Answer<RuleBook>> {
    rules::book(&centre, &caller, &asked).await.map(Answer)
}

/// A change of the rules, or a look at what it would change. The same change again is answered as before.
#[utoipa::path(post, path = paths::AMENDMENTS, tag = "rules", security(("token" = [])), request_body = AmendRequest,
    responses((status = 200, body = AmendOutcome), Problems))]
pub(crate) async fn amend(
    State(centre): State<Centre>,
    caller: Caller,
    Json(asked): Json<AmendRequest>,
) -> ApiResult<Answer<AmendOutcome>> {
    amend::amend(&centre, &caller, asked).await.map(Answer)
}
