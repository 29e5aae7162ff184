//! Signatures of the store (being filled).
#![expect(unused_variables, clippy::unused_async, reason = "being filled")]

use std::sync::Arc;

use chayan_domain::case::Case;
use chayan_domain::evidence::Hash;
use chayan_domain::ids::{AlertId, CaseId, CommandId, DeviceId, EventId, PersonId};
use chayan_domain::time::Timestamp;
use chayan_runtime::Entropy;
use tokio::sync::broadcast;

use crate::*;

/// The one door to the database. Clones share it.
#[derive(Clone)]
pub struct Store {
    feed: broadcast::Sender<FeedChange>,
    timers: broadcast::Sender<TimerChange>,
}

impl MasterKey {
    /// Reads the key, or makes one where the file is missing.
    pub fn load_or_create(path: &std::path::Path, entropy: &dyn Entropy) -> Result<Self, StoreError> {
        Err(StoreError::Unavailable)
    }
}

impl Store {
    /// Opens (and by default migrates) the database and starts the writers.
    pub async fn open(
        config: &StoreConfig,
        entropy: Arc<dyn Entropy>,
        key: MasterKey,
    ) -> Result<Self, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Makes missing migrations; returns their numbers. Needs no master key.
    pub async fn migrate(target: &Target) -> Result<Vec<i64>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Takes no more work, finishes what it has taken, closes the connections.
    pub async fn shutdown(&self) {}
    /// Whether it takes work, for health checks.
    pub fn is_available(&self) -> bool {
        false
    }
    /// Answers once the database answers a query.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }

    /// THE way to change a case: loads the snapshot, decides, writes everything or nothing, and returns the reply only
    /// after it is durable. `decide` is pure and quick; it may be called several times (the last call counts).
    pub async fn commit<R, F>(&self, key: CommitKey, decide: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&Snapshot) -> Decision<R> + Send + 'static,
    {
        Err(StoreError::Unavailable)
    }
    /// Appends feed rows that belong to no case (reference changed, session ended).
    pub async fn announce(&self, rows: Vec<FeedDraft>) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Wakes listeners after commits: topics whose new rows can be read now. After lagging: look everywhere.
    pub fn feed_changes(&self) -> broadcast::Receiver<FeedChange> {
        self.feed.subscribe()
    }
    /// Wakes the engine after commits. After lagging: read the table.
    pub fn timer_changes(&self) -> broadcast::Receiver<TimerChange> {
        self.timers.subscribe()
    }

    /// Rows of any of `topics` after `cursor`, in order, at most `limit`. Skips nothing.
    pub async fn feed_after(
        &self,
        topics: &[Topic],
        cursor: Cursor,
        limit: u32,
    ) -> Result<FeedPage, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// The place after everything that can be read now.
    pub async fn feed_tail(&self) -> Result<Cursor, StoreError> {
        Err(StoreError::Unavailable)
    }

    /// Timers due at or before `moment`, earliest first.
    pub async fn timers_due_before(
        &self,
        moment: Timestamp,
        limit: u32,
    ) -> Result<Vec<TimerRow>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// The next timers, earliest first.
    pub async fn next_timers(&self, limit: u32) -> Result<Vec<TimerRow>, StoreError> {
        Err(StoreError::Unavailable)
    }

    /// One alert.
    pub async fn alert(&self, alert_id: AlertId) -> Result<Option<AlertRow>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Alerts by id, in no particular order; unknown ones are left out.
    pub async fn alerts(&self, alert_ids: &[AlertId]) -> Result<Vec<AlertRow>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Alerts of a person that are not over, oldest first.
    pub async fn open_alerts(&self, person_id: &PersonId) -> Result<Vec<AlertRow>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// What devices did with an alert, in the order in which the centre heard of it.
    pub async fn alert_receipts(&self, alert_id: AlertId) -> Result<Vec<ReceiptRow>, StoreError> {
        Err(StoreError::Unavailable)
    }

    /// A case with its index columns and everybody involved.
    pub async fn case(&self, case_id: CaseId) -> Result<Option<ListedCase>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Cases by id, in no particular order; unknown ones are left out.
    pub async fn cases_by_id(&self, case_ids: &[CaseId]) -> Result<Vec<ListedCase>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// A page of a list.
    pub async fn cases(&self, query: &CaseQuery) -> Result<CasePage, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Cases whose flow the centre received in `[from, to)`, oldest first.
    pub async fn flows_received(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Case>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Cases that carry this customer key and were received at or after `since`, newest first.
    pub async fn cases_by_blind_key(
        &self,
        key: &BlindDraft,
        since: Timestamp,
    ) -> Result<Vec<CaseId>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Customer data of a case, oldest first, decrypted.
    pub async fn customer_fields(&self, case_id: CaseId) -> Result<Vec<CustomerFields>, StoreError> {
        Err(StoreError::Unavailable)
    }

    /// Events of a case in order.
    pub async fn events(&self, case_id: CaseId) -> Result<Vec<SealedEvent>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Walks all chains: each event's hash must be `hash_of` its bytes, and each must name the one before.
    pub async fn verify_chain<H>(&self, hash_of: H) -> Result<ChainReport, StoreError>
    where
        H: Fn(&Hash, &[u8]) -> Hash + Send,
    {
        Err(StoreError::Unavailable)
    }
    /// A stored command.
    pub async fn command(&self, command_id: CommandId) -> Result<Option<StoredCommand>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Commands of a case with their receipts, oldest first.
    pub async fn commands(&self, case_id: CaseId) -> Result<Vec<CommandRow>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Stores a signed checkpoint; its number must be the next.
    pub async fn add_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// The last checkpoint.
    pub async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        Err(StoreError::Unavailable)
    }

    /// Makes an account or sets its password; ends a lock.
    pub async fn put_account(
        &self,
        person_id: &PersonId,
        password_hash: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// An account.
    pub async fn account(&self, person_id: &PersonId) -> Result<Option<Account>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Allows or forbids signing in.
    pub async fn set_account_disabled(&self, person_id: &PersonId, disabled: bool) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// A wrong password: counts it; the `lock_after`-th locks until `locked_until` and begins to count anew.
    pub async fn note_failed_sign_in(
        &self,
        person_id: &PersonId,
        lock_after: u32,
        locked_until: Timestamp,
    ) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// A right password: forgets the wrong ones, opens the session and notes the device.
    pub async fn open_session(&self, session: &Session, client_version: &str) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// A session, also an ended one.
    pub async fn session(&self, token_hash: &Hash) -> Result<Option<Session>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Ends a session; ending it again changes nothing.
    pub async fn revoke_session(&self, token_hash: &Hash, at: Timestamp) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Ends every session of a person; returns how many were open.
    pub async fn revoke_sessions_of(&self, person_id: &PersonId, at: Timestamp) -> Result<u64, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Notes that a device was heard of.
    pub async fn note_device(&self, device: &Device) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// A device.
    pub async fn device(&self, device_id: DeviceId) -> Result<Option<Device>, StoreError> {
        Err(StoreError::Unavailable)
    }

    /// Appends a version. The same version with other content is refused with [`StoreError::Conflict`].
    pub async fn add_reference(
        &self,
        kind: ReferenceKind,
        version: &ReferenceVersion,
    ) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
    /// The version in force at `at`: the latest effective one, of those the last stored.
    pub async fn reference_at(
        &self,
        kind: ReferenceKind,
        at: Timestamp,
    ) -> Result<Option<ReferenceVersion>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// A version by name.
    pub async fn reference(
        &self,
        kind: ReferenceKind,
        version: &str,
    ) -> Result<Option<ReferenceVersion>, StoreError> {
        Err(StoreError::Unavailable)
    }

    /// Messages to outside channels that were not handed over yet, oldest first.
    pub async fn outgoing(&self, channel: &str, limit: u32) -> Result<Vec<OutgoingRow>, StoreError> {
        Err(StoreError::Unavailable)
    }
    /// Notes that messages were handed over.
    pub async fn note_sent(&self, message_ids: &[EventId], at: Timestamp) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }
}
