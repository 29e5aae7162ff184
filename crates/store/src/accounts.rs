//! Accounts, sessions and devices. Passwords come as Argon2id strings, tokens as hashes; neither is ever in the clear.

use chayan_domain::evidence::Hash;
use chayan_domain::ids::{DeviceId, PersonId};
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Param, Row, blob, int, opt_int, text};
use crate::tries::{FORGET_LOCK, FORGET_TRIES, who};

/// What a person signs in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// 工号
    pub person_id: PersonId,
    /// Argon2id, as PHC string.
    pub password_hash: String,
    /// May not sign in.
    pub disabled: bool,
    /// When the password was set.
    pub password_set_at: Timestamp,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("person_id", &self.person_id).finish_non_exhaustive()
    }
}

/// A signed-in person on a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token.
    pub token_hash: Hash,
    /// Who.
    pub person_id: PersonId,
    /// Where.
    pub device_id: DeviceId,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Ended before.
    pub revoked_at: Option<Timestamp>,
}

/// A device as last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub device_id: DeviceId,
    /// Who signed in there last.
    pub person_id: PersonId,
    /// The program's version.
    pub client_version: String,
    /// When the centre last heard of it.
    pub last_seen_at: Timestamp,
}

impl Store {
    /// Makes an account or sets its password; ends a lock.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn put_account(
        &self,
        person_id: &PersonId,
        password_hash: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO accounts (person_id, password_hash, disabled, password_set_at) \
                   VALUES ($1, $2, 0, $3) ON CONFLICT (person_id) DO UPDATE SET \
                   password_hash = excluded.password_hash, password_set_at = excluded.password_set_at";
        let statements = vec![
            (sql, vec![text(person_id), text(password_hash), int(at.0)]),
            (FORGET_TRIES, vec![who(person_id)]),
            (FORGET_LOCK, vec![who(person_id)]),
        ];
        self.execute_all(statements, Vec::new()).await.map(drop)
    }

    /// An account.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn account(&self, person_id: &PersonId) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT password_hash, disabled, password_set_at FROM accounts WHERE person_id = $1";
        let rows = self.fetch(sql, vec![text(person_id)]).await?;
        let read = |row: &Row| {
            Ok(Account {
                person_id: person_id.clone(),
                password_hash: row.text(0)?,
                disabled: row.int(1)? != 0,
                password_set_at: Timestamp(row.int(2)?),
            })
        };
        rows.first().map(read).transpose()
    }

    /// Allows or forbids signing in; an unknown person changes nothing.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn set_account_disabled(&self, person_id: &PersonId, disabled: bool) -> Result<(), StoreError> {
        let sql = "UPDATE accounts SET disabled = $2 WHERE person_id = $1";
        self.execute(sql, vec![text(person_id), int(i64::from(disabled))]).await.map(drop)
    }

    /// A right password: forgets the wrong ones, opens the session and notes the device.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn open_session(&self, session: &Session, client_version: &str) -> Result<(), StoreError> {
        let open = "INSERT INTO sessions (token_hash, person_id, device_id, created_at, expires_at, revoked_at) \
                    VALUES ($1, $2, $3, $4, $5, $6)";
        let session_row = vec![
            blob(&session.token_hash.0),
            text(&session.person_id),
            text(session.device_id),
            int(session.created_at.0),
            int(session.expires_at.0),
            opt_int(session.revoked_at.map(|at| at.0)),
        ];
        let device = Device {
            device_id: session.device_id,
            person_id: session.person_id.clone(),
            client_version: client_version.to_owned(),
            last_seen_at: session.created_at,
        };
        let statements = vec![
            (FORGET_TRIES, vec![who(&session.person_id)]),
            (FORGET_LOCK, vec![who(&session.person_id)]),
            (open, session_row),
            (NOTE_DEVICE, device_row(&device)),
        ];
        self.execute_all(statements, Vec::new()).await.map(drop)
    }

    /// A session, also an ended one. Those who ask at the same time share one query.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn session(&self, token_hash: &Hash) -> Result<Option<Session>, StoreError> {
        self.sessions().ask(*token_hash).await
    }

    /// Ends a session; ending it again changes nothing.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn revoke_session(&self, token_hash: &Hash, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL";
        self.execute(sql, vec![blob(&token_hash.0), int(at.0)]).await.map(drop)
    }

    /// Ends every session of a person; returns how many were open.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn revoke_sessions_of(&self, person_id: &PersonId, at: Timestamp) -> Result<u64, StoreError> {
        let sql = "UPDATE sessions SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL";
        self.execute(sql, vec![text(person_id), int(at.0)]).await
    }

    /// Notes that a device was heard of.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn note_device(&self, device: &Device) -> Result<(), StoreError> {
        self.execute(NOTE_DEVICE, device_row(device)).await.map(drop)
    }

    /// A device.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn device(&self, device_id: DeviceId) -> Result<Option<Device>, StoreError> {
        let sql = "SELECT person_id, client_version, last_seen_at FROM devices WHERE device_id = $1";
        let rows = self.fetch(sql, vec![text(device_id)]).await?;
        let read = |row: &Row| {
            Ok(Device {
                device_id,
                person_id: PersonId(row.text(0)?),
                client_version: row.text(1)?,
                last_seen_at: Timestamp(row.int(2)?),
            })
        };
        rows.first().map(read).transpose()
    }
}

const NOTE_DEVICE: &str = "INSERT INTO devices (device_id, person_id, client_version, last_seen_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (device_id) DO UPDATE SET person_id = excluded.person_id, \
    client_version = excluded.client_version, last_seen_at = excluded.last_seen_at";

fn device_row(device: &Device) -> Vec<Param> {
    vec![
        text(device.device_id),
        text(&device.person_id),
        text(&device.client_version),
        int(device.last_seen_at.0),
    ]
}
