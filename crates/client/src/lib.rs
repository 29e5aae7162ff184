//! The offline core of a desk: drafts, timers, sealing, outbox, inbox, secrets. No window in it.
//!
//! A shell owns one [`Desk`], hands it the calls of its windows and passes the [`ipc::DeskEvent`]s on. Everything that
//! the windows may ask stands in [`ipc`]; nothing else of this crate is meant for them.

mod desk;
mod fault;
pub mod ipc;
mod secrets;

pub use desk::{Desk, DeskParts};
pub use secrets::{InMemorySecrets, Secret, SecretFault, Secrets, SystemSecrets};
