"""The least-privilege IAM policies; that for accounts with Cognito is computed from the collectors' calls."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence

import collectors
from records.facet import iam_actions

Policy = Mapping[str, object]


def _declared() -> frozenset[str]:
    modules = (
        importlib.import_module(module.name)
        for module in pkgutil.iter_modules(collectors.__path__, "collectors.")
        if module.name != __name__
    )
    return frozenset[str]().union(*(getattr(module, "CALLS", ()) for module in modules))


# All API operations that Poolwatch calls, as `service:Operation`.
CALLS = _declared()

# Denied so that no later policy lets Poolwatch do it. An `Admin` operation changes a user or reads a single
# one: AdminGetUser bills the user as a monthly active user, AWS does not tell which of the others do, and
# Poolwatch needs none. The rest create identities or hand out AWS credentials and tokens.
NEVER = frozenset(
    {
        "cognito-idp:Admin*",
        "cognito-identity:GetCredentialsForIdentity",
        "cognito-identity:GetId",
        "cognito-identity:GetOpenIdToken",
        "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    }
)

# API Gateway's one action for reading opens API keys and stage variables too, unless it is limited. IAM takes
# `*` for any partition.
_AUTHORIZERS = tuple(
    f"arn:*:apigateway:*::/{resource}"
    for resource in (
        "apis",
        "apis/*/authorizers",
        "apis/*/routes",
        "restapis",
        "restapis/*/authorizers",
        "restapis/*/resources",
    )
)
_LIMITED: Mapping[str, tuple[str, Sequence[str]]] = {
    "apigateway:GET": ("PoolwatchReadAuthorizers", _AUTHORIZERS),
}
# S3 uses a key on the reader's behalf; nothing else may be decrypted with it.
_BY_S3 = {"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com", "s3.*.amazonaws.com.cn"]}}


def member_policy() -> Policy:
    """Return the policy for an account whose Cognito is read.

    Its statements have `Resource: *` where nothing less would do: list calls take no other, and a pool made
    tomorrow, with the roles and functions that it names, shall be read too.
    """
    actions = {action for call in CALLS for action in iam_actions(call)}
    limited = sorted(actions & _LIMITED.keys())
    return _policy(
        _allow("PoolwatchRead", actions - _LIMITED.keys(), "*"),
        *(_allow(_LIMITED[action][0], [action], _LIMITED[action][1]) for action in limited),
        {"Sid": "PoolwatchNever", "Effect": "Deny", "Action": sorted(NEVER), "Resource": "*"},
    )


def log_archive_policy(bucket: str) -> Policy:
    """Return the policy for reading a bucket's CloudTrail archives; `bucket` may be a reference."""
    return _policy(*_reading(bucket))


def payer_policy(bucket: str | None = None) -> Policy:
    """Return the policy for reading the bill and prices, and the bucket that the bill is exported to."""
    bill = _allow("PoolwatchBill", ["ce:GetCostAndUsage", "pricing:GetProducts"], "*")
    return _policy(bill, *(_reading(bucket) if bucket else ()))


def _reading(bucket: str) -> tuple[Policy, ...]:
    arn = f"arn:*:s3:::{bucket}"
    return (
        _allow("PoolwatchBucket", ["s3:GetBucketLocation", "s3:ListBucket"], arn),
        _allow("PoolwatchObjects", ["s3:GetObject"], f"{arn}/*"),
        {**_allow("PoolwatchDecrypt", ["kms:Decrypt"], "*"), "Condition": _BY_S3},
    )


def _allow(sid: str, actions: Sequence[str] | set[str], resource: str | Sequence[str]) -> Policy:
    resources = resource if isinstance(resource, str) else list(resource)
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}


def _policy(*statements: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}
