//! What the tray shows: one picture and the same in words, computed from what the desk knows. Pure.

use chayan_client::ipc::{
    AlertBoard, ConnectionView, DeskFaultCode, KeyringState, LinkState, SessionView, TimerView,
};

use crate::texts::{Text, counted, fault_text, filled, text};

/// The pictures in `icons/tray`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Face {
    /// Signed in, online, everything confirmed.
    Idle,
    /// A five-minute timer runs.
    Timing,
    /// Sealed reports wait for the centre, or the centre refused some.
    Pending,
    /// An alert waits for this person.
    Alert,
    /// Grey: the centre is not reached, nobody is signed in, or nobody could receive a report. The words say which.
    Offline,
}

/// What the tray is computed from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scene {
    /// The core is still opening.
    Starting,
    /// The core could not be opened.
    Broken(DeskFaultCode),
    /// The desk as it is.
    Desk {
        /// All of it is made up.
        in_training: bool,
        /// Somebody is signed in.
        signed_in: bool,
        /// Link, queue.
        connection: ConnectionView,
        /// Running timers.
        timers: Vec<TimerView>,
        /// Open alerts.
        alerts: AlertBoard,
    },
}

/// The tray at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// The picture.
    pub(crate) face: Face,
    /// The same in words.
    pub(crate) tooltip: String,
    /// 在线状态, for the menu.
    pub(crate) state: String,
    /// How many things wait for this person.
    pub(crate) waiting: usize,
}

impl Scene {
    /// What the tray shows for it. The most urgent thing decides the picture; the words name all of them.
    pub(crate) fn look(&self) -> Look {
        match self {
            Self::Starting => Look::plain(text(Text::StateStarting), Text::StateStarting),
            Self::Broken(code) => Look::plain(fault_text(*code), Text::StateBroken),
            Self::Desk { in_training, signed_in, connection, timers, alerts } => {
                let look = desk_look(*signed_in, connection, timers, alerts);
                if *in_training { look.of_training() } else { look }
            }
        }
    }
}

impl Look {
    fn plain(words: &str, state: Text) -> Self {
        let tooltip = [text(Text::Product), words].join(text(Text::TipJoin));
        Self { face: Face::Offline, tooltip, state: text(state).to_owned(), waiting: 0 }
    }

    /// The same, and first of all that it is made up.
    fn of_training(self) -> Self {
        let tooltip = [text(Text::TrainingTip), &self.tooltip].join(text(Text::TipJoin));
        let state = filled(Text::TrainingTitle, &[("title", &self.state)]);
        Self { tooltip, state, ..self }
    }
}

/// Somebody is signed in. While the keyring is opening nobody is yet, which is not worth a word of its own.
pub(crate) const fn signed_in(session: &SessionView) -> bool {
    session.me.is_some()
}

/// The keyring has been looked at, so that "nobody is signed in" is a fact.
pub(crate) const fn session_known(session: &SessionView) -> bool {
    session.me.is_some() || !matches!(session.keyring, KeyringState::Opening)
}

fn desk_look(
    signed_in: bool,
    connection: &ConnectionView,
    timers: &[TimerView],
    alerts: &AlertBoard,
) -> Look {
    let state = text(link_text(signed_in, connection));
    let overdue = timers.iter().filter(|timer| timer.overdue).count();
    let counts = [
        (Text::TipAlerts, alerts.open.len()),
        (Text::TipOverdue, overdue),
        (Text::TipTimers, timers.len() - overdue),
        (Text::TipPending, connection.pending as usize),
        (Text::TipQuarantined, connection.quarantined as usize),
        (Text::TipLost, connection.lost as usize),
    ];
    let counted = counts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| counted(key, n));
    let words: Vec<String> = std::iter::once(text(Text::Product).to_owned())
        .chain(counted)
        .chain(connection.store_fault.map(|code| fault_text(code).to_owned()))
        .chain(std::iter::once(state.to_owned()))
        .collect();
    Look {
        face: face(signed_in, connection, timers, alerts),
        tooltip: words.join(text(Text::TipJoin)),
        state: state.to_owned(),
        waiting: alerts.open.len() + (connection.quarantined + connection.lost) as usize,
    }
}

/// Offline goes before pending: what waits cannot leave while the centre is not reached, and the words count it.
fn face(signed_in: bool, connection: &ConnectionView, timers: &[TimerView], alerts: &AlertBoard) -> Face {
    if !alerts.open.is_empty() {
        Face::Alert
    } else if !timers.is_empty() {
        Face::Timing
    } else if !signed_in || connection.link != LinkState::Online {
        Face::Offline
    } else if connection.pending + connection.quarantined + connection.lost > 0
        || connection.store_fault.is_some()
    {
        Face::Pending
    } else if connection.nobody_receives {
        Face::Offline
    } else {
        Face::Idle
    }
}

const fn link_text(signed_in: bool, connection: &ConnectionView) -> Text {
    match connection.link {
        _ if !signed_in => Text::StateSignedOut,
        LinkState::Online if connection.nobody_receives => Text::StateNobody,
        LinkState::Online if connection.polling => Text::StatePolling,
        LinkState::Online => Text::StateOnline,
        LinkState::Reconnecting => Text::StateReconnecting,
        LinkState::Offline | LinkState::Idle => Text::StateOffline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{alert, connection, timer};
    use chayan_domain::case::AlertKind;
    use rstest::rstest;

    fn look(
        signed_in: bool,
        link: LinkState,
        pending: u32,
        quarantined: u32,
        timers: &[TimerView],
        alerts: usize,
    ) -> Look {
        let open = vec![alert(1, AlertKind::LeaderNotice); alerts];
        let alerts = AlertBoard { open, ..AlertBoard::default() };
        Scene::Desk {
            in_training: false,
            signed_in,
            connection: ConnectionView { link, ..connection(pending, quarantined) },
            timers: timers.to_vec(),
            alerts,
        }
        .look()
    }

    #[rstest]
    #[case::all_confirmed(true, LinkState::Online, 0, 0, 0, 0, Face::Idle)]
    #[case::one_waits(true, LinkState::Online, 1, 0, 0, 0, Face::Pending)]
    #[case::one_refused(true, LinkState::Online, 0, 1, 0, 0, Face::Pending)]
    #[case::a_timer_runs(true, LinkState::Online, 2, 0, 1, 0, Face::Timing)]
    #[case::an_alert_beats_a_timer(true, LinkState::Offline, 2, 0, 1, 1, Face::Alert)]
    #[case::offline_beats_waiting(true, LinkState::Offline, 3, 1, 0, 0, Face::Offline)]
    #[case::reconnecting_is_not_green(true, LinkState::Reconnecting, 0, 0, 0, 0, Face::Offline)]
    #[case::nobody_signed_in(false, LinkState::Online, 0, 0, 0, 0, Face::Offline)]
    #[case::no_server(false, LinkState::Idle, 0, 0, 0, 0, Face::Offline)]
    #[case::a_timer_offline(true, LinkState::Offline, 0, 0, 1, 0, Face::Timing)]
    fn the_most_urgent_thing_decides_the_picture(
        #[case] signed_in: bool,
        #[case] link: LinkState,
        #[case] pending: u32,
        #[case] quarantined: u32,
        #[case] timers: usize,
        #[case] alerts: usize,
        #[case] expected: Face,
    ) {
        let timers = vec![timer(1); timers];
        assert_eq!(look(signed_in, link, pending, quarantined, &timers, alerts).face, expected);
    }

    #[test]
    fn the_words_name_everything_and_not_only_what_the_picture_shows() {
        let overdue = TimerView { overdue: true, ..timer(2) };
        let look = look(true, LinkState::Offline, 2, 1, &[timer(1), overdue], 3);
        for words in [
            counted(Text::TipAlerts, 3),
            counted(Text::TipOverdue, 1),
            counted(Text::TipTimers, 1),
            counted(Text::TipPending, 2),
            counted(Text::TipQuarantined, 1),
        ] {
            assert!(look.tooltip.contains(&words), "{words} is missing in {}", look.tooltip);
        }
        assert!(look.tooltip.ends_with(text(Text::StateOffline)));
        assert_eq!(look.waiting, 4, "three alerts and one refused record");
    }

    #[test]
    fn a_full_disk_and_what_was_lost_are_said_and_not_shown_as_idle() {
        let connection =
            ConnectionView { lost: 2, store_fault: Some(DeskFaultCode::DiskFull), ..connection(0, 0) };
        let scene = Scene::Desk {
            in_training: false,
            signed_in: true,
            connection,
            timers: Vec::new(),
            alerts: AlertBoard::default(),
        };
        let look = scene.look();
        assert_eq!((look.face, look.waiting), (Face::Pending, 2));
        for words in [counted(Text::TipLost, 2), fault_text(DeskFaultCode::DiskFull).to_owned()] {
            assert!(look.tooltip.contains(&words), "{words} in {}", look.tooltip);
        }
    }

    #[test]
    fn the_words_hold_no_name_that_a_person_typed() {
        let named = TimerView { label: "柜台 3 号客户".to_owned(), ..timer(1) };
        let look = look(true, LinkState::Online, 0, 0, &[named], 1);
        assert!(!look.tooltip.contains("3 号客户"), "{}", look.tooltip);
    }

    #[test]
    fn signed_out_starting_and_broken_say_so() {
        assert_eq!(look(false, LinkState::Idle, 0, 0, &[], 0).state, text(Text::StateSignedOut));
        assert!(Scene::Starting.look().tooltip.ends_with(text(Text::StateStarting)));
        let broken = Scene::Broken(DeskFaultCode::StoreNewer).look();
        assert_eq!(broken.face, Face::Offline);
        assert!(broken.tooltip.ends_with(fault_text(DeskFaultCode::StoreNewer)));
    }

    #[test]
    fn while_nobody_could_receive_a_report_the_tray_is_grey_and_says_so_unless_something_is_more_urgent() {
        let alone = ConnectionView { nobody_receives: true, ..connection(0, 0) };
        let scene = |connection: &ConnectionView, timers: Vec<TimerView>| Scene::Desk {
            in_training: false,
            signed_in: true,
            connection: connection.clone(),
            timers,
            alerts: AlertBoard::default(),
        };
        let look = scene(&alone, Vec::new()).look();
        assert_eq!((look.face, look.state.as_str()), (Face::Offline, text(Text::StateNobody)));
        assert!(look.tooltip.ends_with(text(Text::StateNobody)), "{}", look.tooltip);
        assert_eq!(look.waiting, 0, "nothing waits for this person");
        let timing = scene(&alone, vec![timer(1)]).look();
        assert_eq!(timing.face, Face::Timing);
        assert!(timing.tooltip.ends_with(text(Text::StateNobody)), "{}", timing.tooltip);
        let offline = ConnectionView { link: LinkState::Offline, ..alone };
        assert_eq!(scene(&offline, Vec::new()).look().state, text(Text::StateOffline), "nothing is claimed");
    }

    #[test]
    fn in_a_training_the_tray_says_so_before_anything_else() {
        let connection = connection(2, 0);
        let alerts = AlertBoard { open: vec![alert(1, AlertKind::LeaderNotice)], ..AlertBoard::default() };
        let scene =
            Scene::Desk { in_training: true, signed_in: true, connection, timers: Vec::new(), alerts };
        let look = scene.look();
        assert!(look.tooltip.starts_with(text(Text::TrainingTip)), "{}", look.tooltip);
        assert!(look.tooltip.contains(&counted(Text::TipAlerts, 1)), "{}", look.tooltip);
        assert!(look.state.contains(text(Text::StateOnline)) && look.state != text(Text::StateOnline));
    }

    #[test]
    fn polling_is_online_and_says_how() {
        let connection = ConnectionView { polling: true, ..connection(0, 0) };
        let scene = Scene::Desk {
            in_training: false,
            signed_in: true,
            connection,
            timers: Vec::new(),
            alerts: AlertBoard::default(),
        };
        assert_eq!((scene.look().face, scene.look().state.as_str()), (Face::Idle, text(Text::StatePolling)));
    }
}
