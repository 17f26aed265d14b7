-- What people decide about findings; nothing of it comes from AWS. Days are ISO 8601 texts.

-- A mute ends by itself after its last day; ended_at is set where somebody ended or replaced it before.
CREATE TABLE mutes (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    resource_arn TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    until TEXT NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX standing_mutes ON mutes (code, resource_arn) WHERE ended_at IS NULL;

-- The newest row of a finding is what holds; those before it are its history.
CREATE TABLE assignments (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    resource_arn TEXT NOT NULL,
    owner TEXT,
    due TEXT,
    ticket TEXT,
    author TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX assignments_of_finding ON assignments (code, resource_arn);
