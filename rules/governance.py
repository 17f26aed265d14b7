"""Governance: guards and labels of a user pool as a resource, its groups, its leftovers and its limits."""

import collections
from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName, Gap, NotCollectedError, Reason
from records.user_pool import UserPool
from records.user_pool_parts import Group
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS

# What an import job that brought no users in has come to, by its status.
LEFT_OVER = {
    "Created": "was never started",
    "Pending": "has not begun",
    "Failed": "ended in an error",
    "Stopped": "was stopped",
}
# The category of requests that sign-in counts in.
SIGN_IN_REQUESTS = "UserAuthentication"


def is_large(pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool has more users than the parameter, and AWS tells the rates of sign-in."""
    return (pool.estimated_users or 0) > ctx.parameters["users"] and (
        any(each.category == SIGN_IN_REQUESTS for each in ctx.region.provisioned_limits.value)
        and any(each.usage_category == SIGN_IN_REQUESTS for each in ctx.region.service_quotas.value)
    )


@rule(
    "GOV001",
    Severity.MEDIUM,
    stakes=Stakes.CONTINUITY,
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


@rule(
    "GOV003",
    Severity.INFO,
    url=DOCS + "cognito-user-pools-using-import-tool.html",
    reads=(FacetName.IMPORT_JOBS,),
    params={"days": 2},
    plan_needed="LITE",
)
def import_job_is_left_over(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """An import of users did not come to its end.

    Why: users who should be in the user pool may be missing, while the role that the job was given, and the
    file with users' data, stay behind.
    Fix: read the job's log in CloudWatch Logs, bring the missing users in with a new job, then delete the
    file, and the role unless more imports are due. AWS keeps the entry of the old job; a later job that
    succeeds settles it.
    Unsure when: the import was given up on purpose.
    """
    limit = ctx.parameters["days"]
    jobs = ctx.pool.import_jobs.value
    settled = [job.created_at for job in jobs if job.status == "Succeeded" and job.created_at]
    left = [job for job in jobs if job.status in LEFT_OVER]
    for job in left:
        if job.created_at is None or any(later > job.created_at for later in settled):
            continue
        days = (ctx.today - job.created_at.date()).days
        if days > limit:
            entry = f"UserImportJobs[{job.job_id}]"
            yield Problem(
                f"has the import job {job.name}, made {days} days ago, which {LEFT_OVER[job.status or '']}",
                evidence=(
                    (f"{entry}.Status", job.status),
                    (f"{entry}.CloudWatchLogsRoleArn", job.role_arn),
                ),
            )
    if any(job.created_at is None for job in left):
        raise _untold(FacetName.IMPORT_JOBS, Reason.MALFORMED, "an import job has no date")


@rule(
    "GOV004",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-user-groups.html",
    reads=(FacetName.GROUPS,),
    plan_needed="LITE",
)
def groups_tie_on_precedence(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Two groups with different roles have the same precedence.

    Why: a user in both gets no preferred role in the token, so the application, or the identity pool,
    chooses in a way that nobody has decided.
    Fix: give each group with a role a Precedence of its own with UpdateGroup, the lowest number to the role
    that shall win. Users get other claims with their next token.
    Unsure when: no user is ever in two of the groups.
    """
    tied: dict[int | None, list[Group]] = collections.defaultdict(list)
    for group in ctx.pool.groups.value:
        if group.role_arn:
            tied[group.precedence].append(group)
    for precedence, groups in tied.items():
        first = groups[0]
        other = next((group for group in groups if group.role_arn != first.role_arn), None)
        if other is not None:
            level = "no precedence" if precedence is None else f"precedence {precedence}"
            yield Problem(
                f"has {len(groups)} groups of {level} with different roles, such as "
                f"{first.name} and {other.name}",
                evidence=(
                    (f"Groups[{first.name}].Precedence", precedence),
                    (f"Groups[{first.name}].RoleArn", first.role_arn),
                    (f"Groups[{other.name}].RoleArn", other.role_arn),
                ),
            )


@rule(
    "GOV005",
    Severity.INFO,
    url=DOCS + "quotas.html",
    applies=is_large,
    reads=(FacetName.PROVISIONED_LIMITS, FacetName.SERVICE_QUOTAS),
    params={"users": 500_000},
    plan_needed="LITE",
)
def many_users_share_the_default_rate(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A large user pool signs in at AWS's default rate.

    Why: all user pools of the account and region share one rate of sign-in requests; where many users come
    at once, after an outage or a campaign, those above it are refused.
    Fix: compare the peaks of CallCount and ThrottleCount in CloudWatch (AWS/Usage, UserAuthentication) with
    the rate; where they come near, ask Service Quotas for more, and provision it with
    UpdateProvisionedLimit. AWS bills what is provisioned above the free rate.
    Unsure when: few of the users ever sign in; EstimatedNumberOfUsers counts all that are registered.
    """
    limit = next(each for each in ctx.region.provisioned_limits.value if each.category == SIGN_IN_REQUESTS)
    quotas = [each for each in ctx.region.service_quotas.value if each.usage_category == SIGN_IN_REQUESTS]
    if limit.provisioned is None or limit.free is None:
        raise _untold(FacetName.PROVISIONED_LIMITS, Reason.MALFORMED, "AWS told no rate of sign-in")
    granted = [quota.value for quota in quotas if quota.value is not None]
    if limit.provisioned > limit.free or any(value > limit.free for value in granted):
        return
    if len(granted) < len(quotas):
        raise _untold(FacetName.SERVICE_QUOTAS, Reason.UNAVAILABLE, "Service Quotas told no rate of sign-in")
    yield Problem(
        f"has {pool.estimated_users} users, who share {limit.provisioned} sign-in requests a second, "
        "AWS's default, with those of all other user pools",
        evidence=(
            ("EstimatedNumberOfUsers", pool.estimated_users),
            ("Limit.ProvisionedLimitValue", limit.provisioned),
            ("Limit.FreeLimitValue", limit.free),
            *((f"Quotas[{quota.code}].Value", f"{quota.value:g}") for quota in quotas),
        ),
    )


def _untold(name: FacetName, reason: Reason, message: str) -> NotCollectedError:
    return NotCollectedError(Gap(operation=name.operation, reason=reason, message=message))
