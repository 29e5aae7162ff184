-- Every change of the rules and of a branch's own text, chained in one line: what was, what is, who and why. Rows are
-- added, never altered.
CREATE TABLE amendments (
    number BIGINT PRIMARY KEY,      -- from 1, without a gap
    amendment_id TEXT NOT NULL UNIQUE,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL
);
