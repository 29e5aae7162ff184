//! Server-sent events: catch up by cursor, then live, with a sign of life every ten seconds.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::Event;
use chayan_api::error::ErrorCode;
use chayan_api::stream::{FeedBody, FeedEvent, FeedPage, PING_EVERY_MS, Ping};
use chayan_domain::ids::EventId;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::Cursor;
use futures_util::Stream;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::{debug, warn};

use super::listeners::Ear;
use super::read::{page, start, topics};
use crate::auth::{self, Caller};
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};

/// A reader slower than this many events waits in the store, not in memory.
const AHEAD: usize = 64;

/// Opens a stream for the caller from a cursor (or from now on).
pub(crate) async fn stream(
    centre: &Centre,
    caller: Caller,
    cursor: Option<&str>,
) -> ApiResult<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    // The ear is there before the first read: what is committed in between rings.
    let ear = centre.listeners.listen(&topics(&caller), Some(caller.id().clone()));
    let cursor = start(centre, cursor).await?;
    let streaming = Streaming { centre: centre.clone(), caller, cursor, ear, sender };
    let ending = centre.ending.clone();
    centre.tasks.spawn_finishing("stream", async move {
        tokio::select! {
            () = ending.cancelled() => {}
            () = streaming.run() => {}
        }
    });
    Ok(ReceiverStream::new(receiver))
}

struct Streaming {
    centre: Centre,
    caller: Caller,
    cursor: Cursor,
    ear: Ear,
    sender: mpsc::Sender<Result<Event, Infallible>>,
}

/// The reader is gone, or may read no more.
struct Over;

impl Streaming {
    async fn run(mut self) {
        let outcome = self.follow().await;
        debug!(person_id = %self.caller.id(), over = outcome.is_err(), "stream ended");
    }

    async fn follow(&mut self) -> Result<(), Over> {
        let mut ping_at = self.ping().await?;
        loop {
            self.catch_up().await?;
            let (clock, ear, sender) = (&self.centre.clock, &self.ear, &self.sender);
            tokio::select! {
                () = ear.rung() => {}
                () = sender.closed() => return Err(Over),
                () = clock.sleep_until(ping_at) => {
                    self.check_session().await?;
                    ping_at = self.ping().await?;
                }
            }
        }
    }

    /// Sends everything that is there now.
    async fn catch_up(&mut self) -> Result<(), Over> {
        loop {
            self.keep_up_with_organisation().await?;
            let topics = topics(&self.caller);
            let FeedPage { events, cursor, more, .. } =
                match page(&self.centre, &self.caller, &topics, self.cursor).await {
                    Ok(page) => page,
                    Err(error) => return self.give_up(&error),
                };
            for event in events {
                let last = matches!(event.body, FeedBody::SessionEnded);
                self.tell(&event).await?;
                if last {
                    return Err(Over);
                }
            }
            self.cursor = cursor.parse().map_err(|_| Over)?;
            if !more {
                return Ok(());
            }
        }
    }

    /// The client comes back with its cursor, so a stream that cannot go on simply ends.
    fn give_up(&self, error: &ApiError) -> Result<(), Over> {
        warn!(code = %error.problem.code, cause = ?error.cause, "stream cannot read the feed");
        Err(Over)
    }

    /// Another organisation changes at once what may be seen and what is listened to.
    async fn keep_up_with_organisation(&mut self) -> Result<(), Over> {
        if Arc::ptr_eq(&self.caller.organisation, &self.centre.organisation()) {
            return Ok(());
        }
        self.check_session().await
    }

    /// A token that ran out or was revoked ends its stream; a changed organisation changes what may be seen.
    async fn check_session(&mut self) -> Result<(), Over> {
        match auth::caller(&self.centre, self.caller.session.token_hash).await {
            Ok(caller) => {
                if topics(&caller) != topics(&self.caller) {
                    // The new ear is there before the old one goes: the person stays reachable.
                    self.ear = self.centre.listeners.listen(&topics(&caller), Some(caller.id().clone()));
                }
                self.caller = caller;
                Ok(())
            }
            Err(error) if error.problem.code == ErrorCode::Unavailable => Ok(()),
            Err(_) => {
                let at = self.centre.clock.now();
                let event_id = EventId(self.centre.entropy.uuid(at));
                let cursor = self.cursor.to_string();
                self.tell(&FeedEvent { cursor, event_id, at, body: FeedBody::SessionEnded }).await?;
                Err(Over)
            }
        }
    }

    async fn tell(&self, event: &FeedEvent) -> Result<(), Over> {
        self.send("feed", Some(&event.cursor), event).await
    }

    /// Returns when the next one is due.
    async fn ping(&self) -> Result<Timestamp, Over> {
        let server_time = self.centre.clock.now();
        self.send("ping", None, &Ping { server_time }).await?;
        Ok(server_time.plus(Span::millis(PING_EVERY_MS)))
    }

    async fn send<T: Serialize + Sync>(&self, name: &str, id: Option<&str>, words: &T) -> Result<(), Over> {
        let json = serde_json::to_string(words).map_err(|_| Over)?;
        let mut event = Event::default().event(name).data(json);
        if let Some(id) = id {
            event = event.id(id);
        }
        self.sender.send(Ok(event)).await.map_err(|_| Over)
    }
}
