-- Wrong passwords and locks by the digest of the staff number, whether or not there is an account: every node and every
-- restart counts on. What a person typed in the wrong field stands nowhere in the clear.
CREATE TABLE wrong_sign_ins (
    number BIGSERIAL PRIMARY KEY,
    who TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX wrong_sign_ins_by_who ON wrong_sign_ins (who, at);

CREATE TABLE sign_in_locks (
    who TEXT PRIMARY KEY,
    locked_until BIGINT NOT NULL    -- 0 where only counting has begun
);

ALTER TABLE accounts DROP COLUMN failed_attempts;
ALTER TABLE accounts DROP COLUMN locked_until;
