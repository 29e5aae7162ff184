//! The same command again: one case, one receipt, whatever the network did.

use chayan_api::commands::{Accepted, CaseAction, Envelope};
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::reference::{AnchorRequest, SigningKey};
use chayan_domain::evidence::{
    Anchor, Elapsed, Hash, Receipt, SealEvidence, Signed as _, TimeProof, chain_hash, sha256,
};
use chayan_domain::ids::RecordId;
use chayan_domain::time::Span;
use chayan_runtime::Clock as _;
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{
    CLERK, Database, Desk, LEADER_1, MONDAY, Town, full_report, new_case, new_command, problem, short_report,
    until,
};

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_repeated_command_gets_the_same_receipt_and_makes_no_second_case(#[case] database: Database) {
    let town = Town::on(database).await;
    let clerk = town.sign_in(CLERK).await;
    let (case_id, command_id) = (new_case(), new_command());
    let action = CaseAction::NotifyLeader { report: short_report(MONDAY) };
    let envelope = clerk.envelope(case_id, command_id, action);
    // The reply of the first attempt is lost: the line is cut before anybody has read of it.
    let line = clerk.send_unheard(case_id, command_id, &envelope).await;
    until("the first attempt to be stored", async || {
        (!clerk.list("mine").await.cases.is_empty()).then_some(())
    })
    .await;
    drop(line);
    town.clock.advance(Span::seconds(30));
    let second: Accepted = clerk.send(case_id, command_id, &envelope).await.json().await.unwrap();
    let third: Accepted = clerk.send(case_id, command_id, &envelope).await.json().await.unwrap();
    assert!(second.replayed && third.replayed);
    assert_eq!(second.receipt, third.receipt);
    assert_eq!(second.receipt.received_at, MONDAY, "the receipt is the first one");
    assert_eq!(clerk.list("mine").await.cases.len(), 1);
    assert_eq!(town.sign_in(LEADER_1).await.alerts().await.len(), 1);
}

#[tokio::test]
async fn twenty_copies_at_once_make_one_case() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let (case_id, command_id) = (new_case(), new_command());
    let envelope =
        clerk.envelope(case_id, command_id, CaseAction::NotifyLeader { report: short_report(MONDAY) });
    let copies = (0..20).map(|_| clerk.send(case_id, command_id, &envelope));
    let mut fresh = 0;
    for answer in futures_util::future::join_all(copies).await {
        let accepted: Accepted = answer.json().await.unwrap();
        fresh += usize::from(!accepted.replayed);
    }
    assert_eq!(fresh, 1);
    assert_eq!(clerk.detail(case_id).await.summary.version, 2);
}

#[tokio::test]
async fn the_same_id_with_other_content_is_refused() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let (case_id, command_id) = (new_case(), new_command());
    let notice = CaseAction::NotifyLeader { report: short_report(MONDAY) };
    let first = clerk.send(case_id, command_id, &clerk.envelope(case_id, command_id, notice.clone())).await;
    assert_eq!(first.status(), StatusCode::OK);
    let flow = CaseAction::StartFlow { report: full_report(MONDAY, "13800000003") };
    let told =
        problem(clerk.send(case_id, command_id, &clerk.envelope(case_id, command_id, flow)).await).await;
    assert_eq!(told.code, ErrorCode::IdReused);
    let other_case = new_case();
    let elsewhere = clerk.envelope(other_case, command_id, notice);
    let told = problem(clerk.send(other_case, command_id, &elsewhere).await).await;
    assert_eq!(told.code, ErrorCode::IdReused, "a command belongs to one case");
}

#[tokio::test]
async fn a_receipt_verifies_with_the_published_key_and_an_altered_one_does_not() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let accepted = clerk.act(new_case(), CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    let published: SigningKey = clerk.get(paths::SIGNING_KEY).await;
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&published.public_key[index * 2..index * 2 + 2], 16).unwrap();
    }
    let key = chayan_tests_key(&bytes);
    assert_eq!(accepted.receipt.verify(&key), Ok(()));
    let altered = Receipt { received_at: MONDAY.minus(Span(1)), ..accepted.receipt };
    assert!(altered.verify(&key).is_err());
}

fn chayan_tests_key(bytes: &[u8; 32]) -> ed25519_dalek::VerifyingKey {
    ed25519_dalek::VerifyingKey::from_bytes(bytes).unwrap()
}

/// The end of a device's chain.
struct Head {
    sequence: u64,
    hash: Hash,
}

const EMPTY: Head = Head { sequence: 0, hash: Hash::ZERO };

impl Head {
    /// Seals the envelope's payload as the device's next record.
    fn seal(&mut self, envelope: &mut Envelope, elapsed: Option<Elapsed>, anchor: Option<Anchor>) {
        let payload: chayan_api::commands::Payload = serde_json::from_str(envelope.payload.get()).unwrap();
        let hash = chain_hash(&self.hash, envelope.payload.get().as_bytes());
        envelope.seal = Some(SealEvidence {
            record_id: RecordId(payload.command_id.0),
            sequence: self.sequence + 1,
            prev_hash: self.hash,
            hash,
            sealed_at: payload.device_time,
            elapsed,
            anchor,
            corrects: None,
        });
        *self = Self { sequence: self.sequence + 1, hash };
    }
}

#[tokio::test]
async fn an_offline_report_is_proven_by_its_anchor_and_doubtful_with_a_forged_one() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let asked =
        AnchorRequest { device_id: clerk.device, nonce: "ab".repeat(16), elapsed: town.clock.elapsed() };
    let anchor: Anchor =
        clerk.request(Method::POST, paths::ANCHORS).json(&asked).send().await.unwrap().json().await.unwrap();
    town.clock.advance(Span::minutes(3));
    let mut head = EMPTY;
    for (forged, proof) in [(false, TimeProof::OfflineProven), (true, TimeProof::Doubtful)] {
        let (case_id, command_id) = (new_case(), new_command());
        let action = CaseAction::NotifyLeader { report: short_report(MONDAY) };
        let mut envelope = clerk.envelope(case_id, command_id, action);
        let mut anchor = anchor.clone();
        if forged {
            anchor.server_time = anchor.server_time.minus(Span::minutes(30));
        }
        head.seal(&mut envelope, town.clock.elapsed(), Some(anchor));
        let sealed_at = town.clock.now();
        town.clock.advance(Span::minutes(20));
        envelope.attempt.began_at = town.clock.now();
        envelope.attempt.began_elapsed = town.clock.elapsed();
        let accepted: Accepted = clerk.send(case_id, command_id, &envelope).await.json().await.unwrap();
        let time = accepted.receipt.report_time;
        assert_eq!(time.proof, proof, "forged: {forged}");
        if !forged {
            assert!(time.earliest.unwrap() <= sealed_at && sealed_at <= time.latest);
            assert!(time.latest.since(sealed_at) < Span::seconds(3));
        }
    }
}

#[tokio::test]
async fn a_seal_that_does_not_fit_its_bytes_or_device_is_refused() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let (case_id, command_id) = (new_case(), new_command());
    let action = CaseAction::NotifyLeader { report: short_report(MONDAY) };
    let mut envelope = clerk.envelope(case_id, command_id, action.clone());
    { EMPTY }.seal(&mut envelope, None, None);
    envelope.seal.as_mut().unwrap().hash = sha256(b"other bytes");
    let told = problem(clerk.send(case_id, command_id, &envelope).await).await;
    assert_eq!(told.code, ErrorCode::EvidenceMismatch);
    let elsewhere = town.sign_in(CLERK).await;
    let foreign = elsewhere.envelope(case_id, command_id, action);
    let told = problem(clerk.send(case_id, command_id, &foreign).await).await;
    assert_eq!(told.code, ErrorCode::EvidenceMismatch, "the record is another device's");
    assert!(clerk.list("mine").await.cases.is_empty(), "nothing was stored");
}

/// A notice of a new case, sealed as the device's next record and sent an hour later.
fn sealed_notice(
    town: &Town,
    clerk: &Desk,
    head: &mut Head,
    anchor: &Anchor,
) -> (chayan_domain::ids::CaseId, chayan_domain::ids::CommandId, Envelope) {
    let (case_id, command_id) = (new_case(), new_command());
    let action = CaseAction::NotifyLeader { report: short_report(town.clock.now()) };
    let mut envelope = clerk.envelope(case_id, command_id, action);
    head.seal(&mut envelope, town.clock.elapsed(), Some(anchor.clone()));
    envelope.attempt.began_elapsed =
        town.clock.elapsed().map(|now| Elapsed { since_boot: Span(now.since_boot.0 + 3_600_000), ..now });
    (case_id, command_id, envelope)
}

async fn anchored(town: &Town, clerk: &Desk) -> Anchor {
    let asked =
        AnchorRequest { device_id: clerk.device, nonce: "cd".repeat(16), elapsed: town.clock.elapsed() };
    clerk.request(Method::POST, paths::ANCHORS).json(&asked).send().await.unwrap().json().await.unwrap()
}

/// How often a break of the chain stands in the case, and how the time of its report counts.
async fn verdict(clerk: &Desk, case_id: chayan_domain::ids::CaseId) -> (usize, TimeProof) {
    let detail = clerk.detail(case_id).await;
    let breaks = detail.timeline.iter().filter(|line| line.kind == "device_chain_broken").count();
    (breaks, detail.summary.report_time.unwrap().proof)
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_record_that_follows_its_chain_in_any_order_is_proven(#[case] database: Database) {
    let town = Town::on(database).await;
    let clerk = town.sign_in(CLERK).await;
    let anchor = anchored(&town, &clerk).await;
    let mut head = EMPTY;
    let mut sealed = Vec::new();
    for _ in 0..4 {
        town.clock.advance(Span::minutes(1));
        sealed.push(sealed_notice(&town, &clerk, &mut head, &anchor));
    }
    town.clock.advance(Span::minutes(60));
    // The third waited for somebody else to sign in.
    for index in [0, 1, 3, 2] {
        let (case_id, command_id, envelope) = &sealed[index];
        let answer = clerk.send(*case_id, *command_id, envelope).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(verdict(&clerk, *case_id).await, (0, TimeProof::OfflineProven), "record {index}");
    }
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_record_beside_the_chain_is_kept_with_its_time_in_doubt_and_the_break_in_the_case(
    #[case] database: Database,
) {
    let town = Town::on(database).await;
    let clerk = town.sign_in(CLERK).await;
    let anchor = anchored(&town, &clerk).await;
    let mut head = EMPTY;
    town.clock.advance(Span::minutes(1));
    let first = sealed_notice(&town, &clerk, &mut head, &anchor);
    // Made anew in the place of another record, and one that follows what never was.
    let forked = sealed_notice(&town, &clerk, &mut { EMPTY }, &anchor);
    let mut invented = Head { sequence: 1, hash: sha256(b"never was") };
    let beside = sealed_notice(&town, &clerk, &mut invented, &anchor);
    town.clock.advance(Span::minutes(60));
    for ((case_id, command_id, envelope), expected) in [
        (first, (0, TimeProof::OfflineProven)),
        (forked, (1, TimeProof::Doubtful)),
        (beside, (1, TimeProof::Doubtful)),
    ] {
        for replayed in [false, true] {
            let accepted: Accepted =
                clerk.send(case_id, command_id, &envelope).await.json().await.expect("never refused");
            assert_eq!(accepted.replayed, replayed);
        }
        assert_eq!(verdict(&clerk, case_id).await, expected);
    }
    let breaks = town.store.verify_chain().await.unwrap().breaks;
    assert!(breaks.is_empty(), "the centre's own chains are whole");
}

#[tokio::test]
async fn a_refused_record_stays_a_link_for_the_next_one() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let anchor = anchored(&town, &clerk).await;
    let mut head = EMPTY;
    // Withdrawing what does not exist is refused; the device keeps the record, and goes on after it.
    let (case_id, command_id) = (new_case(), new_command());
    let note = chayan_domain::report::Private::new("不存在的案件");
    let mut envelope = clerk.envelope(case_id, command_id, CaseAction::Withdraw { note });
    head.seal(&mut envelope, town.clock.elapsed(), Some(anchor.clone()));
    let refused = head.hash;
    problem(clerk.send(case_id, command_id, &envelope).await).await;
    town.clock.advance(Span::minutes(1));
    let (next, command_id, envelope) = sealed_notice(&town, &clerk, &mut head, &anchor);
    let liar = Head { sequence: 1, hash: sha256(b"another") };
    assert_ne!(liar.hash, refused);
    let (lying, lying_command, lie) = sealed_notice(&town, &clerk, &mut { liar }, &anchor);
    town.clock.advance(Span::minutes(60));
    clerk.send(next, command_id, &envelope).await;
    assert_eq!(verdict(&clerk, next).await, (0, TimeProof::OfflineProven));
    clerk.send(lying, lying_command, &lie).await;
    assert_eq!(verdict(&clerk, lying).await, (1, TimeProof::Doubtful), "it names another record before it");
}
