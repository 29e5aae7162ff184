//! Alerts: one row per recipient; sent, delivered, shown and acknowledged are kept apart per device.

use chayan_domain::case::{AlertEnd, AlertKind};
use chayan_domain::directory::Line;
use chayan_domain::ids::{AlertId, CaseId};
use chayan_domain::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Known;
use crate::facts::FactsView;

/// An alert as its recipient sees it. No customer data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Alert {
    /// Its id; the same alert on every device of the person.
    pub alert_id: AlertId,
    /// The case it is about.
    pub case_id: CaseId,
    /// What it asks for.
    pub kind: Known<AlertKind>,
    /// Ladder level or overdue step; 0 where it has none.
    pub level: u8,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Until when, where a clock runs (for a leader: T2 from delivery, so absent until delivered).
    pub due_at: Option<Timestamp>,
    /// The clock's whole length, in milliseconds.
    pub span: Option<Span>,
    /// 机构 of the reporter.
    pub unit_name: String,
    /// 条线
    pub line: Known<Line>,
    /// What happened, without the customer.
    pub facts: FactsView,
    /// What went before: notices and climbs, oldest first.
    pub story: Vec<StoryLine>,
    /// Set once it is over.
    pub ended: Option<AlertOver>,
}

/// One thing that went before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct StoryLine {
    /// When.
    pub at: Timestamp,
    /// The event's `kind` word.
    pub kind: String,
    /// Ladder level; 0 where it has none.
    pub level: u8,
    /// 系统自动
    pub by_system: bool,
}

/// Why and when an alert ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AlertOver {
    /// Why.
    pub reason: Known<AlertEnd>,
    /// When.
    pub at: Timestamp,
}

/// `GET /v1/alerts`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AlertList {
    /// Open alerts, most urgent first.
    pub alerts: Vec<Alert>,
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// What a device did with an alert.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// Stored on the device.
    Delivered,
    /// Its window was on the screen.
    Shown,
    /// The person acknowledged it.
    Acknowledged,
}

/// One such act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlertReceipt {
    /// Which alert.
    pub alert_id: AlertId,
    /// What happened.
    pub kind: ReceiptKind,
    /// The device's clock, as evidence.
    pub device_time: Timestamp,
}

/// `POST /v1/alerts/receipts`: at most 500; repeating one changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlertReceipts {
    /// In the order in which they happened.
    pub receipts: Vec<AlertReceipt>,
}
