"""IAM roles: who may take them on, and all policies that decide what they may do."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, MalformedAnswerError, demand_same
from collectors.policy_documents import parse_policy_document
from records.iam import NamedPolicy, Role, RolePolicies
from records.resource import Arn

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient

CALLS = frozenset(
    {
        "iam:ListRoles",
        "iam:GetRole",
        "iam:ListRolePolicies",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
    }
)

# GetRole's refusal for a role that does not exist. The other calls refuse with the same code where a policy
# went away between two of them, which says nothing of the role.
NO_SUCH_ROLE = frozenset({"NoSuchEntity", "NoSuchEntityException"})

_ROLE = "role/"
_PAGE = 1000


def collect_role(iam: "IAMClient", role_arn: str) -> Role:
    """Return a role with its trust policy."""
    role = parse_role(iam.get_role(RoleName=_role_name(role_arn)))
    # Names are unique within an account, so a role of another path, partition or account is another one.
    demand_same(role.arn, role_arn)
    return role


def collect_web_identity_roles(iam: "IAMClient") -> tuple[Role, ...]:
    """Return the account's roles whose trust policy names identity pools, ordered by ARN.

    An account may have thousands of roles, of which all others are dropped page by page. ListRoles tells
    of no boundary.
    """
    found: dict[str, Role] = {}
    for page in iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": _PAGE}):
        for item in Answer(page, "ListRoles").required_parts("Roles"):
            role = _role(item)
            if role.names_identity_pools:
                found[role.arn] = role
    return tuple(found[arn] for arn in sorted(found))


def collect_role_policies(iam: "IAMClient", role_arn: str, boundary_arn: str | None) -> RolePolicies:
    """Return a role's policies in full; `boundary_arn` is what GetRole answered (`Role.boundary_arn`)."""
    name = _role_name(role_arn)
    inline = tuple(_inline_policy(iam, name, policy) for policy in _inline_policy_names(iam, name))
    attached = {arn: _managed_policy(iam, arn) for arn in _attached_policy_arns(iam, name)}
    boundary = None
    if boundary_arn is not None:
        boundary = attached.get(boundary_arn) or _managed_policy(iam, boundary_arn)
    return RolePolicies(inline=inline, attached=tuple(attached.values()), boundary=boundary)


def parse_role(raw: Any) -> Role:
    """Translate GetRole's answer."""
    return _role(Answer(raw, "GetRole").required_part("Role"))


def _role(answer: Answer) -> Role:
    boundary = answer.part("PermissionsBoundary")
    return Role(
        arn=answer.required_text("Arn"),
        name=answer.required_text("RoleName"),
        created_at=answer.time("CreateDate"),
        trust=parse_policy_document(answer.document("AssumeRolePolicyDocument")),
        boundary_arn=boundary.required_text("PermissionsBoundaryArn") if boundary else None,
        max_session_seconds=answer.number("MaxSessionDuration"),
    )


def _role_name(role_arn: str) -> str:
    """Return the name by which IAM takes a role; the path before it is no part of it."""
    try:
        arn = Arn.of(role_arn)
    except ValueError:
        raise MalformedAnswerError("what names a role is no ARN") from None
    name = arn.resource.rpartition("/")[2]
    if arn.service != "iam" or not arn.resource.startswith(_ROLE) or not name:
        raise MalformedAnswerError("what names a role is the ARN of something else")
    return name


def _inline_policy_names(iam: "IAMClient", role_name: str) -> list[str]:
    names: set[str] = set()
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=role_name):
        answer = Answer(page, "ListRolePolicies")
        if not answer.has("PolicyNames"):
            raise MalformedAnswerError("ListRolePolicies has no PolicyNames")
        names.update(answer.texts("PolicyNames"))
    return sorted(names)


def _inline_policy(iam: "IAMClient", role_name: str, policy_name: str) -> NamedPolicy:
    answer = Answer(iam.get_role_policy(RoleName=role_name, PolicyName=policy_name), "GetRolePolicy")
    answered = f"{answer.required_text('RoleName')}/{answer.required_text('PolicyName')}"
    demand_same(answered, f"{role_name}/{policy_name}")
    document = parse_policy_document(answer.document("PolicyDocument"))
    return NamedPolicy(name=policy_name, arn=None, document=document)


def _attached_policy_arns(iam: "IAMClient", role_name: str) -> list[str]:
    arns: set[str] = set()
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=role_name):
        for item in Answer(page, "ListAttachedRolePolicies").required_parts("AttachedPolicies"):
            arns.add(item.required_text("PolicyArn"))
    return sorted(arns)


def _managed_policy(iam: "IAMClient", arn: str) -> NamedPolicy:
    """Return the version of a managed policy that is in force."""
    policy = Answer(iam.get_policy(PolicyArn=arn), "GetPolicy").required_part("Policy")
    demand_same(policy.required_text("Arn"), arn)
    in_force = policy.required_text("DefaultVersionId")
    answer = Answer(iam.get_policy_version(PolicyArn=arn, VersionId=in_force), "GetPolicyVersion")
    version = answer.required_part("PolicyVersion")
    demand_same(version.required_text("VersionId"), in_force)
    document = parse_policy_document(version.document("Document"))
    return NamedPolicy(name=policy.required_text("PolicyName"), arn=arn, document=document)
