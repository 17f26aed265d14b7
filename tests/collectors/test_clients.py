"""Signing in: good credentials, bad ones, none; roles; what AWS is told of retries; who may log what."""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import ClientError

from collectors.clients import (
    AccountTarget,
    cognito_regions,
    keep_bodies_out_of_logs,
    open_account,
    unknown_operations,
)
from collectors.limiter import RateLimiter
from records.errors import CredentialsError, ExitStatus, PoolwatchError, UsageError
from tests.account import REGION, Account

UNPACED = RateLimiter(None)
ROLE = "arn:aws:iam::444455556666:role/Audit"


def test_who_we_are_comes_from_sts(aws: Account) -> None:
    aws.controls.set_account("111122223333")
    account = open_account(AccountTarget(), UNPACED, region=REGION)
    assert (account.identity.account_id, account.identity.partition) == ("111122223333", "aws")
    assert account.calls == {"sts:GetCallerIdentity": 1}


def test_without_credentials_the_ways_to_get_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(CredentialsError, match="No AWS credentials") as caught:
        open_account(AccountTarget(), UNPACED, region=REGION)
    assert "--profile" in caught.value.hint
    assert caught.value.exit_status is ExitStatus.FAILED
    with pytest.raises(CredentialsError, match=f"to take the role {ROLE}"):
        open_account(AccountTarget(role_arn=ROLE), UNPACED, region=REGION)


def test_half_a_key_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    with pytest.raises(CredentialsError, match=r"(?i)aws_secret_access_key"):
        open_account(AccountTarget(), UNPACED, region=REGION)


@pytest.mark.parametrize(
    ("kind", "says"),
    [("expired", "have expired"), ("unrecognized_client", "does not accept the credentials")],
)
def test_credentials_that_aws_refuses_are_told_apart(aws: Account, kind: str, says: str) -> None:
    aws.controls.add_fault(operation="sts:GetCallerIdentity", kind=kind)
    with pytest.raises(CredentialsError, match=says):
        open_account(AccountTarget(), UNPACED, region=REGION, attempts=1)


def test_an_unknown_profile_is_wrong_use_and_the_known_ones_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile audit]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with pytest.raises(UsageError, match="nobody") as caught:
        open_account(AccountTarget(profile="nobody"), UNPACED)
    assert "audit" in caught.value.hint
    assert caught.value.exit_status is ExitStatus.USAGE


def test_a_profile_named_by_the_environment_that_is_not_there_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UsageError, match="nobody"):
        open_account(AccountTarget(), UNPACED)


def test_a_broken_configuration_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile audit\nregion eu-west-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with pytest.raises(UsageError, match=str(config)):
        open_account(AccountTarget(), UNPACED)


def test_without_a_network_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(PoolwatchError, match="could not be asked") as caught:
        open_account(AccountTarget(), UNPACED, region=REGION, attempts=1)
    assert not isinstance(caught.value, CredentialsError)
    assert "network" in caught.value.hint


def test_a_role_leads_into_its_account(aws: Account) -> None:
    account = open_account(AccountTarget(role_arn=ROLE, external_id="poolwatch-7"), UNPACED, region=REGION)
    assert account.identity.account_id == "444455556666"
    assert aws.controls.calls()["calls"] == {"sts:AssumeRole": 1, "sts:GetCallerIdentity": 1}


def test_a_role_that_cannot_be_assumed_is_named(aws: Account) -> None:
    aws.controls.add_fault(operation="sts:AssumeRole", kind="denied")
    with pytest.raises(CredentialsError, match=f"{ROLE} cannot be assumed") as caught:
        open_account(AccountTarget(role_arn=ROLE), UNPACED, region=REGION, attempts=1)
    assert "trust policy" in caught.value.hint


@pytest.mark.parametrize("operation", ["sts:AssumeRole", "sts:GetCallerIdentity"])
def test_a_broken_answer_of_sts_is_told_without_what_it_holds(
    aws: Account, caplog: pytest.LogCaptureFixture, operation: str
) -> None:
    caplog.set_level(logging.DEBUG)
    aws.controls.add_fault(operation=operation, kind="malformed")
    with pytest.raises(PoolwatchError, match="does not say who") as caught:
        open_account(AccountTarget(role_arn=ROLE), UNPACED, region=REGION, attempts=1)
    told = f"{caught.value} {caught.value.hint} {caught.value.__cause__} {caplog.text}"
    assert "AccessKey" not in told
    assert "Token" not in told


def test_a_line_break_in_a_token_is_told_without_the_token(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "canary-4f\nb")
    with pytest.raises(PoolwatchError, match="line break") as caught:
        open_account(AccountTarget(), UNPACED, region=REGION, attempts=1)
    assert "canary" not in f"{caught.value} {caught.value.hint}"


def test_a_password_in_an_address_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://user:canary-4f@127.0.0.1:9")
    with pytest.raises(PoolwatchError) as caught:
        open_account(AccountTarget(), UNPACED, region=REGION, attempts=1)
    assert "canary" not in caught.value.message


def test_what_a_credential_process_says_stays_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\ncredential_process = sh -c 'echo canary-4f >&2; exit 1'\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with pytest.raises(CredentialsError, match="custom-process failed") as caught:
        open_account(AccountTarget(), UNPACED, region=REGION)
    assert "canary" not in caught.value.message


def test_regions_are_known_whatever_the_users_configuration_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "eu-west-1" in cognito_regions("aws")


def test_a_throttled_role_is_retried_and_every_request_counted(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    aws.controls.add_fault(operation="sts:AssumeRole", kind="throttled", times=1)
    account = open_account(AccountTarget(role_arn=ROLE), UNPACED, region=REGION, attempts=3)
    assert account.calls == {"sts:AssumeRole": 2, "sts:GetCallerIdentity": 1}


def test_a_role_is_renewed_before_it_expires(aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    on_this_clock = partial(DeferredRefreshableCredentials, time_fetcher=lambda: now)
    monkeypatch.setattr("collectors.clients.DeferredRefreshableCredentials", on_this_clock)
    monkeypatch.setattr("botocore.credentials._local_now", lambda: now)
    account = open_account(AccountTarget(role_arn=ROLE), UNPACED, region=REGION)
    now += timedelta(minutes=59)
    account.user_pools(REGION).list_user_pools(MaxResults=1)
    assert aws.controls.calls()["calls"]["sts:AssumeRole"] == 2


@pytest.mark.parametrize("mode", ["legacy", "adaptive", None])
def test_throttling_is_retried_as_set_whatever_the_environment_says(
    aws: Account, monkeypatch: pytest.MonkeyPatch, mode: str | None
) -> None:
    if mode:
        monkeypatch.setenv("AWS_RETRY_MODE", mode)
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    account = open_account(AccountTarget(), UNPACED, region=REGION, attempts=3)
    aws.controls.add_fault(operation="cognito-idp:ListUserPools", kind="throttled")
    with pytest.raises(ClientError, match="TooManyRequests"):
        account.user_pools(REGION).list_user_pools(MaxResults=1)
    assert aws.controls.calls()["calls"]["cognito-idp:ListUserPools"] == 3
    assert account.calls["cognito-idp:ListUserPools"] == 3


def test_every_request_draws_a_token_retries_included(aws: Account) -> None:
    slept: list[float] = []
    limiter = RateLimiter(0.01, clock=lambda: 0.0, sleep=slept.append)
    account = open_account(AccountTarget(), limiter, region=REGION, attempts=3)
    aws.controls.add_fault(operation="cognito-idp:ListUserPools", kind="throttled", times=2)
    account.user_pools(REGION).list_user_pools(MaxResults=1)
    # 15 requests a second, of which one in a hundred is ours: 6.7 s apart on a clock that stands still.
    assert [round(seconds, 1) for seconds in slept] == [6.7, 13.3]


def test_botocores_talk_of_bodies_is_dropped_and_its_warnings_are_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keep_bodies_out_of_logs()
    for name in ("botocore.parsers", "botocore.endpoint", "botocore.auth"):
        caplog.set_level(logging.DEBUG, logger=name)
        logging.getLogger(name).debug("Response body: secret")
        logging.getLogger(name).warning("a warning")
    assert [record.getMessage() for record in caplog.records] == ["a warning"] * 3


def test_the_regions_of_a_partition_are_its_own() -> None:
    assert {"eu-west-1", "me-south-1"} <= set(cognito_regions("aws"))
    assert not set(cognito_regions("aws-us-gov")) & set(cognito_regions("aws"))


def test_operations_and_services_that_botocore_lacks_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A configuration that no session would load.
    broken = tmp_path / "config"
    broken.write_text("[default\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
    here = {"cognito-idp:ListUserPools", "sesv2:GetAccount", "pinpoint-sms-voice-v2:DescribeSpendLimits"}
    assert unknown_operations(here) == ()
    lacking = ("cognito-idp:ReadTheFuture", "oracle:AskWhatItCosts")
    assert unknown_operations(here | set(lacking)) == lacking
