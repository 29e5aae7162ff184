//! 练习: a second life of the program, with its own centre and its own store.

use chayan_api::training::{TrainingPerson, TrainingRole};
use serde::{Deserialize, Serialize};

/// Arguments of `start_training`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct StartTraining {
    /// As whom.
    pub role: TrainingRole,
    /// 重新开始: what was written in the training that runs is thrown away.
    pub anew: bool,
}

/// The training that runs: every window says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TrainingView {
    /// Whom one may be.
    pub people: Vec<TrainingPerson>,
}
