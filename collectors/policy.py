"""The least-privilege IAM policy, computed from the operations that the collectors declare."""

from collections.abc import Mapping

from collectors import app_clients, clients, identity_pools, user_pools

CALLS = app_clients.CALLS | clients.CALLS | identity_pools.CALLS | user_pools.CALLS

# Calls that Poolwatch never makes, denied so that no later policy lets it: AdminGetUser turns the user into a
# billed monthly active user, the others create identities or hand out AWS credentials and tokens.
NEVER = frozenset(
    {
        "cognito-idp:AdminGetUser",
        "cognito-identity:GetCredentialsForIdentity",
        "cognito-identity:GetId",
        "cognito-identity:GetOpenIdToken",
        "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    }
)


def iam_policy() -> Mapping[str, object]:
    """Return the policy document for an account that Poolwatch reads.

    Every statement has `Resource: *`: list calls take no other, and a pool made tomorrow shall be read too.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "PoolwatchRead", "Effect": "Allow", "Action": sorted(CALLS), "Resource": "*"},
            {"Sid": "PoolwatchNever", "Effect": "Deny", "Action": sorted(NEVER), "Resource": "*"},
        ],
    }
