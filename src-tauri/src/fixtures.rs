//! A desk's pictures for the tests of the shell: connected, with a timer, with an alert.

use chayan_api::alerts::Alert;
use chayan_api::facts::FactsView;
use chayan_client::ipc::{
    AlertBoard, Boot, ConnectionView, KeyringState, LinkState, OpenReport, OpenWorkbench, SessionView,
    Settings, TimerView,
};
use chayan_domain::case::AlertKind;
use chayan_domain::directory::Line;
use chayan_domain::ids::{AlertId, CaseId};
use chayan_domain::time::{Span, Timestamp};
use uuid::Uuid;

/// A desk that has just opened.
pub(crate) fn boot() -> Boot {
    Boot {
        version: "0.1.0".to_owned(),
        device_id: None,
        session: SessionView { me: None, ended: None, keyring: KeyringState::Opening },
        connection: connection(0, 0),
        settings: Settings::default(),
        timers: Vec::new(),
        alerts: AlertBoard::default(),
        reference: None,
        report: OpenReport::default(),
        page: OpenWorkbench::default(),
        realm: 0,
        training: None,
    }
}

/// Online, with so many records that wait and that were refused.
pub(crate) fn connection(pending: u32, quarantined: u32) -> ConnectionView {
    ConnectionView {
        link: LinkState::Online,
        polling: false,
        server: "https://centre.example".to_owned(),
        last_contact_at: None,
        pending,
        quarantined,
        lost: 0,
        nobody_receives: false,
        clock_offset: Span(0),
        fault: None,
        store_fault: None,
    }
}

/// A timer of five minutes that nobody named.
pub(crate) fn timer(id: u128) -> TimerView {
    TimerView {
        case_id: CaseId(Uuid::from_u128(id)),
        label: String::new(),
        person_id: None,
        found_at: Timestamp(0),
        warn_at: Timestamp(240_000),
        due_at: Timestamp(300_000),
        warned: false,
        overdue: false,
        discard_until: Timestamp(30_000),
    }
}

/// An open alert.
pub(crate) fn alert(id: u128, kind: AlertKind) -> Alert {
    Alert {
        alert_id: AlertId(Uuid::from_u128(id)),
        case_id: CaseId(Uuid::from_u128(id)),
        kind: kind.into(),
        level: 1,
        raised_at: Timestamp(0),
        due_at: None,
        span: None,
        unit_name: "昆山支公司".to_owned(),
        line: Line::Claims.into(),
        facts: FactsView::default(),
        story: Vec::new(),
        ended: None,
    }
}
