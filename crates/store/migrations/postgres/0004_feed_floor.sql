-- The place up to which feed rows were forgotten: who comes back from before it begins anew.
CREATE TABLE feed_floor (
    only_row BIGINT PRIMARY KEY,
    xid BIGINT NOT NULL,
    seq BIGINT NOT NULL
);
