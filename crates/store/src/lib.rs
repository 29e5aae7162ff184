//! The server's persistence: SQLite in one file or PostgreSQL by URL, behind one [`Store`].
mod accounts;
mod cases;
mod config;
mod error;
mod events;
mod feed;
mod reference;
mod signatures;
mod timers;
mod vault;
mod write;

pub use accounts::{Account, Device, Session};
pub use cases::{BadPageMark, CaseOrder, CasePage, CaseQuery, ListedCase, PageMark, Scope};
pub use config::{CommitProbe, StoreConfig, Target};
pub use error::StoreError;
pub use events::{ChainBreak, ChainReport, Checkpoint};
pub use feed::{BadCursor, Cursor, FeedChange, FeedDraft, FeedKind, FeedPage, FeedRow, Topic};
pub use reference::{ReferenceKind, ReferenceVersion};
pub use signatures::Store;
pub use timers::{TimerChange, TimerRow};
pub use vault::{CustomerFields, MasterKey};
pub use write::{
    AlertEnding, AlertRow, BlindDraft, BlindKind, CaseRecord, CaseWrite, CommandRow, CommitKey,
    CustomerDraft, Decision, OutgoingRow, ReceiptAct, ReceiptRow, SealedEvent, Snapshot, StoredCommand,
};
