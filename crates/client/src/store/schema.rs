//! The tables. Only ids, states and times are in the clear; everything a person typed is inside `body`.

/// The version this program writes. A store of a later one is not touched.
pub(super) const VERSION: i64 = 1;

pub(super) const CREATE: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE kept (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE drafts (
  case_id TEXT PRIMARY KEY, owner TEXT NOT NULL, state TEXT NOT NULL, found_at INTEGER NOT NULL,
  boot_id TEXT, since_boot INTEGER, saved_at INTEGER NOT NULL, corrects TEXT, body BLOB NOT NULL) STRICT;
CREATE TABLE timers (
  case_id TEXT PRIMARY KEY, owner TEXT NOT NULL, state TEXT NOT NULL, found_at INTEGER NOT NULL,
  warn_after INTEGER NOT NULL, due_after INTEGER NOT NULL, discard_within INTEGER NOT NULL,
  boot_id TEXT, since_boot INTEGER, warned INTEGER NOT NULL, overdue INTEGER NOT NULL, body BLOB) STRICT;
CREATE TABLE records (
  position INTEGER PRIMARY KEY AUTOINCREMENT, record_id TEXT NOT NULL UNIQUE, case_id TEXT NOT NULL,
  owner TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, sealed_at INTEGER NOT NULL,
  sequence INTEGER UNIQUE, prev_hash TEXT, hash TEXT, corrects TEXT, attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER, settled_at INTEGER, body BLOB NOT NULL, outcome BLOB) STRICT;
CREATE INDEX records_by_state ON records (state, position);
CREATE INDEX records_by_case ON records (case_id, position);
CREATE TABLE alerts (
  alert_id TEXT PRIMARY KEY, owner TEXT NOT NULL, state TEXT NOT NULL, raised_at INTEGER NOT NULL,
  settled_at INTEGER, body BLOB NOT NULL) STRICT;
CREATE TABLE receipts (
  position INTEGER PRIMARY KEY AUTOINCREMENT, alert_id TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL,
  device_time INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0, UNIQUE (alert_id, kind)) STRICT;
CREATE TABLE seen_events (event_id TEXT PRIMARY KEY, seen_at INTEGER NOT NULL) STRICT;
CREATE TABLE cursors (owner TEXT PRIMARY KEY, cursor TEXT NOT NULL) STRICT;
CREATE TABLE aside (
  position INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
";
