-- What people looked for and took with them, where no single case can keep it: a search by customer data, an exported
-- list. Appended, each row chained to the one before it. Holds no customer data.
CREATE TABLE accesses (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    bytes BYTEA NOT NULL
);

-- A case is found by the last four signs of its number, which is what a list shows.
CREATE INDEX cases_by_tail ON cases (substr(case_id, 33));

-- A merged case hands its keys on.
CREATE INDEX blind_keys_by_case ON blind_keys (case_id);

-- 并案 pools the keys of its cases: whoever looks for the customer of a merged case finds the one that survives it. From
-- now on the commit does it; here it is made up for, also through several merges.
INSERT INTO blind_keys (digest, case_id)
WITH RECURSIVE pairs (source, survivor) AS (
    SELECT one ->> 'case_id', cases.case_id
    FROM cases, jsonb_array_elements(COALESCE(cases.body::jsonb -> 'merged', '[]'::jsonb)) AS one
), taken (source, survivor) AS (
    SELECT source, survivor FROM pairs
    UNION
    SELECT taken.source, pairs.survivor FROM taken JOIN pairs ON pairs.source = taken.survivor
)
SELECT DISTINCT blind_keys.digest, taken.survivor
FROM taken JOIN blind_keys ON blind_keys.case_id = taken.source
ON CONFLICT DO NOTHING;
