"""Every member that AWS's model knows arrives in the record, and nothing secret does."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.app_clients import collect_app_client, parse_app_client
from collectors.identity_pools import collect_identity_pool, collect_identity_pool_roles, parse_identity_pool
from collectors.user_pools import (
    collect_mfa_configuration,
    collect_risk_configuration,
    collect_user_pool,
    parse_mfa_configuration,
    parse_user_pool,
)
from tests.full_answers import CANARY, full_answer, unset
from tests.wire import Wire, client

# Plain triggers have no event version.
OPTIONAL = {"triggers.version"}

COLLECTS: list[tuple[str, str, Any, tuple[str, ...]]] = [
    ("cognito-idp", "DescribeUserPool", collect_user_pool, ("Id-value",)),
    ("cognito-idp", "GetUserPoolMfaConfig", collect_mfa_configuration, ("pool",)),
    ("cognito-idp", "DescribeRiskConfiguration", collect_risk_configuration, ("pool",)),
    ("cognito-idp", "DescribeUserPoolClient", collect_app_client, ("UserPoolId-value", "ClientId-value")),
    ("cognito-identity", "DescribeIdentityPool", collect_identity_pool, ("IdentityPoolId-value",)),
    ("cognito-identity", "GetIdentityPoolRoles", collect_identity_pool_roles, ("eu-west-1:pool",)),
]


@pytest.mark.parametrize(
    ("service", "operation", "collect", "ids"), COLLECTS, ids=[row[1] for row in COLLECTS]
)
def test_no_field_of_a_record_is_left_unset(
    service: str, operation: str, collect: Any, ids: tuple[str, ...]
) -> None:
    wire = Wire({operation: [full_answer(service, operation)]})
    record = collect(client(service, wire), *ids)
    assert [path for path in unset(record) if path not in OPTIONAL] == []
    assert CANARY not in repr(record)


def test_times_are_utc_and_lifetimes_are_seconds() -> None:
    answer = full_answer("cognito-idp", "DescribeUserPoolClient")
    answer["UserPoolClient"]["TokenValidityUnits"] = {"AccessToken": "minutes", "RefreshToken": "days"}
    record = collect_app_client(
        client("cognito-idp", Wire({"DescribeUserPoolClient": [answer]})),
        "UserPoolId-value",
        "ClientId-value",
    )
    assert record.created_at == datetime.fromtimestamp(1_700_000_000, UTC)
    # 7 minutes; 7 hours, the unit in force where none is named; 7 days.
    assert (record.access_token_seconds, record.id_token_seconds, record.refresh_token_seconds) == (
        420,
        7 * 3600,
        7 * 86400,
    )


OLD_POOL: Mapping[str, Any] = {"Id": "eu-west-1_old", "LambdaConfig": {}, "EmailConfiguration": {}}


def old(more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"UserPool": {**OLD_POOL, **(more or {})}}


def test_an_old_user_pool_reads_as_unset_and_not_as_a_default() -> None:
    record = parse_user_pool(old())
    assert (record.tier, record.deletion_protection, record.recovery_mechanisms) == (None, None, None)
    assert (record.email, record.threat_protection, record.password_policy) == (None, None, None)


def test_unknown_enum_values_and_new_members_are_tolerated() -> None:
    record = parse_user_pool(old({"UserPoolTier": "QUANTUM", "MemberOf2031": {"a": 1}}))
    assert record.tier == "QUANTUM"


@pytest.mark.parametrize(
    ("parse", "raw", "says"),
    [
        pytest.param(parse_user_pool, {"UserPool": {}}, "has no Id", id="no id"),
        pytest.param(parse_user_pool, None, "no structure", id="null in place of a structure"),
        pytest.param(
            parse_user_pool, old({"Policies": "none"}), "Policies is a str", id="text for structure"
        ),
        pytest.param(
            parse_user_pool,
            old({"AutoVerifiedAttributes": [1]}),
            "AutoVerifiedAttributes has a member",
            id="number in a list of texts",
        ),
        pytest.param(parse_user_pool, old({"UserPoolTags": {"a": 1}}), "UserPoolTags", id="number as tag"),
        pytest.param(
            parse_user_pool, old({"EstimatedNumberOfUsers": True}), "is a bool", id="flag as number"
        ),
        pytest.param(
            parse_user_pool,
            old({"EstimatedNumberOfUsers": 10**30}),
            "beyond any number",
            id="number of more than 64 bits",
        ),
        pytest.param(
            parse_user_pool,
            old({"CreationDate": datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))}),
            "end of time",
            id="time that has no UTC",
        ),
        pytest.param(parse_mfa_configuration, {}, "has no MfaConfiguration", id="MFA mode left out"),
        pytest.param(
            parse_app_client,
            {
                "UserPoolClient": {
                    "ClientId": "c",
                    "UserPoolId": "p",
                    "AccessTokenValidity": 1,
                    "TokenValidityUnits": {"AccessToken": "eons"},
                }
            },
            "AccessToken is 'eons'",
            id="unknown unit of time",
        ),
        pytest.param(
            parse_identity_pool,
            {"IdentityPoolId": "i"},
            "AllowUnauthenticatedIdentities",
            id="guest flag left out",
        ),
    ],
)
def test_a_malformed_answer_is_named_and_never_guessed(parse: Any, raw: Any, says: str) -> None:
    with pytest.raises(MalformedAnswerError, match=says):
        parse(raw)


def test_recovery_mechanisms_stand_in_their_priority() -> None:
    mechanisms = [
        {"Priority": 2, "Name": "verified_phone_number"},
        {"Priority": 1, "Name": "verified_email"},
    ]
    raw = old({"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}})
    assert parse_user_pool(raw).recovery_mechanisms == ("verified_email", "verified_phone_number")


def test_end_user_messaging_is_told_from_sns() -> None:
    sns = parse_user_pool(old({"SmsConfiguration": {"SnsCallerArn": "arn:sns", "SnsRegion": "eu-west-1"}}))
    eum = parse_user_pool(old({"SmsConfiguration": {"EumsSms": {"CallerArn": "arn:eum"}}}))
    assert sns.sms is not None
    assert eum.sms is not None
    assert (sns.sms.is_eum, sns.sms.caller_arn, eum.sms.is_eum, eum.sms.caller_arn) == (
        False,
        "arn:sns",
        True,
        "arn:eum",
    )


def test_a_record_of_a_full_answer_is_json_free_of_secrets() -> None:
    answer = full_answer("cognito-idp", "DescribeUserPoolClient")
    assert CANARY in json.dumps(answer)
    record = parse_app_client(_parsed(answer))
    assert record.has_secret
    assert CANARY not in repr(dataclasses.asdict(record))


def _parsed(answer: dict[str, Any]) -> Any:
    wire = Wire({"DescribeUserPoolClient": [answer]})
    return client("cognito-idp", wire).describe_user_pool_client(UserPoolId="pool", ClientId="client")
