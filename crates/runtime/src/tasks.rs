//! Background tasks with a name, an owner and an end.

use std::future::Future;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, error, info_span};

/// The background tasks of one program. A task that ends although nobody asked it to is logged as an error.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// No tasks yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancelled when the tasks should end.
    #[must_use]
    pub const fn stop_token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Starts a task that runs until it is told to stop; it is dropped at its next await when that happens.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        let watched = async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => if !stop.is_cancelled() { error!(task = name, "background task ended early"); }
            }
        };
        self.tracker.spawn(watched.instrument(info_span!("task", name)));
    }

    /// Starts a task that must come to its own end, for example one that finishes what it holds after the stop.
    pub fn spawn_finishing(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(work.instrument(info_span!("task", name)));
    }

    /// Tells every task to stop and waits until all have.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn shutdown_waits_for_every_task() {
        let tasks = Tasks::new();
        let (sender, mut receiver) = tokio::sync::mpsc::channel::<&str>(2);
        tasks.spawn("endless", std::future::pending());
        let stop = tasks.stop_token().clone();
        tasks.spawn_finishing("finisher", async move {
            stop.cancelled().await;
            sender.send("finished").await.unwrap();
        });
        tasks.shutdown().await;
        assert_eq!(receiver.recv().await, Some("finished"));
    }
}
