//! When an open alert sounds: at once, and again until it is dealt with. Pure.
//!
//! The higher the level, the more often. 安静模式 silences level 1 and what has no level; it cannot silence level 2 and
//! above.

use std::collections::HashMap;

use chayan_api::alerts::Alert;
use chayan_client::ipc::Settings;
use chayan_domain::ids::AlertId;
use chayan_domain::time::{Span, Timestamp};

use crate::toasts::interrupts;

/// From this level on 安静模式 does not silence.
const LOUD_LEVEL: u8 = 2;
/// However high the level: two sounds are never closer than this.
const SHORTEST: Span = Span::seconds(5);
/// The setting is kept within these.
const REPEAT: (u32, u32) = (10, 300);

/// The sounds there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Tone {
    /// A timer's warning, a first notice.
    Soft,
    /// Level 2 and above.
    Urgent,
}

/// What sounds and when it sounds next.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    next: HashMap<AlertId, Due>,
}

#[derive(Debug, Clone, Copy)]
struct Due {
    at: Timestamp,
    every: Span,
    level: u8,
}

impl Schedule {
    /// The open alerts are these now: new ones sound at once, ended ones never again. An alert that has climbed keeps
    /// its rhythm at its new level.
    pub(crate) fn set_open(&mut self, open: &[Alert], settings: &Settings, now: Timestamp) {
        let asking: Vec<&Alert> = open.iter().filter(|alert| interrupts(alert)).collect();
        self.next.retain(|id, _| asking.iter().any(|alert| alert.alert_id == *id));
        for alert in asking {
            let every = interval(alert.level, settings);
            let due = self.next.entry(alert.alert_id).or_insert(Due { at: now, every, level: alert.level });
            if (due.level, due.every) != (alert.level, every) {
                *due = Due { at: due.at.min(now.plus(every)), every, level: alert.level };
            }
        }
    }

    /// What sounds now, if anything: one sound for all that are due. Moves those on to their next time.
    pub(crate) fn ring(&mut self, settings: &Settings, now: Timestamp) -> Option<Tone> {
        let mut loudest: Option<u8> = None;
        for due in self.next.values_mut().filter(|due| due.at <= now) {
            due.at = now.plus(due.every);
            if !settings.quiet || due.level >= LOUD_LEVEL {
                loudest = loudest.max(Some(due.level));
            }
        }
        loudest.map(|level| if level >= LOUD_LEVEL { Tone::Urgent } else { Tone::Soft })
    }

    /// When to look again; `None` while nothing is open.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.next.values().map(|due| due.at).min()
    }
}

/// Level 1 sounds at the set interval, level 2 twice as often, level 3 three times.
fn interval(level: u8, settings: &Settings) -> Span {
    let base = Span::seconds(i64::from(settings.repeat_seconds.clamp(REPEAT.0, REPEAT.1)));
    Span(base.0 / i64::from(level.max(1))).max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use chayan_domain::case::AlertKind;

    fn alert(id: u128, level: u8) -> Alert {
        Alert { level, ..fixtures::alert(id, AlertKind::LeaderNotice) }
    }

    /// The sounds of ten minutes, with the second at which each is heard.
    fn ten_minutes(open: &[Alert], settings: &Settings) -> Vec<(i64, Tone)> {
        let mut schedule = Schedule::default();
        schedule.set_open(open, settings, Timestamp(0));
        let mut heard = Vec::new();
        while let Some(due) = schedule.next_due().filter(|due| *due < Timestamp(600_000)) {
            if let Some(tone) = schedule.ring(settings, due) {
                heard.push((due.0 / 1_000, tone));
            }
        }
        heard
    }

    #[test]
    fn a_first_notice_sounds_every_thirty_seconds_for_ten_minutes() {
        let heard = ten_minutes(&[alert(1, 1)], &Settings::default());
        assert_eq!(heard.len(), 20);
        assert!(
            heard.iter().enumerate().all(|(n, sound)| *sound == (30 * i64::try_from(n).unwrap(), Tone::Soft))
        );
    }

    #[test]
    fn a_higher_level_sounds_more_often_and_urgently() {
        assert_eq!(ten_minutes(&[alert(1, 2)], &Settings::default()).len(), 40);
        assert_eq!(ten_minutes(&[alert(1, 3)], &Settings::default()).len(), 60);
        assert!(
            ten_minutes(&[alert(1, 2)], &Settings::default()).iter().all(|(_, tone)| *tone == Tone::Urgent)
        );
    }

    #[test]
    fn quiet_mode_silences_level_one_and_cannot_silence_level_two() {
        let quiet = Settings { quiet: true, ..Settings::default() };
        assert_eq!(ten_minutes(&[alert(1, 1)], &quiet), []);
        assert_eq!(ten_minutes(&[alert(1, 2)], &quiet).len(), 40);
        assert_eq!(ten_minutes(&[alert(1, 1), alert(2, 2)], &quiet).len(), 40, "only the second is heard");
    }

    #[test]
    fn an_alert_that_ends_is_silent_from_then_on() {
        let settings = Settings::default();
        let mut schedule = Schedule::default();
        schedule.set_open(&[alert(1, 1)], &settings, Timestamp(0));
        assert_eq!(schedule.ring(&settings, Timestamp(0)), Some(Tone::Soft));
        schedule.set_open(&[], &settings, Timestamp(1_000));
        assert_eq!((schedule.next_due(), schedule.ring(&settings, Timestamp(60_000))), (None, None));
    }

    #[test]
    fn what_only_informs_makes_no_sound() {
        let mut informs = alert(1, 2);
        informs.kind = AlertKind::Outcome.into();
        assert_eq!(ten_minutes(&[informs], &Settings::default()), []);
    }

    #[test]
    fn hearing_of_the_same_alert_again_does_not_make_it_sound_again() {
        let settings = Settings::default();
        let mut schedule = Schedule::default();
        schedule.set_open(&[alert(1, 1)], &settings, Timestamp(0));
        schedule.ring(&settings, Timestamp(0));
        schedule.set_open(&[alert(1, 1)], &settings, Timestamp(5_000));
        assert_eq!(schedule.next_due(), Some(Timestamp(30_000)));
    }

    #[test]
    fn a_setting_outside_its_bounds_is_kept_within_them() {
        let never = Settings { repeat_seconds: 0, ..Settings::default() };
        assert_eq!(ten_minutes(&[alert(1, 1)], &never).len(), 60);
    }
}
