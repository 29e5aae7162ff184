-- Every sealed record that a device showed the centre, stored or refused: what the next one must follow.
CREATE TABLE device_chain (
    device_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    prev_hash BYTEA NOT NULL,
    PRIMARY KEY (device_id, sequence, hash)
);
