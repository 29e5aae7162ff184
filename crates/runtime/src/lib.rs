//! What a long-running program needs of its machine, as arguments: a clock, randomness, named background tasks.
//!
//! Desk and centre share it. Nothing else in the project reads a clock or draws a random number, so a test moves the
//! clock and fixes the seed instead of sleeping and hoping.

mod clock;
mod entropy;
mod tasks;

pub use clock::{Clock, ManualClock, SystemClock};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use tasks::Tasks;
