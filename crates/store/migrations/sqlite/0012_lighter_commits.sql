-- What every report paid for and nothing read by. Whether a case stands under a word is asked with its moment, which the
-- primary key answers; an event is found by its case, and its id is part of what is hashed.
DROP INDEX case_ways_by_case;

-- With row ids a whole event stands on its page: without, what is longer than a quarter of a page takes a page of its own.
CREATE TABLE events_in_rows (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    sequence BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (case_id, sequence)
);
INSERT INTO events_in_rows (case_id, sequence, event_id, at, kind, prev_hash, hash, bytes)
SELECT case_id, sequence, event_id, at, kind, prev_hash, hash, bytes FROM events ORDER BY at, case_id, sequence;
DROP TABLE events;
ALTER TABLE events_in_rows RENAME TO events;
CREATE INDEX events_revealed ON events (at) WHERE kind = 'field_revealed';
