-- Who brought a version of the directory, from which file and why. One import follows each state of the versions, so that
-- of two that were compared with the same state only one is taken.
CREATE TABLE directory_imports (
    version TEXT PRIMARY KEY,
    follows BIGINT NOT NULL UNIQUE, -- the number of the newest version that it was compared with; 0 before the first
    person_id TEXT,                 -- absent: on the command line
    source TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- Absences that people entered. Rows are added, never changed: the newest row of an id holds, and the others say who
-- entered what before.
CREATE TABLE absences (
    number BIGSERIAL PRIMARY KEY,
    absence_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    deputy TEXT,
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL
);
CREATE INDEX absences_by_id ON absences (absence_id, number);
CREATE INDEX absences_by_end ON absences (to_at);
