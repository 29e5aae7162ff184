//! Customer data at rest.

use std::path::Path;

use chayan_domain::ids::CommandId;
use chayan_domain::time::Timestamp;
use chayan_runtime::Entropy;
use zeroize::{Zeroize, Zeroizing};

use crate::error::StoreError;

/// The key above all keys: 32 bytes from a file that only the server may read.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl Drop for MasterKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(•••)")
    }
}

/// Customer data of one command, in the clear.
#[derive(Clone)]
pub struct CustomerFields {
    /// The command that brought it.
    pub command_id: CommandId,
    /// The bytes that the commitment binds.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The commitment's salt.
    pub salt: [u8; 32],
    /// When it was stored.
    pub at: Timestamp,
}
