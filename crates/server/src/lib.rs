//! The central backend: accepts reports, climbs the ladder, feeds every desk.
//!
//! A request goes through [`http`] (id, limits, problems) to a handler in [`routes`], which calls one use case in
//! [`service`]; every change of a case is one commit of the store, worked out by the domain. After the commit the
//! [`feed`] tells the desks and the [`engine`] learns of new timers. Time, randomness, listener and end come in as
//! arguments: see [`App`].
//!
//! It must not: decide anything that the domain decides, speak SQL, speak HTTP as a client, or log a customer's word.

mod app;
mod archive;
mod auth;
mod centre;
pub mod commands;
pub mod config;
mod day;
pub mod demo_directory;
mod engine;
mod feed;
pub mod history;
mod http;
pub mod import_directory;
mod limits;
pub mod logs;
mod page;
mod passwords;
mod past;
mod problem;
mod proposal;
mod retention;
mod router;
mod routes;
mod service;
pub mod signing;
mod sweep;
mod table;
mod texts;
mod tls;
pub mod training;
mod words;

pub use app::{App, serve};
pub use centre::{Centre, CentreParts, Organisation, Shared};
pub use passwords::hash as hash_password;
pub use router::{openapi, openapi_json};
