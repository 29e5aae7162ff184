//! Keys and tokens, kept by the operating system. Nothing else of this crate keeps a secret at rest.
//!
//! The system's keyring may be missing, locked, or wait for ever for a person: every call runs on its own thread with
//! a limit, and what was written is read back before it counts as written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use zeroize::Zeroizing;

/// The entries that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The key that every record of the local store is encrypted with: 32 bytes.
    StoreKey,
    /// The bearer token of the signed-in person.
    Token,
}

impl Secret {
    const fn entry(self) -> &'static str {
        match self {
            Self::StoreKey => "store-key",
            Self::Token => "token",
        }
    }
}

/// Why the keyring did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SecretFault {
    /// It is there, but locked, or it waits for a person who does not come.
    #[error("keyring locked")]
    Locked,
    /// There is none, or it does not keep what it was given.
    #[error("no usable keyring")]
    Unavailable,
}

/// A place that keeps secrets between two runs of the program.
#[async_trait]
pub trait Secrets: Send + Sync + 'static {
    /// The secret; `None` when there is none.
    async fn read(&self, secret: Secret) -> Result<Option<Zeroizing<Vec<u8>>>, SecretFault>;

    /// Keeps the secret; answers only once it was read back.
    async fn write(&self, secret: Secret, bytes: &[u8]) -> Result<(), SecretFault>;

    /// Forgets the secret; one that is not there is forgotten already.
    async fn delete(&self, secret: Secret) -> Result<(), SecretFault>;
}

/// A keyring call that takes longer waits for a person; the program goes on without it.
const LIMIT: Duration = Duration::from_secs(5);

/// The keyring of the operating system (Secret Service, Windows credentials).
#[derive(Debug, Clone)]
pub struct SystemSecrets {
    service: String,
}

impl SystemSecrets {
    /// Entries are kept under this service name, one per installation.
    #[must_use]
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into() }
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        secret: Secret,
        call: impl FnOnce(&keyring::Entry) -> Result<T, keyring::Error> + Send + 'static,
    ) -> Result<T, SecretFault> {
        let service = self.service.clone();
        let (answer, answered) = tokio::sync::oneshot::channel();
        // A thread of its own, not the runtime's pool: a call that never returns must not hold up the program's end.
        let started = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let result = open(&service, secret).and_then(|entry| call(&entry));
            // Nobody waits any longer when the limit has passed.
            let _unheard = answer.send(result);
        });
        if started.is_err() {
            return Err(SecretFault::Unavailable);
        }
        match tokio::time::timeout(LIMIT, answered).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(fault))) => Err(translate(&fault)),
            Ok(Err(_)) => Err(SecretFault::Unavailable),
            Err(_) => Err(SecretFault::Locked),
        }
    }
}

#[async_trait]
impl Secrets for SystemSecrets {
    async fn read(&self, secret: Secret) -> Result<Option<Zeroizing<Vec<u8>>>, SecretFault> {
        self.on_thread(secret, |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(fault) => Err(fault),
        })
        .await
    }

    async fn write(&self, secret: Secret, bytes: &[u8]) -> Result<(), SecretFault> {
        let bytes = Zeroizing::new(bytes.to_vec());
        let kept = self
            .on_thread(secret, move |entry| {
                entry.set_secret(&bytes)?;
                Ok(Zeroizing::new(entry.get_secret()?) == bytes)
            })
            .await?;
        if kept { Ok(()) } else { Err(SecretFault::Unavailable) }
    }

    async fn delete(&self, secret: Secret) -> Result<(), SecretFault> {
        self.on_thread(secret, |entry| match entry.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(fault) => Err(fault),
        })
        .await
    }
}

/// Finds the keyring anew for every call: one that was not there a moment ago may be there now, and one that was may
/// have been started again.
fn open(service: &str, secret: Secret) -> Result<keyring::Entry, keyring::Error> {
    use keyring::api::CredentialStoreApi as _;
    system_store()?.build(service, secret.entry(), None)
}

#[cfg(target_os = "linux")]
fn system_store() -> keyring::Result<Arc<zbus_secret_service_keyring_store::Store>> {
    zbus_secret_service_keyring_store::Store::new()
}

#[cfg(windows)]
fn system_store() -> keyring::Result<Arc<windows_native_keyring_store::Store>> {
    windows_native_keyring_store::Store::new()
}

#[cfg(not(any(target_os = "linux", windows)))]
fn system_store() -> keyring::Result<Arc<keyring::mock::Store>> {
    Err(keyring::Error::NoDefaultStore)
}

/// What the keyring library says, in the two words that a person can act on. The rest is for the log.
fn translate(fault: &keyring::Error) -> SecretFault {
    tracing::warn!(%fault, "keyring call failed");
    match fault {
        keyring::Error::NoStorageAccess(_) => SecretFault::Locked,
        _ => SecretFault::Unavailable,
    }
}

type Entries = HashMap<Secret, Zeroizing<Vec<u8>>>;

/// A keyring that lasts as long as the program: a stand-in for tests and for machines without a keyring.
#[derive(Debug, Default)]
pub struct InMemorySecrets {
    entries: Mutex<Entries>,
    fault: Mutex<Option<SecretFault>>,
}

impl InMemorySecrets {
    /// Nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on every call ends like this; `None`: they work again.
    pub fn set_fault(&self, fault: Option<SecretFault>) {
        *self.fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = fault;
    }

    fn entries(&self) -> Result<std::sync::MutexGuard<'_, Entries>, SecretFault> {
        match *self.fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            Some(fault) => Err(fault),
            None => Ok(self.entries.lock().unwrap_or_else(std::sync::PoisonError::into_inner)),
        }
    }
}

#[async_trait]
impl Secrets for InMemorySecrets {
    async fn read(&self, secret: Secret) -> Result<Option<Zeroizing<Vec<u8>>>, SecretFault> {
        Ok(self.entries()?.get(&secret).cloned())
    }

    async fn write(&self, secret: Secret, bytes: &[u8]) -> Result<(), SecretFault> {
        self.entries()?.insert(secret, Zeroizing::new(bytes.to_vec()));
        Ok(())
    }

    async fn delete(&self, secret: Secret) -> Result<(), SecretFault> {
        self.entries()?.remove(&secret);
        Ok(())
    }
}
