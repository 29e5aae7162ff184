//! Evidence: the interval of a report's time, hashes, anchors and receipts.

use chayan_domain::evidence::{
    Anchor, ChainLink, ChainRecord, Elapsed, Hash, Receipt, ReportTime, SealEvidence, SignatureFault, Signed,
    TimeClaim, TimeProof, chain_hash, chain_link, commit, key_id, report_time, sha256,
};
use chayan_domain::ids::{CaseId, CommandId, DeviceId, RecordId};
use chayan_domain::time::{Span, Timestamp};
use ed25519_dalek::SigningKey;
use rstest::rstest;
use uuid::Uuid;

const HOUR: i64 = 3_600_000;
/// The centre gave the anchor.
const ANCHOR: i64 = 1_000 * HOUR;
/// The centre received the report.
const RECEIVED: i64 = ANCHOR + 10 * HOUR;
/// What the device's elapsed clock showed with the anchor.
const THEN: i64 = 5 * HOUR;

fn elapsed(boot: &str, since_boot: i64) -> Elapsed {
    Elapsed { boot_id: boot.to_owned(), since_boot: Span(since_boot) }
}

fn anchor() -> Anchor {
    Anchor {
        server_time: Timestamp(ANCHOR),
        device_id: DeviceId(Uuid::from_u128(5)),
        elapsed: Some(elapsed("boot", THEN)),
        nonce: "00ff".to_owned(),
        signature: String::new(),
    }
}

/// Sealed two hours after the anchor, by the elapsed clock; by the wall clock a day off, which is to be no matter.
fn seal() -> SealEvidence {
    SealEvidence {
        record_id: RecordId(Uuid::from_u128(6)),
        sequence: 1,
        prev_hash: Hash::ZERO,
        hash: Hash([1; 32]),
        sealed_at: Timestamp(ANCHOR - 24 * HOUR),
        elapsed: Some(elapsed("boot", THEN + 2 * HOUR)),
        anchor: Some(anchor()),
        corrects: None,
    }
}

struct Known {
    seal: Option<SealEvidence>,
    call: Option<i64>,
    attempt_after: Option<i64>,
    chain_verifies: bool,
    anchor_trusted: bool,
    received: i64,
}

fn offline() -> Known {
    Known {
        seal: Some(seal()),
        call: None,
        attempt_after: Some(8 * HOUR),
        chain_verifies: true,
        anchor_trusted: true,
        received: RECEIVED,
    }
}

fn with_seal(change: impl FnOnce(&mut SealEvidence)) -> Known {
    let mut seal = seal();
    change(&mut seal);
    Known { seal: Some(seal), ..offline() }
}

const DRIFT: i64 = 1_000 + 2 * 2_000;
const SEALED: i64 = ANCHOR + 2 * HOUR;

#[rstest]
#[case::at_the_centre_itself(Known { seal: None, attempt_after: None, ..offline() }, Some(RECEIVED), RECEIVED, TimeProof::Online)]
#[case::online_at_once(Known { attempt_after: Some(0), ..offline() }, Some(RECEIVED), RECEIVED, TimeProof::Online)]
#[case::online_exactly(Known { attempt_after: Some(5_000), ..offline() }, Some(RECEIVED), RECEIVED, TimeProof::Online)]
#[case::a_moment_too_late(Known { attempt_after: Some(5_001), ..offline() }, Some(SEALED - DRIFT), SEALED + DRIFT, TimeProof::OfflineProven)]
#[case::before_it_was_sealed(Known { attempt_after: Some(-1), ..offline() }, Some(SEALED - DRIFT), SEALED + DRIFT, TimeProof::OfflineProven)]
#[case::telephone(Known { seal: None, call: Some(RECEIVED - 90_000), ..offline() }, Some(RECEIVED - 90_000), RECEIVED - 90_000, TimeProof::Telephone)]
#[case::telephone_never_later(Known { seal: None, call: Some(RECEIVED + 1), ..offline() }, Some(RECEIVED), RECEIVED, TimeProof::Telephone)]
#[case::offline_proven(offline(), Some(SEALED - DRIFT), SEALED + DRIFT, TimeProof::OfflineProven)]
#[case::sealed_with_the_anchor(with_seal(|seal| seal.elapsed = Some(elapsed("boot", THEN))), Some(ANCHOR), ANCHOR + 1_000, TimeProof::OfflineProven)]
#[case::half_an_hour(with_seal(|seal| seal.elapsed = Some(elapsed("boot", THEN + HOUR / 2))), Some(ANCHOR + HOUR / 2 - 2_000), ANCHOR + HOUR / 2 + 2_000, TimeProof::OfflineProven)]
#[case::clipped_at_the_receipt(Known { received: SEALED + 1_000, ..offline() }, Some(SEALED - DRIFT), SEALED + 1_000, TimeProof::OfflineProven)]
#[case::rebooted(with_seal(|seal| seal.elapsed = Some(elapsed("other", THEN + 2 * HOUR))), Some(ANCHOR), RECEIVED, TimeProof::Doubtful)]
#[case::clock_reset(with_seal(|seal| seal.elapsed = Some(elapsed("boot", THEN - 1))), Some(ANCHOR), RECEIVED, TimeProof::Doubtful)]
#[case::clock_jumped(with_seal(|seal| seal.elapsed = Some(elapsed("boot", THEN + 99 * HOUR))), Some(ANCHOR), RECEIVED, TimeProof::Doubtful)]
#[case::clock_absurd(with_seal(|seal| seal.elapsed = Some(elapsed("boot", i64::MAX))), Some(ANCHOR), RECEIVED, TimeProof::Doubtful)]
#[case::no_such_clock(with_seal(|seal| seal.elapsed = None), Some(ANCHOR), RECEIVED, TimeProof::Doubtful)]
#[case::never_connected(with_seal(|seal| seal.anchor = None), None, RECEIVED, TimeProof::Doubtful)]
#[case::forged_anchor(Known { anchor_trusted: false, ..offline() }, None, RECEIVED, TimeProof::Doubtful)]
#[case::anchor_from_the_future(Known { received: ANCHOR - 1, ..offline() }, None, ANCHOR - 1, TimeProof::Doubtful)]
#[case::broken_chain(Known { chain_verifies: false, ..offline() }, None, RECEIVED, TimeProof::Doubtful)]
#[case::broken_chain_sent_at_once(Known { chain_verifies: false, attempt_after: Some(0), ..offline() }, None, RECEIVED, TimeProof::Doubtful)]
fn the_interval_of_a_reports_time(
    #[case] known: Known,
    #[case] earliest: Option<i64>,
    #[case] latest: i64,
    #[case] proof: TimeProof,
) {
    let claim = TimeClaim {
        received_at: Timestamp(known.received),
        call_started_at: known.call.map(Timestamp),
        seal: known.seal.as_ref(),
        attempt_after: known.attempt_after.map(Span),
        online_within: Span::seconds(5),
        chain_verifies: known.chain_verifies,
        anchor_trusted: known.anchor_trusted,
    };
    let expected = ReportTime { earliest: earliest.map(Timestamp), latest: Timestamp(latest), proof };
    assert_eq!(report_time(&claim), expected);
}

#[rstest]
#[case::an_hour_ahead(HOUR)]
#[case::an_hour_behind(-HOUR)]
fn a_wall_clock_that_was_moved_harms_nothing(#[case] moved: i64) {
    let moved = with_seal(|seal| seal.sealed_at = Timestamp(seal.sealed_at.0 + moved));
    let time = |known: &Known| {
        report_time(&TimeClaim {
            received_at: Timestamp(known.received),
            call_started_at: None,
            seal: known.seal.as_ref(),
            attempt_after: None,
            online_within: Span::seconds(5),
            chain_verifies: true,
            anchor_trusted: true,
        })
    };
    assert_eq!(time(&moved), time(&offline()));
}

#[test]
fn a_hash_travels_as_64_hexadecimal_digits() {
    let hash = sha256(b"abc");
    let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(serde_json::to_string(&hash).expect("JSON"), format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<Hash>(&format!("\"{text}\"")).expect("back"), hash);
    for bad in ["\"\"", "\"zz\"", &format!("\"{text}00\""), "7"] {
        assert!(serde_json::from_str::<Hash>(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_chain_and_a_commitment_bind_to_what_stands_before_the_bytes() {
    let mut joined = vec![9; 32];
    joined.extend_from_slice(b"bytes");
    assert_eq!(chain_hash(&Hash([9; 32]), b"bytes"), sha256(&joined));
    assert_eq!(commit(&[9; 32], b"bytes").0, sha256(&joined));
    assert_ne!(commit(&[8; 32], b"bytes"), commit(&[9; 32], b"bytes"));
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

#[test]
fn an_anchor_holds_only_as_it_was_signed() {
    let signed = anchor().signed_with(&key(1));
    let public = key(1).verifying_key();
    assert_eq!(signed.verify(&public), Ok(()));
    assert_eq!(signed.verify(&key(2).verifying_key()), Err(SignatureFault::Wrong));
    assert_eq!(anchor().verify(&public), Err(SignatureFault::Malformed));
    let changes: [fn(&mut Anchor); 5] = [
        |anchor| anchor.server_time = Timestamp(anchor.server_time.0 + 1),
        |anchor| anchor.device_id = DeviceId(Uuid::from_u128(99)),
        |anchor| anchor.elapsed = None,
        |anchor| anchor.elapsed = Some(elapsed("boot", THEN + 1)),
        |anchor| anchor.nonce.push('0'),
    ];
    for change in changes {
        let mut forged = signed.clone();
        change(&mut forged);
        assert_eq!(forged.verify(&public), Err(SignatureFault::Wrong));
    }
}

fn receipt() -> Receipt {
    Receipt {
        command_id: CommandId(Uuid::from_u128(1)),
        case_id: CaseId(Uuid::from_u128(2)),
        content_hash: Hash([3; 32]),
        received_at: Timestamp(RECEIVED),
        report_time: ReportTime { earliest: None, latest: Timestamp(RECEIVED), proof: TimeProof::Doubtful },
        case_hash: Hash([4; 32]),
        key_id: String::new(),
        signature: String::new(),
    }
}

#[test]
fn an_altered_receipt_fails() {
    let signed = receipt().signed_with(&key(1));
    let public = key(1).verifying_key();
    assert_eq!(signed.verify(&public), Ok(()));
    assert_eq!(signed.key_id, key_id(&public));
    assert_eq!(signed.key_id.len(), 16);
    assert_eq!(signed.verify(&key(2).verifying_key()), Err(SignatureFault::OtherKey));
    let changes: [fn(&mut Receipt); 7] = [
        |receipt| receipt.command_id = CommandId(Uuid::from_u128(9)),
        |receipt| receipt.case_id = CaseId(Uuid::from_u128(9)),
        |receipt| receipt.content_hash = Hash([9; 32]),
        |receipt| receipt.received_at = Timestamp(0),
        |receipt| receipt.report_time.earliest = Some(Timestamp(0)),
        |receipt| receipt.report_time.proof = TimeProof::Online,
        |receipt| receipt.case_hash = Hash([9; 32]),
    ];
    for change in changes {
        let mut forged = signed.clone();
        change(&mut forged);
        assert_eq!(forged.verify(&public), Err(SignatureFault::Wrong));
    }
}

#[test]
fn the_canonical_bytes_stay_what_they_are() {
    let bytes = hex::encode(anchor().canonical());
    insta::assert_snapshot!(bytes);
    insta::assert_snapshot!(hex::encode(receipt().canonical()));
}

/// Links of one device: each follows the one before it.
fn links() -> Vec<ChainRecord> {
    let mut prev_hash = Hash::ZERO;
    (1..=4)
        .map(|sequence: u64| {
            let hash = chain_hash(&prev_hash, &sequence.to_be_bytes());
            let link = ChainRecord { sequence, hash, prev_hash };
            prev_hash = hash;
            link
        })
        .collect()
}

#[rstest]
#[case::first(0, &[], ChainLink::Follows)]
#[case::next(1, &[0], ChainLink::Follows)]
#[case::the_one_before_is_missing(2, &[0], ChainLink::Unseen)]
#[case::the_one_before_is_missing_and_the_one_after_knows_it(2, &[3], ChainLink::Unseen)]
#[case::between_both(1, &[0, 2], ChainLink::Follows)]
#[case::again(1, &[0, 1, 2], ChainLink::Follows)]
fn a_record_stands_in_its_chain_in_whatever_order_it_arrives(
    #[case] record: usize,
    #[case] known: &[usize],
    #[case] expected: ChainLink,
) {
    let links = links();
    let known: Vec<_> = known.iter().map(|index| links[*index]).collect();
    assert_eq!(chain_link(&links[record], &known), expected);
}

#[test]
fn a_record_that_contradicts_a_place_or_a_neighbour_breaks_the_chain() {
    let links = links();
    let other = sha256(b"other");
    let forked = ChainRecord { hash: other, ..links[1] };
    assert_eq!(chain_link(&forked, &[links[1]]), ChainLink::Broken, "two records in one place");
    let foreign = ChainRecord { prev_hash: other, ..links[1] };
    assert_eq!(chain_link(&foreign, &[links[0]]), ChainLink::Broken, "it follows something else");
    assert_eq!(chain_link(&forked, &[links[2]]), ChainLink::Broken, "the next one follows something else");
    let second_first = ChainRecord { sequence: 1, hash: other, prev_hash: Hash::ZERO };
    assert_eq!(chain_link(&second_first, &[links[0]]), ChainLink::Broken, "a chain begins once");
}
