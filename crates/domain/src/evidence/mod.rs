//! Evidence: hash chains, commitments to customer data, time anchors, the interval of a report's time, receipts.
//!
//! Hashes are always over the stored bytes, never over a re-serialised value. A customer field never enters a chain:
//! only its salted commitment does, so that retention can destroy the salt and the chain still verifies.

mod chain;
mod pack;
mod receipt_file;
mod removal;
mod report_time;
mod signed;

use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, CommandId, DeviceId, RecordId};
use crate::time::{Span, Timestamp};

pub use chain::{ChainLink, ChainRecord, HashText, chain_hash, chain_link, commit, sha256};
pub use pack::{PACK_FORMAT, PackEvent, PackFault, PackHead, PackSeal, pack_key_id, verify_pack, write_pack};
pub use receipt_file::{
    RECEIPT_FORMAT, ReceiptFault, ReceiptFile, receipt_key_id, verify_receipt_file, write_receipt_file,
};
pub use removal::Removal;
pub use report_time::{TimeClaim, report_time};
pub use signed::{SignatureFault, Signed, key_id};

/// SHA-256, 32 bytes; 64 hexadecimal digits in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ts_rs::TS, utoipa::ToSchema)]
#[ts(type = "string")]
#[schema(value_type = String)]
pub struct Hash(pub [u8; 32]);

/// SHA-256 of a random salt followed by the bytes of a customer text: binds to it without showing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(transparent)]
#[ts(type = "string")]
#[schema(value_type = String)]
pub struct Commitment(pub Hash);

/// What a sealed record will become at the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SealKind {
    /// 报直接领导
    Notice,
    /// 启动流程 jsk.22
    Flow,
    /// 口头报告
    Verbal,
    /// 已当场化解·留痕
    Spot,
    /// 补充
    Supplement,
}

/// A reading of the clock that counts sleep, within one boot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Elapsed {
    /// Identity of the boot; a reboot changes it.
    pub boot_id: String,
    /// Milliseconds since that boot, sleep included.
    pub since_boot: Span,
}

/// A time that the centre signed: proof that the device spoke to the centre at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Anchor {
    /// The centre's clock.
    pub server_time: Timestamp,
    /// The device it was given to.
    pub device_id: DeviceId,
    /// What the device's elapsed clock showed when it asked; the centre signs it back.
    pub elapsed: Option<Elapsed>,
    /// The device's random challenge, hexadecimal, so that an answer cannot be replayed to another question.
    pub nonce: String,
    /// Ed25519 over the canonical bytes of the fields above, hexadecimal.
    pub signature: String,
}

/// The device's account of when a record was made. Evidence, never a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct SealEvidence {
    /// The record; the command it is sent as has the same id.
    pub record_id: RecordId,
    /// Position in the device's chain, from 1.
    pub sequence: u64,
    /// Hash of the record before it in the device's chain; all zero for the first.
    pub prev_hash: Hash,
    /// Hash of the record: over `prev_hash` followed by the sealed bytes.
    pub hash: Hash,
    /// The device's wall clock when it was sealed.
    pub sealed_at: Timestamp,
    /// The elapsed clock when it was sealed; `None` where the machine has none.
    pub elapsed: Option<Elapsed>,
    /// The last anchor the device held when it sealed.
    pub anchor: Option<Anchor>,
    /// The refused record that this one corrects; its evidence of time stays.
    pub corrects: Option<RecordId>,
}

/// How far a report's time can be trusted; the words a person reads.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TimeProof {
    /// 在线实报
    Online,
    /// 电话代登记
    Telephone,
    /// 离线封存·时间可证
    OfflineProven,
    /// 时间存疑
    Doubtful,
}

/// Effective report time: somewhere in `[earliest, latest]`, both included. Its order serves sorting alone.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema,
)]
pub struct ReportTime {
    /// `None`: unbounded, no trusted anchor.
    pub earliest: Option<Timestamp>,
    /// Never later than the receipt by the centre.
    pub latest: Timestamp,
    /// How it is known.
    pub proof: TimeProof,
}

/// 报告回执: what the centre signs when it has stored a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Receipt {
    /// The command that was stored.
    pub command_id: CommandId,
    /// Its case.
    pub case_id: CaseId,
    /// SHA-256 of the command's bytes as received.
    pub content_hash: Hash,
    /// The centre's clock when it was received.
    pub received_at: Timestamp,
    /// The time that counts as the report's.
    pub report_time: ReportTime,
    /// Hash of the case's last event after the command.
    pub case_hash: Hash,
    /// Identifies the signing key: the first 16 hexadecimal digits of SHA-256 of the public key.
    pub key_id: String,
    /// Ed25519 over the canonical bytes of the fields above, hexadecimal.
    pub signature: String,
}
