//! Wall clock, elapsed clock and waiting, behind one trait.

use std::sync::Arc;

use async_trait::async_trait;
use chayan_domain::evidence::Elapsed;
use chayan_domain::time::{Span, Timestamp};
use tokio::sync::watch;

/// The time of day, the clock that counts sleep, and waiting for a moment.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The wall clock. May jump.
    fn now(&self) -> Timestamp;

    /// The elapsed clock with its boot; `None` where the machine offers none that counts sleep.
    fn elapsed(&self) -> Option<Elapsed>;

    /// Returns once the wall clock shows `moment` or later.
    async fn sleep_until(&self, moment: Timestamp);

    /// Returns once `span` has passed. A wall clock that is set back meanwhile does not make it longer.
    async fn sleep(&self, span: Span);
}

/// The machine's own clocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// Waiting is cut into pieces of this length at most, so that a wall clock that is set forward, or a machine that
/// wakes from suspend, is noticed this soon.
const LONGEST_WAIT: Span = Span::seconds(5);

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    fn elapsed(&self) -> Option<Elapsed> {
        machine_elapsed()
    }

    async fn sleep_until(&self, moment: Timestamp) {
        loop {
            let left = moment.since(self.now());
            if left.0 <= 0 {
                return;
            }
            wait(left.min(LONGEST_WAIT)).await;
        }
    }

    async fn sleep(&self, span: Span) {
        let moment = self.now().plus(span);
        let mut left = span;
        // The wall clock counts a suspend, the pieces count when it is set back.
        while left.0 > 0 && self.now() < moment {
            let piece = left.min(moment.since(self.now())).min(LONGEST_WAIT);
            wait(piece).await;
            left = Span(left.0 - piece.0);
        }
    }
}

async fn wait(piece: Span) {
    tokio::time::sleep(std::time::Duration::from_millis(piece.0.max(0).unsigned_abs())).await;
}

#[cfg(target_os = "linux")]
fn machine_elapsed() -> Option<Elapsed> {
    let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
    let reading = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let millis = reading.tv_sec.saturating_mul(1_000).saturating_add(reading.tv_nsec / 1_000_000);
    Some(Elapsed { boot_id, since_boot: Span::millis(millis) })
}

/// Other systems: reports made offline there are 时间存疑 until their sleep-counting clock is read.
#[cfg(not(target_os = "linux"))]
const fn machine_elapsed() -> Option<Elapsed> {
    None
}

/// A clock that stands still until a test moves it. Clones share the time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    hands: Arc<watch::Sender<Hands>>,
}

/// What a manual clock shows.
#[derive(Debug, Clone, Copy)]
struct Hands {
    wall: Timestamp,
    since_boot: Span,
}

impl ManualClock {
    /// A clock that shows `start`; its elapsed clock then shows one hour since boot `manual`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self { hands: Arc::new(watch::Sender::new(Hands { wall: start, since_boot: Span::minutes(60) })) }
    }

    /// Moves the clock and wakes whoever waited for a moment that has come.
    pub fn advance(&self, span: Span) {
        self.hands.send_modify(|hands| {
            hands.wall = hands.wall.plus(span);
            hands.since_boot = Span(hands.since_boot.0.saturating_add(span.0));
        });
    }

    /// Sets the wall clock forward or back, as somebody who corrects it does: no time passes.
    pub fn correct(&self, by: Span) {
        self.hands.send_modify(|hands| hands.wall = hands.wall.plus(by));
    }

    /// Sets the clock, also backward.
    pub fn set(&self, moment: Timestamp) {
        self.advance(moment.since(self.now()));
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.hands.borrow().wall
    }

    fn elapsed(&self) -> Option<Elapsed> {
        Some(Elapsed { boot_id: "manual".to_owned(), since_boot: self.hands.borrow().since_boot })
    }

    async fn sleep_until(&self, moment: Timestamp) {
        let mut seen = self.hands.subscribe();
        // The sender lives as long as `self`, so waiting ends only by the time that is reached.
        let _reached = seen.wait_for(|hands| hands.wall >= moment).await.is_ok();
    }

    async fn sleep(&self, span: Span) {
        let began = *self.hands.borrow();
        let (moment, passed) = (began.wall.plus(span), began.since_boot.0.saturating_add(span.0));
        let mut seen = self.hands.subscribe();
        let over = |hands: &Hands| hands.wall >= moment || hands.since_boot.0 >= passed;
        let _reached = seen.wait_for(over).await.is_ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_moment_is_reached_and_not_before() {
        let clock = ManualClock::new(Timestamp(1_000));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep_until(Timestamp(2_000)).await;
                clock.now()
            }
        });
        clock.advance(Span::millis(999));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished(), "one millisecond is missing");
        clock.advance(Span::millis(1));
        assert_eq!(sleeper.await.unwrap(), Timestamp(2_000));
    }

    #[tokio::test]
    async fn a_wall_clock_that_is_set_back_makes_no_sleep_longer() {
        let clock = ManualClock::new(Timestamp(10_000_000));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Span::seconds(5)).await }
        });
        tokio::task::yield_now().await;
        clock.correct(Span::minutes(-60));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished(), "no time passed");
        clock.advance(Span::seconds(5));
        sleeper.await.unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_machine_names_its_boot_and_counts_on() {
        let first = SystemClock.elapsed().unwrap();
        let second = SystemClock.elapsed().unwrap();
        assert_eq!(first.boot_id, second.boot_id);
        assert!(second.since_boot >= first.since_boot);
    }
}
