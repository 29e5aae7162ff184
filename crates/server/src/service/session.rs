//! Signing in and out. What a stranger can learn from the answers: nothing about which accounts exist.

use chayan_api::error::ErrorCode;
use chayan_api::session::{Me, SignIn, SignedIn};
use chayan_domain::ids::{EventId, PersonId};
use chayan_domain::report::Private;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::{FeedDraft, FeedKind, Lockout, Session, Topic};
use tracing::info;

use crate::auth::{Caller, token_hash};
use crate::centre::{Centre, Organisation};
use crate::passwords::PASSWORD_LENGTH;
use crate::problem::{ApiError, ApiResult};

/// Checks the password and opens a session.
pub(crate) async fn sign_in(centre: &Centre, asked: SignIn) -> ApiResult<SignedIn> {
    let now = centre.clock.now();
    let person_id = asked.person_id;
    let account = centre.store.account(&person_id).await?;
    refuse_locked(centre, &person_id, now).await?;
    let length = asked.password.reveal().chars().count();
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let fits = centre.passwords.check(stored, asked.password).await.map_err(ApiError::internal)?;
    if !fits || length > *PASSWORD_LENGTH.end() {
        return Err(note_wrong(centre, &person_id, now).await?);
    }
    if account.is_some_and(|account| account.disabled) {
        return Err(ErrorCode::AccountLocked.into());
    }
    let organisation = centre.organisation();
    let me = me(&organisation, &person_id).ok_or(ErrorCode::UnknownMember)?;
    let token = hex::encode(centre.entropy.bytes32());
    let expires_at = now.plus(centre.config.session_span());
    let session = Session {
        token_hash: token_hash(&token),
        person_id,
        device_id: asked.device_id,
        created_at: now,
        expires_at,
        revoked_at: None,
    };
    centre.store.open_session(&session, &asked.client_version).await?;
    info!(person_id = %session.person_id, device_id = %session.device_id, "signed in");
    Ok(SignedIn { token: Private::new(token), expires_at, me, server_time: now })
}

/// Ends the session and tells its streams.
pub(crate) async fn sign_out(centre: &Centre, caller: &Caller) -> ApiResult<()> {
    let now = centre.clock.now();
    centre.store.revoke_session(&caller.session.token_hash, now).await?;
    let ended = FeedDraft {
        topic: Topic::person(caller.id()),
        event_id: EventId(centre.entropy.uuid(now)),
        at: now,
        kind: FeedKind::SessionEnded,
        case_id: None,
        alert_id: None,
        detail: Some(caller.session.token_hash.to_string()),
    };
    centre.store.announce(vec![ended]).await?;
    info!(person_id = %caller.id(), "signed out");
    Ok(())
}

/// Who a person is, as the directory knows them.
pub(crate) fn me(organisation: &Organisation, person_id: &PersonId) -> Option<Me> {
    let directory = &organisation.directory;
    let person = directory.person(person_id)?;
    Some(Me {
        person_id: person.person_id.clone(),
        name: person.name.clone(),
        unit_id: person.unit_id.clone(),
        unit_name: directory.unit(&person.unit_id).map_or_else(String::new, |unit| unit.name.clone()),
        line: person.line.into(),
        roles: directory.roles_of(person_id),
    })
}

async fn refuse_locked(centre: &Centre, person_id: &PersonId, now: Timestamp) -> ApiResult<()> {
    match centre.store.locked_until(person_id).await?.filter(|until| *until > now) {
        None => Ok(()),
        Some(until) => {
            let seconds = until.since(now).0.saturating_add(999) / 1_000;
            Err(ApiError::new(ErrorCode::AccountLocked).retry_after(seconds))
        }
    }
}

/// Counts a wrong password, of a stranger too, so that both come to be locked alike: on every node, over every restart.
async fn note_wrong(centre: &Centre, person_id: &PersonId, now: Timestamp) -> ApiResult<ApiError> {
    let config = &centre.config;
    let lockout = Lockout {
        attempts: config.lockout_attempts,
        window: Span::minutes(config.lockout_window_minutes.into()),
        length: Span::minutes(config.lockout_minutes.into()),
    };
    let locked = centre.store.note_wrong_sign_in(person_id, now, lockout).await?;
    info!(locked = locked.is_some(), "sign-in with wrong credentials");
    Ok(ErrorCode::WrongCredentials.into())
}
