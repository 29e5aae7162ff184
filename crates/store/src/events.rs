//! Events in order, the proof that nobody changed them, and signed checkpoints over all of them.

use chayan_domain::evidence::Hash;
use chayan_domain::ids::CaseId;
use chayan_domain::time::Timestamp;

/// What a walk over all chains found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// Cases walked.
    pub cases: u64,
    /// Events walked.
    pub events: u64,
    /// Where a chain does not hold; empty when all do.
    pub breaks: Vec<ChainBreak>,
}

/// A place where a chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainBreak {
    /// The case.
    pub case_id: CaseId,
    /// The event's position, from 1.
    pub sequence: u32,
}

/// A signed hash over all events up to a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// From 1.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// How many events it covers.
    pub events: u64,
    /// Over the hashes of all cases in order.
    pub hash: Hash,
    /// Identifies the signing key.
    pub key_id: String,
    /// Ed25519 over the fields above.
    pub signature: Vec<u8>,
}
