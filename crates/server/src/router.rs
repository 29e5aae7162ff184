//! Every route on one screen, and the layers around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use chayan_api::directory::FILE_LIMIT;
use chayan_api::paths;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa::openapi::schema::AnyOf;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{RefOr, Schema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::router::UtoipaMethodRouterExt as _;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use crate::centre::Centre;
use crate::http;
use crate::routes::{alerts, audit, cases, centre, directory, feed, rules, session};

/// The page that shows the contract.
const DOCS: &str = "/v1/docs";
/// A file of an import in Base64, with the words around it.
const FILE_BODY: usize = FILE_LIMIT / 3 * 4 + 64 * 1_024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "察言 Chayan",
        description = "Reports of customer dissatisfaction (jsk.22): the wire between desk and centre"
    ),
    components(schemas(
        chayan_api::cases::CaseView,
        chayan_api::search::AccessKind,
        chayan_api::error::Problem,
        chayan_api::stream::FeedEvent,
        chayan_api::stream::Ping,
    ))
)]
struct Contract;

fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::with_openapi(Contract::openapi())
        .routes(routes!(session::sign_in, session::who, session::sign_out))
        .routes(routes!(cases::command))
        .routes(routes!(cases::list))
        .routes(routes!(cases::search))
        .routes(routes!(cases::export))
        .routes(routes!(audit::accesses))
        .routes(routes!(audit::state, audit::begin))
        .routes(routes!(audit::removals))
        .routes(routes!(cases::detail))
        .routes(routes!(cases::take_evidence))
        .routes(routes!(cases::take_receipts))
        .routes(routes!(cases::take_notice))
        .routes(routes!(cases::reveal))
        .routes(routes!(cases::callback_figures))
        .routes(routes!(cases::wallboard))
        .routes(routes!(alerts::open))
        .routes(routes!(alerts::receipts))
        .routes(routes!(feed::stream))
        .routes(routes!(feed::events))
        .routes(routes!(centre::reference))
        .routes(routes!(directory::whole))
        .routes(routes!(rules::book))
        .routes(routes!(rules::amend))
        .routes(routes!(directory::units))
        .routes(routes!(directory::people))
        .routes(routes!(directory::preview).layer(DefaultBodyLimit::max(FILE_BODY)))
        .routes(routes!(directory::versions, directory::take).layer(DefaultBodyLimit::max(FILE_BODY)))
        .routes(routes!(directory::changes))
        .routes(routes!(directory::calendars))
        .routes(routes!(directory::absences, directory::enter_absence))
        .routes(routes!(directory::end_absence))
        .routes(routes!(centre::anchor))
        .routes(routes!(centre::signing_key))
        .routes(routes!(centre::health))
}

/// The contract as a document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) = routes().split_for_parts();
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", token);
    for (_, schema) in components.schemas.iter_mut().filter(|(name, _)| name.starts_with("Known_")) {
        let_overlap(schema);
    }
    document
}

/// A known word is a text as well: `oneOf` its list and any text would fit no known word.
fn let_overlap(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::OneOf(exactly)) = schema {
        let mut any = AnyOf::new();
        any.items = std::mem::take(&mut exactly.items);
        any.description = exactly.description.take();
        *schema = RefOr::T(Schema::AnyOf(any));
    }
}

/// The document as text, with its members in order: the same text from every build.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn openapi_json() -> serde_json::Result<String> {
    let mut document = serde_json::to_value(openapi())?;
    document.sort_all_objects();
    serde_json::to_string_pretty(&document)
}

/// The whole service.
pub(crate) fn router(centre: Centre) -> Router {
    let (router, _) = routes().split_for_parts();
    let body_limit = usize::try_from(centre.config.body_limit_kib).unwrap_or(256) * 1_024;
    router
        .merge(SwaggerUi::new(DOCS).url(paths::OPENAPI, openapi()))
        .fallback(http::unknown_path)
        .method_not_allowed_fallback(http::unknown_method)
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(from_fn_with_state(centre.clone(), http::bound))
        .layer(CatchPanicLayer::custom(http::panicked))
        .layer(from_fn_with_state(centre.clone(), http::finish))
        .with_state(centre)
}
