//! The board of open alerts, and what this device did with them: delivered, shown, acknowledged, told to the centre
//! until it took it.

use std::sync::Arc;

use chayan_api::Known;
use chayan_api::alerts::{Alert, AlertReceipt, AlertReceipts, ReceiptKind};
use chayan_api::facts::FactsView;
use chayan_domain::directory::Line;
use chayan_domain::ids::{AlertId, CaseId};
use chayan_domain::time::Span;

use crate::core::Core;
use crate::ipc::{AlertBoard, AlertRef, AlertRefs, DeskEvent, DeskFault, DeskFaultCode};
use crate::outbox::pause;
use crate::store::StoreFault;

/// The kind of the alert that 测试提醒 raises.
pub const TEST_ALERT: &str = "test";
/// At most so many receipts travel together.
const BATCH: u32 = 500;
/// How long an alert that ended while it was shown stays for its explanation.
const EXPLAINED: Span = Span::seconds(30);

impl Core {
    /// `alerts`
    pub(crate) fn alerts(&self) -> AlertBoard {
        self.pictures().board.clone()
    }

    /// Reads the open alerts and tells the windows.
    pub(crate) async fn tell_alerts(&self) {
        let mut open = self.open_alerts().await;
        let board = {
            let mut pictures = self.pictures();
            open.extend(pictures.local_alerts.iter().cloned());
            open.sort_by_key(urgency);
            pictures.board.open = open;
            pictures.board.ended = pictures.ended_until.iter().map(|(alert, _)| alert.clone()).collect();
            pictures.board.clone()
        };
        self.tell(DeskEvent::Alerts { board });
    }

    /// `alerts_shown`. With no ids: the summary of what was missed was read.
    pub(crate) async fn alerts_shown(&self, args: AlertRefs) -> Result<(), DeskFault> {
        if args.alert_ids.is_empty() {
            self.pictures().board.missed = 0;
            self.tell_alerts().await;
            return Ok(());
        }
        let ids: Vec<AlertId> =
            args.alert_ids.into_iter().filter(|alert_id| !self.is_local(*alert_id)).collect();
        self.note_alerts(&ids, ReceiptKind::Shown).await
    }

    /// `acknowledge_alert`
    pub(crate) async fn acknowledge_alert(&self, args: AlertRef) -> Result<(), DeskFault> {
        if self.is_local(args.alert_id) {
            self.pictures().local_alerts.retain(|alert| alert.alert_id != args.alert_id);
        } else {
            self.note_alerts(&[args.alert_id], ReceiptKind::Acknowledged).await?;
        }
        self.pictures().board.missed = 0;
        self.tell_alerts().await;
        Ok(())
    }

    /// `test_alert`
    pub(crate) async fn test_alert(&self) {
        let now = self.now();
        let unit_name = self.session.borrow().me.as_ref().map(|me| me.unit_name.clone()).unwrap_or_default();
        let alert = Alert {
            alert_id: AlertId(self.entropy.uuid(now)),
            case_id: CaseId(self.entropy.uuid(now)),
            kind: Known::Unknown(TEST_ALERT.to_owned()),
            level: 0,
            raised_at: now.plus(self.offset()),
            due_at: None,
            span: None,
            unit_name,
            line: Known::Word(Line::CustomerService),
            facts: FactsView::default(),
            story: Vec::new(),
            ended: None,
        };
        self.pictures().local_alerts.push(alert.clone());
        self.tell(DeskEvent::AlertRaised { alert });
        self.tell_alerts().await;
    }

    fn is_local(&self, alert_id: AlertId) -> bool {
        self.pictures().local_alerts.iter().any(|alert| alert.alert_id == alert_id)
    }

    /// An alert ended: if it was on the screen, it stays there for a moment with the reason.
    pub(crate) async fn show_ended(self: &Core, alert_id: AlertId) -> Result<(), StoreFault> {
        let Some(row) = self.store.alert(alert_id).await?.filter(|row| row.shown) else { return Ok(()) };
        let now = self.now();
        let mut pictures = self.pictures();
        pictures.ended_until.retain(|(_, until)| *until > now);
        pictures.ended_until.push((row.alert, now.plus(EXPLAINED)));
        drop(pictures);
        self.wake.ended.notify_one();
        Ok(())
    }

    /// Takes explanations off the board when their moment is over.
    pub(crate) async fn clear_ended(self: Arc<Self>) {
        loop {
            let next = self.pictures().ended_until.iter().map(|(_, until)| *until).min();
            match next {
                None => self.wake.ended.notified().await,
                Some(until) => {
                    self.clock.sleep_until(until).await;
                    let now = self.now();
                    self.pictures().ended_until.retain(|(_, until)| *until > now);
                    self.tell_alerts().await;
                }
            }
        }
    }

    /// Tells the centre what this device did with alerts, until it took it.
    pub(crate) async fn send_receipts(self: Arc<Self>) {
        self.until_ready().await;
        let mut failures = 0;
        loop {
            match self.send_receipt_batch().await {
                Ok(true) => failures = 0,
                Ok(false) => {
                    failures = 0;
                    self.wake.receipts.notified().await;
                }
                Err(fault) => {
                    tracing::warn!(%fault, "receipts not taken");
                    failures += 1;
                    let span = pause(failures, |highest| self.entropy.up_to(highest));
                    tokio::select! {
                        () = self.clock.sleep(span) => {}
                        () = self.wake.receipts.notified() => {}
                    }
                }
            }
        }
    }

    /// False: there is nothing to send, or nobody to send it as.
    async fn send_receipt_batch(&self) -> Result<bool, DeskFault> {
        let (Ok(token), Ok(person), Ok(remote)) = (self.token(), self.person(), self.remote()) else {
            return Ok(false);
        };
        let mut receipts = self.store.unsent_receipts(&person.0, BATCH).await?;
        if receipts.is_empty() {
            receipts = self.pictures().unkept.receipts(&person.0);
        }
        if receipts.is_empty() {
            return Ok(false);
        }
        let body = AlertReceipts { receipts };
        match self.heard(remote.alert_receipts(&token, &body).await).await {
            Ok(()) => self.receipts_sent(&body.receipts).await?,
            Err(fault) if fault.code == DeskFaultCode::Problem && !fault.retryable => {
                self.send_one_by_one(&remote, &token, body).await?;
            }
            Err(fault) => return Err(fault),
        }
        Ok(true)
    }

    /// The centre refused the batch: the one it does not want must not hold up the others.
    async fn send_one_by_one(
        &self,
        remote: &crate::remote::Remote,
        token: &chayan_domain::report::Private,
        batch: AlertReceipts,
    ) -> Result<(), DeskFault> {
        for receipt in batch.receipts {
            let one = AlertReceipts { receipts: vec![receipt] };
            match self.heard(remote.alert_receipts(token, &one).await).await {
                Ok(()) => {}
                Err(fault) if fault.code == DeskFaultCode::Problem && !fault.retryable => {
                    tracing::error!(%fault, "the centre refuses a receipt; it is not sent again");
                }
                Err(fault) => return Err(fault),
            }
            self.receipts_sent(&one.receipts).await?;
        }
        Ok(())
    }

    async fn receipts_sent(&self, sent: &[AlertReceipt]) -> Result<(), StoreFault> {
        self.pictures().unkept.receipts_sent(sent);
        self.store.receipts_sent(sent).await
    }
}

/// Most urgent first: by the clock that runs, then by level, then by age.
fn urgency(alert: &Alert) -> (i64, std::cmp::Reverse<u8>, i64) {
    (alert.due_at.map_or(i64::MAX, |due| due.0), std::cmp::Reverse(alert.level), alert.raised_at.0)
}
