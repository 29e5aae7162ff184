//! The feed: what happened that this person should know, in order, from a cursor.
//!
//! Server-sent events: `event: feed` with `id: <cursor>` and a [`FeedEvent`] as data, and `event: ping` with a [`Ping`]
//! at once and then every 10 s. A client that hears neither for 25 s reconnects.

use chayan_domain::ids::{AlertId, CaseId, EventId};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::alerts::{Alert, AlertOver};
use crate::cases::CaseSummary;

/// Milliseconds between pings.
pub const PING_EVERY_MS: i64 = 10_000;
/// A first ping must arrive within this many milliseconds, or the client changes to long polling.
pub const FIRST_PING_MS: i64 = 5_000;
/// Silence of this many milliseconds means 重连中.
pub const SILENCE_MS: i64 = 25_000;

/// One event of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FeedEvent {
    /// Where to go on from after this event.
    pub cursor: String,
    /// Its id: a client that saw it ignores it.
    pub event_id: EventId,
    /// The centre's clock when it was committed.
    pub at: Timestamp,
    /// What happened.
    pub body: FeedBody,
}

/// What a feed event says. A client skips a `kind` it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FeedBody {
    /// A case that the person may see is at a new version.
    CaseChanged {
        /// As the person may see it.
        case: Box<CaseSummary>,
    },
    /// A new alert for the person.
    AlertRaised {
        /// The alert.
        alert: Box<Alert>,
    },
    /// An alert changed (its clock started).
    AlertChanged {
        /// The alert.
        alert: Box<Alert>,
    },
    /// An alert is over.
    AlertEnded {
        /// Which.
        alert_id: AlertId,
        /// Its case.
        case_id: CaseId,
        /// Why.
        over: AlertOver,
    },
    /// Reference data is at a new version: fetch it.
    ReferenceChanged,
    /// This session was ended by the centre.
    SessionEnded,
    /// Anything a newer centre says.
    #[serde(other)]
    Unknown,
}

/// A sign of life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ping {
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// `GET /v1/events?cursor=&wait=`
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Continue after this; absent: from now.
    pub cursor: Option<String>,
    /// Wait at most this many seconds for something to happen; 0 to 25.
    pub wait: Option<u32>,
}

/// Answer of the long poll, and of catching up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FeedPage {
    /// In order; empty when nothing happened.
    pub events: Vec<FeedEvent>,
    /// Where to go on from.
    pub cursor: String,
    /// More is waiting.
    pub more: bool,
    /// The centre's clock.
    pub server_time: Timestamp,
}
