//! The feed from the centre: stream or long polling, from a cursor, each event once.
//!
//! Every connection begins with catching up. A few events come one by one; a flood after a gap becomes one count, and
//! only what is still open is raised. What is told was kept first, in memory where the disk is full.

use std::collections::HashMap;
use std::sync::Arc;

use chayan_api::alerts::Alert;
use chayan_api::cases::CaseSummary;
use chayan_api::error::ErrorCode;
use chayan_api::stream::{FIRST_PING_MS, FeedBody, Ping, SILENCE_MS};
use chayan_domain::ids::{AlertId, CaseId};
use chayan_domain::report::Private;
use chayan_domain::time::{Span, Timestamp};
use futures_util::StreamExt;

use crate::core::Core;
use crate::ipc::{DeskEvent, DeskFault, DeskFaultCode};
use crate::loose;
use crate::remote::{Remote, StreamEvent};
use crate::store::{Intake, StoreFault};

/// More than this after a gap is one summary.
const FEW: usize = 3;
/// How long the centre may hold a long poll.
const POLL: Span = Span::seconds(20);
/// While polling, the stream is tried again this often: the proxy may have gone.
const STREAM_AGAIN: Span = Span::minutes(10);
const FIRST_PAUSE: Span = Span::millis(500);
const LONGEST_PAUSE: Span = Span::seconds(8);

/// Why a connection ended.
#[derive(Debug)]
enum Lost {
    Fault(DeskFault),
    /// Open, but mute from the start: something between holds the stream back.
    Mute,
    /// Time to try the stream again.
    TryStream,
}

impl From<DeskFault> for Lost {
    fn from(fault: DeskFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<StoreFault> for Lost {
    fn from(fault: StoreFault) -> Self {
        Self::Fault(fault.into())
    }
}

/// What a feed event changed here.
#[derive(Debug)]
enum Effect {
    Case(Box<CaseSummary>),
    Raised(Box<Alert>),
    AlertChanged,
    Ended(AlertId),
    Reference,
    SessionEnded,
}

/// One way to the centre, as one person.
struct Line<'a> {
    token: &'a Private,
    remote: &'a Remote,
    owner: &'a str,
}

impl Core {
    /// Keeps the feed connected for as long as the program runs.
    pub(crate) async fn follow_feed(self: Arc<Self>) {
        self.until_ready().await;
        let (mut failures, mut polling) = (0_u32, false);
        let mut lost_since: Option<Timestamp> = None;
        loop {
            let (Ok(token), Ok(person), Ok(remote)) = (self.token(), self.person(), self.remote()) else {
                self.note_idle();
                (failures, polling, lost_since) = (0, false, None);
                self.wake.reconnect.notified().await;
                continue;
            };
            if failures == 0 {
                self.note_lost(*lost_since.get_or_insert(self.now()), None);
            }
            let line = Line { token: &token, remote: &remote, owner: &person.0 };
            let ended = tokio::select! {
                lost = self.connected(&line, polling, &mut failures, &mut lost_since) => Some(lost),
                () = self.wake.reconnect.notified() => None,
            };
            match ended {
                None => (failures, polling, lost_since) = (0, false, None),
                Some(Lost::Mute) => {
                    tracing::warn!("the stream is mute: polling instead");
                    polling = true;
                }
                Some(Lost::TryStream) => polling = false,
                Some(Lost::Fault(fault)) => {
                    polling = false;
                    failures += 1;
                    self.after_loss(&fault, failures, *lost_since.get_or_insert(self.now())).await;
                }
            }
        }
    }

    async fn after_loss(&self, fault: &DeskFault, failures: u32, since: Timestamp) {
        tracing::warn!(%fault, failures, "feed lost");
        if self.token().is_err() {
            return;
        }
        self.note_lost(since, Some(fault));
        let asked = fault.problem.as_ref().and_then(|problem| problem.retry_after);
        let span =
            asked.map_or_else(|| self.reconnect_pause(failures), |seconds| Span::seconds(i64::from(seconds)));
        tokio::select! {
            () = self.clock.sleep(span) => {}
            () = self.wake.reconnect.notified() => {}
        }
        self.note_lost(since, None);
    }

    /// Doubled with each failure, half of it chance, so that a province does not come back in one second.
    fn reconnect_pause(&self, failures: u32) -> Span {
        let doubled = FIRST_PAUSE.0.saturating_mul(1_i64 << failures.saturating_sub(1).min(8));
        let half = doubled.min(LONGEST_PAUSE.0) / 2;
        Span(half.saturating_add(i64::try_from(self.entropy.up_to(half.unsigned_abs())).unwrap_or(half)))
    }

    /// One connection, from catching up to its end.
    async fn connected(
        &self,
        line: &Line<'_>,
        polling: bool,
        failures: &mut u32,
        lost_since: &mut Option<Timestamp>,
    ) -> Lost {
        let work = async {
            let cursor = match self.store.cursor(line.owner).await? {
                Some(cursor) => self.catch_up(line, cursor).await?,
                None => self.begin(line).await?,
            };
            if polling {
                self.poll(line, cursor, failures, lost_since).await
            } else {
                self.listen(line, &cursor, failures, lost_since).await
            }
        };
        match work.await {
            Ok(never) => match never {},
            Err(Lost::Fault(fault)) => {
                let fault = self.heard::<()>(Err(fault)).await.err();
                Lost::Fault(fault.unwrap_or_else(|| DeskFaultCode::Internal.into()))
            }
            Err(other) => other,
        }
    }

    /// The first connection of this person: the open alerts are the past, the feed goes on from now.
    async fn begin(&self, line: &Line<'_>) -> Result<String, Lost> {
        let page = line.remote.events(line.token, None, Span(0)).await?;
        let list = line.remote.alerts(line.token).await?;
        self.note_contact(list.server_time);
        let alerts: Vec<Alert> = list.alerts.iter().filter_map(loose::alert).collect();
        let open: Vec<AlertId> = alerts.iter().map(|alert| alert.alert_id).collect();
        let known: Vec<AlertId> = self.open_alerts().await.iter().map(|alert| alert.alert_id).collect();
        let mut raised = Vec::new();
        for alert in alerts {
            let alert_id = alert.alert_id;
            if !known.contains(&alert_id) {
                raised.push(alert_id);
            }
            self.keep_intake(line.owner, None, None, &Intake::Alert(Box::new(alert))).await;
        }
        let kept = async {
            self.store.keep_only_open(line.owner, &open, self.now()).await?;
            self.store.set_cursor(line.owner, Some(&page.cursor)).await
        };
        if let Err(fault) = kept.await {
            tracing::error!(%fault, "where the feed goes on is not kept; the next connection begins here again");
        }
        self.raise_if_open(&raised).await;
        self.tell_alerts().await;
        self.wake.receipts.notify_one();
        Ok(page.cursor)
    }

    /// Everything since the cursor.
    async fn catch_up(&self, line: &Line<'_>, mut cursor: String) -> Result<String, Lost> {
        let mut effects = Vec::new();
        loop {
            let page = match line.remote.events(line.token, Some(&cursor), Span(0)).await {
                Err(fault) if is_unknown_cursor(&fault) => {
                    tracing::warn!("the centre does not know the cursor: beginning anew");
                    self.store.set_cursor(line.owner, None).await?;
                    return self.begin(line).await;
                }
                other => other?,
            };
            self.note_contact(page.server_time);
            for event in page.events {
                effects.extend(self.take(line.owner, event).await);
            }
            cursor = page.cursor;
            if !page.more {
                break;
            }
        }
        if self.pictures().store_fault.is_none()
            && let Err(fault) = self.store.set_cursor(line.owner, Some(&cursor)).await
        {
            tracing::error!(%fault, "where the feed goes on is not kept");
        }
        if let Err(fault) = self.store.forget_old_events(self.now()).await {
            tracing::warn!(%fault, "old events are not forgotten");
        }
        self.tell_gap(effects).await?;
        Ok(cursor)
    }

    async fn listen(
        &self,
        line: &Line<'_>,
        cursor: &str,
        failures: &mut u32,
        lost_since: &mut Option<Timestamp>,
    ) -> Result<std::convert::Infallible, Lost> {
        let mut stream = line.remote.stream(line.token, cursor).await?;
        let mut heard = false;
        let mut patience = Span(FIRST_PING_MS);
        loop {
            let event = tokio::select! {
                event = stream.next() => event,
                () = self.clock.sleep(patience) => {
                    return Err(if heard { DeskFault::new(DeskFaultCode::Timeout).into() } else { Lost::Mute });
                }
            };
            let event = event.unwrap_or_else(|| Err(DeskFaultCode::Unreachable.into()))?;
            if !heard {
                (heard, *failures, *lost_since) = (true, 0, None);
                self.note_online(false);
            }
            patience = Span(SILENCE_MS);
            self.hear(line.owner, event).await?;
        }
    }

    async fn hear(&self, owner: &str, event: StreamEvent) -> Result<(), Lost> {
        match event.kind.as_str() {
            "ping" => {
                if let Ok(ping) = serde_json::from_str::<Ping>(&event.data) {
                    self.note_contact(ping.server_time);
                    self.try_store_again().await;
                }
            }
            "feed" => {
                let value = serde_json::from_str(&event.data).unwrap_or_default();
                if let Some(effect) = self.take(owner, value).await {
                    self.tell_effect(effect).await?;
                }
            }
            other => tracing::debug!(kind = other, "a stream event of a newer centre"),
        }
        Ok(())
    }

    async fn poll(
        &self,
        line: &Line<'_>,
        mut cursor: String,
        failures: &mut u32,
        lost_since: &mut Option<Timestamp>,
    ) -> Result<std::convert::Infallible, Lost> {
        let again_at = self.now().plus(STREAM_AGAIN);
        (*failures, *lost_since) = (0, None);
        self.note_online(true);
        loop {
            let page = line.remote.events(line.token, Some(&cursor), POLL).await?;
            self.note_contact(page.server_time);
            for event in page.events {
                if let Some(effect) = self.take(line.owner, event).await {
                    self.tell_effect(effect).await?;
                }
            }
            self.try_store_again().await;
            cursor = page.cursor;
            if self.now() >= again_at {
                return Err(Lost::TryStream);
            }
        }
    }

    /// Keeps one event. `None`: seen before, or nothing that matters here.
    async fn take(&self, owner: &str, value: serde_json::Value) -> Option<Effect> {
        let cursor = value.get("cursor").and_then(serde_json::Value::as_str).map(str::to_owned);
        let event = match loose::event(&value) {
            Ok(event) => event,
            Err(fault) => {
                tracing::warn!(%fault, "a feed event that this program cannot read is left out");
                self.keep_intake(owner, None, cursor.as_deref(), &Intake::Nothing).await;
                return None;
            }
        };
        let (intake, effect) = match event.body {
            FeedBody::CaseChanged { case } => (Intake::Nothing, Some(Effect::Case(case))),
            FeedBody::AlertRaised { alert } => (Intake::Alert(alert.clone()), Some(Effect::Raised(alert))),
            FeedBody::AlertChanged { alert } => (Intake::Alert(alert), Some(Effect::AlertChanged)),
            FeedBody::AlertEnded { alert_id, over, .. } => {
                (Intake::Ended(alert_id, over), Some(Effect::Ended(alert_id)))
            }
            FeedBody::ReferenceChanged => (Intake::Nothing, Some(Effect::Reference)),
            FeedBody::SessionEnded => (Intake::Nothing, Some(Effect::SessionEnded)),
            FeedBody::Unknown => (Intake::Nothing, None),
        };
        let is_new = self.keep_intake(owner, Some(event.event_id), Some(&event.cursor), &intake).await;
        effect.filter(|_| is_new)
    }

    async fn tell_effect(&self, effect: Effect) -> Result<(), Lost> {
        match effect {
            Effect::Case(case) => self.tell(DeskEvent::CaseChanged { case: *case }),
            Effect::Raised(alert) => {
                self.wake.receipts.notify_one();
                self.raise_if_open(&[alert.alert_id]).await;
                self.tell_alerts().await;
            }
            Effect::AlertChanged => {
                self.wake.receipts.notify_one();
                self.tell_alerts().await;
            }
            Effect::Ended(alert_id) => {
                self.show_ended(alert_id).await?;
                self.tell_alerts().await;
            }
            Effect::Reference => self.wake.reference.notify_one(),
            Effect::SessionEnded => return Err(DeskFault::new(DeskFaultCode::SessionOver).into()),
        }
        Ok(())
    }

    /// What a gap brought: one by one when it is little, otherwise a count, the newest of each case, and what is open.
    async fn tell_gap(&self, effects: Vec<Effect>) -> Result<(), Lost> {
        if effects.len() <= FEW {
            for effect in effects {
                self.tell_effect(effect).await?;
            }
            return Ok(());
        }
        self.pictures().board.missed = u32::try_from(effects.len()).unwrap_or(u32::MAX);
        let mut cases: HashMap<CaseId, Box<CaseSummary>> = HashMap::new();
        let mut raised = Vec::new();
        let mut session_ended = false;
        for effect in effects {
            match effect {
                Effect::Case(case) => drop(cases.insert(case.case_id, case)),
                Effect::Raised(alert) => raised.push(alert.alert_id),
                Effect::Reference => self.wake.reference.notify_one(),
                Effect::SessionEnded => session_ended = true,
                Effect::AlertChanged | Effect::Ended(_) => {}
            }
        }
        for case in cases.into_values() {
            self.tell(DeskEvent::CaseChanged { case: *case });
        }
        self.wake.receipts.notify_one();
        self.raise_if_open(&raised).await;
        self.tell_alerts().await;
        if session_ended { Err(DeskFault::new(DeskFaultCode::SessionOver).into()) } else { Ok(()) }
    }

    /// Raises those of the alerts that still ask for something.
    async fn raise_if_open(&self, alert_ids: &[AlertId]) {
        for alert in self.open_alerts().await {
            if alert_ids.contains(&alert.alert_id) {
                self.tell(DeskEvent::AlertRaised { alert });
            }
        }
    }
}

fn is_unknown_cursor(fault: &DeskFault) -> bool {
    fault
        .problem
        .as_ref()
        .is_some_and(|problem| matches!(problem.code, ErrorCode::BadRequest | ErrorCode::NotFound))
}
