//! The feed to the desks: who listens, what they may read, and the streams themselves.
//!
//! A change is first committed, then listeners are rung, then each reads from its own cursor in the store. What a row
//! says is put together at that moment for that viewer, so rights are checked in one place and a late reader sees the
//! latest. Nothing is pushed that is not in the store.

mod listeners;
mod read;
mod stream;

pub(crate) use listeners::{Listeners, watch_organisation, watch_store};
pub(crate) use read::poll;
pub(crate) use stream::stream;
