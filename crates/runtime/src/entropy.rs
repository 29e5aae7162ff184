//! Randomness and new ids, behind one trait.

use std::sync::Mutex;

use chayan_domain::time::Timestamp;
use rand::{RngCore, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// Where random bytes come from.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `bytes` from a source fit for keys.
    fn fill(&self, bytes: &mut [u8]);

    /// 32 random bytes: a key, a salt, a nonce.
    fn bytes32(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }

    /// A new UUIDv7 for something born at `now`.
    fn uuid(&self, now: Timestamp) -> Uuid {
        let mut tail = [0; 10];
        self.fill(&mut tail);
        uuid::Builder::from_unix_timestamp_millis(now.0.unsigned_abs(), &tail).into_uuid()
    }

    /// A whole number in `0..=highest`, for jitter.
    fn up_to(&self, highest: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        let drawn = u64::from_le_bytes(bytes);
        highest.checked_add(1).map_or(drawn, |count| drawn % count)
    }
}

/// The machine's own source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws random numbers")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// The same bytes for the same seed: tests and simulations only.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// A source that `seed` decides.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_born_later_sort_later() {
        let entropy = SeededEntropy::new(1);
        assert!(entropy.uuid(Timestamp(1_000)) < entropy.uuid(Timestamp(1_001)));
        assert_eq!(entropy.uuid(Timestamp(1_000)).get_version_num(), 7);
    }

    #[test]
    fn one_seed_gives_one_sequence() {
        let (first, second) = (SeededEntropy::new(7), SeededEntropy::new(7));
        assert_eq!(first.bytes32(), second.bytes32());
        assert_ne!(first.bytes32(), SeededEntropy::new(8).bytes32());
    }
}
