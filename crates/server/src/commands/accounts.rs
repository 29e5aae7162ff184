//! Accounts: made, locked, listed. A password comes from standard input or a file, never from the command line.

use chayan_domain::directory::{Directory, DirectoryDraft};
use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use chayan_runtime::{Clock, Entropy};
use chayan_store::{ReferenceKind, Store};
use serde::Deserialize;

use super::Failed;
use crate::passwords::{PASSWORD_LENGTH, hash};
use crate::texts::{Text, say};

/// One account of a file.
#[derive(Debug, Deserialize)]
pub struct Account {
    /// 工号
    pub person_id: PersonId,
    /// Its password.
    pub password: Private,
}

/// A file of accounts; what else it says about them is for people.
#[derive(Debug, Deserialize)]
struct Accounts {
    accounts: Vec<Account>,
}

/// Makes an account for a person of the directory.
///
/// # Errors
/// When the person is unknown, the account exists, the password has a bad length, or the store fails.
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    account: &Account,
) -> Result<String, Failed> {
    let person = account.person_id.as_str();
    if store.account(&account.person_id).await.map_err(Failed::store)?.is_some() {
        return Err(Failed::new(say(Text::UserExists, &[("person", person)])));
    }
    if directory(store, clock).await?.person(&account.person_id).is_none() {
        return Err(Failed::new(say(Text::UserNotInDirectory, &[("person", person)])));
    }
    put(store, clock, entropy, account).await?;
    Ok(say(Text::UserCreated, &[("person", person)]))
}

/// Makes every account of a file; those that exist get the password of the file, so that it can be run again.
///
/// # Errors
/// When the file does not do, a person is unknown, or the store fails.
pub async fn create_from_file(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    path: &std::path::Path,
) -> Result<String, Failed> {
    let text = std::fs::read_to_string(path).map_err(|error| Failed::file(path, error))?;
    let file: Accounts = serde_json::from_str(&text).map_err(|error| Failed::file(path, error))?;
    let directory = directory(store, clock).await?;
    if let Some(nobody) = file.accounts.iter().find(|account| directory.person(&account.person_id).is_none())
    {
        let person = nobody.person_id.as_str();
        return Err(Failed::new(say(Text::UserNotInDirectory, &[("person", person)])));
    }
    let mut lines = Vec::new();
    for account in &file.accounts {
        put(store, clock, entropy, account).await?;
        lines.push(say(Text::UserCreated, &[("person", account.person_id.as_str())]));
    }
    Ok(lines.join("\n"))
}

/// Sets a password and ends every session of the person.
///
/// # Errors
/// When there is no account, the password has a bad length, or the store fails.
pub async fn set_password(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    account: &Account,
) -> Result<String, Failed> {
    known(store, &account.person_id).await?;
    put(store, clock, entropy, account).await?;
    store.revoke_sessions_of(&account.person_id, clock.now()).await.map_err(Failed::store)?;
    Ok(say(Text::UserPasswordSet, &[("person", account.person_id.as_str())]))
}

/// Allows or forbids signing in; forbidding ends every session.
///
/// # Errors
/// When there is no account or the store fails.
pub async fn set_allowed(
    store: &Store,
    clock: &dyn Clock,
    person_id: &PersonId,
    allowed: bool,
) -> Result<String, Failed> {
    known(store, person_id).await?;
    store.set_account_disabled(person_id, !allowed).await.map_err(Failed::store)?;
    if !allowed {
        store.revoke_sessions_of(person_id, clock.now()).await.map_err(Failed::store)?;
    }
    let text = if allowed { Text::UserUnlocked } else { Text::UserLocked };
    Ok(say(text, &[("person", person_id.as_str())]))
}

/// Everybody of the directory who has an account, one a line.
///
/// # Errors
/// When the store fails.
pub async fn list(store: &Store, clock: &dyn Clock) -> Result<String, Failed> {
    let directory = directory(store, clock).await?;
    let now = clock.now();
    let mut lines = Vec::new();
    for person in directory.people() {
        let Some(account) = store.account(&person.person_id).await.map_err(Failed::store)? else { continue };
        let until = store.locked_until(&person.person_id).await.map_err(Failed::store)?;
        let locked = account.disabled || until.is_some_and(|until| until > now);
        let state = say(if locked { Text::UserStateLocked } else { Text::UserStateActive }, &[]);
        let unit = directory.unit(&person.unit_id).map_or("", |unit| unit.name.as_str());
        let words = [
            ("person", person.person_id.as_str()),
            ("name", &person.name),
            ("unit", unit),
            ("state", &state),
        ];
        lines.push(say(Text::UserLine, &words));
    }
    Ok(lines.join("\n"))
}

async fn known(store: &Store, person_id: &PersonId) -> Result<(), Failed> {
    match store.account(person_id).await.map_err(Failed::store)? {
        Some(_) => Ok(()),
        None => Err(Failed::new(say(Text::UserUnknown, &[("person", person_id.as_str())]))),
    }
}

async fn put(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    account: &Account,
) -> Result<(), Failed> {
    if !PASSWORD_LENGTH.contains(&account.password.reveal().chars().count()) {
        let (least, most) = (PASSWORD_LENGTH.start().to_string(), PASSWORD_LENGTH.end().to_string());
        return Err(Failed::new(say(Text::UserPasswordLength, &[("least", &least), ("most", &most)])));
    }
    let hashed = hash(&account.password, entropy).map_err(Failed::store)?;
    store.put_account(&account.person_id, &hashed, clock.now()).await.map_err(Failed::store)
}

async fn directory(store: &Store, clock: &dyn Clock) -> Result<Directory, Failed> {
    match store.reference_at(ReferenceKind::Directory, clock.now()).await.map_err(Failed::store)? {
        Some(found) => {
            let draft: DirectoryDraft = serde_json::from_str(&found.json).map_err(Failed::store)?;
            Directory::try_from(draft).map_err(Failed::store)
        }
        None => Ok(Directory::default()),
    }
}
