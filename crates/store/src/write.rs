//! What one decision reads and writes: the [`Snapshot`] before it, the [`CaseWrite`] after it.

use chayan_domain::case::{AlertEnd, AlertKind, Case, Timer};
use chayan_domain::directory::Department;
use chayan_domain::evidence::Hash;
use chayan_domain::ids::{AlertId, CaseId, CommandId, DeviceId, EventId, PersonId};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::device_chain::ChainRow;
use crate::feed::FeedDraft;

/// So many cases of a customer are told of.
pub(crate) const SIMILAR: usize = 20;

/// What a commit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommitKey {
    /// The case: commits to one case happen one after the other.
    pub case_id: CaseId,
    /// The command, where one is sent: looked up so that a repetition is recognised.
    pub command_id: Option<CommandId>,
}

/// What a decision wants to see beside its case. It is read in the commit itself, for all that share it at once.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// The other case that the same commit may change, as in 并案.
    pub beside: Option<CaseId>,
    /// 重复不满: other cases of a customer.
    pub customer: Option<CustomerLook>,
    /// The case most likely begins with this. It is then decided before its turn, as if nothing were stored, and that
    /// holds where the commit finds nothing; otherwise it is decided again.
    pub begins: bool,
}

/// Which cases count as those of the same customer.
#[derive(Debug, Clone)]
pub struct CustomerLook {
    /// Any of these keys is enough.
    pub keys: Vec<BlindDraft>,
    /// Received at this moment or later.
    pub since: Timestamp,
}

/// What a decision may look at: everything of the case as of the commit before it.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The case; `None` before its first commit.
    pub case: Option<Case>,
    /// The command of the key, when it is stored already (possibly for another case).
    pub replay: Option<StoredCommand>,
    /// Alerts of the case that are not over.
    pub open_alerts: Vec<AlertRow>,
    /// Its armed timers.
    pub timers: Vec<Timer>,
    /// The case of [`Look::beside`].
    pub beside: Option<Box<Snapshot>>,
    /// The cases of [`Look::customer`], newest first, at most twenty; also those that the same commit begins.
    pub similar: Vec<CaseId>,
}

/// What a decision comes to: perhaps a write, and in any case a reply.
#[derive(Debug)]
pub struct Decision<R> {
    /// Commits together or not at all.
    pub write: Option<Box<CaseWrite>>,
    /// Handed to the caller after the commit.
    pub reply: R,
}

impl Snapshot {
    /// Whether there is nothing to look at.
    pub(crate) fn is_blank(&self) -> bool {
        let Self { case, replay, open_alerts, timers, beside, similar } = self;
        case.is_none()
            && replay.is_none()
            && open_alerts.is_empty()
            && timers.is_empty()
            && beside.is_none()
            && similar.is_empty()
    }
}

impl<R> Decision<R> {
    /// Writes, then replies.
    #[must_use]
    pub fn write(write: CaseWrite, reply: R) -> Self {
        Self { write: Some(Box::new(write)), reply }
    }

    /// Replies (a refusal, a repetition) and changes nothing.
    #[must_use]
    pub const fn keep(reply: R) -> Self {
        Self { write: None, reply }
    }
}

/// A change of one case and everything that follows from it.
#[derive(Debug, Clone, Default)]
pub struct CaseWrite {
    /// The case after the change; `None` leaves the row as it is.
    pub case: Option<CaseRecord>,
    /// New events, in order.
    pub events: Vec<SealedEvent>,
    /// All armed timers after the change (the store works out the difference); `None` leaves them.
    pub timers: Option<Vec<Timer>>,
    /// Alerts that are new or changed, whole; the store matches them by id.
    pub alerts: Vec<AlertRow>,
    /// What devices did with alerts; repetitions change nothing.
    pub alert_receipts: Vec<ReceiptRow>,
    /// What listeners should know.
    pub feed: Vec<FeedDraft>,
    /// The command that led to it, with its receipt.
    pub command: Option<CommandRow>,
    /// The sealed record that brought the command: a link of its device's chain, also where the command is refused.
    pub link: Option<ChainRow>,
    /// Customer data in the clear; stored encrypted under the case's own key.
    pub customer: Vec<CustomerDraft>,
    /// Customer keys in the clear; stored only as keyed digests.
    pub blind: Vec<BlindDraft>,
    /// 并案: the case whose customer keys this one takes over.
    pub pooled: Option<CaseId>,
    /// Messages to channels outside (enterprise WeChat, SMS), sent by others later.
    pub outgoing: Vec<OutgoingRow>,
    /// The change of the case of [`Look::beside`].
    pub beside: Option<Box<CaseWrite>>,
}

/// A case with what lists need to find it.
#[derive(Debug, Clone)]
pub struct CaseRecord {
    /// The case.
    pub case: Case,
    /// 机构 codes from the root to the case's unit, as the directory writes them: `HQ/JS/NJ`.
    pub unit_path: String,
    /// 直接领导 of the reporter when the case began.
    pub direct_leader: Option<PersonId>,
    /// When the centre first heard of it.
    pub received_at: Timestamp,
    /// When the most urgent clock of the case runs out; `None` when none runs.
    pub next_due: Option<Timestamp>,
    /// Leaders, deputies, agents: everybody who had a part. People are added, never taken away.
    pub involved: Vec<PersonId>,
    /// Departments that lead it or assist, of every round. Added, never taken away.
    pub departments: Vec<Department>,
    /// Before whom it was brought: 分管领导, approvers, everybody who was urged. Added, never taken away.
    pub escalated: Vec<PersonId>,
}

/// An event as its hash was made over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEvent {
    /// Its id.
    pub event_id: EventId,
    /// Position in the case, from 1.
    pub sequence: u32,
    /// The deciding clock.
    pub at: Timestamp,
    /// The body's `kind` word.
    pub kind: String,
    /// Hash of the event before; all zero for the first.
    pub prev_hash: Hash,
    /// Its own.
    pub hash: Hash,
    /// The bytes that were hashed.
    pub bytes: Vec<u8>,
}

/// One alert for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its id.
    pub alert_id: AlertId,
    /// Its case.
    pub case_id: CaseId,
    /// Whom it tells.
    pub person_id: PersonId,
    /// What it asks for.
    pub kind: AlertKind,
    /// Ladder level or overdue step; 0 where it has none.
    pub level: u8,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Until when, where a clock runs.
    pub due_at: Option<Timestamp>,
    /// Set once it is over.
    pub ended: Option<AlertEnding>,
}

/// Why and when an alert ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertEnding {
    /// Why.
    pub reason: AlertEnd,
    /// When.
    pub at: Timestamp,
}

/// What a device did with an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptAct {
    /// Stored on the device.
    Delivered,
    /// Its window was on the screen.
    Shown,
    /// The person acknowledged it.
    Acknowledged,
}

/// One act of one device with one alert; unique by alert, device and act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Which alert.
    pub alert_id: AlertId,
    /// Which device.
    pub device_id: DeviceId,
    /// What it did.
    pub act: ReceiptAct,
    /// The device's clock, as evidence.
    pub device_time: Timestamp,
    /// The centre's clock.
    pub received_at: Timestamp,
}

/// A command to be stored: its id is its idempotency key for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandRow {
    /// Its id.
    pub command_id: CommandId,
    /// SHA-256 of its bytes as received.
    pub content_hash: Hash,
    /// Who asked; `None` for the system.
    pub person_id: Option<PersonId>,
    /// From which device.
    pub device_id: Option<DeviceId>,
    /// The record's hash in the device's chain, for what was sealed.
    pub device_hash: Option<Hash>,
    /// The centre's clock.
    pub received_at: Timestamp,
    /// The signed receipt as it is answered, again and again.
    pub receipt: Vec<u8>,
}

/// A stored command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCommand {
    /// The case it was stored for.
    pub case_id: CaseId,
    /// The rest.
    pub command: CommandRow,
}

/// Customer data of one command, in the clear only here.
#[derive(Clone)]
pub struct CustomerDraft {
    /// The command that brought it.
    pub command_id: CommandId,
    /// The bytes that the commitment binds.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The commitment's salt.
    pub salt: [u8; 32],
    /// When it was stored.
    pub at: Timestamp,
}

impl std::fmt::Debug for CustomerDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CustomerDraft").field("command_id", &self.command_id).finish_non_exhaustive()
    }
}

/// What kind of customer key a blind entry is of; equal texts of different kinds never match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlindKind {
    /// 客户联系电话
    Phone,
    /// 保单号
    Policy,
    /// 报案号
    LossReportNo,
    /// 赔案号
    ClaimNo,
    /// 车牌
    Plate,
}

/// A customer key by which cases can be matched, in the clear only here; the caller normalises it.
#[derive(Clone, PartialEq, Eq)]
pub struct BlindDraft {
    /// What it is.
    pub kind: BlindKind,
    /// Its normalised text.
    pub text: Zeroizing<String>,
}

impl std::fmt::Debug for BlindDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlindDraft").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A message to a channel outside. Holds no customer data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingRow {
    /// Its id.
    pub message_id: EventId,
    /// The channel's word.
    pub channel: String,
    /// Whom it tells.
    pub person_id: PersonId,
    /// When it was written.
    pub at: Timestamp,
    /// What the channel needs, as JSON.
    pub body: String,
}
