"""A canary in every answer appears nowhere; names that attack terminals, pages and sheets stay data."""

import logging
from pathlib import Path

import pytest

from poolwatch.posture import read_posture
from records.evaluation import Outcome
from records.run import RunState
from tests.account import Account

CANARY = "canary-5e0b77c1"
OPERATIONS = {
    "cognito-idp:DescribeUserPool": {"UserPool": {"SmsVerificationMessage": CANARY, "NewSecret": CANARY}},
    "cognito-idp:GetUserPoolMfaConfig": {"EmailMfaConfiguration": {"Message": CANARY, "Subject": CANARY}},
    "cognito-idp:DescribeRiskConfiguration": {
        "RiskConfiguration": {
            "AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"From": CANARY, "ReplyTo": CANARY}}
        }
    },
    "cognito-idp:DescribeUserPoolClient": {"UserPoolClient": {"ClientSecret": CANARY, "NewSecret": CANARY}},
    "cognito-identity:DescribeIdentityPool": {
        "NewSecret": CANARY,
        "SupportedLoginProviders": {"api.twitter.com": f"key;{CANARY}"},
    },
    "cognito-identity:GetIdentityPoolRoles": {"NewSecret": CANARY},
}


def test_a_canary_in_every_answer_reaches_neither_store_nor_log_nor_finding(
    aws: Account, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("botocore", "boto3", "urllib3", "botocore.parsers", "botocore.endpoint", "botocore.auth"):
        caplog.set_level(logging.DEBUG, logger=name)
    aws.small_company()
    for operation, merge in OPERATIONS.items():
        aws.controls.amend(operation=operation, merge=merge)
    result = aws.collect(tmp_path / "store")
    assert result.run.state is RunState.COMPLETE
    posture = read_posture(tmp_path / "store")
    # The canary was there to be caught: these app clients have a secret only because of it.
    assert all(client.has_secret for pool in posture.snapshot.user_pools for client in pool.app_clients)
    assert CANARY not in repr(posture)
    for file in (tmp_path / "store").rglob("*"):
        assert file.is_dir() or CANARY.encode() not in file.read_bytes(), file
    assert len(caplog.records) > 0
    assert CANARY not in caplog.text


def test_the_access_key_and_its_signature_stay_out_of_debug_logs(
    aws: Account, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", CANARY)
    caplog.set_level(logging.DEBUG)
    aws.small_company()
    aws.collect(tmp_path / "store")
    assert CANARY not in caplog.text


HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="markup"),
    pytest.param('"><img src=x onerror=alert(1)>', id="attribute"),
    pytest.param("![x](http://198.51.100.7/beacon)", id="markdown image"),
    pytest.param('=HYPERLINK("http://198.51.100.7")', id="formula"),
    pytest.param("+cmd|' /C calc'!A0", id="command formula"),
    pytest.param("a\u202egnp.exe", id="right to left"),
    pytest.param("\x1b[31mred\x07", id="terminal escape"),
    pytest.param("n" * 10_000, id="10 kB"),
    pytest.param("👩‍🚒 emoji", id="emoji"),
    pytest.param("'; DROP TABLE runs; --", id="SQL"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_collected_judged_and_kept_as_it_is(
    aws: Account, tmp_path: Path, name: str
) -> None:
    pool = aws.user_pool(name, UserPoolTags={"owner": name})
    aws.app_client(pool, name)
    aws.identity_pool("plain")
    aws.controls.amend(operation="cognito-identity:DescribeIdentityPool", merge={"IdentityPoolName": name})
    store = tmp_path / "store"
    assert aws.collect(store).run.state is RunState.COMPLETE
    posture = read_posture(store)
    assert not tuple(posture.having(Outcome.ERROR))
    (user_pool,) = posture.snapshot.user_pools
    assert {user_pool.member.name, user_pool.settings.value.name, user_pool.clients[0].member.name} == {name}
    assert aws.collect(store).run.state is RunState.COMPLETE
    assert len(tuple(read_posture(store).snapshot.user_pools)) == 1
