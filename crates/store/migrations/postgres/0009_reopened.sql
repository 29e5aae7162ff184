-- 复开: when a complaint that was linked to it opened an archived case again, the last time. Its list is read by it.
ALTER TABLE cases ADD COLUMN reopened_at BIGINT;
UPDATE cases SET reopened_at = (
    SELECT max((one ->> 'at')::BIGINT)
    FROM jsonb_array_elements(COALESCE(cases.body::jsonb -> 'reopenings', '[]'::jsonb)) AS one
);
CREATE INDEX cases_by_reopening ON cases (reopened_at, case_id) WHERE reopened_at IS NOT NULL;
