//! The broom: forgets old feed rows, ended sessions and old wrong passwords, a portion at a time.
//!
//! It must not touch cases, events, commands, receipts or customer data: those are kept by rules of their own.

use chayan_domain::time::{Span, Timestamp};
use chayan_store::StoreError;
use tracing::{debug, warn};

use crate::centre::Centre;
use crate::day::DAY;

/// How often it looks.
const EVERY: Span = Span::minutes(60);
/// Rows that go in one commit, so that a report waits for no more than one portion.
const PORTION: u32 = 1_000;

/// Runs until it is dropped.
pub(crate) async fn run(centre: Centre) {
    loop {
        if let Err(error) = sweep(&centre).await {
            warn!(cause = ?error, "old rows could not be forgotten; the next time will do");
        }
        centre.clock.sleep(EVERY).await;
    }
}

async fn sweep(centre: &Centre) -> Result<(), StoreError> {
    let (now, store, config) = (centre.clock.now(), &centre.store, &centre.config);
    let feed = days_before(now, config.feed_keep_days);
    let sessions = days_before(now, config.session_keep_days);
    // A wrong password that counts no more, whatever the window was.
    let tries = now.minus(Span::minutes(config.lockout_window_minutes.into()));
    let mut portions = 0_u32;
    while store.forget_feed(feed, PORTION).await? {
        portions += 1;
    }
    while store.forget_sessions(sessions, PORTION).await? {
        portions += 1;
    }
    while store.forget_wrong_sign_ins(tries, PORTION).await? {
        portions += 1;
    }
    if portions > 0 {
        debug!(portions, "old rows forgotten");
    }
    Ok(())
}

fn days_before(now: Timestamp, days: u32) -> Timestamp {
    now.minus(Span(DAY.0.saturating_mul(days.into())))
}
