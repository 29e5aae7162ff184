-- Departments that lead a case or assist in it, and people before whom it was brought: what their lists are read by.
-- Rows are added, never taken away: who had a part goes on seeing what became of it.
CREATE TABLE case_departments (
    unit_id TEXT NOT NULL,
    line TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    PRIMARY KEY (unit_id, line, case_id)
) WITHOUT ROWID;
CREATE INDEX case_departments_by_case ON case_departments (case_id);

CREATE TABLE case_escalations (
    person_id TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    PRIMARY KEY (person_id, case_id)
) WITHOUT ROWID;
CREATE INDEX case_escalations_by_case ON case_escalations (case_id);
