//! What is left to chance in a made-up history; the same for the same seed.

use chayan_domain::time::Span;
use chayan_runtime::{Entropy as _, SeededEntropy};

/// Draws for one case.
pub(super) struct Chance(SeededEntropy);

impl Chance {
    /// The draws of the `number`th case under a seed.
    pub(super) fn new(seed: u64, number: u64) -> Self {
        Self(SeededEntropy::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number))
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&self, share: u64) -> bool {
        self.0.up_to(99) < share
    }

    /// A whole number in `low..=high`.
    pub(super) fn number(&self, low: u64, high: u64) -> u64 {
        low + self.0.up_to(high.saturating_sub(low))
    }

    /// Between two spans, to the second.
    pub(super) fn span(&self, low: Span, high: Span) -> Span {
        let (low, high) = (low.0.unsigned_abs() / 1_000, high.0.unsigned_abs() / 1_000);
        Span::seconds(i64::try_from(self.number(low, high)).unwrap_or(0))
    }

    /// One of them.
    pub(super) fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        let last = u64::try_from(from.len()).ok()?.checked_sub(1)?;
        from.get(usize::try_from(self.0.up_to(last)).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_number_draw_the_same_and_others_do_not() {
        let drawn = |seed, number| {
            let chance = Chance::new(seed, number);
            (0..8).map(|_| chance.number(0, 1_000)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(7, 1), drawn(7, 1));
        assert_ne!(drawn(7, 1), drawn(7, 2));
        assert_ne!(drawn(7, 1), drawn(8, 1));
    }

    #[test]
    fn draws_stay_within_their_bounds_and_nothing_is_picked_from_nothing() {
        let chance = Chance::new(1, 1);
        assert!((0..100).all(|_| (3..=5).contains(&chance.number(3, 5))));
        assert!((0..100).all(|_| !chance.percent(0) && chance.percent(100)));
        let minute = chance.span(Span::seconds(60), Span::seconds(60));
        assert_eq!(minute, Span::seconds(60));
        assert_eq!(chance.pick::<u8>(&[]), None);
    }
}
