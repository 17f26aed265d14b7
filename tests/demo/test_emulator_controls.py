import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from demo import server
from demo.clients import Controls, aws_client
from demo.emulator import emulator as emulator_module
from demo.server import ThreadServer

THREADS = 8


def test_calls_are_counted_by_action(idp: Any, user_pool_id: str, sts: Any, controls: Controls) -> None:
    controls.reset_calls()
    idp.describe_user_pool(UserPoolId=user_pool_id)
    idp.describe_user_pool(UserPoolId=user_pool_id)
    sts.get_caller_identity()
    counted = controls.calls()
    assert counted["calls"] == {"cognito-idp:DescribeUserPool": 2, "sts:GetCallerIdentity": 1}
    assert counted["peak_concurrency"] == 1
    controls.reset_calls()
    assert controls.calls()["calls"] == {}


def test_latency_does_not_make_calls_wait_for_each_other(
    idp: Any, controls: Controls, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody passes before all are asleep at the same time.
    together = threading.Barrier(THREADS)
    slept = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        together.wait(timeout=20)

    monkeypatch.setattr(emulator_module, "time", SimpleNamespace(sleep=sleep))
    controls.set_latency(0.04)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: idp.list_user_pools(MaxResults=1), range(THREADS)))
    assert slept == [0.04] * THREADS
    assert controls.calls()["peak_concurrency"] == THREADS


def test_unknown_members_are_merged_into_answers(idp: Any, user_pool_id: str, controls: Controls) -> None:
    raw: list[bytes] = []
    idp.meta.events.register(
        "response-received", lambda response_dict, **_: raw.append(response_dict["body"])
    )
    controls.amend(
        operation="cognito-idp:DescribeUserPool",
        merge={"UserPool": {"Canary": "hunter2", "Policies": {"PasswordPolicy": {"MinimumLength": 99}}}},
    )
    pool = idp.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 99
    assert pool["Policies"]["PasswordPolicy"]["RequireSymbols"] is True
    assert b'"Canary": "hunter2"' in raw[-1]
    controls.clear_amendments()
    idp.describe_user_pool(UserPoolId=user_pool_id)
    assert b"Canary" not in raw[-1]


def test_members_are_dropped_even_inside_lists(idp: Any, user_pool_id: str, controls: Controls) -> None:
    controls.amend(
        operation="cognito-idp:DescribeUserPool", drop=["UserPool.UserPoolTier", "UserPool.None.x"]
    )
    controls.amend(operation="cognito-idp:ListUserPools", drop=["UserPools.Name"])
    assert "UserPoolTier" not in idp.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
    listed = idp.list_user_pools(MaxResults=1)["UserPools"]
    assert [sorted(pool) for pool in listed] == [["CreationDate", "Id", "LambdaConfig", "LastModifiedDate"]]


def test_an_amendment_can_concern_one_resource(idp: Any, user_pool_id: str, controls: Controls) -> None:
    other = idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
    controls.amend(
        operation="cognito-idp:DescribeUserPool", resource=other, merge={"UserPool": {"Name": "changed"}}
    )
    assert idp.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]["Name"] == "customers"
    assert idp.describe_user_pool(UserPoolId=other)["UserPool"]["Name"] == "changed"


def test_the_caller_and_the_account(sts: Any, idp: Any, controls: Controls) -> None:
    controls.set_account("111122223333")
    caller = sts.get_caller_identity()
    assert caller["Account"] == "111122223333"
    assert caller["Arn"] == "arn:aws:iam::111122223333:user/poolwatch-auditor"
    assert ":111122223333:userpool/" in idp.create_user_pool(PoolName="x")["UserPool"]["Arn"]
    with pytest.raises(ValueError, match="12 digits"):
        controls.set_account("prod")


def test_an_assumed_role_sees_its_own_account(
    account: ThreadServer, sts: Any, idp: Any, user_pool_id: str
) -> None:
    role = "arn:aws:iam::444455556666:role/audit"
    given = sts.assume_role(RoleArn=role, RoleSessionName="poolwatch")["Credentials"]
    session = boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        region_name="eu-west-1",
    )
    other = session.client("cognito-idp", endpoint_url=account.url)
    assert other.list_user_pools(MaxResults=1)["UserPools"] == []
    arn = session.client("sts", endpoint_url=account.url).get_caller_identity()["Arn"]
    assert arn == "arn:aws:sts::444455556666:assumed-role/audit/poolwatch"
    assert len(idp.list_user_pools(MaxResults=1)["UserPools"]) == 1


def test_regions_have_states_of_their_own(account: ThreadServer, user_pool_id: str) -> None:
    american = aws_client("cognito-idp", account.url, "us-east-1")
    assert american.list_user_pools(MaxResults=1)["UserPools"] == []
    american.close()


def test_the_reset_of_moto_empties_the_account_too(
    account: ThreadServer, idp: Any, user_pool_id: str
) -> None:
    address = urlsplit(account.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    connection.request("POST", "/moto-api/reset")
    assert connection.getresponse().status == 200
    connection.close()
    assert idp.list_user_pools(MaxResults=1)["UserPools"] == []


def test_a_reset_takes_every_control_back(idp: Any, sts: Any, controls: Controls) -> None:
    controls.set_account("111122223333")
    controls.add_fault(operation="*", kind="expired")
    controls.amend(operation="cognito-idp:ListUserPools", merge={"UserPools": []})
    controls.set_latency(30)
    controls.enforce_quotas()
    controls.reset()
    assert controls.calls() == {"calls": {}, "peak_concurrency": 0, "throttled": 0}
    assert controls.faults() == []
    idp.create_user_pool(PoolName="x")
    # More than the quota of a second, and at once.
    assert [len(idp.list_user_pools(MaxResults=1)["UserPools"]) for _ in range(40)] == [1] * 40
    assert sts.get_caller_identity()["Account"] == "123456789012"


def test_an_unknown_control_is_refused(account: ThreadServer) -> None:
    address = urlsplit(account.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    connection.request("PUT", "/emulator/gravity", "{}")
    response = connection.getresponse()
    assert (response.status, response.read()) == (404, b'{"error": "No control PUT /emulator/gravity"}')
    connection.close()


def test_other_services_of_moto_answer_too(account: ThreadServer, controls: Controls) -> None:
    iam = aws_client("iam", account.url, "us-east-1")
    iam.create_role(RoleName="audit", AssumeRolePolicyDocument="{}")
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["audit"]
    iam.close()


def test_a_service_that_moto_lacks_breaks_as_aws_does_when_it_breaks(
    account: ThreadServer, controls: Controls, caplog: pytest.LogCaptureFixture
) -> None:
    pricing = aws_client("pricing", account.url, "us-east-1")
    with pytest.raises(ClientError) as raised:
        pricing.describe_services()
    pricing.close()
    assert raised.value.response["Error"]["Code"] == "InternalErrorException"
    assert "pricing:DescribeServices failed" in caplog.text


def test_one_process_holds_one_account(account: ThreadServer) -> None:
    with pytest.raises(RuntimeError, match="child"):
        server.start()


def test_the_users_own_profile_and_proxies_are_not_looked_at(
    account: ThreadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "users-own-key")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/no/such/file")
    client = aws_client("cognito-idp", account.url, "eu-west-1")
    keys: list[str] = []
    client.meta.events.register(
        "before-send", lambda request, **_: keys.append(str(request.headers["Authorization"]))
    )
    client.list_user_pools(MaxResults=1)
    client.close()
    assert "Credential=demo/" in keys[0]
