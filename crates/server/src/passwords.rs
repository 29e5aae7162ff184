//! Argon2id off the async threads, at most two at once, and the same work for accounts that do not exist.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::anyhow;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::Entropy;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Passwords of these lengths (in characters) are accepted.
pub(crate) const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=200;

/// Each check takes some 20 MiB and tens of milliseconds: a storm of sign-ins must not starve everything else.
const AT_ONCE: usize = 2;

/// Checks passwords.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// A hash that no password has, for accounts that do not exist.
    nobody: String,
    pub(crate) attempts: Attempts,
}

/// Recent wrong passwords by staff number, whether or not there is an account: a lock must not tell who exists.
/// The lock of an account is kept by the store; only the counting ends with the program.
#[derive(Default)]
pub(crate) struct Attempts(Mutex<HashMap<PersonId, Tried>>);

#[derive(Default)]
struct Tried {
    wrong: Vec<Timestamp>,
    locked_until: Option<Timestamp>,
}

/// When wrong passwords lock, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lockout {
    pub(crate) attempts: usize,
    pub(crate) window: Span,
    pub(crate) length: Span,
}

/// Beyond so many staff numbers, those with nothing recent are forgotten.
const MANY: usize = 10_000;

impl Attempts {
    pub(crate) fn locked_until(&self, person_id: &PersonId) -> Option<Timestamp> {
        self.known().get(person_id).and_then(|tried| tried.locked_until)
    }

    /// Counts a wrong password; answers until when it locks, if it is the one that does.
    pub(crate) fn note_wrong(
        &self,
        person_id: &PersonId,
        now: Timestamp,
        lockout: Lockout,
    ) -> Option<Timestamp> {
        let mut known = self.known();
        if known.len() >= MANY {
            let recent = now.minus(lockout.window.max(lockout.length));
            known.retain(|_, tried| tried.wrong.last().is_some_and(|at| *at > recent));
        }
        let tried = known.entry(person_id.clone()).or_default();
        tried.wrong.retain(|at| *at > now.minus(lockout.window));
        tried.wrong.push(now);
        if tried.wrong.len() < lockout.attempts {
            return None;
        }
        tried.wrong.clear();
        tried.locked_until = Some(now.plus(lockout.length));
        tried.locked_until
    }

    /// The right password: the wrong ones before it no longer count.
    pub(crate) fn forget(&self, person_id: &PersonId) {
        self.known().remove(person_id);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<PersonId, Tried>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Passwords {
    pub(crate) fn new(entropy: &dyn Entropy) -> anyhow::Result<Self> {
        let nobody = hash(&Private::new(hex::encode(entropy.bytes32())), entropy)?;
        Ok(Self { turns: Arc::new(Semaphore::new(AT_ONCE)), nobody, attempts: Attempts::default() })
    }

    /// Whether `password` fits `stored`; without an account the answer is no, after the same work.
    pub(crate) async fn check(&self, stored: Option<String>, password: Private) -> anyhow::Result<bool> {
        let _turn = Arc::clone(&self.turns).acquire_owned().await?;
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let fits = spawn_blocking(move || fits(&stored, &password)).await??;
        Ok(fits && exists)
    }
}

/// The Argon2id string of a new password.
///
/// # Errors
/// When the hash cannot be made (out of memory).
pub fn hash(password: &Private, entropy: &dyn Entropy) -> anyhow::Result<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|error| anyhow!("salt: {error}"))?;
    let hashed = Argon2::default()
        .hash_password(password.reveal().as_bytes(), &salt)
        .map_err(|error| anyhow!("password hash: {error}"))?;
    Ok(hashed.to_string())
}

fn fits(stored: &str, password: &Private) -> anyhow::Result<bool> {
    let parsed = PasswordHash::new(stored).map_err(|error| anyhow!("stored password hash: {error}"))?;
    Ok(Argon2::default().verify_password(password.reveal().as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chayan_runtime::SeededEntropy;

    #[test]
    fn wrong_passwords_count_only_within_the_window() {
        let attempts = Attempts::default();
        let lockout = Lockout { attempts: 2, window: Span::minutes(15), length: Span::minutes(15) };
        let person = PersonId::from("1");
        let at = |minute| Timestamp(0).plus(Span::minutes(minute));
        assert_eq!(attempts.note_wrong(&person, at(0), lockout), None);
        assert_eq!(attempts.note_wrong(&person, at(15), lockout), None, "the first one is too old");
        assert_eq!(attempts.note_wrong(&person, at(29), lockout), Some(at(44)));
    }

    #[tokio::test]
    async fn only_the_right_password_of_an_account_fits() {
        let entropy = SeededEntropy::new(3);
        let passwords = Passwords::new(&entropy).unwrap();
        let stored = hash(&Private::new("right-password"), &entropy).unwrap();
        assert!(passwords.check(Some(stored.clone()), Private::new("right-password")).await.unwrap());
        assert!(!passwords.check(Some(stored), Private::new("wrong-password")).await.unwrap());
        assert!(!passwords.check(None, Private::new("right-password")).await.unwrap());
    }
}
