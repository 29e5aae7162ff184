//! Reading the feed for one viewer.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chayan_api::alerts::AlertOver;
use chayan_api::error::ErrorCode;
use chayan_api::stream::{EventsQuery, FeedBody, FeedEvent, FeedPage};
use chayan_domain::case::Case;
use chayan_domain::directory::Role;
use chayan_domain::ids::{AlertId, CaseId};
use chayan_domain::time::Span;
use chayan_store::{AlertRow, Cursor, FeedKind, FeedRow, Topic};

use crate::auth::{self, Caller};
use crate::centre::Centre;
use crate::past::Past;
use crate::problem::ApiResult;
use crate::service::{alerts, cases};

/// Rows read at once.
const PAGE: u32 = 200;
/// The longest wait of a long poll, in seconds.
const LONGEST_WAIT: u32 = 25;

/// What this person listens to.
pub(crate) fn topics(caller: &Caller) -> Vec<Topic> {
    let mut topics = vec![Topic::all(), Topic::person(caller.id())];
    let directory = &caller.organisation.directory;
    let heads = || directory.callback_head().iter().any(|head| head.person_id == *caller.id());
    if caller.has(Role::Cmp) || heads() {
        topics.push(Topic::role("CMP"));
    }
    if caller.has(Role::Csd) {
        topics.push(Topic::unit(caller.person.unit_id.as_str()));
    }
    topics
}

/// The long poll: answers at once when something is there, else when something comes or the wait is over.
pub(crate) async fn poll(centre: &Centre, caller: &Caller, asked: &EventsQuery) -> ApiResult<FeedPage> {
    let wait = asked.wait.unwrap_or(0);
    if wait > LONGEST_WAIT {
        return Err(ErrorCode::BadRequest.into());
    }
    let until = centre.clock.now().plus(Span::seconds(wait.into()));
    let mut caller = caller.clone();
    let mut listening = topics(&caller);
    let live = (wait > 0).then(|| caller.id().clone());
    let mut ear = centre.listeners.listen(&listening, live.clone());
    let mut cursor = start(centre, asked.cursor.as_deref()).await?;
    loop {
        if !Arc::ptr_eq(&caller.organisation, &centre.organisation()) {
            caller = auth::caller(centre, caller.session.token_hash).await?;
            listening = topics(&caller);
            ear = centre.listeners.listen(&listening, live.clone());
        }
        let page = page(centre, &caller, &listening, cursor).await?;
        if !page.events.is_empty() || page.more || centre.clock.now() >= until {
            return Ok(page);
        }
        cursor = page.cursor.parse().map_err(|_| ErrorCode::Internal)?;
        tokio::select! {
            () = ear.rung() => {}
            () = centre.clock.sleep_until(until) => {}
            () = centre.ending.cancelled() => return Ok(page),
        }
    }
}

/// Where to begin: after the given place, or after everything there is. A place whose followers were forgotten is not
/// found any more: the reader begins anew, with the open alerts and from now on.
pub(crate) async fn start(centre: &Centre, cursor: Option<&str>) -> ApiResult<Cursor> {
    match cursor {
        Some(text) => {
            let cursor: Cursor = text.parse().map_err(|_| ErrorCode::BadRequest)?;
            // What lay between was forgotten: nobody may go on as if nothing had happened there.
            if cursor < centre.store.feed_floor().await? {
                return Err(ErrorCode::NotFound.into());
            }
            Ok(cursor)
        }
        None => Ok(centre.store.feed_tail().await?),
    }
}

/// Everything after `cursor` that this viewer may know, at most one page.
pub(crate) async fn page(
    centre: &Centre,
    caller: &Caller,
    topics: &[Topic],
    cursor: Cursor,
) -> ApiResult<FeedPage> {
    let page = centre.store.feed_after(topics, cursor, PAGE).await?;
    let known = Known::read(centre, caller, &page.rows).await?;
    let mut told = HashSet::new();
    let mut events: Vec<FeedEvent> = Vec::new();
    // Backward, so that of several changes of one case only the last is told: each would say the same.
    for row in page.rows.iter().rev() {
        let doubled = row.event.kind == FeedKind::CaseChanged && !told.insert(row.event.case_id);
        if let Some(body) = known.body(caller, row).filter(|_| !doubled) {
            let event = FeedEvent {
                cursor: row.cursor.to_string(),
                event_id: row.event.event_id,
                at: row.event.at,
                body,
            };
            events.push(event);
        }
    }
    events.reverse();
    Ok(FeedPage { events, cursor: page.cursor.to_string(), more: page.more, server_time: centre.clock.now() })
}

/// What a page of rows speaks of, read in two queries.
struct Known {
    cases: HashMap<CaseId, Case>,
    alerts: HashMap<AlertId, AlertRow>,
    alert_cases: HashMap<CaseId, Case>,
    past: Past,
}

impl Known {
    async fn read(centre: &Centre, caller: &Caller, rows: &[FeedRow]) -> ApiResult<Self> {
        let of_kind =
            |wanted: bool| rows.iter().filter(move |row| (row.event.kind == FeedKind::CaseChanged) == wanted);
        let mut cases: Vec<CaseId> = of_kind(true).filter_map(|row| row.event.case_id).collect();
        cases.sort_unstable();
        cases.dedup();
        let mut alerts: Vec<AlertId> = of_kind(false).filter_map(|row| row.event.alert_id).collect();
        alerts.sort_unstable();
        alerts.dedup();
        let found = if cases.is_empty() {
            HashMap::new()
        } else {
            cases::visible_by_id(centre, caller, &cases).await?
        };
        let alerts = if alerts.is_empty() { Vec::new() } else { centre.store.alerts(&alerts).await? };
        let alert_cases =
            if alerts.is_empty() { HashMap::new() } else { alerts::cases_of(centre, &alerts).await? };
        let alerts = alerts.into_iter().map(|row| (row.alert_id, row)).collect();
        let moments = cases::moments(found.values().chain(alert_cases.values()));
        let past = Past::of(centre, &caller.organisation, moments).await?;
        Ok(Self { cases: found, alerts, alert_cases, past })
    }

    /// What a row says to this viewer; nothing when it says nothing (any more).
    fn body(&self, caller: &Caller, row: &FeedRow) -> Option<FeedBody> {
        let event = &row.event;
        match event.kind {
            FeedKind::CaseChanged => {
                let case = self.cases.get(&event.case_id?)?;
                Some(FeedBody::CaseChanged {
                    case: Box::new(cases::viewer(caller, &self.past).summary(case)),
                })
            }
            FeedKind::AlertRaised | FeedKind::AlertChanged => {
                let alert = self.alerts.get(&event.alert_id?).filter(|alert| alert.ended.is_none())?;
                let alert = Box::new(alerts::shown(caller, alert, &self.alert_cases, &self.past)?);
                Some(match event.kind {
                    FeedKind::AlertRaised => FeedBody::AlertRaised { alert },
                    _ => FeedBody::AlertChanged { alert },
                })
            }
            FeedKind::AlertEnded => {
                let alert =
                    self.alerts.get(&event.alert_id?).filter(|alert| alert.person_id == *caller.id())?;
                let over = alert.ended?;
                Some(FeedBody::AlertEnded {
                    alert_id: alert.alert_id,
                    case_id: alert.case_id,
                    over: AlertOver { reason: over.reason.into(), at: over.at },
                })
            }
            FeedKind::ReferenceChanged => Some(FeedBody::ReferenceChanged),
            FeedKind::SessionEnded => {
                let mine = event
                    .detail
                    .as_deref()
                    .is_none_or(|ended| ended == caller.session.token_hash.to_string());
                mine.then_some(FeedBody::SessionEnded)
            }
        }
    }
}
