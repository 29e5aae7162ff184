//! Looking up sessions: every request asks for one, so those that ask at the same time share one query.
//!
//! Nothing is kept: an answer is what the database says after the question was put, so that a session ended by another
//! process is ended at once.

use std::collections::HashMap;

use chayan_domain::evidence::Hash;
use chayan_domain::ids::PersonId;
use chayan_domain::time::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::accounts::Session;
use crate::database::Database;
use crate::error::StoreError;
use crate::sql::{Param, Row, blob, fetch_by_keys};
use crate::words;

/// Questions that wait for the query under way.
const WAITING: usize = 1_024;
/// Questions of one query.
const TOGETHER: usize = 64;

type Answer = Result<Option<Session>, StoreError>;
type Question = (Hash, oneshot::Sender<Answer>);

/// Where questions are put. Clones lead to the same place.
#[derive(Clone)]
pub(crate) struct Sessions(mpsc::Sender<Question>);

impl Sessions {
    /// The place, and what answers there until `stop`.
    pub(crate) fn open(database: Database, stop: CancellationToken) -> (Self, impl Future<Output = ()>) {
        let (sender, questions) = mpsc::channel(WAITING);
        let answering = async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = answer_all(&database, questions) => {}
            }
        };
        (Self(sender), answering)
    }

    pub(crate) async fn ask(&self, token_hash: Hash) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.0.send((token_hash, answer)).await.map_err(|_| StoreError::Unavailable)?;
        answered.await.unwrap_or(Err(StoreError::Unavailable))
    }
}

async fn answer_all(database: &Database, mut questions: mpsc::Receiver<Question>) {
    let mut waiting = Vec::new();
    while questions.recv_many(&mut waiting, TOGETHER).await > 0 {
        let keys: Vec<Param> = waiting.iter().map(|(token_hash, _)| blob(&token_hash.0)).collect();
        let found = match read(database, &keys).await {
            Ok(found) => Some(found),
            Err(failure) => {
                warn!(error = ?failure, "sessions cannot be read");
                None
            }
        };
        for (token_hash, answer) in waiting.drain(..) {
            let session = found.as_ref().map(|found| found.get(&token_hash.0).cloned());
            // Whoever asked may have gone meanwhile.
            let _gone = answer.send(session.ok_or(StoreError::Unavailable)).is_err();
        }
    }
}

async fn read(database: &Database, keys: &[Param]) -> Result<HashMap<[u8; 32], Session>, StoreError> {
    let sql = "SELECT token_hash, person_id, device_id, created_at, expires_at, revoked_at FROM sessions \
               WHERE token_hash {in keys}";
    let rows = fetch_by_keys(&mut database.reader().await?, sql, keys).await?;
    rows.iter().map(|row| session(row).map(|session| (session.token_hash.0, session))).collect()
}

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        token_hash: words::hash(&row.blob(0)?, "session")?,
        person_id: PersonId(row.text(1)?),
        device_id: row.parse(2, "session")?,
        created_at: Timestamp(row.int(3)?),
        expires_at: Timestamp(row.int(4)?),
        revoked_at: row.opt_int(5)?.map(Timestamp),
    })
}
