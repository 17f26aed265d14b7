"""Whole runs over HTTP against the emulated account, in fair weather and in foul."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from collectors import policy
from collectors.clients import AccountTarget
from demo.clients import aws_client
from poolwatch.configuration import AcceptedGap
from poolwatch.pipeline import collect
from poolwatch.posture import Posture, read_posture
from records.errors import CredentialsError, StoreError, UsageError
from records.evaluation import Outcome
from records.facet import FacetName, Reason
from records.run import RunState
from store.writer import open_writer
from tests.account import REGION, Account

# What the reads of two user pools with two app clients each and one identity pool come to.
CALLS = {
    "apigateway:GetRestApis": 1,
    "apigatewayv2:GetApis": 1,
    "cloudtrail:DescribeTrails": 1,
    "cloudwatch:DescribeAlarms": 1,
    "cognito-identity:DescribeIdentityPool": 1,
    "cognito-identity:GetIdentityPoolRoles": 1,
    "cognito-identity:ListIdentityPools": 1,
    "cognito-idp:DescribeRiskConfiguration": 4,
    "cognito-idp:DescribeUserPool": 2,
    "cognito-idp:DescribeUserPoolClient": 4,
    "cognito-idp:GetLogDeliveryConfiguration": 2,
    "cognito-idp:GetProvisionedLimit": 6,
    "cognito-idp:GetUserPoolClientSessionConfiguration": 4,
    "cognito-idp:GetUserPoolMfaConfig": 2,
    "cognito-idp:GetUserPoolSessionConfiguration": 2,
    "cognito-idp:ListGroups": 2,
    "cognito-idp:ListIdentityProviders": 2,
    "cognito-idp:ListResourceServers": 2,
    "cognito-idp:ListUserImportJobs": 2,
    "cognito-idp:ListUserPoolClientSecrets": 4,
    "cognito-idp:ListUserPoolClients": 2,
    "cognito-idp:ListUserPoolReplicas": 2,
    "cognito-idp:ListUserPools": 1,
    "iam:ListRoles": 1,
    "service-quotas:ListServiceQuotas": 1,
    "sts:GetCallerIdentity": 1,
    "wafv2:GetWebACLForResource": 2,
}
READS = sorted(set(CALLS) - {"sts:GetCallerIdentity"})


def outcomes(posture: Posture) -> dict[tuple[str, str], Outcome]:
    return {(f.evaluation.code, f.evaluation.resource_arn): f.evaluation.outcome for f in posture.findings}


def contradictions(
    partial: Mapping[tuple[str, str], Outcome], whole: Mapping[tuple[str, str], Outcome]
) -> set[tuple[str, str]]:
    """Return what a run with gaps says otherwise than a whole one; UNKNOWN says nothing.

    Whether a rule passes or does not apply may need what is missing: either way there is no problem.
    """
    harmless = {Outcome.PASS, Outcome.NOT_APPLICABLE}
    return {
        key
        for key, outcome in partial.items()
        if outcome is not Outcome.UNKNOWN
        and whole[key] is not outcome
        and not {outcome, whole[key]} <= harmless
    }


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_no_call_is_made_twice_and_each_one_is_declared(aws: Account, store: Path) -> None:
    aws.small_company()
    result = aws.collect(store)
    assert result.run.state is RunState.COMPLETE
    assert aws.controls.calls()["calls"] == CALLS == dict(result.run.calls)
    assert set(CALLS) <= policy.CALLS


def test_a_second_run_that_finds_nothing_new_reads_the_same(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.collect(store)
    before = outcomes(read_posture(store))
    opened = {f.opened_at for f in read_posture(store).findings}
    aws.collect(store)
    assert outcomes(read_posture(store)) == before
    assert {f.opened_at for f in read_posture(store).findings} == opened


def test_a_denied_list_after_a_good_run_keeps_the_last_values_and_closes_nothing(
    aws: Account, store: Path
) -> None:
    aws.small_company()
    aws.collect(store)
    before = read_posture(store)
    failing = {key for key, outcome in outcomes(before).items() if outcome is Outcome.FAIL}
    aws.controls.add_fault(operation="cognito-idp:ListUserPools", kind="denied")
    aws.collect(store)
    after = read_posture(store)
    assert len(tuple(after.snapshot.user_pools)) == 2
    assert not [f for f in after.having(Outcome.PASS) if ":userpool/" in f.evaluation.resource_arn]
    assert all(pool.settings.last_good is not None for pool in after.snapshot.user_pools)
    aws.controls.clear_faults()
    aws.collect(store)
    again = {
        (f.evaluation.code, f.evaluation.resource_arn): f.opened_at
        for f in read_posture(store).having(Outcome.FAIL)
    }
    assert set(again) == failing
    first = {(f.evaluation.code, f.evaluation.resource_arn): f.opened_at for f in before.having(Outcome.FAIL)}
    assert again == first


def test_when_everything_is_denied_the_run_fails_and_the_last_good_data_stays(
    aws: Account, store: Path
) -> None:
    aws.small_company()
    aws.collect(store)
    before = outcomes(read_posture(store))
    for operation in READS:
        aws.controls.add_fault(operation=operation, kind="denied")
    result = aws.collect(store)
    assert result.run.state is RunState.FAILED
    assert "cognito-i" in (result.run.message or "")
    posture = read_posture(store)
    assert outcomes(posture) == before
    assert posture.latest is not None
    assert posture.run is not None
    assert (posture.latest.state, posture.run.state) == (RunState.FAILED, RunState.COMPLETE)


def test_an_organisations_deny_is_told_from_a_missing_permission(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="explicit_deny")
    aws.collect(store)
    assert {gap.gap.reason for gap in read_posture(store).gaps} == {Reason.EXPLICIT_DENY}


def test_throttling_for_a_while_leaves_no_gap(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:DescribeUserPoolClient", kind="throttled", times=5)
    assert aws.collect(store).run.state is RunState.COMPLETE


def test_throttling_for_ever_ends_as_gaps_and_leaves_the_rest_decided(aws: Account, store: Path) -> None:
    for number in range(20):
        aws.user_pool(f"pool-{number}")
    aws.controls.reset_calls()
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="throttled")
    assert aws.collect(store).run.state is RunState.PARTIAL
    gaps = read_posture(store).gaps
    assert Counter(gap.gap.reason for gap in gaps) == {Reason.THROTTLED: 20}
    # Given up after a few: not each of the 20 was tried over and over.
    assert aws.controls.calls()["calls"]["cognito-idp:GetUserPoolMfaConfig"] < 40


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("server_error", Reason.UNAVAILABLE),
        ("unknown_operation", Reason.NOT_SUPPORTED),
        ("malformed", Reason.MALFORMED),
    ],
)
def test_an_operation_that_does_not_work_is_a_gap_and_is_soon_left_alone(
    aws: Account, store: Path, kind: str, reason: Reason
) -> None:
    for number in range(30):
        aws.user_pool(f"pool-{number}")
    aws.controls.reset_calls()
    aws.controls.add_fault(operation="cognito-idp:DescribeRiskConfiguration", kind=kind)
    assert aws.collect(store).run.state is RunState.PARTIAL
    gaps = read_posture(store).gaps
    assert Counter(gap.gap.reason for gap in gaps) == {reason: 30}
    if reason is not Reason.MALFORMED:
        assert aws.controls.calls()["calls"]["cognito-idp:DescribeRiskConfiguration"] < 25


def test_credentials_that_expire_at_any_call_keep_what_was_read(
    aws: Account, store: Path, tmp_path: Path
) -> None:
    aws.small_company()
    aws.collect(tmp_path / "whole")
    whole = outcomes(read_posture(tmp_path / "whole"))
    for after in range(1, sum(CALLS.values())):
        aws.controls.clear_faults()
        aws.controls.add_fault(operation="*", kind="expired", after=after)
        result = aws.collect(store / str(after))
        assert result.run.state in (RunState.PARTIAL, RunState.FAILED), after
        assert "expired" in (result.run.message or "")
        assert isinstance(result.error, CredentialsError)
        posture = read_posture(store / str(after))
        assert not contradictions(outcomes(posture), whole), after
        # What was read and what is a gap make up the whole.
        assert result.run.state is RunState.FAILED or posture.gaps
    aws.controls.clear_faults()
    assert aws.collect(store / "5").run.state is RunState.COMPLETE
    assert outcomes(read_posture(store / "5")) == whole


def test_credentials_that_were_expired_from_the_start_are_told_and_written_down(
    aws: Account, store: Path
) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="*", kind="expired")
    with pytest.raises(CredentialsError, match="expired"):
        aws.collect(store)
    assert not store.exists()
    aws.controls.clear_faults()
    aws.collect(store)
    aws.controls.add_fault(operation="*", kind="expired")
    with pytest.raises(CredentialsError, match="expired"):
        aws.collect(store)
    latest = read_posture(store).latest
    assert latest is not None
    assert (latest.state, latest.message) == (RunState.FAILED, "The AWS credentials have expired.")


def test_an_opt_in_region_that_is_off_is_no_gap(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="me-south-1")
    assert aws.collect(store, "eu-west-1", "me-south-1").run.state is RunState.COMPLETE
    posture = read_posture(store)
    assert [region.is_off for region in posture.snapshot.regions] == [False, True]
    assert not [f for f in posture.findings if f.evaluation.scope.region == "me-south-1"]


def test_an_unknown_caller_in_a_region_that_is_always_on_means_bad_credentials(
    aws: Account, store: Path
) -> None:
    aws.controls.add_fault(operation="cognito-idp:ListUserPools", kind="unrecognized_client")
    result = aws.collect(store, "eu-west-1", "eu-central-1")
    assert result.error is not None
    assert "does not accept" in result.error.message


def collect_while(store: Path, deletes: Callable[[], object]) -> RunState:
    """Collect; delete something when all has been read and nothing been published."""

    def on_progress(done: int, due: int) -> None:
        if done == due:
            deletes()

    return collect(
        [AccountTarget()], store=store, regions=["eu-west-1"], rate_share=None, on_progress=on_progress
    ).run.state


@pytest.mark.parametrize("kind", ["user pool", "identity pool", "app client"])
def test_what_is_deleted_in_mid_read_disappears_without_a_gap(aws: Account, store: Path, kind: str) -> None:
    pool = aws.user_pool("stays", clients=1)
    aws.identity_pool("stays")
    idp = aws_client("cognito-idp", aws.url, "eu-west-1")
    identity = aws_client("cognito-identity", aws.url, "eu-west-1")
    if kind == "user pool":
        gone, operation = aws.user_pool("gone", clients=2), "cognito-idp:DescribeUserPool"
        deletes = partial(idp.delete_user_pool, UserPoolId=gone)
    elif kind == "identity pool":
        gone, operation = aws.identity_pool("gone"), "cognito-identity:DescribeIdentityPool"
        deletes = partial(identity.delete_identity_pool, IdentityPoolId=gone)
    else:
        gone, operation = aws.app_client(pool, "gone"), "cognito-idp:DescribeUserPoolClient"
        deletes = partial(idp.delete_user_pool_client, UserPoolId=pool, ClientId=gone)
    aws.controls.add_fault(operation=operation, kind="not_found", resource=gone)
    assert collect_while(store, deletes) is RunState.COMPLETE
    posture = read_posture(store)
    (user_pool,) = posture.snapshot.user_pools
    assert user_pool.member.name == "stays"
    assert [client.member.name for client in user_pool.clients] == ["stays-0"]
    assert [each.member.name for each in posture.snapshot.identity_pools] == ["stays"]
    assert not [f for f in posture.findings if gone in f.evaluation.resource_arn]


@pytest.mark.parametrize("operation", ["cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolClient"])
def test_not_found_of_what_the_list_still_names_is_a_gap_and_closes_nothing(
    aws: Account, store: Path, operation: str
) -> None:
    aws.small_company()
    aws.collect(store)
    opened = {f.evaluation.resource_arn: f.opened_at for f in read_posture(store).having(Outcome.FAIL)}
    aws.controls.add_fault(operation=operation, kind="not_found")
    assert aws.collect(store).run.state is RunState.PARTIAL
    assert {gap.gap.reason for gap in read_posture(store).gaps} == {Reason.NOT_FOUND}
    aws.controls.clear_faults()
    aws.collect(store)
    assert {
        f.evaluation.resource_arn: f.opened_at for f in read_posture(store).having(Outcome.FAIL)
    } == opened


@pytest.mark.parametrize(
    "operation",
    ["cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig"],
)
def test_a_refusal_in_a_region_that_answers_otherwise_never_looks_like_a_region_that_is_off(
    aws: Account, store: Path, operation: str
) -> None:
    region = "eu-south-1"
    aws.user_pool("shop", clients=1, region=region)
    aws.identity_pool("uploads", region=region)
    aws.collect(store, region)
    opened = {f.evaluation.resource_arn: f.opened_at for f in read_posture(store).having(Outcome.FAIL)}
    assert opened
    aws.controls.add_fault(operation=operation, kind="unrecognized_client")
    assert aws.collect(store, region).run.state is RunState.PARTIAL
    assert not any(each.is_off for each in read_posture(store).snapshot.regions)
    aws.controls.clear_faults()
    aws.collect(store, region)
    assert {
        f.evaluation.resource_arn: f.opened_at for f in read_posture(store).having(Outcome.FAIL)
    } == opened


def test_a_deleted_pool_closes_its_findings(aws: Account, store: Path) -> None:
    aws.user_pool("gone")
    aws.collect(store)
    assert tuple(read_posture(store).having(Outcome.FAIL))
    aws.controls.reset()
    aws.collect(store)
    assert read_posture(store).findings == ()


def test_more_pools_and_clients_than_one_page_holds_are_all_read(aws: Account, store: Path) -> None:
    first = aws.user_pool("pool-0", clients=61)
    for number in range(1, 61):
        aws.user_pool(f"pool-{number}")
    for number in range(61):
        aws.identity_pool(f"identities_{number}")
    assert aws.collect(store).run.state is RunState.COMPLETE
    snapshot = read_posture(store).snapshot
    pools = {pool.member.id: pool for pool in snapshot.user_pools}
    assert (len(pools), len(pools[first].clients)) == (61, 61)
    assert len(tuple(snapshot.identity_pools)) == 61


def test_a_page_token_that_repeats_ends_as_a_gap(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:ListUserPools", kind="stuck_token")
    assert aws.collect(store).run.state is RunState.PARTIAL
    assert {gap.gap.reason for gap in read_posture(store).gaps} == {Reason.MALFORMED}


def test_a_region_with_user_pools_alone_and_one_with_identity_pools_alone_are_both_read(
    aws: Account, store: Path
) -> None:
    aws.user_pool("shop", region="eu-west-1")
    aws.identity_pool("uploads", region="us-east-1")
    aws.collect(store, "eu-west-1", "us-east-1")
    snapshot = read_posture(store).snapshot
    assert [pool.scope.region for pool in snapshot.user_pools] == ["eu-west-1"]
    assert [pool.scope.region for pool in snapshot.identity_pools] == ["us-east-1"]


def test_threat_protection_that_is_off_is_no_gap(aws: Account, store: Path) -> None:
    aws.user_pool("shop", UserPoolAddOns={"AdvancedSecurityMode": "OFF"})
    assert aws.collect(store).run.state is RunState.COMPLETE


def test_members_that_are_missing_and_members_that_are_new_are_read(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.amend(
        operation="cognito-idp:DescribeUserPool",
        drop=["UserPool.UserPoolTier", "UserPool.Policies", "UserPool.DeletionProtection"],
        merge={"UserPool": {"QuantumShield": {"Level": 9}}},
    )
    assert aws.collect(store).run.state is RunState.COMPLETE
    assert not tuple(read_posture(store).having(Outcome.ERROR))


def test_an_account_that_two_roles_lead_to_is_not_read_twice(aws: Account, store: Path) -> None:
    roles = [AccountTarget(role_arn=f"arn:aws:iam::444455556666:role/{name}") for name in ("Audit", "Read")]
    with pytest.raises(UsageError, match="read twice"):
        collect(roles, store=store, regions=["eu-west-1"], rate_share=None)
    assert "cognito-idp:ListUserPools" not in aws.controls.calls()["calls"]


def test_a_region_without_cognito_is_wrong_use(aws: Account, store: Path) -> None:
    with pytest.raises(UsageError, match="no region mars-north-1"):
        aws.collect(store, "mars-north-1")


def test_a_second_collector_at_the_same_time_is_refused(aws: Account, store: Path) -> None:
    aws.small_company()
    with open_writer(store, is_demo=False), pytest.raises(StoreError, match="is writing"):
        aws.collect(store)
    assert aws.collect(store).run.state is RunState.COMPLETE


@pytest.mark.parametrize(
    ("until", "state"),
    [("2099-01-01", RunState.COMPLETE), (None, RunState.PARTIAL)],
    ids=["accepted", "open"],
)
def test_what_the_store_cannot_keep_is_a_gap_of_the_run(
    aws: Account, store: Path, until: str | None, state: RunState
) -> None:
    pool_id = aws.user_pool("shop")
    aws.controls.amend(
        operation="cognito-idp:DescribeUserPool",
        resource=pool_id,
        merge={"UserPool": {"UserPoolTags": {"owner": "\ud800"}}},
    )
    accepted = until and AcceptedGap(reason="known", until=date.fromisoformat(until), facet="user_pool")
    result = collect(
        [AccountTarget()],
        store=store,
        regions=[REGION],
        rate_share=None,
        accepted=(accepted,) if accepted else (),
    )
    assert result.run.state is state
    (gap,) = read_posture(store).gaps
    assert (gap.facet, gap.gap.reason) == (FacetName.USER_POOL, Reason.MALFORMED)
    assert (gap.gap.accepted is not None) == (until is not None)
