-- The centre's tables. Times are UTC milliseconds, ids and codes are text, hashes and sealed bytes are binary.
-- Customer data stands only in customer_rows (encrypted) and blind_keys (keyed digests).
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE cases (
    case_id TEXT COLLATE "C" PRIMARY KEY,
    state TEXT NOT NULL,
    reporter TEXT NOT NULL,
    submitter TEXT,
    direct_leader TEXT,
    line TEXT NOT NULL,
    unit_path TEXT COLLATE "C" NOT NULL,      -- with a slash at the end
    claimed_by TEXT,
    received_at BIGINT NOT NULL,
    flow_at BIGINT,
    next_due BIGINT NOT NULL,       -- the largest number where no clock runs
    version BIGINT NOT NULL,
    body TEXT NOT NULL              -- the case as JSON, computed from its events
);
CREATE INDEX cases_by_reporter ON cases (reporter, received_at, case_id);
CREATE INDEX cases_by_submitter ON cases (submitter, received_at, case_id) WHERE submitter IS NOT NULL;
CREATE INDEX cases_by_leader ON cases (direct_leader, received_at, case_id);
CREATE INDEX cases_by_state ON cases (state, next_due, case_id);
CREATE INDEX cases_by_flow ON cases (flow_at, case_id) WHERE flow_at IS NOT NULL;
CREATE INDEX cases_by_unit ON cases (unit_path, received_at, case_id);
CREATE INDEX cases_by_receipt ON cases (received_at, case_id);

CREATE TABLE case_people (
    person_id TEXT NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (case_id),
    PRIMARY KEY (person_id, case_id)
);
CREATE INDEX case_people_by_case ON case_people (case_id);

CREATE TABLE events (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (case_id),
    sequence BIGINT NOT NULL,
    event_id TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (case_id, sequence)
);

CREATE TABLE timers (
    timer_key TEXT PRIMARY KEY,     -- case, name and level
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (case_id),
    name TEXT NOT NULL,
    level BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX timers_by_due ON timers (due_at);
CREATE INDEX timers_by_case ON timers (case_id);

CREATE TABLE alerts (
    alert_id TEXT PRIMARY KEY,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (case_id),
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    level BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    due_at BIGINT,
    end_reason TEXT,
    ended_at BIGINT
);
CREATE INDEX alerts_open_by_person ON alerts (person_id, raised_at) WHERE ended_at IS NULL;
CREATE INDEX alerts_open_by_case ON alerts (case_id) WHERE ended_at IS NULL;

CREATE TABLE alert_receipts (
    number BIGSERIAL PRIMARY KEY,
    alert_id TEXT NOT NULL REFERENCES alerts (alert_id),
    device_id TEXT NOT NULL,
    act TEXT NOT NULL,
    device_time BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    UNIQUE (alert_id, device_id, act)
);

CREATE TABLE commands (
    command_id TEXT PRIMARY KEY,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (case_id),
    content_hash BYTEA NOT NULL,
    person_id TEXT,
    device_id TEXT,
    device_hash BYTEA,
    received_at BIGINT NOT NULL,
    receipt BYTEA NOT NULL
);
CREATE INDEX commands_by_case ON commands (case_id, received_at);

CREATE TABLE case_keys (
    case_id TEXT COLLATE "C" PRIMARY KEY REFERENCES cases (case_id),
    algorithm BIGINT NOT NULL,
    wrapped BYTEA NOT NULL
);

CREATE TABLE customer_rows (
    number BIGSERIAL PRIMARY KEY,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (case_id),
    command_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    sealed BYTEA NOT NULL             -- algorithm, nonce, ciphertext of salt and text
);
CREATE INDEX customer_rows_by_case ON customer_rows (case_id);

CREATE TABLE blind_keys (
    digest BYTEA NOT NULL,            -- keyed, over kind and text
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (case_id),
    PRIMARY KEY (digest, case_id)
);

CREATE TABLE outgoing (
    message_id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outgoing_unsent ON outgoing (channel, at) WHERE sent_at IS NULL;

CREATE TABLE feed (
    seq BIGSERIAL PRIMARY KEY,
    xid BIGINT NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    topic TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    case_id TEXT,
    alert_id TEXT,
    detail TEXT
);
CREATE INDEX feed_by_topic ON feed (topic, xid, seq);

CREATE TABLE accounts (
    person_id TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    failed_attempts BIGINT NOT NULL,
    locked_until BIGINT,
    disabled BIGINT NOT NULL,
    password_set_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash BYTEA PRIMARY KEY,
    person_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_by_person ON sessions (person_id);

CREATE TABLE devices (
    device_id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    client_version TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL
);

CREATE TABLE reference_versions (
    number BIGSERIAL PRIMARY KEY,
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    effective_from BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (kind, version)
);

CREATE TABLE checkpoints (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    events BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    signature BYTEA NOT NULL
);
