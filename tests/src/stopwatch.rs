//! Measuring how long something took: for figures that are printed, never for a decision or an assertion.

use std::time::{Duration, Instant};

/// A running measurement.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins to measure.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that measures; figures are printed and decide nothing"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// What has passed.
    pub fn passed(&self) -> Duration {
        self.0.elapsed()
    }

    /// What has passed, in milliseconds with their fraction.
    pub fn millis(&self) -> f64 {
        self.passed().as_secs_f64() * 1_000.0
    }
}

/// Figures of one kind, for their middle and their tail.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Adds a figure.
    pub fn add(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest figure that at least `percent` of all do not exceed; 0 when there is none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }

    /// The largest figure; 0 when there is none.
    pub fn max(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }
}

impl FromIterator<f64> for Sample {
    fn from_iter<T: IntoIterator<Item = f64>>(figures: T) -> Self {
        Self(figures.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn percentiles_are_figures_that_were_measured() {
        let sample: Sample = (1..=200).map(f64::from).collect();
        assert_eq!((sample.percentile(50), sample.percentile(99), sample.max()), (100.0, 198.0, 200.0));
        assert_eq!(Sample::default().percentile(99), 0.0);
    }
}
