//! The well-known accounts of the demo province.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

const FILE: &str = include_str!("../../../data/demo-accounts.json");

/// One of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// A short name, such as `clerk`.
    pub key: String,
    /// 工号
    pub person_id: String,
    /// For demos only.
    pub password: String,
    /// Who it is, in words.
    pub what: String,
}

/// All of them.
#[derive(Debug, Clone, Deserialize)]
pub struct Accounts {
    accounts: Vec<Account>,
}

impl Accounts {
    /// Reads the committed file.
    ///
    /// # Errors
    /// When it has another shape.
    pub fn read() -> Result<Self> {
        serde_json::from_str(FILE).context("data/demo-accounts.json")
    }

    /// Every account, in the order of the file.
    pub fn all(&self) -> &[Account] {
        &self.accounts
    }

    /// The account with this key.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, key: &str) -> Result<&Account> {
        self.accounts
            .iter()
            .find(|account| account.key == key)
            .with_context(|| format!("no demo account `{key}`"))
    }
}
