//! Who waits for which topics. One task hears the store and rings only those whose topics changed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chayan_domain::ids::PersonId;
use chayan_domain::time::Span;
use chayan_store::{FeedChange, StoreError, Topic};
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tracing::warn;

use crate::centre::Centre;
use crate::service::reference;

/// Directory or rules may be imported by another program, or come into force by date: looked at this often.
const LOOK_AT_ORGANISATION: Span = Span::seconds(15);

/// Everybody who listens at the moment.
#[derive(Default)]
pub(crate) struct Listeners {
    next: AtomicU64,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    bells: HashMap<u64, Arc<Notify>>,
    by_topic: HashMap<Topic, Vec<u64>>,
    live: HashMap<PersonId, u32>,
}

/// One listener's ear; dropping it ends the listening.
pub(crate) struct Ear {
    listeners: Arc<Listeners>,
    number: u64,
    topics: Vec<Topic>,
    /// Counted as reachable while the ear exists.
    live: Option<PersonId>,
    bell: Arc<Notify>,
}

impl Listeners {
    /// Listens to `topics`; a stream also makes its person reachable.
    pub(crate) fn listen(self: &Arc<Self>, topics: &[Topic], live: Option<PersonId>) -> Ear {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let bell = Arc::new(Notify::new());
        let mut known = self.known();
        known.bells.insert(number, Arc::clone(&bell));
        for topic in topics {
            known.by_topic.entry(topic.clone()).or_default().push(number);
        }
        if let Some(person) = &live {
            *known.live.entry(person.clone()).or_default() += 1;
        }
        drop(known);
        Ear { listeners: Arc::clone(self), number, topics: topics.to_vec(), live, bell }
    }

    /// Has a desk connected.
    pub(crate) fn is_live(&self, person: &PersonId) -> bool {
        self.known().live.contains_key(person)
    }

    pub(crate) fn ring(&self, topics: &[Topic]) {
        let known = self.known();
        for number in topics.iter().filter_map(|topic| known.by_topic.get(topic)).flatten() {
            if let Some(bell) = known.bells.get(number) {
                bell.notify_one();
            }
        }
    }

    pub(crate) fn ring_all(&self) {
        for bell in self.known().bells.values() {
            bell.notify_one();
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ear {
    /// Returns once there may be something new. A ring while nobody waits is not lost.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let mut known = self.listeners.known();
        known.bells.remove(&self.number);
        for topic in &self.topics {
            if let Some(numbers) = known.by_topic.get_mut(topic) {
                numbers.retain(|number| *number != self.number);
                if numbers.is_empty() {
                    known.by_topic.remove(topic);
                }
            }
        }
        if let Some(person) = &self.live
            && let Some(count) = known.live.get_mut(person)
        {
            *count -= 1;
            if *count == 0 {
                known.live.remove(person);
            }
        }
    }
}

/// Rings listeners after commits until the store is gone.
pub(crate) async fn watch_store(centre: Centre) {
    let mut changes = centre.store.feed_changes();
    let (everybody, nodes) = (Topic::all(), Topic::nodes());
    loop {
        match changes.recv().await {
            // The new organisation first: whoever is told of it asks for it at once.
            Ok(FeedChange::Topics(topics)) => {
                if topics.contains(&everybody) || topics.contains(&nodes) {
                    refresh(&centre).await;
                }
                centre.listeners.ring(&topics);
            }
            Ok(FeedChange::Unknown) | Err(RecvError::Lagged(_)) => {
                refresh(&centre).await;
                centre.listeners.ring_all();
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Puts another organisation to use when one comes into force.
pub(crate) async fn watch_organisation(centre: Centre) {
    loop {
        centre.clock.sleep(LOOK_AT_ORGANISATION).await;
        // What comes into force by its date was announced when it was imported, not now.
        if refresh(&centre).await
            && let Err(error) = announce(&centre).await
        {
            warn!(cause = ?error, "desks could not be told of the organisation that came into force");
        }
    }
}

async fn announce(centre: &Centre) -> Result<(), StoreError> {
    reference::announce_change(&centre.store, centre.entropy.as_ref(), centre.clock.now()).await
}

async fn refresh(centre: &Centre) -> bool {
    centre.refresh_organisation().await.unwrap_or_else(|error| {
        warn!(cause = ?error, "organisation cannot be read; the old one stays in use");
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_those_who_listen_to_a_topic_are_rung() {
        let listeners = Arc::new(Listeners::default());
        let (one, other) = (PersonId::from("1"), PersonId::from("2"));
        let ear = listeners.listen(&[Topic::person(&one), Topic::all()], Some(one.clone()));
        let deaf = listeners.listen(&[Topic::person(&other)], None);
        listeners.ring(&[Topic::person(&one)]);
        ear.rung().await;
        assert!(futures_util::FutureExt::now_or_never(deaf.rung()).is_none(), "not this one's topic");
        assert!(listeners.is_live(&one) && !listeners.is_live(&other));
        drop(ear);
        assert!(!listeners.is_live(&one), "nobody is reachable after the stream ended");
    }
}
