-- Every change of the rules and of a branch's own text, chained in one line: what was, what is, who and why. Rows are
-- added, never altered.
CREATE TABLE amendments (
    number BIGINT PRIMARY KEY,      -- from 1, without a gap
    amendment_id TEXT NOT NULL UNIQUE,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    bytes BYTEA NOT NULL
);
