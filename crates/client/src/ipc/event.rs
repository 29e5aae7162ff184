//! What the core tells the windows.

use chayan_api::alerts::Alert;
use chayan_api::cases::CaseSummary;
use chayan_api::reference::Reference;
use serde::{Deserialize, Serialize};

use super::desk::{ConnectionView, OpenWorkbench, SessionView, Settings};
use super::reporting::{LocalRecords, OpenReport, TimerView};
use super::work::AlertBoard;

/// What the core tells the windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeskEvent {
    /// Sign-in, sign-out, keyring.
    Session {
        /// Now.
        session: SessionView,
    },
    /// Link, queue, clock offset.
    Connection {
        /// Now.
        connection: ConnectionView,
    },
    /// Every running timer.
    Timers {
        /// Now.
        timers: Vec<TimerView>,
    },
    /// A timer's warning (once).
    TimerWarned {
        /// Which.
        timer: TimerView,
    },
    /// A timer ran out (once): the quick report comes up.
    TimerOverdue {
        /// Which.
        timer: TimerView,
    },
    /// The open alerts.
    Alerts {
        /// Now.
        board: AlertBoard,
    },
    /// A new alert that interrupts (window, sound, toast).
    AlertRaised {
        /// Which.
        alert: Alert,
    },
    /// A case changed at the centre.
    CaseChanged {
        /// As this person may see it.
        case: CaseSummary,
    },
    /// Drafts and records on this desk changed.
    Records {
        /// Now.
        records: LocalRecords,
    },
    /// Reference data is new.
    Reference {
        /// Now.
        reference: Reference,
    },
    /// Settings changed.
    Settings {
        /// Now.
        settings: Settings,
    },
    /// The quick report is being shown, with this.
    ShowReport {
        /// What to open.
        report: OpenReport,
    },
    /// The workbench is being shown at this page.
    ShowPage {
        /// Where.
        page: OpenWorkbench,
    },
}
