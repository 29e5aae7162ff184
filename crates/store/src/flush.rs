//! Writes what a batch came to: one statement per table and portion of rows.

use chayan_domain::case::Timer;
use chayan_domain::ids::{CaseId, CommandId};
use chayan_domain::time::Timestamp;
use sqlx::SqlStr;

use crate::device_chain::{self, ChainRow};
use crate::error::StoreError;
use crate::feed::FeedDraft;
use crate::sql::{
    Dialect, Insert, Link, Param, Statement, blob, by_keys, execute_all, insert_returning, insert_statements,
    int, opt_int, opt_text, text,
};
use crate::timers;
use crate::ways::{CaseWay, stored_path};
use crate::words::word;
use crate::write::{AlertRow, CaseRecord, OutgoingRow, ReceiptRow, SealedEvent, StoredCommand};

/// Rows to be written, by table.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) cases: Vec<CaseRecord>,
    pub(crate) ways: Vec<CaseWay>,
    pub(crate) events: Vec<(CaseId, SealedEvent)>,
    pub(crate) timers_off: Vec<String>,
    pub(crate) timers_on: Vec<(CaseId, Timer)>,
    pub(crate) alerts: Vec<AlertRow>,
    pub(crate) receipts: Vec<ReceiptRow>,
    pub(crate) commands: Vec<StoredCommand>,
    pub(crate) links: Vec<ChainRow>,
    pub(crate) case_keys: Vec<(CaseId, Vec<u8>)>,
    pub(crate) customer: Vec<(CaseId, CommandId, Timestamp, Vec<u8>)>,
    pub(crate) blind: Vec<([u8; 32], CaseId)>,
    /// Merged cases with those that take their keys over, in the order in which it happened.
    pub(crate) pooled: Vec<(CaseId, CaseId)>,
    pub(crate) outgoing: Vec<OutgoingRow>,
    pub(crate) feed: Vec<FeedDraft>,
}

/// Sorts cases without a running clock behind all others.
pub(crate) const NEVER: i64 = i64::MAX;

static CASES: Insert = Insert {
    head: "INSERT INTO cases (case_id, state, reporter, submitter, direct_leader, line, unit_path, claimed_by, \
           received_at, flow_at, next_due, reopened_at, version, body)",
    columns: 14,
    tail: "ON CONFLICT (case_id) DO UPDATE SET state = excluded.state, submitter = excluded.submitter, \
           direct_leader = excluded.direct_leader, claimed_by = excluded.claimed_by, flow_at = excluded.flow_at, \
           next_due = excluded.next_due, reopened_at = excluded.reopened_at, version = excluded.version, \
           body = excluded.body",
};
static WAYS: Insert = Insert {
    head: "INSERT INTO case_ways (way, received_at, case_id)",
    columns: 3,
    tail: "ON CONFLICT DO NOTHING",
};
static EVENTS: Insert = Insert {
    head: "INSERT INTO events (case_id, sequence, event_id, at, kind, prev_hash, hash, bytes)",
    columns: 8,
    tail: "",
};
static TIMERS: Insert = Insert {
    head: "INSERT INTO timers (timer_key, case_id, name, level, due_at)",
    columns: 5,
    tail: "ON CONFLICT (timer_key) DO UPDATE SET due_at = excluded.due_at",
};
static ALERTS: Insert = Insert {
    head: "INSERT INTO alerts (alert_id, case_id, person_id, kind, level, raised_at, due_at, end_reason, ended_at)",
    columns: 9,
    tail: "ON CONFLICT (alert_id) DO UPDATE SET due_at = excluded.due_at, end_reason = excluded.end_reason, \
           ended_at = excluded.ended_at",
};
static RECEIPTS: Insert = Insert {
    head: "INSERT INTO alert_receipts (alert_id, device_id, act, device_time, received_at)",
    columns: 5,
    tail: "ON CONFLICT DO NOTHING",
};
static COMMANDS: Insert = Insert {
    head: "INSERT INTO commands (command_id, case_id, content_hash, person_id, device_id, device_hash, received_at, \
           receipt)",
    columns: 8,
    tail: "",
};
static CHAIN: Insert = Insert {
    head: "INSERT INTO device_chain (device_id, sequence, hash, prev_hash)",
    columns: 4,
    // A record that is sent again is known already.
    tail: "ON CONFLICT DO NOTHING",
};
static CASE_KEYS: Insert =
    Insert { head: "INSERT INTO case_keys (case_id, algorithm, wrapped)", columns: 3, tail: "" };
static CUSTOMER: Insert =
    Insert { head: "INSERT INTO customer_rows (case_id, command_id, at, sealed)", columns: 4, tail: "" };
static BLIND: Insert =
    Insert { head: "INSERT INTO blind_keys (digest, case_id)", columns: 2, tail: "ON CONFLICT DO NOTHING" };
const POOL: &str = "INSERT INTO blind_keys (digest, case_id) SELECT digest, $2 FROM blind_keys WHERE case_id = $1 \
                    ON CONFLICT DO NOTHING";
static OUTGOING: Insert =
    Insert { head: "INSERT INTO outgoing (message_id, channel, person_id, at, body)", columns: 5, tail: "" };
static FEED: Insert = Insert {
    head: "INSERT INTO feed (topic, event_id, at, kind, case_id, alert_id, detail)",
    columns: 7,
    tail: "RETURNING xid",
};

/// Writes all rows; returns the transaction of the feed rows (0 on SQLite or without any).
pub(crate) async fn flush(link: &mut Link, mut pending: Pending) -> Result<i64, StoreError> {
    let dialect = link.dialect();
    let feed = std::mem::take(&mut pending.feed);
    // The rows of a table are put together while the database writes those of the table before.
    let mut ready = Vec::new();
    for table in TABLES {
        let (written, next) = tokio::join!(execute_all(link, ready), async { table(dialect, &mut pending) });
        written?;
        ready = next?;
    }
    let (written, feed) = tokio::join!(execute_all(link, ready), async { rows(feed, feed_row) });
    written?;
    let returned = insert_returning(link, &FEED, feed).await?;
    returned.first().map_or(Ok(0), |row| row.int(0))
}

/// Makes the statements of one table out of what is pending for it.
type Table = fn(Dialect, &mut Pending) -> Result<Vec<Statement>, StoreError>;

/// In this order: what others refer to comes first.
const TABLES: [Table; 13] = [
    |dialect, pending| {
        let mut values = Vec::with_capacity(pending.cases.len() * CASES.columns);
        for record in &pending.cases {
            values.extend(case_row(record)?);
        }
        Ok(insert_statements(dialect, &CASES, values))
    },
    |dialect, pending| Ok(inserts(dialect, &WAYS, &mut pending.ways, CaseWay::row)),
    |dialect, pending| Ok(inserts(dialect, &EVENTS, &mut pending.events, event_row)),
    |dialect, pending| {
        let off: Vec<Param> = pending.timers_off.drain(..).map(text).collect();
        Ok(by_keys(dialect, "DELETE FROM timers WHERE timer_key {in keys}", &off))
    },
    |dialect, pending| Ok(inserts(dialect, &TIMERS, &mut pending.timers_on, timer_row)),
    |dialect, pending| Ok(inserts(dialect, &ALERTS, &mut pending.alerts, alert_row)),
    |dialect, pending| Ok(inserts(dialect, &RECEIPTS, &mut pending.receipts, receipt_row)),
    |dialect, pending| Ok(inserts(dialect, &COMMANDS, &mut pending.commands, command_row)),
    |dialect, pending| Ok(inserts(dialect, &CHAIN, &mut pending.links, device_chain::row)),
    |dialect, pending| Ok(inserts(dialect, &CASE_KEYS, &mut pending.case_keys, key_row)),
    |dialect, pending| Ok(inserts(dialect, &CUSTOMER, &mut pending.customer, customer_row)),
    |dialect, pending| {
        let mut statements = inserts(dialect, &BLIND, &mut pending.blind, blind_row);
        let pooled = pending.pooled.drain(..);
        statements.extend(
            pooled.map(|(merged, survivor)| (SqlStr::from_static(POOL), vec![text(merged), text(survivor)])),
        );
        Ok(statements)
    },
    |dialect, pending| Ok(inserts(dialect, &OUTGOING, &mut pending.outgoing, outgoing_row)),
];

fn inserts<T, const N: usize>(
    dialect: Dialect,
    insert: &'static Insert,
    items: &mut Vec<T>,
    row: impl Fn(T) -> [Param; N],
) -> Vec<Statement> {
    insert_statements(dialect, insert, rows(std::mem::take(items), row))
}

fn rows<T, const N: usize>(items: Vec<T>, row: impl Fn(T) -> [Param; N]) -> Vec<Param> {
    items.into_iter().flat_map(row).collect()
}

fn case_row(record: &CaseRecord) -> Result<[Param; 14], StoreError> {
    let case = &record.case;
    let body = serde_json::to_string(case).map_err(|_| StoreError::Corrupt { what: "case" })?;
    Ok([
        text(case.case_id),
        text(word(case.state)),
        text(&case.reporter),
        opt_text(case.submitter.as_ref()),
        opt_text(record.direct_leader.as_ref()),
        text(word(case.line)),
        text(stored_path(&record.unit_path)),
        opt_text(case.callback.claimed_by.as_ref()),
        int(record.received_at.0),
        opt_int(case.flow.as_ref().map(|flow| flow.received_at.0)),
        int(record.next_due.map_or(NEVER, |due| due.0)),
        opt_int(case.reopenings.last().map(|reopening| reopening.at.0)),
        int(i64::from(case.version)),
        Param::Text(Some(body)),
    ])
}

fn event_row((case_id, event): (CaseId, SealedEvent)) -> [Param; 8] {
    [
        text(case_id),
        int(i64::from(event.sequence)),
        text(event.event_id),
        int(event.at.0),
        Param::Text(Some(event.kind)),
        blob(&event.prev_hash.0),
        blob(&event.hash.0),
        Param::Blob(Some(event.bytes)),
    ]
}

fn timer_row((case_id, timer): (CaseId, Timer)) -> [Param; 5] {
    [
        Param::Text(Some(timers::key(case_id, &timer))),
        text(case_id),
        text(word(timer.name)),
        int(i64::from(timer.level)),
        int(timer.due_at.0),
    ]
}

fn alert_row(alert: AlertRow) -> [Param; 9] {
    [
        text(alert.alert_id),
        text(alert.case_id),
        text(alert.person_id),
        text(word(alert.kind)),
        int(i64::from(alert.level)),
        int(alert.raised_at.0),
        opt_int(alert.due_at.map(|due| due.0)),
        opt_text(alert.ended.map(|end| word(end.reason))),
        opt_int(alert.ended.map(|end| end.at.0)),
    ]
}

fn receipt_row(receipt: ReceiptRow) -> [Param; 5] {
    [
        text(receipt.alert_id),
        text(receipt.device_id),
        text(word(receipt.act)),
        int(receipt.device_time.0),
        int(receipt.received_at.0),
    ]
}

fn command_row(stored: StoredCommand) -> [Param; 8] {
    let command = stored.command;
    [
        text(command.command_id),
        text(stored.case_id),
        blob(&command.content_hash.0),
        opt_text(command.person_id),
        opt_text(command.device_id),
        Param::Blob(command.device_hash.map(|hash| hash.0.to_vec())),
        int(command.received_at.0),
        Param::Blob(Some(command.receipt)),
    ]
}

fn key_row((case_id, wrapped): (CaseId, Vec<u8>)) -> [Param; 3] {
    [text(case_id), int(1), Param::Blob(Some(wrapped))]
}

fn blind_row((digest, case_id): ([u8; 32], CaseId)) -> [Param; 2] {
    [blob(&digest), text(case_id)]
}

fn customer_row((case_id, command_id, at, sealed): (CaseId, CommandId, Timestamp, Vec<u8>)) -> [Param; 4] {
    [text(case_id), text(command_id), int(at.0), Param::Blob(Some(sealed))]
}

fn outgoing_row(message: OutgoingRow) -> [Param; 5] {
    [
        text(message.message_id),
        text(message.channel),
        text(message.person_id),
        int(message.at.0),
        Param::Text(Some(message.body)),
    ]
}

fn feed_row(row: FeedDraft) -> [Param; 7] {
    [
        text(row.topic.as_str()),
        text(row.event_id),
        int(row.at.0),
        text(word(row.kind)),
        opt_text(row.case_id),
        opt_text(row.alert_id),
        Param::Text(row.detail),
    ]
}
