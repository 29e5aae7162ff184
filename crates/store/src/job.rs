//! What waits in the writers' queue: decisions and plain statements, each with the caller who waits for its answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sqlx::SqlStr;
use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::feed::FeedDraft;
use crate::sql::{Link, Param};
use crate::write::{CaseWrite, CommitKey, Decision, Look, Snapshot};

/// One thing to do in a transaction.
pub(crate) enum Work {
    /// A case decides.
    Decide(Box<dyn Job>),
    /// Statements that need no decision.
    Statements(Statements),
}

impl Work {
    pub(crate) fn key(&self) -> Option<CommitKey> {
        match self {
            Self::Decide(job) => Some(job.key()),
            Self::Statements(_) => None,
        }
    }

    /// What it wants to see beside its case.
    pub(crate) fn look(&self) -> Option<&Look> {
        match self {
            Self::Decide(job) => Some(job.look()),
            Self::Statements(_) => None,
        }
    }

    /// Hands the outcome to the caller, who may have gone.
    pub(crate) fn answer(self, outcome: Result<(), StoreError>) {
        match self {
            Self::Decide(job) => job.answer(outcome),
            Self::Statements(statements) => statements.answer(outcome),
        }
    }
}

/// A decision that may be asked several times and is answered once.
pub(crate) trait Job: Send {
    fn key(&self) -> CommitKey;
    fn look(&self) -> &Look;
    fn decide(&mut self, snapshot: &Snapshot) -> Result<Option<Box<CaseWrite>>, StoreError>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// A caller's function with the reply it gave last.
pub(crate) struct Decider<R, F> {
    pub(crate) key: CommitKey,
    pub(crate) look: Look,
    pub(crate) decide: F,
    /// What it came to before its turn.
    pub(crate) ahead: Option<Decision<R>>,
    pub(crate) reply: Option<R>,
    pub(crate) answer: oneshot::Sender<Result<R, StoreError>>,
}

impl<R, F> Decider<R, F>
where
    F: FnMut(&Snapshot) -> Decision<R>,
{
    /// Decides on the caller's own time, for a case that [`Look::begins`].
    pub(crate) fn decide_ahead(&mut self) {
        if self.look.begins {
            // What fails here fails again in its turn, where it is answered.
            self.ahead = self.ask(&Snapshot::default()).ok();
        }
    }

    /// A panic in one decision must not end the writer that everybody shares.
    fn ask(&mut self, snapshot: &Snapshot) -> Result<Decision<R>, StoreError> {
        catch_unwind(AssertUnwindSafe(|| (self.decide)(snapshot))).map_err(|_| StoreError::DeciderPanicked)
    }
}

impl<R, F> Job for Decider<R, F>
where
    R: Send,
    F: FnMut(&Snapshot) -> Decision<R> + Send,
{
    fn key(&self) -> CommitKey {
        self.key
    }

    fn look(&self) -> &Look {
        &self.look
    }

    fn decide(&mut self, snapshot: &Snapshot) -> Result<Option<Box<CaseWrite>>, StoreError> {
        let decision = match self.ahead.take().filter(|_| snapshot.is_blank()) {
            Some(ahead) => ahead,
            None => self.ask(snapshot)?,
        };
        self.reply = Some(decision.reply);
        Ok(decision.write)
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { reply, answer, .. } = *self;
        // A caller who has gone will ask again with the same command id.
        let _gone = answer.send(outcome.and_then(|()| reply.ok_or(StoreError::Unavailable))).is_err();
    }
}

/// Statements of one transaction, with how many rows each touched.
pub(crate) struct Statements {
    pub(crate) statements: Vec<(SqlStr, Vec<Param>)>,
    pub(crate) feed: Vec<FeedDraft>,
    pub(crate) touched: Vec<u64>,
    pub(crate) answer: oneshot::Sender<Result<Vec<u64>, StoreError>>,
}

impl Statements {
    pub(crate) async fn run(&mut self, link: &mut Link) -> Result<(), StoreError> {
        self.touched.clear();
        for (sql, params) in &self.statements {
            self.touched.push(link.execute(sql.clone(), params.clone()).await?);
        }
        Ok(())
    }

    fn answer(self, outcome: Result<(), StoreError>) {
        let _gone = self.answer.send(outcome.map(|()| self.touched)).is_err();
    }
}
