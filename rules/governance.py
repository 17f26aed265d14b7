"""Governance: guards and labels of a user pool as a resource."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.links import DOCS


@rule(
    "GOV001",
    Severity.MEDIUM,
    url=DOCS + "user-pool-settings-deletion-protection.html",
    plan_needed="LITE",
    mappings={
        "security_hub": ("Cognito.6",),
        "aws_config": ("cognito-user-pool-deletion-protection-enabled",),
    },
    peers={
        "prowler": ("cognito_user_pool_deletion_protection_enabled",),
        "service_screener": ("cognitoDeletionProtectionDisabled",),
        "stave": ("CTL.COGNITO.DELETEPROT",),
    },
)
def deletion_protection_is_off(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """One call deletes the user pool with all its users.

    Why: a mistaken deletion cannot be undone; accounts, passwords and factors are gone.
    Fix: set DeletionProtection to ACTIVE, by read, merge, write: UpdateUserPool resets every field left
    out. A stack that removes the user pool on purpose must set it to INACTIVE first.
    Unsure when: the user pool belongs to a short-lived test stack.
    """
    if not pool.is_deletion_protected:
        yield Problem(
            f"can be deleted by one call (DeletionProtection {pool.deletion_protection or 'not set'})",
            evidence=(
                ("DeletionProtection", pool.deletion_protection),
                ("EstimatedNumberOfUsers", pool.estimated_users),
            ),
        )


@rule(
    "GOV002",
    Severity.LOW,
    url=DOCS + "tagging.html",
    plan_needed="LITE",
    mappings={"aws_config": ("cognito-user-pool-tagged",)},
    peers={"service_screener": ("cognitoResourcesWithoutTags",), "stave": ("CTL.COGNITO.COMPLIANCE.NOTAG",)},
)
def user_pool_has_no_tags(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """The user pool says nothing about its owner or purpose.

    Why: without tags nobody knows whom to ask about it, its cost cannot be allotted, and access by tag does
    not reach it.
    Fix: add tags with TagResource, which leaves all other settings alone.
    """
    if not pool.tags:
        yield Problem("has no tags", evidence=(("UserPoolTags", ()),))
