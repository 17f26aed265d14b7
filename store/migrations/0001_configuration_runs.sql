-- Times are microseconds since 1970. A body is stored once, under its digest, however many resources share it.

CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    is_demo INTEGER NOT NULL CHECK (is_demo IN (0, 1))
) STRICT;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('running', 'complete', 'partial', 'failed')),
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    identity_arn TEXT,
    version TEXT NOT NULL,
    message TEXT,
    calls TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE INDEX runs_by_state ON runs (state);
CREATE INDEX runs_by_end ON runs (finished_at);

-- latest_run is the newest run over the scope that has data: what a snapshot shows.
CREATE TABLE scopes (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    partition TEXT NOT NULL,
    latest_run INTEGER REFERENCES runs (id),
    UNIQUE (account_id, region, partition)
) STRICT;

CREATE TABLE run_scopes (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    scope_id INTEGER NOT NULL REFERENCES scopes (id),
    PRIMARY KEY (run_id, scope_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE contents (
    digest BLOB NOT NULL PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;

-- A version is current until another replaces it, or until a list that was read whole no longer names its resource.
CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    scope_id INTEGER NOT NULL REFERENCES scopes (id),
    resource_arn TEXT NOT NULL,
    facet TEXT NOT NULL,
    digest BLOB NOT NULL REFERENCES contents (digest),
    state TEXT NOT NULL DEFAULT 'current' CHECK (state IN ('current', 'replaced', 'gone')),
    first_run INTEGER NOT NULL REFERENCES runs (id),
    last_run INTEGER NOT NULL REFERENCES runs (id),
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    gone_at INTEGER,
    CHECK ((state = 'gone') = (gone_at IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX current_versions ON versions (resource_arn, facet) WHERE state = 'current';
CREATE INDEX current_versions_of_scope ON versions (scope_id) WHERE state = 'current';

CREATE TABLE gaps (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    scope_id INTEGER NOT NULL REFERENCES scopes (id),
    resource_arn TEXT NOT NULL,
    facet TEXT NOT NULL,
    operation TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (run_id, scope_id, resource_arn, facet)
) STRICT, WITHOUT ROWID;

-- A value of NULL says that AWS answered without the member.
CREATE TABLE usage_samples (
    resource_arn TEXT NOT NULL,
    metric TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    at INTEGER NOT NULL,
    value INTEGER,
    PRIMARY KEY (resource_arn, metric, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE transitions (
    id INTEGER PRIMARY KEY,
    scope_id INTEGER NOT NULL REFERENCES scopes (id),
    code TEXT NOT NULL,
    resource_arn TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('fail', 'unknown', 'error')),
    opened_run INTEGER NOT NULL REFERENCES runs (id),
    opened_at INTEGER NOT NULL,
    closed_run INTEGER REFERENCES runs (id),
    closed_at INTEGER,
    cause TEXT CHECK (cause IN ('resource', 'rule', 'settings', 'deleted', 'out_of_scope')),
    CHECK ((closed_at IS NULL) = (cause IS NULL) AND (closed_at IS NULL) = (closed_run IS NULL))
) STRICT;

CREATE UNIQUE INDEX open_transitions ON transitions (code, resource_arn, outcome) WHERE closed_at IS NULL;

CREATE TABLE outcome_counts (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    severity TEXT NOT NULL,
    outcome TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run_id, severity, outcome)
) STRICT, WITHOUT ROWID;
