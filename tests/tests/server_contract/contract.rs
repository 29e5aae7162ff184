//! The OpenAPI document: every route, every error code, and the committed copy.

use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::reference::Health;
use chayan_server::commands::{HealthTarget, healthcheck};

use super::town::{Town, client};

#[test]
fn the_document_names_every_path_of_the_contract() {
    let document = serde_json::to_value(chayan_server::openapi()).unwrap();
    let named = document["paths"].as_object().unwrap();
    let contract = [
        paths::SESSION,
        paths::COMMAND,
        paths::CASES,
        paths::CASE,
        paths::REVEAL,
        paths::CASE_SEARCH,
        paths::CASE_EXPORT,
        paths::UNITS,
        paths::PEOPLE_SEARCH,
        paths::ACCESSES,
        paths::AUDIT,
        paths::REMOVALS,
        paths::PACK,
        paths::RECEIPTS,
        paths::NOTICE,
        paths::CALLBACK_FIGURES,
        paths::WALLBOARD,
        paths::ALERTS,
        paths::ALERT_RECEIPTS,
        paths::REFERENCE,
        paths::DIRECTORY,
        paths::DIRECTORY_PREVIEW,
        paths::DIRECTORY_VERSIONS,
        paths::DIRECTORY_CHANGES,
        paths::CALENDARS,
        paths::ABSENCES,
        paths::ABSENCE_END,
        paths::RULES,
        paths::AMENDMENTS,
        paths::STREAM,
        paths::EVENTS,
        paths::ANCHORS,
        paths::SIGNING_KEY,
        paths::HEALTH,
    ];
    for path in contract {
        assert!(named.contains_key(path), "{path} is not in the document");
    }
    assert_eq!(named.len(), contract.len(), "nothing is served that the contract does not name");
    assert!(!named.values().any(|item| item.get("delete").is_some() && item.get("put").is_some()));
}

#[test]
fn the_document_names_every_error_code() {
    let document = serde_json::to_value(chayan_server::openapi()).unwrap();
    let named = document["components"]["schemas"]["ErrorCode"]["enum"].as_array().unwrap();
    let codes = [
        ErrorCode::BadRequest,
        ErrorCode::WrongCredentials,
        ErrorCode::NotSignedIn,
        ErrorCode::SessionExpired,
        ErrorCode::SessionRevoked,
        ErrorCode::AccountLocked,
        ErrorCode::UnknownMember,
        ErrorCode::NotAllowed,
        ErrorCode::NotFound,
        ErrorCode::Refused,
        ErrorCode::IdReused,
        ErrorCode::Outdated,
        ErrorCode::RuleFaults,
        ErrorCode::PreviewOutdated,
        ErrorCode::ImportFaults,
        ErrorCode::AbsenceOver,
        ErrorCode::AbsenceSpan,
        ErrorCode::AbsenceDeputy,
        ErrorCode::FormFaults,
        ErrorCode::EvidenceMismatch,
        ErrorCode::TooLarge,
        ErrorCode::TooManyRequests,
        ErrorCode::Unavailable,
        ErrorCode::Internal,
    ];
    for code in codes {
        assert!(named.contains(&serde_json::to_value(code).unwrap()), "{code} is not in the document");
    }
    assert_eq!(named.len(), codes.len());
}

#[test]
fn every_schema_that_is_referred_to_exists() {
    let document = serde_json::to_value(chayan_server::openapi()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is referred to but not described");
    }
}

#[test]
fn the_committed_document_is_the_one_that_the_code_makes() {
    let committed = include_str!("../../../docs/openapi.json");
    let made = chayan_server::openapi_json().unwrap();
    assert!(committed.trim_end() == made, "write docs/openapi.json anew with `chayan-server openapi`");
}

#[tokio::test]
async fn the_document_is_served_and_health_needs_no_sign_in() {
    let town = Town::new().await;
    let served: serde_json::Value = client()
        .get(format!("{}{}", town.base(), paths::OPENAPI))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(served, serde_json::to_value(chayan_server::openapi()).unwrap());
    let health: Health =
        client().get(format!("{}{}", town.base(), paths::HEALTH)).send().await.unwrap().json().await.unwrap();
    assert_eq!((health.status.as_str(), health.store.as_str()), ("ok", "sqlite"));
    let settings = chayan_server::config::Config::default();
    for (url, well) in [(town.base(), true), ("http://127.0.0.1:1".to_owned(), false)] {
        let target = HealthTarget { url: Some(url.clone()), ca: None };
        assert_eq!(healthcheck(&target, &settings).await.is_ok(), well, "{url}");
    }
}
