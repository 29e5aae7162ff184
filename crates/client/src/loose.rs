//! Reading what a newer centre says: an alert that this program cannot read as a whole is raised with what it can.

use chayan_api::Known;
use chayan_api::alerts::Alert;
use chayan_api::facts::FactsView;
use chayan_api::stream::{FeedBody, FeedEvent};
use chayan_domain::time::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A page of the feed whose events are decoded one by one, so that a strange one does not hide the others.
#[derive(Debug, Deserialize)]
pub(crate) struct LoosePage {
    pub(crate) events: Vec<serde_json::Value>,
    pub(crate) cursor: String,
    pub(crate) more: bool,
    pub(crate) server_time: Timestamp,
}

/// The open alerts, decoded one by one for the same reason.
#[derive(Debug, Deserialize)]
pub(crate) struct LooseAlerts {
    pub(crate) alerts: Vec<serde_json::Value>,
    pub(crate) server_time: Timestamp,
}

/// An event of the feed; one about an alert also when only its ids can be read.
pub(crate) fn event(value: &Value) -> Result<FeedEvent, serde_json::Error> {
    FeedEvent::deserialize(value).or_else(|fault| about_alert(value).ok_or(fault))
}

fn about_alert(value: &Value) -> Option<FeedEvent> {
    let body = value.get("body")?;
    let alert = Box::new(alert(body.get("alert")?)?);
    let body = match body.get("kind")?.as_str()? {
        "alert_raised" => FeedBody::AlertRaised { alert },
        "alert_changed" => FeedBody::AlertChanged { alert },
        _ => return None,
    };
    Some(FeedEvent {
        cursor: part(value, "cursor")?,
        event_id: part(value, "event_id")?,
        at: part(value, "at")?,
        body,
    })
}

/// An alert with everything of it that can be read. Nothing without its ids and its moment: nobody could act on it.
pub(crate) fn alert(value: &Value) -> Option<Alert> {
    if let Ok(alert) = Alert::deserialize(value) {
        return Some(alert);
    }
    tracing::warn!("an alert of a newer centre is raised with what can be read of it");
    let word = |name| part(value, name).unwrap_or_else(|| "unknown".to_owned());
    Some(Alert {
        alert_id: part(value, "alert_id")?,
        case_id: part(value, "case_id")?,
        kind: part(value, "kind").unwrap_or_else(|| Known::Unknown(word("kind"))),
        level: part(value, "level").unwrap_or_default(),
        raised_at: part(value, "raised_at")?,
        due_at: part(value, "due_at"),
        span: part(value, "span"),
        unit_name: part(value, "unit_name").unwrap_or_default(),
        line: part(value, "line").unwrap_or_else(|| Known::Unknown(word("line"))),
        facts: part(value, "facts").unwrap_or_else(FactsView::default),
        story: part(value, "story").unwrap_or_default(),
        ended: part(value, "ended"),
    })
}

fn part<T: DeserializeOwned>(value: &Value, name: &str) -> Option<T> {
    value.get(name).and_then(|part| T::deserialize(part).ok())
}
