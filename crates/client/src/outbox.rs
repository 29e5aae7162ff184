//! From sealed to delivered: which record goes next, what an answer means, and the loop that does both.
//!
//! A record is sent byte for byte as it was sealed, as often as it takes; the centre stores it once. What heals by itself
//! is tried again; what the centre refuses is put aside with its reason, and the others go on.

use std::collections::HashSet;
use std::sync::Arc;

use chayan_api::commands::{Accepted, Attempt, Envelope};
use chayan_api::error::{ErrorCode, Problem};
use chayan_domain::evidence::{Signed, sha256};
use chayan_domain::ids::{CommandId, RecordId};
use chayan_domain::time::{Span, Timestamp};
use serde_json::value::RawValue;

use crate::core::{Core, session_end};
use crate::ipc::{DeskEvent, DeskFault, DeskFaultCode};
use crate::seal::{ChainHead, is_intact};
use crate::store::{QueueItem, Sealed, StoreFault};

const FIRST_PAUSE: Span = Span::seconds(1);
const LONGEST_PAUSE: Span = Span::seconds(60);
/// A record that the centre stumbles over so often lets the others go before it.
const STUMBLES: u32 = 5;
/// And is tried again this much later.
const PUT_OFF: Span = Span::minutes(5);

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    Send(QueueItem),
    /// Everything left is put off; the first comes after this span.
    Wait(Span),
    Idle,
}

/// Picks the next record: per case in sealing order; reports, which answer a clock, before announcements.
pub(crate) fn next(queue: &[QueueItem], owner: &str, now: Timestamp) -> Next {
    let mut cases = HashSet::new();
    let heads = queue.iter().filter(|item| item.owner == owner).filter(|item| cases.insert(item.case_id));
    let (ready, later): (Vec<&QueueItem>, Vec<&QueueItem>) =
        heads.partition(|item| item.not_before.is_none_or(|moment| moment <= now));
    if let Some(item) = ready.into_iter().min_by_key(|item| (item.kind.is_announcement(), item.position)) {
        return Next::Send(item.clone());
    }
    let first = later.into_iter().filter_map(|item| item.not_before).min();
    first.map_or(Next::Idle, |moment| Next::Wait(moment.since(now)))
}

/// What a failed attempt means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// The way is blocked: everything waits, at least as long as the centre asked.
    Pause { at_least: Option<Span> },
    /// The centre stumbles over this one: it waits, the others go on.
    PutOff(Span),
    /// Refused for good: 隔离待处理.
    Quarantine(Problem),
    /// Nothing is sent until the person signs in again; with the reason.
    SignIn(DeskFaultCode),
}

/// How the sending goes: what a success forgets.
#[derive(Debug, Default)]
struct Course {
    /// Failures in a row, of whatever record.
    failures: u32,
    /// The record that the centre stumbled over last, and how often in a row.
    stumbled: Option<(RecordId, u32)>,
}

impl Course {
    /// Counts an answer that says that the centre stumbled over this record.
    fn stumbles(&mut self, record_id: RecordId, fault: &DeskFault) -> u32 {
        let internal = fault.problem.as_ref().is_some_and(|problem| problem.code == ErrorCode::Internal);
        let before =
            self.stumbled.filter(|(stumbled, _)| *stumbled == record_id).map_or(0, |(_, count)| count);
        let count = before + u32::from(internal);
        self.stumbled = Some((record_id, count));
        count
    }
}

/// Judges a failure; the centre has stumbled over the record `stumbles` times by now.
pub(crate) fn judge(fault: &DeskFault, stumbles: u32) -> Verdict {
    if let Some(why) = session_end(fault) {
        return Verdict::SignIn(why);
    }
    if fault.code == DeskFaultCode::NotSignedIn {
        return Verdict::SignIn(DeskFaultCode::SessionOver);
    }
    let Some(problem) = fault.problem.as_ref().filter(|_| fault.code == DeskFaultCode::Problem) else {
        return Verdict::Pause { at_least: None };
    };
    match problem.code {
        ErrorCode::Internal if stumbles >= STUMBLES => Verdict::PutOff(PUT_OFF),
        code if code.heals_by_itself() || code == ErrorCode::AccountLocked => {
            Verdict::Pause { at_least: problem.retry_after.map(|seconds| Span::seconds(i64::from(seconds))) }
        }
        _ => Verdict::Quarantine(problem.as_ref().clone()),
    }
}

/// How long the pause after so many failures in a row is: doubled each time, the upper half left to chance.
pub(crate) fn pause(failures: u32, jitter: impl FnOnce(u64) -> u64) -> Span {
    let doubled = FIRST_PAUSE.0.saturating_mul(1_i64 << failures.saturating_sub(1).min(16));
    let whole = doubled.min(LONGEST_PAUSE.0);
    let half = whole / 2;
    let drawn = jitter(half.unsigned_abs());
    Span(half.saturating_add(i64::try_from(drawn).unwrap_or(half)))
}

/// A record of the device's chain that is not what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainFault {
    /// Position in the chain, from 1.
    pub sequence: u64,
    /// The record.
    pub record_id: RecordId,
}

impl Core {
    /// Sends what is queued, for as long as the program runs.
    pub(crate) async fn run_outbox(self: Arc<Self>) {
        let mut course = Course::default();
        self.until_ready().await;
        loop {
            let (Ok(_), Ok(person)) = (self.token(), self.person()) else {
                self.wake.outbox.notified().await;
                continue;
            };
            let next = match self.store.queue().await {
                Ok(queue) => next(&queue, &person.0, self.now()),
                Err(fault) => {
                    tracing::error!(%fault, "the queue cannot be read");
                    Next::Wait(LONGEST_PAUSE)
                }
            };
            match next {
                Next::Idle => self.wake.outbox.notified().await,
                Next::Wait(span) => tokio::select! {
                    () = self.clock.sleep(span) => {}
                    () = self.wake.outbox.notified() => {}
                },
                Next::Send(item) => match self.send(&item, &mut course).await {
                    Ok(()) => course = Course::default(),
                    Err(at_least) => {
                        course.failures += 1;
                        self.rest(course.failures, at_least).await;
                    }
                },
            }
        }
    }

    /// Waits after a failure. What the centre asked for is kept to; beyond it a reason to try ends the wait.
    async fn rest(&self, failures: u32, at_least: Option<Span>) {
        if let Some(span) = at_least {
            self.clock.sleep(span).await;
            return;
        }
        let span = pause(failures, |highest| self.entropy.up_to(highest));
        tokio::select! {
            () = self.clock.sleep(span) => {}
            () = self.wake.outbox.notified() => {}
        }
    }

    /// One attempt. An error asks for a pause, with its least length where the centre named one.
    async fn send(&self, item: &QueueItem, course: &mut Course) -> Result<(), Option<Span>> {
        let attempts = item.attempts + 1;
        let sealed = match self.intact(item).await {
            Ok(Some(sealed)) => sealed,
            Ok(None) => return self.refuse_own(item, attempts).await.map_err(|_| None),
            Err(fault) => {
                tracing::error!(%fault, "a record cannot be read");
                return Err(None);
            }
        };
        // An announcement may be taken back for as long as it was never sent; a report never is.
        if item.kind.is_announcement() {
            match self.store.attempt_begins(item.record_id, attempts).await {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(fault) => {
                    tracing::error!(%fault, "an attempt could not be noted");
                    return Err(None);
                }
            }
        }
        match self.attempt(item, &sealed, attempts).await {
            Ok(accepted) => self.settle(item, attempts, accepted).await.map_err(|fault| {
                tracing::error!(%fault, "a receipt could not be kept; the record will be sent again");
                None
            }),
            Err(fault) => {
                let verdict = judge(&fault, course.stumbles(item.record_id, &fault));
                self.failed(item, attempts, &fault, verdict).await
            }
        }
    }

    async fn attempt(&self, item: &QueueItem, sealed: &Sealed, attempts: u32) -> Result<Accepted, DeskFault> {
        let payload = RawValue::from_string(sealed.payload.clone()).map_err(|_| DeskFaultCode::Internal)?;
        let envelope = Envelope {
            payload,
            seal: sealed.seal.clone(),
            attempt: Attempt { number: attempts, began_at: self.now(), began_elapsed: self.clock.elapsed() },
        };
        let command_id = CommandId(item.record_id.0);
        let answer = self.remote()?.command(&self.token()?, item.case_id, command_id, &envelope).await;
        let accepted = self.heard(answer).await?;
        let receipt = &accepted.receipt;
        if receipt.command_id != command_id || receipt.content_hash != sha256(sealed.payload.as_bytes()) {
            tracing::error!(record = %item.record_id, "a receipt for something else");
            return Err(DeskFaultCode::NotOurs.into());
        }
        // Only what the centre signed counts as delivered; sent again, it answers again.
        if let Err(fault) = receipt.verify(&self.pinned_key().await?) {
            tracing::error!(record = %item.record_id, %fault, "a receipt that the known key did not sign");
            return Err(DeskFaultCode::NotOurs.into());
        }
        Ok(accepted)
    }

    async fn settle(&self, item: &QueueItem, attempts: u32, accepted: Accepted) -> Result<(), StoreFault> {
        self.store.delivered(item.record_id, attempts, &accepted.receipt, self.now()).await?;
        tracing::info!(record = %item.record_id, attempts, replayed = accepted.replayed, "delivered");
        if !item.kind.is_announcement() {
            self.tell_records().await;
        }
        self.tell(DeskEvent::CaseChanged { case: accepted.case });
        Ok(())
    }

    async fn failed(
        &self,
        item: &QueueItem,
        attempts: u32,
        fault: &DeskFault,
        verdict: Verdict,
    ) -> Result<(), Option<Span>> {
        tracing::warn!(record = %item.record_id, attempts, %fault, "not delivered");
        let noted = match &verdict {
            Verdict::SignIn(why) => {
                self.end_session(*why).await;
                return Ok(());
            }
            Verdict::Quarantine(_) if item.kind.is_announcement() => {
                self.store.drop_announcement(item.record_id, self.now()).await
            }
            Verdict::Quarantine(problem) => {
                self.store.quarantine(item.record_id, attempts, problem, self.now()).await
            }
            Verdict::PutOff(span) => {
                self.store.attempt_failed(item.record_id, attempts, Some(self.now().plus(*span))).await
            }
            Verdict::Pause { .. } => self.store.attempt_failed(item.record_id, attempts, None).await,
        };
        if let Err(fault) = noted {
            tracing::error!(%fault, "an attempt could not be noted");
            return Err(None);
        }
        if !item.kind.is_announcement() {
            self.tell_records().await;
        }
        match verdict {
            Verdict::Pause { at_least } => Err(at_least),
            Verdict::PutOff(_) | Verdict::Quarantine(_) | Verdict::SignIn(_) => Ok(()),
        }
    }

    /// The record's bytes, if they are what was sealed.
    async fn intact(&self, item: &QueueItem) -> Result<Option<Sealed>, StoreFault> {
        match self.store.sealed_bytes(item.record_id).await {
            Ok((sealed, hash)) => Ok(is_intact(None, &sealed, hash).then_some(sealed)),
            Err(StoreFault::Unreadable) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// A record that was changed after sealing is no evidence: it is put aside and never sent.
    async fn refuse_own(&self, item: &QueueItem, attempts: u32) -> Result<(), StoreFault> {
        tracing::error!(record = %item.record_id, "chain error: a sealed record was changed");
        let problem = Problem::new(ErrorCode::EvidenceMismatch);
        self.store.quarantine(item.record_id, attempts - 1, &problem, self.now()).await?;
        self.tell_records().await;
        Ok(())
    }

    /// Walks the device's chain; answers its first fault.
    pub(crate) async fn verify_chain(&self) -> Result<Option<ChainFault>, DeskFault> {
        self.until_ready().await;
        let mut head = ChainHead::EMPTY;
        for row in self.store.chain().await? {
            let intact = match self.store.sealed_bytes(row.record_id).await {
                Ok((sealed, hash)) => is_intact(Some(head), &sealed, hash),
                // Its bytes are out of reach; the link after it still holds its hash.
                Err(StoreFault::OtherKey) => {
                    row.prev_hash == head.hash && row.head.sequence == head.sequence + 1
                }
                Err(StoreFault::Unreadable) => false,
                Err(other) => return Err(other.into()),
            };
            if !intact {
                return Ok(Some(ChainFault { sequence: row.head.sequence, record_id: row.record_id }));
            }
            head = row.head;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RecordKind;
    use chayan_domain::evidence::SealKind;
    use chayan_domain::ids::CaseId;
    use uuid::Uuid;

    fn item(position: i64, case: u128, kind: RecordKind) -> QueueItem {
        QueueItem {
            position,
            record_id: RecordId(Uuid::from_u128(position.unsigned_abs().into())),
            case_id: CaseId(Uuid::from_u128(case)),
            owner: "P1".to_owned(),
            kind,
            attempts: 0,
            not_before: None,
        }
    }

    const FLOW: RecordKind = RecordKind::Sealed(SealKind::Flow);
    const NOTICE: RecordKind = RecordKind::Sealed(SealKind::Notice);

    fn sent(next: &Next) -> i64 {
        match next {
            Next::Send(item) => item.position,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reports_go_before_announcements_and_each_case_keeps_its_order() {
        let queue =
            [item(1, 1, RecordKind::StartTiming), item(2, 2, NOTICE), item(3, 2, FLOW), item(4, 3, FLOW)];
        assert_eq!(sent(&next(&queue, "P1", Timestamp(0))), 2);
        assert_eq!(sent(&next(&queue[2..], "P1", Timestamp(0))), 3);
        assert_eq!(sent(&next(&queue[..1], "P1", Timestamp(0))), 1);
    }

    #[test]
    fn somebody_elses_records_wait_for_their_owner() {
        assert_eq!(next(&[item(1, 1, FLOW)], "P2", Timestamp(0)), Next::Idle);
    }

    #[test]
    fn a_record_put_off_lets_other_cases_go_and_its_own_case_wait() {
        let mut first = item(1, 1, NOTICE);
        first.not_before = Some(Timestamp(5_000));
        let queue = [first, item(2, 1, FLOW), item(3, 2, FLOW)];
        assert_eq!(sent(&next(&queue, "P1", Timestamp(0))), 3);
        assert_eq!(next(&queue[..2], "P1", Timestamp(1_000)), Next::Wait(Span(4_000)));
        assert_eq!(sent(&next(&queue[..2], "P1", Timestamp(5_000))), 1);
    }

    #[test]
    fn every_answer_has_its_meaning() {
        let problem = |code| DeskFault::of_problem(Problem::new(code));
        for code in [
            ErrorCode::BadRequest,
            ErrorCode::NotAllowed,
            ErrorCode::NotFound,
            ErrorCode::Refused,
            ErrorCode::IdReused,
            ErrorCode::FormFaults,
            ErrorCode::EvidenceMismatch,
            ErrorCode::TooLarge,
        ] {
            assert!(matches!(judge(&problem(code), 1), Verdict::Quarantine(_)), "{code:?}");
        }
        for code in [ErrorCode::NotSignedIn, ErrorCode::SessionExpired, ErrorCode::SessionRevoked] {
            assert_eq!(judge(&problem(code), 1), Verdict::SignIn(DeskFaultCode::SessionOver), "{code:?}");
        }
        let unknown = judge(&problem(ErrorCode::UnknownMember), 1);
        assert_eq!(unknown, Verdict::SignIn(DeskFaultCode::UnknownMember));
        for code in [
            DeskFaultCode::Unreachable,
            DeskFaultCode::Timeout,
            DeskFaultCode::NotOurs,
            DeskFaultCode::Certificate,
        ] {
            assert_eq!(judge(&code.into(), 50), Verdict::Pause { at_least: None }, "{code:?}");
        }
        assert_eq!(judge(&problem(ErrorCode::Internal), 4), Verdict::Pause { at_least: None });
        assert_eq!(judge(&problem(ErrorCode::Internal), 5), Verdict::PutOff(PUT_OFF));
        let mut busy = Problem::new(ErrorCode::TooManyRequests);
        busy.retry_after = Some(7);
        let verdict = judge(&DeskFault::of_problem(busy), 1);
        assert_eq!(verdict, Verdict::Pause { at_least: Some(Span::seconds(7)) });
    }

    #[test]
    fn pauses_double_up_to_a_minute_and_half_of_each_is_chance() {
        assert_eq!((pause(1, |_| 0), pause(1, |highest| highest)), (Span(500), Span(1_000)));
        assert_eq!((pause(3, |_| 0), pause(3, |highest| highest)), (Span(2_000), Span(4_000)));
        assert_eq!(pause(60, |highest| highest), LONGEST_PAUSE);
    }
}
