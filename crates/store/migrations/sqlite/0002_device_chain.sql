-- Every sealed record that a device showed the centre, stored or refused: what the next one must follow.
CREATE TABLE device_chain (
    device_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    hash BLOB NOT NULL,
    prev_hash BLOB NOT NULL,
    PRIMARY KEY (device_id, sequence, hash)
) WITHOUT ROWID;
