//! Who asks: the person behind a bearer token, by the server's clock only.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chayan_api::error::ErrorCode;
use chayan_domain::directory::{Person, Role};
use chayan_domain::evidence::{Hash, sha256};
use chayan_domain::ids::PersonId;
use chayan_store::Session;

use crate::centre::{Centre, Organisation};
use crate::http;
use crate::problem::{ApiError, ApiResult};

/// A signed-in person of the directory.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) session: Session,
    pub(crate) person: Person,
    pub(crate) organisation: Arc<Organisation>,
}

impl Caller {
    pub(crate) const fn id(&self) -> &PersonId {
        &self.person.person_id
    }

    pub(crate) fn has(&self, role: Role) -> bool {
        self.organisation.directory.has_role(self.id(), role)
    }
}

/// What the store knows a token by.
pub(crate) fn token_hash(token: &str) -> Hash {
    sha256(token.as_bytes())
}

/// The caller behind a token's hash, or why there is none.
pub(crate) async fn caller(centre: &Centre, token: Hash) -> ApiResult<Caller> {
    let session = centre.store.session(&token).await?.ok_or(ErrorCode::NotSignedIn)?;
    if session.revoked_at.is_some() {
        return Err(ErrorCode::SessionRevoked.into());
    }
    if session.expires_at <= centre.clock.now() {
        return Err(ErrorCode::SessionExpired.into());
    }
    let organisation = centre.organisation();
    let person =
        organisation.directory.person(&session.person_id).cloned().ok_or(ErrorCode::UnknownMember)?;
    Ok(Caller { session, person, organisation })
}

impl FromRequestParts<Centre> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, centre: &Centre) -> ApiResult<Self> {
        let token = http::bearer(&parts.headers).ok_or(ErrorCode::NotSignedIn)?;
        caller(centre, token_hash(token)).await
    }
}
