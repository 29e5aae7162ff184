//! Sealing: the exact bytes of a command, its place in the device's chain, and the evidence of when it was made.
//!
//! Pure. What is sealed here is written once by the store and sent byte for byte, as often as it takes.

use chayan_api::commands::{CaseAction, Payload};
use chayan_domain::evidence::{Anchor, Elapsed, Hash, SealEvidence, chain_hash};
use chayan_domain::ids::{CaseId, CommandId, DeviceId, PersonId, RecordId};
use chayan_domain::time::Timestamp;
use uuid::Uuid;

use crate::store::Sealed;

/// The last record of the device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainHead {
    pub(crate) sequence: u64,
    pub(crate) hash: Hash,
}

impl ChainHead {
    /// Before the first record.
    pub(crate) const EMPTY: Self = Self { sequence: 0, hash: Hash::ZERO };
}

/// What the device knows about the moment of sealing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SealStamp {
    pub(crate) sealed_at: Timestamp,
    pub(crate) elapsed: Option<Elapsed>,
    pub(crate) anchor: Option<Anchor>,
    pub(crate) corrects: Option<RecordId>,
}

/// Who acts where and when.
#[derive(Debug, Clone)]
pub(crate) struct Hand {
    pub(crate) person_id: PersonId,
    pub(crate) device_id: DeviceId,
    pub(crate) device_time: Timestamp,
}

/// The text of a command, as it will be hashed, kept and sent.
pub(crate) fn payload_text(
    hand: &Hand,
    id: Uuid,
    case_id: CaseId,
    action: CaseAction,
) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Payload {
        command_id: CommandId(id),
        case_id,
        device_id: hand.device_id,
        person_id: hand.person_id.clone(),
        device_time: hand.device_time,
        action,
    })
}

/// The next link of the chain.
pub(crate) fn link(head: ChainHead, record_id: RecordId, payload: &str, stamp: &SealStamp) -> SealEvidence {
    SealEvidence {
        record_id,
        sequence: head.sequence + 1,
        prev_hash: head.hash,
        hash: chain_hash(&head.hash, payload.as_bytes()),
        sealed_at: stamp.sealed_at,
        elapsed: stamp.elapsed.clone(),
        anchor: stamp.anchor.clone(),
        corrects: stamp.corrects,
    }
}

/// Whether a record is still exactly what was sealed after `head`.
pub(crate) fn is_intact(head: Option<ChainHead>, sealed: &Sealed, kept_hash: Option<Hash>) -> bool {
    let Some(seal) = &sealed.seal else { return kept_hash.is_none() };
    let follows = head.is_none_or(|head| seal.prev_hash == head.hash && seal.sequence == head.sequence + 1);
    follows
        && kept_hash == Some(seal.hash)
        && chain_hash(&seal.prev_hash, sealed.payload.as_bytes()) == seal.hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> SealStamp {
        SealStamp { sealed_at: Timestamp(1), elapsed: None, anchor: None, corrects: None }
    }

    #[test]
    fn each_link_holds_the_hash_of_the_one_before() {
        let first = link(ChainHead::EMPTY, RecordId(Uuid::from_u128(1)), "{\"a\":1}", &stamp());
        let head = ChainHead { sequence: first.sequence, hash: first.hash };
        let second = link(head, RecordId(Uuid::from_u128(2)), "{\"a\":2}", &stamp());
        assert_eq!((first.sequence, first.prev_hash), (1, Hash::ZERO));
        assert_eq!((second.sequence, second.prev_hash), (2, first.hash));
    }

    #[test]
    fn a_changed_byte_a_changed_hash_or_another_place_is_not_intact() {
        let seal = link(ChainHead::EMPTY, RecordId(Uuid::from_u128(1)), "{\"a\":1}", &stamp());
        let hash = seal.hash;
        let sealed = Sealed { payload: "{\"a\":1}".to_owned(), seal: Some(seal) };
        assert!(is_intact(Some(ChainHead::EMPTY), &sealed, Some(hash)));
        assert!(!is_intact(None, &Sealed { payload: "{\"a\":2}".to_owned(), ..sealed.clone() }, Some(hash)));
        assert!(!is_intact(None, &sealed, Some(Hash::ZERO)));
        assert!(!is_intact(Some(ChainHead { sequence: 1, hash }), &sealed, Some(hash)));
    }
}
