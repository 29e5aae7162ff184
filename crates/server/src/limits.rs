//! How much one caller may ask for: a token bucket each, by the server's clock.

use std::collections::HashMap;
use std::sync::Mutex;

use chayan_domain::time::{Span, Timestamp};

/// Beyond so many callers the full buckets are forgotten: a full bucket is the same as none.
const MANY: usize = 10_000;

/// Buckets by caller.
pub(crate) struct Buckets {
    per_second: i64,
    /// In thousandths of a request, so that short spans count too.
    burst: i64,
    by_caller: Mutex<HashMap<[u8; 32], Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: i64,
    at: Timestamp,
}

impl Buckets {
    pub(crate) fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: per_second.into(), burst: i64::from(burst) * 1_000, by_caller: Mutex::default() }
    }

    /// Takes one request from the caller's bucket.
    ///
    /// # Errors
    /// The seconds after which there is one again.
    pub(crate) fn take(&self, caller: [u8; 32], now: Timestamp) -> Result<(), i64> {
        let mut buckets = self.by_caller.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.burst);
        }
        let bucket = buckets.entry(caller).or_insert(Bucket { left: self.burst, at: now });
        let filled = self.filled(*bucket, now);
        if filled < 1_000 {
            let (missing, each_second) = (1_000 - filled, self.per_second * 1_000);
            return Err((missing + each_second - 1) / each_second);
        }
        *bucket = Bucket { left: filled - 1_000, at: now };
        Ok(())
    }

    /// A clock that was set back fills nothing.
    fn filled(&self, bucket: Bucket, now: Timestamp) -> i64 {
        let passed = now.since(bucket.at).max(Span(0));
        passed.0.saturating_mul(self.per_second).saturating_add(bucket.left).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let buckets = Buckets::new(2, 3);
        let now = Timestamp(0);
        for _ in 0..3 {
            assert_eq!(buckets.take([1; 32], now), Ok(()));
        }
        assert_eq!(buckets.take([1; 32], now), Err(1));
        assert_eq!(buckets.take([2; 32], now), Ok(()), "another caller has a bucket of their own");
        assert_eq!(buckets.take([1; 32], Timestamp(499)), Err(1), "half a second makes one request");
        assert_eq!(buckets.take([1; 32], Timestamp(500)), Ok(()));
        assert_eq!(buckets.take([1; 32], Timestamp(500)), Err(1));
    }
}
