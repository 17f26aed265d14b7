-- What several regions of an account point to, such as a role, is current in each of them.
DROP INDEX current_versions;
DROP INDEX current_versions_of_scope;
CREATE UNIQUE INDEX current_versions ON versions (scope_id, resource_arn, facet) WHERE state = 'current';

-- Why the owner of the account lives with the gap.
ALTER TABLE gaps ADD COLUMN accepted TEXT;

CREATE TABLE accounts (
    account_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    environment TEXT,
    owner TEXT
) STRICT, WITHOUT ROWID;

-- What the newest run was answered so far: a value (digest, and the body where contents has none of that digest)
-- or a gap. What is carried comes from a run that was cut short and counts once its new run keeps it, too.
CREATE TABLE spool (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    scope_id INTEGER NOT NULL REFERENCES scopes (id),
    resource_arn TEXT NOT NULL,
    facet TEXT NOT NULL,
    at INTEGER NOT NULL,
    is_carried INTEGER NOT NULL DEFAULT 0 CHECK (is_carried IN (0, 1)),
    digest BLOB,
    body BLOB,
    samples TEXT,
    operation TEXT,
    reason TEXT,
    message TEXT,
    accepted TEXT,
    PRIMARY KEY (run_id, scope_id, resource_arn, facet),
    CHECK ((digest IS NULL) = (reason IS NOT NULL))
) STRICT, WITHOUT ROWID;
