//! A person's command to a case: checked, separated from the customer's data, decided and stored in one commit.

use chayan_api::commands::{Accepted, Attempt, CaseAction, Envelope, Payload};
use chayan_api::error::ErrorCode;
use chayan_domain::case::{Actor, Case, Command, Refusal};
use chayan_domain::evidence::{
    ChainLink, ChainRecord, Hash, Receipt, ReportTime, SealEvidence, Signed as _, TimeClaim, chain_hash,
    chain_link, report_time, sha256,
};
use chayan_domain::ids::{CaseId, CommandId, UnitId};
use chayan_domain::rules::LimitName;
use chayan_domain::time::{Span, Timestamp};
use chayan_domain::visibility::may_see;
use chayan_store::{CaseWrite, ChainRow, CommandRow, CommitKey, CustomerLook, Decision, Look, Snapshot};
use tracing::{info, warn};

use super::cases;
use super::change::{Act, Change};
use super::translate::{Asked, Reader};
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http;
use crate::past::Past;
use crate::problem::{ApiError, ApiResult};

/// Stores one command and answers with its receipt; the same command again is answered with the same receipt.
pub(crate) async fn submit(
    centre: &Centre,
    caller: &Caller,
    case_id: CaseId,
    command_id: CommandId,
    body: &[u8],
) -> ApiResult<Accepted> {
    let received_at = centre.clock.now();
    let envelope: Envelope = http::parse(body)?;
    let bytes = envelope.payload.get().as_bytes();
    let payload: Payload = http::parse(bytes)?;
    check_identity(&payload, caller, case_id, command_id)?;
    if let Some(seal) = &envelope.seal {
        check_seal(seal, &payload, bytes)?;
    }
    let link = link(centre, &payload, envelope.seal.as_ref()).await?;
    let evidence = Evidence { seal: envelope.seal.as_ref(), attempt: &envelope.attempt, link };
    let report_time = time_of(centre, caller, &payload, &evidence, received_at);
    let asked = Reader { centre, caller, payload: &payload, report_time, at: received_at }.read()?;
    let order = Order {
        content_hash: sha256(bytes),
        record: envelope.seal.as_ref().map(ChainRecord::from),
        link,
        payload,
        report_time,
        received_at,
        asked,
    };
    let stored = store(centre, caller, order).await?;
    accepted(centre, caller, case_id, stored).await
}

/// Everything that the commit needs.
struct Order {
    payload: Payload,
    content_hash: Hash,
    record: Option<ChainRecord>,
    link: ChainLink,
    report_time: ReportTime,
    received_at: Timestamp,
    asked: Asked,
}

/// What the commit came to.
enum Outcome {
    Stored(Box<Case>, Vec<u8>),
    Replayed(Vec<u8>),
    IdReused,
    Refused(Refusal),
    Failed(&'static str),
}

fn check_identity(
    payload: &Payload,
    caller: &Caller,
    case_id: CaseId,
    command_id: CommandId,
) -> ApiResult<()> {
    if payload.case_id != case_id || payload.command_id != command_id {
        return Err(ErrorCode::BadRequest.into());
    }
    if payload.person_id != *caller.id() {
        return Err(ErrorCode::NotAllowed.into());
    }
    if payload.device_id != caller.session.device_id {
        return Err(ErrorCode::EvidenceMismatch.into());
    }
    Ok(())
}

/// The record is this command, and its hash is over these bytes.
fn check_seal(seal: &SealEvidence, payload: &Payload, bytes: &[u8]) -> ApiResult<()> {
    let same_record = seal.record_id.0 == payload.command_id.0;
    let same_bytes = seal.hash == chain_hash(&seal.prev_hash, bytes);
    let first_fits = seal.sequence >= 1 && (seal.sequence == 1) == (seal.prev_hash == Hash::ZERO);
    if same_record && same_bytes && first_fits { Ok(()) } else { Err(ErrorCode::EvidenceMismatch.into()) }
}

/// What the device says of the record, and how it stands to what it said before.
struct Evidence<'a> {
    seal: Option<&'a SealEvidence>,
    attempt: &'a Attempt,
    link: ChainLink,
}

/// How a sealed record stands to those of its device that the centre has seen.
async fn link(centre: &Centre, payload: &Payload, seal: Option<&SealEvidence>) -> ApiResult<ChainLink> {
    let Some(seal) = seal else { return Ok(ChainLink::Follows) };
    let known = centre.store.chain_around(payload.device_id, seal.sequence).await?;
    let link = chain_link(&ChainRecord::from(seal), &known);
    if link == ChainLink::Broken {
        warn!(device_id = %payload.device_id, sequence = seal.sequence, "a record does not follow its device's chain");
    }
    Ok(link)
}

/// What the decision looks at: where the case is merged, the one that takes it in; and 重复不满, the customer's other cases
/// of the last days.
fn look(caller: &Caller, order: &Order) -> Look {
    let organisation = &caller.organisation;
    let customer = (!order.asked.keys.is_empty()).then(|| {
        let rules = organisation.rules.effective(unit_of(caller, &order.asked), &organisation.directory);
        let since = order.received_at.minus(rules.span(LimitName::SimilarWithin));
        CustomerLook { keys: order.asked.keys.clone(), since }
    });
    // Where a timer ran before, the case is there already.
    let begins = order.asked.command.submission().is_some_and(|words| words.timing_started_at.is_none());
    Look { beside: survivor(order), customer, begins }
}

fn time_of(
    centre: &Centre,
    caller: &Caller,
    payload: &Payload,
    evidence: &Evidence<'_>,
    received_at: Timestamp,
) -> ReportTime {
    let seal = evidence.seal;
    let organisation = &caller.organisation;
    let rules = organisation.rules.effective(&caller.person.unit_id, &organisation.directory);
    let anchor = seal.and_then(|seal| seal.anchor.as_ref());
    report_time(&TimeClaim {
        received_at,
        call_started_at: called_at(payload),
        seal,
        attempt_after: seal.and_then(|seal| attempt_after(seal, evidence.attempt)),
        online_within: rules.span(LimitName::OnlineWithin),
        chain_verifies: evidence.link != ChainLink::Broken,
        anchor_trusted: anchor.is_some_and(|anchor| {
            anchor.device_id == payload.device_id && anchor.verify(&centre.signer.public()).is_ok()
        }),
    })
}

/// 代登记: the report counts from the call that it was made in.
const fn called_at(payload: &Payload) -> Option<Timestamp> {
    match &payload.action {
        CaseAction::RegisterAsAgent { called_at, .. } => Some(*called_at),
        _ => None,
    }
}

/// How long after sealing the attempt began: by the clock that counts sleep within one boot; a device without such a
/// clock can only say it by its wall clock.
fn attempt_after(seal: &SealEvidence, attempt: &Attempt) -> Option<Span> {
    match (&seal.elapsed, &attempt.began_elapsed) {
        (Some(sealed), Some(began)) if sealed.boot_id == began.boot_id => {
            Some(Span(began.since_boot.0.saturating_sub(sealed.since_boot.0)))
        }
        (None, None) => Some(attempt.began_at.since(seal.sealed_at)),
        _ => None,
    }
}

async fn store(centre: &Centre, caller: &Caller, order: Order) -> ApiResult<Outcome> {
    let key = CommitKey { case_id: order.payload.case_id, command_id: Some(order.payload.command_id) };
    let (centre_of_commit, caller) = (centre.clone(), caller.clone());
    let look = look(&caller, &order);
    let decide = move |snapshot: &Snapshot| decide(&centre_of_commit, &caller, &order, snapshot);
    Ok(centre.store.commit_with(key, look, decide).await?)
}

/// The case that takes this one in, where it is merged.
const fn survivor(order: &Order) -> Option<CaseId> {
    match order.asked.command {
        Command::Void { merged_into, .. } => merged_into,
        _ => None,
    }
}

/// 并案: what the surviving case takes in, in the same commit. It must be there and live.
fn absorbed(
    centre: &Centre,
    caller: &Caller,
    (order, snapshot): (&Order, &Snapshot),
    merged: &Case,
) -> Result<Option<Box<CaseWrite>>, Refusal> {
    if survivor(order).is_none() {
        return Ok(None);
    }
    let beside = snapshot.beside.as_deref().filter(|beside| beside.case.is_some());
    let mut change = Change::new(centre, &caller.organisation, beside.ok_or(Refusal::MergeTarget)?);
    let command = Command::Absorb { merged: merged.as_merged() };
    change.advance(&command, &caller.person.unit_id, &Act::system(order.received_at))?;
    let pooled = Some(merged.case_id);
    Ok(Some(Box::new(CaseWrite { pooled, ..change.finish(order.received_at) })))
}

fn decide(centre: &Centre, caller: &Caller, order: &Order, snapshot: &Snapshot) -> Decision<Outcome> {
    if let Some(stored) = &snapshot.replay {
        let same = stored.case_id == order.payload.case_id
            && stored.command.content_hash == order.content_hash
            && stored.command.person_id.as_ref() == Some(caller.id());
        let receipt = stored.command.receipt.clone();
        return Decision::keep(if same { Outcome::Replayed(receipt) } else { Outcome::IdReused });
    }
    let act = Act {
        actor: Actor::Person { person_id: caller.id().clone() },
        device_id: Some(order.payload.device_id),
        device_time: Some(order.payload.device_time),
        now: order.received_at,
    };
    let mut change = Change::new(centre, &caller.organisation, snapshot);
    let unit = unit_of(caller, &order.asked);
    let link = order.record.map(|record| ChainRow { device_id: order.payload.device_id, record });
    if let Err(refusal) = change.advance(&order.asked.command, unit, &act) {
        // Whoever may not see a case does not learn from a refusal that there is one.
        let unseen = |case: &Case| !may_see(case, caller.id(), &caller.organisation.directory);
        let told = if snapshot.case.as_ref().is_some_and(unseen) { Refusal::UnknownCase } else { refusal };
        // Refused, it stays a link: the device's next record follows it.
        return Decision::write(CaseWrite { link, ..CaseWrite::default() }, Outcome::Refused(told));
    }
    let act = Act { actor: Actor::System, ..act };
    if let Some(record) = order.record.filter(|_| order.link == ChainLink::Broken) {
        let command = Command::NoteChainBreak { sequence: record.sequence };
        if change.advance(&command, unit, &act).is_err() {
            return Decision::keep(Outcome::Failed("a broken chain could not be noted"));
        }
    }
    let command = Command::NoteSimilar { cases: snapshot.similar.clone() };
    if !snapshot.similar.is_empty() && change.advance(&command, unit, &act).is_err() {
        return Decision::keep(Outcome::Failed("similar cases could not be noted"));
    }
    let Some(case) = change.case.clone() else {
        return Decision::keep(Outcome::Failed("a command led to no case"));
    };
    let beside = match absorbed(centre, caller, (order, snapshot), &case) {
        Ok(beside) => beside,
        Err(refusal) => {
            return Decision::write(CaseWrite { link, ..CaseWrite::default() }, Outcome::Refused(refusal));
        }
    };
    let Ok(receipt) = serde_json::to_vec(&receipt(centre, order, case.hash)) else {
        return Decision::keep(Outcome::Failed("the receipt cannot be written"));
    };
    let mut write = change.finish(order.received_at);
    write.link = link;
    write.beside = beside;
    write.command = Some(CommandRow {
        command_id: order.payload.command_id,
        content_hash: order.content_hash,
        person_id: Some(caller.id().clone()),
        device_id: Some(order.payload.device_id),
        device_hash: order.record.map(|record| record.hash),
        received_at: order.received_at,
        receipt: receipt.clone(),
    });
    write.customer = order.asked.kept.iter().map(|kept| kept.draft.clone()).collect();
    write.blind.clone_from(&order.asked.keys);
    Decision::write(write, Outcome::Stored(Box::new(case), receipt))
}

/// Whose unit's rules bind a case that begins: that of who reports it, whoever registers it.
fn unit_of<'a>(caller: &'a Caller, asked: &Asked) -> &'a UnitId {
    let words = asked.command.submission();
    let reporter = words.and_then(|words| caller.organisation.directory.person(&words.reporter));
    &reporter.unwrap_or(&caller.person).unit_id
}

fn receipt(centre: &Centre, order: &Order, case_hash: Hash) -> Receipt {
    let unsigned = Receipt {
        command_id: order.payload.command_id,
        case_id: order.payload.case_id,
        content_hash: order.content_hash,
        received_at: order.received_at,
        report_time: order.report_time,
        case_hash,
        key_id: String::new(),
        signature: String::new(),
    };
    unsigned.signed_with(centre.signer.key())
}

async fn accepted(
    centre: &Centre,
    caller: &Caller,
    case_id: CaseId,
    outcome: Outcome,
) -> ApiResult<Accepted> {
    let (case, receipt, replayed) = match outcome {
        Outcome::Stored(case, receipt) => (*case, receipt, false),
        Outcome::Replayed(receipt) => {
            let found = centre.store.case(case_id).await?.ok_or(ErrorCode::NotFound)?;
            (found.case, receipt, true)
        }
        Outcome::IdReused => return Err(ErrorCode::IdReused.into()),
        Outcome::Refused(Refusal::UnknownCase) => return Err(ErrorCode::NotFound.into()),
        Outcome::Refused(refusal) => return Err(ApiError::refused(refusal)),
        Outcome::Failed(cause) => return Err(ApiError::internal(cause)),
    };
    let receipt: Receipt = serde_json::from_slice(&receipt).map_err(ApiError::internal)?;
    let moments = vec![case.created_at, case.changed_at];
    let past = Past::of(centre, &caller.organisation, moments).await?;
    let viewer = cases::viewer(caller, &past);
    info!(%case_id, command_id = %receipt.command_id, version = case.version, replayed, "command stored");
    Ok(Accepted { receipt, case: viewer.summary(&case), replayed })
}
