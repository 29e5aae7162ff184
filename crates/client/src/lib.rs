//! The offline core of a desk: drafts, timers, sealing, outbox, inbox, secrets. No window in it.
//!
//! A shell owns one [`Desk`], hands it the calls of its windows and passes the [`ipc::DeskEvent`]s on. Everything that
//! the windows may ask stands in [`ipc`]; nothing else of this crate is meant for them.

mod audit;
mod board;
mod cases;
mod core;
mod desk;
mod draft;
mod fault;
mod inbox;
pub mod ipc;
mod key_file;
mod link;
mod loose;
mod moment;
mod opening;
mod outbox;
mod people;
mod reference;
mod remote;
mod rules;
mod seal;
mod secrets;
mod session;
mod settings;
mod store;
mod timing;
mod training;
mod unkept;

// The support of the tests beside this crate names it; one of them needs a disk that only this crate can fill.
#[cfg(test)]
extern crate self as chayan_client;
#[cfg(test)]
mod full_disk_tests;

pub use board::TEST_ALERT;
pub use desk::{Desk, DeskParts};
pub use outbox::ChainFault;
pub use secrets::{InMemorySecrets, Secret, SecretFault, Secrets, SystemSecrets};
pub use training::{Training, TrainingParts};
