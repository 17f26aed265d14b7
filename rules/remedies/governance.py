"""Remedies of the rules on governance."""

from collections.abc import Iterator

from records.user_pool import UserPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy


def _protect_from_deletion(_pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(Operation.UPDATE_USER_POOL, ("DeletionProtection",), "ACTIVE")


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="GOV001",
        change="Protect the user pool from deletion",
        impact="DeleteUserPool is refused until somebody switches the protection off.",
        affected=Affected.OPERATORS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask whether a pipeline deletes the user pool on purpose.",
            "Set DeletionProtection to ACTIVE, in the template too where a stack makes the user pool.",
        ),
        breaks="A stack that deletes or replaces the user pool fails until the protection is off.",
        changes=_protect_from_deletion,
    ),
    Remedy(
        code="GOV002",
        change="Tag the user pool",
        impact="Owner, purpose and cost centre stand with the user pool.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See which tags your policies on access and cost go by.",
            "Add them with TagResource, or in the template that makes the user pool.",
        ),
        breaks="Policies that allow or deny by tag begin to cover the user pool.",
    ),
    Remedy(
        code="GOV003",
        change="Settle the import of users",
        impact="Users who were left out get an account, and the file with their data goes away.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Read the job's log in CloudWatch Logs for the users who were left out.",
            "Import them with a new job.",
            "Delete the file, and the role unless more imports are due.",
        ),
        breaks="A role that is deleted too early stops imports that are under way.",
        removes="the role and the file of the import",
    ),
    Remedy(
        code="GOV004",
        change="Give each group a precedence of its own",
        impact="A user in two groups gets the role that you have decided on.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the users who are in two of the groups, and decide which role they shall get.",
            "Set Precedence with UpdateGroup, the lowest number for the role that wins.",
            "Watch what is denied to these users after their next token.",
        ),
        breaks="Users in two of the groups may lose the role that they have got by chance.",
    ),
    Remedy(
        code="GOV005",
        change="Ask for a higher rate of sign-in",
        impact="More users can sign in at the same time; AWS bills what is above the free rate.",
        affected=Affected.OPERATORS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Compare the peaks of CallCount and ThrottleCount with the rate over some weeks.",
            "Ask Service Quotas for more where they come near it; that can take days.",
            "Provision it with UpdateProvisionedLimit, and an alarm on ThrottleCount.",
        ),
    ),
)
