import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest

from demo import bulk, server
from demo.child import READY, ROOT, spawn
from demo.clients import Controls, aws_client

LIMIT_SECONDS = 20
# Far more calls than a second's quota; a slow machine refills the bucket meanwhile.
CALLS = 400


def listens(url: str) -> bool:
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(address.hostname), int(address.port or 0))) == 0


def falls_silent(url: str) -> bool:
    deadline = time.monotonic() + LIMIT_SECONDS
    while listens(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def describe_all(url: str) -> tuple[list[Any], list[Any], list[Any]]:
    idp, identity = (aws_client(name, url, bulk.REGION) for name in ("cognito-idp", "cognito-identity"))
    listed = [
        pool
        for page in idp.get_paginator("list_user_pools").paginate(MaxResults=60)
        for pool in page["UserPools"]
    ]
    pools = [idp.describe_user_pool(UserPoolId=pool["Id"])["UserPool"] for pool in listed]
    clients = [
        idp.describe_user_pool_client(UserPoolId=pool["Id"], ClientId=client["ClientId"])["UserPoolClient"]
        for pool in pools
        for client in idp.list_user_pool_clients(UserPoolId=pool["Id"], MaxResults=60)["UserPoolClients"]
    ]
    identities = [
        identity.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])
        for pool in identity.list_identity_pools(MaxResults=60)["IdentityPools"]
    ]
    idp.close()
    identity.close()
    return pools, clients, identities


def test_a_bulk_seed_is_mixed() -> None:
    with server.start() as running:
        server.seeding("bulk:12x3x4")(running.url)
        pools, clients, identities = describe_all(running.url)
    assert (len(pools), len(clients), len(identities)) == (12, 36, 4)
    assert Counter(pool["UserPoolTier"] for pool in pools) == {"LITE": 4, "ESSENTIALS": 4, "PLUS": 4}
    assert Counter(pool["MfaConfiguration"] for pool in pools) == {"ON": 3, "OPTIONAL": 3, "OFF": 6}
    assert Counter(pool["DeletionProtection"] for pool in pools) == {"ACTIVE": 6, "INACTIVE": 6}
    assert Counter("implicit" in client["AllowedOAuthFlows"] for client in clients) == {True: 18, False: 18}
    assert Counter("ClientSecret" in client for client in clients) == {True: 12, False: 24}
    assert Counter(pool["AllowUnauthenticatedIdentities"] for pool in identities) == {True: 2, False: 2}


def test_a_bulk_seed_has_a_little_of_everything() -> None:
    with server.start() as running:
        server.seeding("bulk:20x1x2")(running.url)
        pools, _, _ = describe_all(running.url)
        services = ("iam", "lambda", "wafv2", "cognito-idp", "cognito-identity")
        iam, functions, waf, idp, identity = (aws_client(name, running.url, bulk.REGION) for name in services)
        assert sum("Domain" in pool for pool in pools) == 4
        triggers = [pool["LambdaConfig"]["PreSignUp"] for pool in pools if pool["LambdaConfig"]]
        assert len(triggers) == 2
        (statement,) = json.loads(functions.get_policy(FunctionName=triggers[0])["Policy"])["Statement"]
        assert statement["Resource"] == triggers[0]
        fronts = [waf.get_web_acl_for_resource(ResourceArn=pool["Arn"]) for pool in pools]
        assert sum("WebACL" in front for front in fronts) == 2
        of_pools = [{"UserPoolId": pool["Id"]} for pool in pools]
        assert sum(len(idp.list_identity_providers(**each)["Providers"]) for each in of_pools) == 2
        assert sum(len(idp.list_groups(**each)["Groups"]) for each in of_pools) == 2
        for pool in identity.list_identity_pools(MaxResults=60)["IdentityPools"]:
            roles = identity.get_identity_pool_roles(IdentityPoolId=pool["IdentityPoolId"])["Roles"]
            for arn in roles.values():
                trust = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]["AssumeRolePolicyDocument"]
                assert pool["IdentityPoolId"] in json.dumps(trust)


@pytest.mark.parametrize("seed", ["company2", "bulk", "bulk:1x2", "bulk:axbxc"])
def test_a_seed_that_is_not_understood_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match="A seed is"):
        server.seeding(seed)


def test_a_server_in_a_thread_stops_and_can_start_again() -> None:
    first = server.start()
    idp = aws_client("cognito-idp", first.url, "eu-west-1")
    idp.create_user_pool(PoolName="x")
    first.stop()
    first.stop()
    assert not listens(first.url)
    idp.close()
    with server.start() as second:
        again = aws_client("cognito-idp", second.url, "eu-west-1")
        assert again.list_user_pools(MaxResults=1)["UserPools"] == []
        again.close()


def test_a_child_takes_its_options_and_ends_when_its_standard_input_closes() -> None:
    with spawn(seed="bulk:20x0x0:eu-central-1", enforce_quotas=True, latency_seconds=0.001) as child:
        idp = aws_client("cognito-idp", child.url, "eu-central-1")
        assert len(idp.list_user_pools(MaxResults=60)["UserPools"]) == 20
        for _ in range(CALLS):
            try:
                idp.list_user_pools(MaxResults=1)
            except idp.exceptions.TooManyRequestsException:
                break
        assert Controls(child.url).calls()["throttled"] == 1
        idp.close()
        assert child.process.stdin is not None
        child.process.stdin.close()
        assert child.process.wait(LIMIT_SECONDS) == 0
        assert not listens(child.url)


def test_a_child_that_cannot_start_says_so() -> None:
    with pytest.raises(RuntimeError, match="exit 2"):
        spawn(seed="nonsense")


def test_no_child_outlives_its_parent() -> None:
    # Standard input stays open here, so that the parent's death alone can be what ends the child.
    program = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'demo.server'], stdin=subprocess.DEVNULL,"
        " stdout=subprocess.PIPE, text=True)\n"
        "print(child.pid, child.stdout.readline(), flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a pipe would stay open, and we with it, as long as the child lives
        text=True,
        check=True,
    )
    pid, _, line = done.stdout.strip().partition(" ")
    url = line.removeprefix(READY)
    is_silent = falls_silent(url)
    if not is_silent:
        os.kill(int(pid), signal.SIGKILL)
    assert urlsplit(url).port
    assert is_silent


def test_it_listens_on_loopback_alone() -> None:
    with server.start() as running:
        assert urlsplit(running.url).hostname == "127.0.0.1"
        port = urlsplit(running.url).port
        with socket.socket() as probe:
            # All of 127/8 is this machine; a server on every address would answer here too.
            assert probe.connect_ex(("127.0.0.2", int(port or 0))) != 0
