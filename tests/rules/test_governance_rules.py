from datetime import timedelta
from typing import Any

import pytest

from records.facet import FacetName, Gap, Reason
from records.snapshot import Snapshot
from records.surroundings import ServiceQuota
from records.user_pool_parts import Group, ImportJob, ProvisionedLimit
from rules.governance import (
    deletion_protection_is_off,
    groups_tie_on_precedence,
    import_job_is_left_over,
    many_users_share_the_default_rate,
    user_pool_has_no_tags,
)
from tests.builders import NOW, make_gap, make_snapshot, make_user_pool, make_user_pool_snapshot
from tests.rules.judging import Case, fails, is_no_matter, is_unknown, judge, passes, user_pool

NO_JOBS = make_gap("cognito-idp:ListUserImportJobs")
NO_GROUPS = make_gap("cognito-idp:ListGroups")
NO_LIMITS = make_gap("cognito-idp:GetProvisionedLimit")
NO_QUOTAS = make_gap("service-quotas:ListServiceQuotas")
ROLE = "arn:aws:iam::111122223333:role/"


def holding(name: FacetName, found: Any) -> Snapshot:
    return make_snapshot(user_pools=[make_user_pool_snapshot(more={name: found})])


def jobs(*found: ImportJob) -> Snapshot:
    return holding(FacetName.IMPORT_JOBS, found)


def job(status: str, age: int | None, name: str = "spring") -> ImportJob:
    """Build an import job that was made so many days ago, on an unknown day for None."""
    return ImportJob(
        job_id=f"import-{name}",
        name=name,
        status=status,
        created_at=None if age is None else NOW - timedelta(days=age),
        started_at=None,
        completed_at=None,
        role_arn=f"{ROLE}importer",
        imported_users=0,
        skipped_users=0,
        failed_users=0,
    )


def group(name: str, role: str | None, precedence: int | None) -> Group:
    return Group(
        name=name,
        role_arn=role and f"{ROLE}{role}",
        precedence=precedence,
        created_at=NOW,
        modified_at=NOW,
    )


def groups(*found: Group) -> Snapshot:
    return holding(FacetName.GROUPS, found)


def limit(
    provisioned: int | None, free: int | None = 120, category: str = "UserAuthentication"
) -> ProvisionedLimit:
    return ProvisionedLimit(category=category, provisioned=provisioned, free=free)


def quota(value: float | None, category: str | None = "UserAuthentication") -> ServiceQuota:
    return ServiceQuota(
        code="L-026ADBA3",
        name="Rate of UserAuthentication requests",
        value=value,
        unit="None",
        is_adjustable=True,
        usage_category=category,
    )


def rates(
    *quotas: ServiceQuota,
    limits: tuple[ProvisionedLimit, ...] | Gap = (limit(120),),  # noqa: B008  (frozen)
    unread: Gap | None = None,
    users: int | None = 600_000,
) -> Snapshot:
    """Build a user pool of so many users in a region with these rates."""
    return make_snapshot(
        user_pools=[make_user_pool_snapshot(make_user_pool(estimated_users=users))],
        more={FacetName.PROVISIONED_LIMITS: limits, FacetName.SERVICE_QUOTAS: unread or quotas},
    )


CASES = [
    fails(
        deletion_protection_is_off,
        "inactive",
        user_pool(deletion_protection="INACTIVE"),
        "can be deleted by one call (DeletionProtection INACTIVE)",
        evidence=(("DeletionProtection", "INACTIVE"), ("EstimatedNumberOfUsers", 1200)),
    ),
    fails(
        deletion_protection_is_off,
        "left out counts as inactive",
        user_pool(deletion_protection=None),
        "can be deleted by one call (DeletionProtection not set)",
    ),
    passes(deletion_protection_is_off, "active", user_pool()),
    fails(
        user_pool_has_no_tags,
        "none",
        user_pool(tags=()),
        "has no tags",
        evidence=(("UserPoolTags", ()),),
    ),
    passes(user_pool_has_no_tags, "one", user_pool()),
    fails(
        import_job_is_left_over,
        "of every kind",
        jobs(
            job("Created", 3, "spring"),
            job("Pending", 4, "summer"),
            job("Failed", 5, "autumn"),
            job("Stopped", 6, "winter"),
        ),
        "has the import job spring, made 3 days ago, which was never started",
        "has the import job summer, made 4 days ago, which has not begun",
        "has the import job autumn, made 5 days ago, which ended in an error",
        "has the import job winter, made 6 days ago, which was stopped",
        evidence=(
            ("UserImportJobs[import-spring].Status", "Created"),
            ("UserImportJobs[import-spring].CloudWatchLogsRoleArn", f"{ROLE}importer"),
            ("UserImportJobs[import-summer].Status", "Pending"),
            ("UserImportJobs[import-summer].CloudWatchLogsRoleArn", f"{ROLE}importer"),
            ("UserImportJobs[import-autumn].Status", "Failed"),
            ("UserImportJobs[import-autumn].CloudWatchLogsRoleArn", f"{ROLE}importer"),
            ("UserImportJobs[import-winter].Status", "Stopped"),
            ("UserImportJobs[import-winter].CloudWatchLogsRoleArn", f"{ROLE}importer"),
        ),
    ),
    fails(
        import_job_is_left_over,
        "after one that succeeded",
        jobs(job("Succeeded", 9, "first"), job("Failed", 8)),
        "has the import job spring, made 8 days ago, which ended in an error",
    ),
    passes(
        import_job_is_left_over,
        "settled by a later one",
        jobs(job("Failed", 8), job("Succeeded", 7, "again")),
    ),
    passes(
        import_job_is_left_over,
        "others",
        jobs(job("InProgress", 9), job("Expired", 9), job("Succeeded", 9), job("Stopping", 9)),
    ),
    passes(import_job_is_left_over, "young", jobs(job("Failed", 2))),
    passes(import_job_is_left_over, "none", user_pool()),
    is_unknown(import_job_is_left_over, "jobs unread", holding(FacetName.IMPORT_JOBS, NO_JOBS), NO_JOBS),
    fails(
        groups_tie_on_precedence,
        "same number, and none",
        groups(
            group("admins", "admins", 1),
            group("clerks", "clerks", None),
            group("editors", "editors", 1),
            group("guests", "guests", None),
            group("owners", "admins", 1),
        ),
        "has 3 groups of precedence 1 with different roles, such as admins and editors",
        "has 2 groups of no precedence with different roles, such as clerks and guests",
        evidence=(
            ("Groups[admins].Precedence", 1),
            ("Groups[admins].RoleArn", f"{ROLE}admins"),
            ("Groups[editors].RoleArn", f"{ROLE}editors"),
            ("Groups[clerks].Precedence", None),
            ("Groups[clerks].RoleArn", f"{ROLE}clerks"),
            ("Groups[guests].RoleArn", f"{ROLE}guests"),
        ),
    ),
    passes(
        groups_tie_on_precedence,
        "in order",
        groups(group("a", "a", 0), group("b", "b", 1), group("c", "c", None)),
    ),
    passes(groups_tie_on_precedence, "same role", groups(group("a", "a", 1), group("b", "a", 1))),
    passes(groups_tie_on_precedence, "one without a role", groups(group("a", "a", 1), group("b", None, 1))),
    passes(groups_tie_on_precedence, "none", user_pool()),
    is_unknown(groups_tie_on_precedence, "groups unread", holding(FacetName.GROUPS, NO_GROUPS), NO_GROUPS),
    fails(
        many_users_share_the_default_rate,
        "nothing granted or provisioned",
        rates(
            quota(120), quota(9, "UserRead"), quota(None, None), limits=(limit(9, 9, "UserRead"), limit(120))
        ),
        "has 600000 users, who share 120 sign-in requests a second, AWS's default, with those of all other "
        "user pools",
        evidence=(
            ("EstimatedNumberOfUsers", 600_000),
            ("Limit.ProvisionedLimitValue", 120),
            ("Limit.FreeLimitValue", 120),
            ("Quotas[L-026ADBA3].Value", "120"),
        ),
    ),
    passes(many_users_share_the_default_rate, "provisioned", rates(quota(None), limits=(limit(300),))),
    passes(many_users_share_the_default_rate, "granted", rates(quota(400))),
    is_no_matter(many_users_share_the_default_rate, "not so many", rates(quota(120), users=500_000)),
    is_no_matter(many_users_share_the_default_rate, "number left out", rates(users=None, limits=NO_LIMITS)),
    is_no_matter(many_users_share_the_default_rate, "no quota named so", rates(quota(120, None))),
    is_no_matter(many_users_share_the_default_rate, "no limit named so", rates(quota(120), limits=())),
    is_unknown(
        many_users_share_the_default_rate, "limits unread", rates(quota(120), limits=NO_LIMITS), NO_LIMITS
    ),
    is_unknown(many_users_share_the_default_rate, "quotas unread", rates(unread=NO_QUOTAS), NO_QUOTAS),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_governance_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_an_import_job_without_a_date_is_unknown() -> None:
    said = judge(import_job_is_left_over, jobs(job("Failed", None), job("Failed", 9, "autumn")))
    alone = judge(import_job_is_left_over, jobs(job("Failed", None)))

    assert said.messages == ("has the import job autumn, made 9 days ago, which ended in an error",)
    assert [gap.reason for gap in said.gaps] == [Reason.MALFORMED]
    assert (alone.outcome, [gap.reason for gap in alone.gaps]) == ("unknown", [Reason.MALFORMED])


@pytest.mark.parametrize(
    ("snapshot", "operation", "reason"),
    [
        (rates(quota(None)), "service-quotas:ListServiceQuotas", Reason.UNAVAILABLE),
        (rates(quota(120), limits=(limit(None),)), "cognito-idp:GetProvisionedLimit", Reason.MALFORMED),
        (rates(quota(120), limits=(limit(120, None),)), "cognito-idp:GetProvisionedLimit", Reason.MALFORMED),
    ],
    ids=["quota without a value", "limit without a value", "limit without the free one"],
)
def test_a_rate_that_is_not_told_is_unknown(snapshot: Snapshot, operation: str, reason: Reason) -> None:
    said = judge(many_users_share_the_default_rate, snapshot)

    [gap] = said.gaps
    assert (said.outcome, gap.operation, gap.reason) == ("unknown", operation, reason)
