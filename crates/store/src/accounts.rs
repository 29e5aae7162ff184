//! Accounts, sessions and devices. Passwords come as Argon2id strings, tokens as hashes; neither is ever in the clear.

use chayan_domain::evidence::Hash;
use chayan_domain::ids::{DeviceId, PersonId};
use chayan_domain::time::Timestamp;

/// What a person signs in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// 工号
    pub person_id: PersonId,
    /// Argon2id, as PHC string.
    pub password_hash: String,
    /// Wrong passwords since the last right one or the last lock.
    pub failed_attempts: u32,
    /// Locked until then.
    pub locked_until: Option<Timestamp>,
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
