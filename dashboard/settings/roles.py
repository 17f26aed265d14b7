"""The settings of IAM roles: who may take them on, and what they may do."""

from collections.abc import Iterable

from dashboard import words
from dashboard.settings.rows import Entries, group, many, one, whole
from records.facet import FacetName
from records.iam import NamedPolicy, PolicyDocument, Statement


def _listed(values: Iterable[str], *, other_than: Iterable[str]) -> str:
    named, excluded = ", ".join(values), ", ".join(other_than)
    return " and ".join(each for each in (named, f"all but {excluded}" if excluded else "") if each)


def _principals(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{kind} {value}" for kind, value in pairs)


def statement_text(statement: Statement) -> str:
    """Return a policy's statement as one line."""
    to = _listed(_principals(statement.principals), other_than=_principals(statement.not_principals))
    actions = _listed(statement.actions, other_than=statement.not_actions)
    resources = _listed(statement.resources, other_than=statement.not_resources)
    conditions = " and ".join(
        f"{each.key} {each.operator} {', '.join(each.values)}" for each in statement.conditions
    )
    parts = (
        f"{statement.effect} {actions or words.NONE}",
        f"on {resources}" if resources else "",
        f"to {to}" if to else "",
        f"if {conditions}" if conditions else "",
    )
    return " ".join(part for part in parts if part)


def _statements(document: PolicyDocument | None, inside: str = "") -> Entries:
    return tuple(
        (f"{inside}{each.sid or number}", statement_text(each))
        for number, each in enumerate(document.statements if document else (), 1)
    )


def _policy(policy: NamedPolicy | None) -> Entries:
    if policy is None:
        return (("", words.NONE),)
    return (
        (policy.name, policy.arn or "inline"),
        *_statements(policy.document, f"{policy.name}, statement "),
    )


ROLE_SETTINGS = (
    *group(
        FacetName.ROLE,
        "General",
        one("Name", "name", "RoleName", is_own=True),
        one("ARN", "arn", "Arn", is_own=True),
        one("Longest session", "max_session_seconds", "MaxSessionDuration", words.lifetime),
        one("Boundary", "boundary_arn", "PermissionsBoundary", lambda arn: arn or words.NONE),
        one("Created", "created_at", "CreateDate", words.moment, is_own=True),
        absent="AWS knows no such role",
    ),
    *group(
        FacetName.ROLE,
        "Who may take it on",
        whole("Statement", "trust", "AssumeRolePolicyDocument", _statements),
        absent="AWS knows no such role",
    ),
    *group(
        FacetName.ROLE_POLICIES,
        "What it may do",
        many("Attached policy", "attached", "AttachedPolicies", _policy),
        many("Inline policy", "inline", "PolicyNames", _policy),
        whole("Boundary allows at most", "boundary", "PermissionsBoundary.PolicyDocument", _policy),
        absent="AWS knows no such role",
    ),
)
