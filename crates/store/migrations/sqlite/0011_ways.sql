-- Ways: under which words a list finds its cases, in the order of the list, so that a page costs the same however many
-- cases there are. One table instead of one per relation; a unit's cases stand under the path of every unit above.
CREATE TABLE case_ways (
    way TEXT NOT NULL,              -- involved:…, department:…, escalated:…, unit:…
    received_at BIGINT NOT NULL,    -- of the case; never changes
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    PRIMARY KEY (way, received_at, case_id)
) WITHOUT ROWID;
CREATE INDEX case_ways_by_case ON case_ways (case_id, way);

INSERT INTO case_ways (way, received_at, case_id)
SELECT 'involved:' || person_id, received_at, case_id FROM case_people JOIN cases USING (case_id);
INSERT INTO case_ways (way, received_at, case_id)
SELECT 'escalated:' || person_id, received_at, case_id FROM case_escalations JOIN cases USING (case_id);
INSERT INTO case_ways (way, received_at, case_id)
SELECT 'department:' || unit_id || '/' || case_departments.line, received_at, case_id
FROM case_departments JOIN cases USING (case_id);
WITH RECURSIVE above (case_id, received_at, path, rest) AS (
    SELECT case_id, received_at, '', unit_path FROM cases
    UNION ALL
    SELECT case_id, received_at, path || substr(rest, 1, instr(rest, '/')), substr(rest, instr(rest, '/') + 1)
    FROM above WHERE instr(rest, '/') > 0
)
INSERT INTO case_ways (way, received_at, case_id)
SELECT 'unit:' || path, received_at, case_id FROM above WHERE path <> '';

DROP TABLE case_people;
DROP TABLE case_escalations;
DROP TABLE case_departments;
DROP INDEX cases_by_unit;
-- A leader's board wants what runs among all that the team ever reported.
CREATE INDEX cases_by_leader_state ON cases (direct_leader, state, next_due, case_id);
