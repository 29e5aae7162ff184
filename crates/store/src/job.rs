//! What waits in the writers' queue: decisions and plain statements, each with the caller who waits for its answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chayan_domain::ids::CaseId;
use sqlx::SqlStr;
use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::feed::FeedDraft;
use crate::sql::{Link, Param};
use crate::write::{CaseWrite, CommitKey, Decision, Snapshot};

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

    /// The other case that it may change.
    pub(crate) fn beside(&self) -> Option<CaseId> {
        match self {
            Self::Decide(job) => job.beside(),
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
    fn beside(&self) -> Option<CaseId>;
    fn decide(&mut self, snapshot: &Snapshot) -> Result<Option<Box<CaseWrite>>, StoreError>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// A caller's function with the reply it gave last.
pub(crate) struct Decider<R, F> {
    pub(crate) key: CommitKey,
    pub(crate) beside: Option<CaseId>,
    pub(crate) decide: F,
    pub(crate) reply: Option<R>,
    pub(crate) answer: oneshot::Sender<Result<R, StoreError>>,
}

impl<R, F> Job for Decider<R, F>
where
    R: Send,
    F: FnMut(&Snapshot) -> Decision<R> + Send,
{
    fn key(&self) -> CommitKey {
        self.key
    }

    fn beside(&self) -> Option<CaseId> {
        self.beside
    }

    fn decide(&mut self, snapshot: &Snapshot) -> Result<Option<Box<CaseWrite>>, StoreError> {
        // A panic in one decision must not end the writer that everybody shares.
        let decision = catch_unwind(AssertUnwindSafe(|| (self.decide)(snapshot)))
            .map_err(|_| StoreError::DeciderPanicked)?;
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
