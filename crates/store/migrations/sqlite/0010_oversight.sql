-- What audit reads: who saw what in the order of time, and which customer data was removed when its time was over.
-- A removal is appended, each row chained to the one before it; it holds hashes of what was removed and nothing else of it.
CREATE TABLE removals (
    number BIGINT PRIMARY KEY,
    case_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX removals_by_case ON removals (case_id);

CREATE INDEX accesses_by_time ON accesses (at);
CREATE INDEX events_revealed ON events (at) WHERE kind = 'field_revealed';
