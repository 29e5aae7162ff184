//! The link to the centre as the person sees it, the offset of the clocks, and waking up after a suspend.

use std::sync::Arc;

use chayan_domain::time::{Span, Timestamp};

use crate::core::Core;
use crate::ipc::{DeskFault, LinkState};

/// Not reached for this long after it was lost: 离线 instead of 重连中.
const OFFLINE_AFTER: Span = Span::seconds(15);
/// Offsets are only followed when they move by more than this; the rest is the network's own shaking.
const STEADY: Span = Span::millis(100);
/// How often the machine is looked at for a suspend.
const TICK: Span = Span::seconds(5);
/// A tick that took longer than this slept through a suspend.
const JUMP: Span = Span::seconds(15);

impl Core {
    /// A word from the centre: it is there, and its clock shows this.
    pub(crate) fn note_contact(&self, server_time: Timestamp) {
        let (contact, known) = (self.moment_now(), self.offset());
        let heard = server_time.since(contact.at);
        self.link.send_modify(|link| {
            link.last_contact = Some(contact);
            link.offset = if (heard.0 - known.0).abs() > STEADY.0 { heard } else { known };
        });
        self.tell_connection();
    }

    /// The feed runs.
    pub(crate) fn note_online(&self, polling: bool) {
        let was_online = {
            let mut was_online = false;
            self.link.send_modify(|link| {
                was_online = link.state == LinkState::Online;
                link.state = LinkState::Online;
                link.polling = polling;
                link.fault = None;
            });
            was_online
        };
        self.tell_connection();
        if !was_online {
            self.wake.outbox.notify_one();
            self.wake.receipts.notify_one();
            self.wake.anchor.notify_one();
        }
    }

    /// The feed is lost since `since`, for this reason.
    pub(crate) fn note_lost(&self, since: Timestamp, fault: Option<&DeskFault>) {
        let away = self.now().since(since);
        self.link.send_modify(|link| {
            link.state = if away >= OFFLINE_AFTER { LinkState::Offline } else { LinkState::Reconnecting };
            link.fault = fault.cloned().or_else(|| link.fault.take());
        });
        self.tell_connection();
    }

    /// Nobody is signed in, or no centre is set.
    pub(crate) fn note_idle(&self) {
        self.link.send_modify(|link| {
            link.state = LinkState::Idle;
            link.polling = false;
            link.fault = None;
        });
        self.tell_connection();
    }

    /// Notices a suspend by the clock that counts sleep, and gets everything going again at once.
    pub(crate) async fn watch_resume(self: Arc<Self>) {
        let mut before = self.clock.elapsed();
        loop {
            self.clock.sleep(TICK).await;
            let after = self.clock.elapsed();
            let jumped = match (&before, &after) {
                (Some(before), Some(after)) => Span(after.since_boot.0 - before.since_boot.0) > JUMP,
                _ => false,
            };
            if jumped {
                tracing::info!("the machine was asleep: connecting again");
                self.wake_everything();
            }
            // A wall clock that somebody corrected changes the offset that countdowns are drawn with.
            self.tell_connection();
            before = after;
        }
    }
}
