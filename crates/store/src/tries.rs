//! Wrong passwords and the locks that they lead to, by the digest of what was given as staff number.

use chayan_domain::evidence::sha256;
use chayan_domain::ids::PersonId;
use chayan_domain::time::{Span, Timestamp};

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Param, int, text};

/// When wrong passwords lock, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockout {
    /// So many wrong ones
    pub attempts: u32,
    /// within this span
    pub window: Span,
    /// lock for this long.
    pub length: Span,
}

/// Forgets what was counted for a person, and the lock.
pub(crate) const FORGET_TRIES: &str = "DELETE FROM wrong_sign_ins WHERE who = $1";
pub(crate) const FORGET_LOCK: &str = "DELETE FROM sign_in_locks WHERE who = $1";

impl Store {
    /// Counts a wrong password; answers until when it locks, if it is the one that does. A lock begins to count anew.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn note_wrong_sign_in(
        &self,
        person_id: &PersonId,
        now: Timestamp,
        lockout: Lockout,
    ) -> Result<Option<Timestamp>, StoreError> {
        let who = who(person_id);
        let locked_until = now.plus(lockout.length);
        let statements = vec![
            // The row first: it makes the counting of several nodes follow one another.
            (
                "INSERT INTO sign_in_locks (who, locked_until) VALUES ($1, 0) \
                 ON CONFLICT (who) DO UPDATE SET who = excluded.who",
                vec![who.clone()],
            ),
            (
                "DELETE FROM wrong_sign_ins WHERE who = $1 AND at <= $2",
                vec![who.clone(), int(now.minus(lockout.window).0)],
            ),
            ("INSERT INTO wrong_sign_ins (who, at) VALUES ($1, $2)", vec![who.clone(), int(now.0)]),
            (
                "UPDATE sign_in_locks SET locked_until = $2 WHERE who = $1 \
                 AND (SELECT COUNT(*) FROM wrong_sign_ins WHERE who = $1) >= $3",
                vec![who.clone(), int(locked_until.0), int(i64::from(lockout.attempts))],
            ),
            (
                "DELETE FROM wrong_sign_ins WHERE who = $1 \
                 AND (SELECT locked_until FROM sign_in_locks WHERE who = $1) = $2",
                vec![who, int(locked_until.0)],
            ),
        ];
        let touched = self.execute_all(statements, Vec::new()).await?;
        Ok((touched.get(3) == Some(&1)).then_some(locked_until))
    }

    /// Until when somebody is locked out, or was last.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn locked_until(&self, person_id: &PersonId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT locked_until FROM sign_in_locks WHERE who = $1 AND locked_until > 0";
        let rows = self.fetch(sql, vec![who(person_id)]).await?;
        rows.first().map(|row| row.int(0).map(Timestamp)).transpose()
    }
}

/// People type passwords into the wrong field: only a digest is stored, and it has one length.
pub(crate) fn who(person_id: &PersonId) -> Param {
    text(sha256(person_id.as_str().as_bytes()))
}
