-- What several regions of an account point to, such as a role, is current in each of them.
DROP INDEX current_versions;
DROP INDEX current_versions_of_scope;
CREATE UNIQUE INDEX current_versions ON versions (scope_id, resource_arn, facet) WHERE state = 'current';

-- Why the owner of the account lives with the gap.
ALTER TABLE gaps ADD COLUMN accepted TEXT;
