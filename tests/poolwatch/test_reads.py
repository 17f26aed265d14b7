"""What a run reads beyond its own region and account, and how it goes on where another one stopped."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from collectors.clients import AccountTarget
from demo.clients import aws_client
from poolwatch.pipeline import CollectResult, collect
from poolwatch.posture import read_posture
from records.evaluation import Outcome
from records.facet import FacetName, Reason
from records.run import RunState
from tests.account import REGION, Account

OTHER = "222233334444"
TRIGGER = f"arn:aws:lambda:{REGION}:{OTHER}:function:welcome"


def role(account_id: str) -> str:
    return f"arn:aws:iam::{account_id}:role/auditor"


def client_of(aws: Account, account_id: str, service: str) -> Any:
    """Return a client with another account's credentials."""
    sts = aws_client("sts", aws.url, REGION)
    given = sts.assume_role(RoleArn=role(account_id), RoleSessionName="test")["Credentials"]
    new_client: Any = boto3.client
    return new_client(
        service,
        region_name=REGION,
        endpoint_url=aws.url,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def collect_both(store: Path) -> CollectResult:
    targets = [AccountTarget(), AccountTarget(role_arn=role(OTHER))]
    return collect(targets, store=store, regions=[REGION], rate_share=None, attempts=1)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_what_lies_in_an_account_that_the_run_does_not_read_is_unknown(aws: Account, store: Path) -> None:
    aws.user_pool("shop", LambdaConfig={"PostConfirmation": TRIGGER})
    aws.controls.reset_calls()
    result = aws.collect(store)
    posture = read_posture(store)
    assert result.run.state is RunState.PARTIAL
    gaps = {(gap.facet, gap.resource_arn, gap.gap.reason) for gap in posture.gaps}
    assert (FacetName.FUNCTION, TRIGGER, Reason.OTHER_ACCOUNT) in gaps
    assert "lambda:GetFunctionConfiguration" not in result.run.calls
    unknown = {f.evaluation.code for f in posture.having(Outcome.UNKNOWN)}
    assert "TRG001" in unknown


def test_what_lies_in_another_account_is_read_where_the_run_reads_that_too(aws: Account, store: Path) -> None:
    aws.user_pool("shop", LambdaConfig={"PostConfirmation": TRIGGER})
    assert collect_both(store).run.state is RunState.COMPLETE
    (failed,) = (
        f.evaluation for f in read_posture(store).having(Outcome.FAIL) if f.evaluation.code == "TRG001"
    )
    assert TRIGGER in failed.messages[0]


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param("arn:aws-cn:lambda:cn-north-1:123456789012:function:welcome", id="another partition"),
        pytest.param(f"arn:aws:lambda:{REGION}::function:welcome", id="no account"),
        pytest.param("arn:aws:lambda", id="cut short"),
    ],
)
def test_an_arn_that_leads_elsewhere_or_nowhere_is_a_gap(aws: Account, store: Path, arn: str) -> None:
    pool_id = aws.user_pool("shop")
    aws.controls.amend(
        operation="cognito-idp:DescribeUserPool",
        resource=pool_id,
        merge={"UserPool": {"LambdaConfig": {"PostConfirmation": arn}}},
    )
    assert aws.collect(store).run.state in (RunState.PARTIAL, RunState.COMPLETE)
    verdicts = {f.evaluation.outcome for f in read_posture(store).findings if f.evaluation.code == "TRG001"}
    assert verdicts in ({Outcome.UNKNOWN}, {Outcome.FAIL})


def test_credentials_of_one_account_that_run_out_leave_the_other_account_whole(
    aws: Account, store: Path
) -> None:
    aws.small_company()
    idp = client_of(aws, OTHER, "cognito-idp")
    pool_id = idp.create_user_pool(PoolName="elsewhere")["UserPool"]["Id"]
    aws.controls.add_fault(operation="cognito-idp:DescribeUserPool", kind="expired", resource=pool_id)
    result = collect_both(store)
    assert (result.run.state, result.error is not None) == (RunState.PARTIAL, True)
    gaps = {(gap.scope.account_id, gap.gap.reason) for gap in read_posture(store).gaps}
    assert gaps == {(OTHER, Reason.EXPIRED)}


def test_a_run_that_was_cut_short_is_gone_on_with(aws: Account, store: Path, tmp_path: Path) -> None:
    aws.small_company()
    whole = aws.collect(tmp_path / "whole")
    aws.controls.add_fault(operation="cognito-idp:DescribeUserPoolClient", kind="expired", after=2)
    cut_short = aws.collect(store)
    assert (cut_short.run.state, cut_short.error is not None) == (RunState.PARTIAL, True)
    aws.controls.clear_faults()
    result = collect([AccountTarget()], store=store, regions=[REGION], rate_share=None, resume=True)
    assert result.run.state is RunState.COMPLETE
    assert result.resumed
    assert sum(result.run.calls.values()) < sum(whole.run.calls.values())
    again = {key: sum(1 for _ in read_posture(store).having(key)) for key in Outcome}
    assert again == {key: sum(1 for _ in read_posture(tmp_path / "whole").having(key)) for key in Outcome}


def test_without_resume_everything_is_read_anew(aws: Account, store: Path) -> None:
    aws.small_company()
    fault = aws.controls.add_fault(operation="cognito-idp:DescribeUserPoolClient", kind="expired", after=2)
    aws.collect(store)
    aws.controls.clear_faults(fault)
    result = aws.collect(store)
    assert (result.run.state, result.resumed) == (RunState.COMPLETE, 0)
    assert result.run.calls["cognito-idp:DescribeUserPoolClient"] == 4


def test_an_identity_provider_deleted_in_mid_read_disappears_without_a_gap(aws: Account, store: Path) -> None:
    pool_id = aws.user_pool("shop")
    idp = aws_client("cognito-idp", aws.url, REGION)
    for name in ("Staff", "Partners"):
        idp.create_identity_provider(
            UserPoolId=pool_id,
            ProviderName=name,
            ProviderType="OIDC",
            ProviderDetails={"client_id": "shop", "oidc_issuer": "https://id.example.com"},
        )
    aws.collect(store)
    aws.controls.add_fault(
        operation="cognito-idp:DescribeIdentityProvider", kind="not_found", resource="Partners"
    )
    assert aws.collect(store).run.state is RunState.PARTIAL
    (pool,) = read_posture(store).snapshot.user_pools
    assert len(pool.identity_providers) == 2
    idp.delete_identity_provider(UserPoolId=pool_id, ProviderName="Partners")
    assert aws.collect(store).run.state is RunState.COMPLETE
    (pool,) = read_posture(store).snapshot.user_pools
    assert [provider.member.name for provider in pool.identity_providers] == ["Staff"]


def test_a_region_that_is_off_and_that_a_user_pool_points_to_does_not_stop_the_run(
    aws: Account, store: Path
) -> None:
    pool_id = aws.user_pool("shop", clients=1)
    sender = "arn:aws:ses:af-south-1:123456789012:identity/shop@example.com"
    aws.controls.amend(
        operation="cognito-idp:DescribeUserPool",
        resource=pool_id,
        merge={"UserPool": {"EmailConfiguration": {"SourceArn": sender}}},
    )
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="af-south-1")
    result = aws.collect(store)
    assert (result.run.state, result.error) == (RunState.PARTIAL, None)
    gaps = [(gap.facet, gap.gap.reason, gap.gap.message) for gap in read_posture(store).gaps]
    assert {facet for facet, _, _ in gaps} == {FacetName.EMAIL_ACCOUNT, FacetName.EMAIL_IDENTITY}
    assert {reason for _, reason, _ in gaps} == {Reason.UNAVAILABLE}
    assert all("may not have enabled af-south-1" in message for _, _, message in gaps)


def test_an_unknown_caller_in_a_region_that_is_always_on_stops_the_run_wherever_it_was_met(
    aws: Account, store: Path
) -> None:
    pool_id = aws.user_pool("shop", clients=1)
    sender = "arn:aws:ses:us-east-1:123456789012:identity/shop@example.com"
    aws.controls.amend(
        operation="cognito-idp:DescribeUserPool",
        resource=pool_id,
        merge={"UserPool": {"EmailConfiguration": {"SourceArn": sender}}},
    )
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="us-east-1")
    assert aws.collect(store).error is not None
