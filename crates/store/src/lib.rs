//! The server's persistence: SQLite in one file or PostgreSQL by URL, behind one [`Store`].
//!
//! Callers never write SQL and never hold a transaction. They hand [`Store::commit`] a pure function from a
//! [`Snapshot`] to a [`Decision`]; the store runs many of them in one transaction, writes everything that follows from
//! a change together, and answers only after the commit is on the disk. Everything else is reading.
//!
//! * `writer`, `batch`, `flush`: the way of a commit; `job` is what waits in the queue.
//! * `feed`, `announce`, `postgres`: what listeners hear, and that they miss nothing.
//! * `vault`: customer data at rest; nothing of it is stored in the clear.
//! * `sql`, `database`, `sqlite`, `postgres`: the only places that know which database it is.
//!
//! It decides nothing itself: who may see what, and what follows from what, is the domain's and the server's.

mod absences;
mod accesses;
mod accounts;
mod alerts;
mod amendments;
mod announce;
mod audit;
mod batch;
mod cases;
mod commands;
mod config;
mod customers;
mod database;
mod device_chain;
mod error;
mod events;
mod feed;
mod flush;
mod imports;
mod job;
mod outgoing;
mod postgres;
mod reference;
mod removals;
mod seen;
mod sessions;
mod settings;
mod sql;
mod sqlite;
mod store;
mod sweep;
mod timers;
mod tries;
mod vault;
mod ways;
mod words;
mod write;
mod writer;

pub use absences::AbsenceRow;
pub use accesses::{Access, AccessDraft};
pub use accounts::{Account, Device, Session};
pub use audit::{AuditFault, AuditFaultKind, AuditReport};
pub use cases::{BadPageMark, CaseFilter, CaseOrder, CasePage, CaseQuery, ListedCase, NumberPart, PageMark};
pub use chayan_domain::visibility::Scope;
pub use config::{CommitProbe, PageLimit, StoreConfig, Target};
pub use device_chain::ChainRow;
pub use error::StoreError;
pub use events::{ChainBreak, ChainReport, Checkpoint};
pub use feed::{BadCursor, Cursor, FeedChange, FeedDraft, FeedKind, FeedPage, FeedRow, Topic};
pub use imports::{ImportRow, ImportedVersion};
pub use reference::{ReferenceKind, ReferenceVersion};
pub use removals::{CaseWithCustomer, RemovalPlan, SealedRemoval};
pub use seen::{Seen, SeenMark, SeenQuery};
pub use store::Store;
pub use timers::{TimerChange, TimerRow};
pub use tries::Lockout;
pub use vault::{CustomerFields, MasterKey};
pub use write::{
    AlertEnding, AlertRow, BlindDraft, BlindKind, CaseRecord, CaseWrite, CommandRow, CommitKey,
    CustomerDraft, CustomerLook, Decision, Look, OutgoingRow, ReceiptAct, ReceiptRow, SealedEvent, Snapshot,
    StoredCommand,
};
