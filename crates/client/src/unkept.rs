//! What the disk could not take: alerts, and what was done with them. In memory until the disk takes it.
//!
//! A full disk must not hide an alert from a leader. What is kept here is raised, shown and told to the centre like
//! everything else, and the cursor of the feed stays behind it, so that a restart hears it again.

use std::collections::{HashSet, VecDeque};

use chayan_api::alerts::{Alert, AlertReceipt, ReceiptKind};
use chayan_domain::ids::{AlertId, EventId};
use chayan_domain::time::Timestamp;

use crate::core::Core;
use crate::ipc::{DeskFault, DeskFaultCode};
use crate::store::{Intake, StoreFault};

/// One thing that waits for the disk.
#[derive(Debug, Clone)]
enum Waiting {
    Intake { event_id: Option<EventId>, intake: Intake },
    Note { alert_id: AlertId, kind: ReceiptKind },
}

#[derive(Debug, Clone)]
struct Entry {
    owner: String,
    at: Timestamp,
    waiting: Waiting,
}

/// What waits, in the order in which it came.
#[derive(Debug, Default)]
pub(crate) struct Unkept {
    entries: VecDeque<Entry>,
    /// Feed events that were heard and not noted.
    heard: HashSet<EventId>,
    /// What the centre has not been told of it.
    receipts: Vec<(String, AlertReceipt)>,
}

impl Unkept {
    /// Remembers what a feed event brought. False when it was heard before.
    fn take(&mut self, owner: &str, event_id: Option<EventId>, intake: &Intake, at: Timestamp) -> bool {
        if event_id.is_some_and(|event_id| !self.heard.insert(event_id)) {
            return false;
        }
        if let Intake::Alert(alert) = intake {
            self.tell(owner, alert.alert_id, ReceiptKind::Delivered, at);
        }
        if !matches!(intake, Intake::Nothing) {
            let waiting = Waiting::Intake { event_id, intake: intake.clone() };
            self.entries.push_back(Entry { owner: owner.to_owned(), at, waiting });
        }
        true
    }

    fn note(&mut self, owner: &str, alert_id: AlertId, kind: ReceiptKind, at: Timestamp) {
        self.tell(owner, alert_id, kind, at);
        let waiting = Waiting::Note { alert_id, kind };
        self.entries.push_back(Entry { owner: owner.to_owned(), at, waiting });
    }

    fn tell(&mut self, owner: &str, alert_id: AlertId, kind: ReceiptKind, device_time: Timestamp) {
        self.receipts.push((owner.to_owned(), AlertReceipt { alert_id, kind, device_time }));
    }

    /// Lays what waits over the open alerts that the store knows.
    fn lay_over(&self, owner: &str, open: &mut Vec<Alert>) {
        for entry in self.entries.iter().filter(|entry| entry.owner == owner) {
            let about = match &entry.waiting {
                Waiting::Intake { intake: Intake::Alert(alert), .. } => alert.alert_id,
                Waiting::Intake { intake: Intake::Ended(alert_id, _), .. }
                | Waiting::Note { alert_id, kind: ReceiptKind::Acknowledged } => *alert_id,
                Waiting::Intake { intake: Intake::Nothing, .. } | Waiting::Note { .. } => continue,
            };
            open.retain(|alert| alert.alert_id != about);
            if let Waiting::Intake { intake: Intake::Alert(alert), .. } = &entry.waiting
                && alert.ended.is_none()
            {
                open.push(alert.as_ref().clone());
            }
        }
    }

    /// Receipts of a person that only memory knows.
    pub(crate) fn receipts(&self, owner: &str) -> Vec<AlertReceipt> {
        let mine = self.receipts.iter().filter(|(whose, _)| whose == owner);
        mine.map(|(_, receipt)| receipt.clone()).collect()
    }

    /// The centre took these.
    pub(crate) fn receipts_sent(&mut self, sent: &[AlertReceipt]) {
        self.receipts.retain(|(_, receipt)| !sent.contains(receipt));
    }
}

impl Core {
    /// Keeps what the feed brought, in memory where the disk does not take it. False when it was heard before.
    pub(crate) async fn keep_intake(
        &self,
        owner: &str,
        event_id: Option<EventId>,
        cursor: Option<&str>,
        intake: &Intake,
    ) -> bool {
        let heard = event_id.is_some_and(|event_id| self.pictures().unkept.heard.contains(&event_id));
        let now = self.now();
        let kept = match self.keep_waiting().await {
            Ok(()) => self.store.take_in(owner, event_id, cursor, intake, now).await,
            Err(fault) => Err(fault),
        };
        self.note_store(kept.as_ref().err());
        match kept {
            Ok(is_new) => is_new && !heard,
            Err(_) => self.pictures().unkept.take(owner, event_id, intake, now),
        }
    }

    /// Notes what this device did with alerts, in memory where the disk does not take it.
    pub(crate) async fn note_alerts(
        &self,
        alert_ids: &[AlertId],
        kind: ReceiptKind,
    ) -> Result<(), DeskFault> {
        let (owner, now) = (self.owner(), self.now());
        let noted = match self.keep_waiting().await {
            Ok(()) => self.store.note_alerts(&owner, alert_ids, kind, now).await,
            Err(fault) => Err(fault),
        };
        match noted {
            Ok(()) => self.note_store(None),
            Err(StoreFault::UnknownId) => return Err(DeskFaultCode::UnknownId.into()),
            Err(fault) => {
                self.note_store(Some(&fault));
                let open = self.open_alerts().await;
                let known = |alert_id: &AlertId| open.iter().any(|alert| alert.alert_id == *alert_id);
                if !alert_ids.iter().all(known) {
                    return Err(DeskFaultCode::UnknownId.into());
                }
                let mut pictures = self.pictures();
                for alert_id in alert_ids {
                    pictures.unkept.note(&owner, *alert_id, kind, now);
                }
            }
        }
        self.wake.receipts.notify_one();
        Ok(())
    }

    /// The person's open alerts: those of the store, and those that it could not take.
    pub(crate) async fn open_alerts(&self) -> Vec<Alert> {
        let owner = self.owner();
        let mut open = match self.store.open_alerts(&owner).await {
            Ok(rows) => rows.into_iter().map(|row| row.alert).collect(),
            Err(fault) => {
                tracing::error!(%fault, "alerts cannot be read");
                Vec::new()
            }
        };
        self.pictures().unkept.lay_over(&owner, &mut open);
        open
    }

    /// Tries whether the disk takes again what it did not.
    pub(crate) async fn try_store_again(&self) {
        if self.pictures().store_fault.is_none() {
            return;
        }
        let kept = match self.keep_waiting().await {
            Ok(()) => self.store.forget_old_events(self.now()).await,
            Err(fault) => Err(fault),
        };
        self.note_store(kept.as_ref().err());
    }

    /// Writes what waits, in its order. What cannot be written for another reason than the disk is left out.
    async fn keep_waiting(&self) -> Result<(), StoreFault> {
        let _alone = self.keeping.lock().await;
        loop {
            let Some(Entry { owner, at, waiting }) = self.pictures().unkept.entries.front().cloned() else {
                return Ok(());
            };
            let kept = match &waiting {
                Waiting::Intake { event_id, intake } => {
                    self.store.take_in(&owner, *event_id, None, intake, at).await.map(drop)
                }
                Waiting::Note { alert_id, kind } => {
                    self.store.note_alerts(&owner, &[*alert_id], *kind, at).await
                }
            };
            match kept {
                Err(fault @ (StoreFault::Unreadable | StoreFault::UnknownId)) => {
                    tracing::error!(%fault, "an alert's word could not be kept");
                }
                other => other?,
            }
            self.pictures().unkept.entries.pop_front();
        }
    }

    /// Tells the person why the store does not take what the centre says, or that it does again.
    fn note_store(&self, fault: Option<&StoreFault>) {
        let code = fault.map(|fault| {
            tracing::error!(%fault, "the local store does not take what the centre says");
            fault.code()
        });
        self.pictures().store_fault = code;
        self.tell_connection();
    }
}
