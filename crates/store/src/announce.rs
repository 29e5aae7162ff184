//! Who hears of a commit: the engine and the streams of this process at once, other nodes through PostgreSQL.

use std::sync::Arc;

use tokio::sync::{broadcast, mpsc};

use crate::batch::Effects;
use crate::feed::{FeedChange, Topic};
use crate::timers::TimerChange;

/// Listeners that lag behind by more are told to look everywhere.
const BACKLOG: usize = 4_096;

/// A commit whose feed rows may not be readable yet.
#[derive(Debug)]
pub(crate) struct Committed {
    /// Its transaction.
    pub(crate) transaction: i64,
    /// Its topics.
    pub(crate) topics: Arc<[Topic]>,
    /// Whether timers changed.
    pub(crate) timers: bool,
}

/// Speaks to this process; on PostgreSQL hands commits to the notifier, which speaks for the feed.
#[derive(Clone)]
pub(crate) struct Announcer {
    pub(crate) feed: broadcast::Sender<FeedChange>,
    pub(crate) timers: broadcast::Sender<TimerChange>,
    notifier: Option<mpsc::UnboundedSender<Committed>>,
}

impl Announcer {
    pub(crate) fn new(notifier: Option<mpsc::UnboundedSender<Committed>>) -> Self {
        Self { feed: broadcast::Sender::new(BACKLOG), timers: broadcast::Sender::new(BACKLOG), notifier }
    }

    /// Tells of a commit. Nobody listening is no error.
    pub(crate) fn committed(&self, effects: Effects) {
        let timers = !effects.timers.is_empty();
        for change in effects.timers {
            let _nobody = self.timers.send(change).is_err();
        }
        let topics: Arc<[Topic]> = effects.topics.into_iter().collect();
        if topics.is_empty() && !(timers && self.notifier.is_some()) {
            return;
        }
        match &self.notifier {
            None => {
                let _nobody = self.feed.send(FeedChange::Topics(topics)).is_err();
            }
            Some(notifier) => {
                let committed = Committed { transaction: effects.transaction, topics, timers };
                let _stopped = notifier.send(committed).is_err();
            }
        }
    }
}
