//! Argon2id off the async threads, at most two at once, and the same work for accounts that do not exist.

use std::sync::Arc;

use anyhow::anyhow;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use chayan_domain::report::Private;
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
}

impl Passwords {
    pub(crate) fn new(entropy: &dyn Entropy) -> anyhow::Result<Self> {
        let nobody = hash(&Private::new(hex::encode(entropy.bytes32())), entropy)?;
        Ok(Self { turns: Arc::new(Semaphore::new(AT_ONCE)), nobody })
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
