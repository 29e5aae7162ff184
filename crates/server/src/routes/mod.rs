//! Handlers: read the request, call one use case, answer. What every answer may be besides stands in [`Problems`].

pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod cases;
pub(crate) mod centre;
pub(crate) mod directory;
pub(crate) mod feed;
pub(crate) mod rules;
pub(crate) mod session;

use std::collections::BTreeMap;

use chayan_api::error::{PROBLEM_JSON, Problem};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// Every answer that is no success: a [`Problem`] with a stable code.
pub(crate) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let body = Content::new(Some(Ref::from_schema_name(Problem::name())));
        let response = ResponseBuilder::new()
            .description("Not done: a stable code with its data")
            .content(PROBLEM_JSON, body)
            .build();
        BTreeMap::from([("default".to_owned(), response.into())])
    }
}
