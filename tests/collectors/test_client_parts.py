"""What hangs on an app client: no secret's value, no session and no risk configuration of another."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.client_parts import (
    CALLS,
    collect_client_risk,
    collect_client_secrets,
    collect_client_session,
    parse_client_risk,
    parse_client_secrets,
    parse_client_session,
)
from collectors.user_pools import THREAT_PROTECTION_IS_OFF
from records.facet import FacetName, Gap, Reason
from records.user_pool_parts import ClientSecret
from tests.full_answers import CANARY, full_answer, unset
from tests.wire import Refusal, Reply, Wire, client

POOL, CLIENT = "eu-west-1_pool", "client1"
OLD, NEW = 1_700_000_000, 1_760_000_000


def test_the_calls_are_those_of_the_facets() -> None:
    facets = (FacetName.CLIENT_SECRETS, FacetName.CLIENT_SESSION, FacetName.CLIENT_RISK)
    assert {operation for facet in facets for operation in facet.operations} == CALLS


def test_secrets_are_read_by_id_and_date_and_their_values_stay_behind() -> None:
    answer = full_answer("cognito-idp", "ListUserPoolClientSecrets")
    last = {name: value for name, value in answer.items() if name != "NextToken"}
    assert CANARY in repr(answer)
    wire = Wire({"ListUserPoolClientSecrets": [last]})
    (secret,) = collect_client_secrets(client("cognito-idp", wire), POOL, CLIENT)
    assert unset(secret) == []
    assert CANARY not in repr(secret)
    assert wire.requests == [("ListUserPoolClientSecrets", {"UserPoolId": POOL, "ClientId": CLIENT})]


def test_both_secrets_of_a_rotation_are_listed() -> None:
    def secret(created: int) -> dict[str, object]:
        return {"ClientSecretId": f"{CLIENT}--{created}", "ClientSecretCreateDate": created}

    wire = Wire({"ListUserPoolClientSecrets": [{"ClientSecrets": [secret(NEW), secret(OLD)]}]})
    assert collect_client_secrets(client("cognito-idp", wire), POOL, CLIENT) == tuple(
        ClientSecret(secret_id=f"{CLIENT}--{created}", created_at=datetime.fromtimestamp(created, UTC))
        for created in (OLD, NEW)
    )


@pytest.mark.parametrize(
    ("session", "minutes"),
    [({"SSOSession": {"MaxValidityMinutes": 0}}, 0), ({"SSOSession": {}}, None), ({}, None)],
)
def test_a_session_of_no_minutes_differs_from_one_that_was_never_set(
    session: dict[str, Any], minutes: int | None
) -> None:
    answer = {"UserPoolId": POOL, "ClientId": CLIENT, **session}
    wire = Wire({"GetUserPoolClientSessionConfiguration": [answer]})
    assert collect_client_session(client("cognito-idp", wire), POOL, CLIENT).sso_minutes == minutes
    assert wire.requests[0][1] == {"UserPoolId": POOL, "ClientId": CLIENT}


def risk(reply: Reply) -> tuple[Any, Wire]:
    wire = Wire({"DescribeRiskConfiguration": [reply]})
    outcome = attempt(
        "cognito-idp:DescribeRiskConfiguration",
        lambda: collect_client_risk(client("cognito-idp", wire), POOL, CLIENT),
        region="eu-west-1",
        instead=dict.fromkeys(THREAT_PROTECTION_IS_OFF),
    )
    return outcome, wire


BLOCKS = {"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "BLOCK"}}}


def test_an_app_clients_own_risk_configuration_is_read_whole() -> None:
    answer = full_answer("cognito-idp", "DescribeRiskConfiguration")
    answer["RiskConfiguration"]["ClientId"] = CLIENT
    found, wire = risk(answer)
    assert unset(found) == []
    assert wire.requests == [("DescribeRiskConfiguration", {"UserPoolId": POOL, "ClientId": CLIENT})]


def test_the_user_pools_risk_configuration_is_not_the_app_clients() -> None:
    found, _ = risk({"RiskConfiguration": {"UserPoolId": POOL, **BLOCKS}})
    assert found is None
    own, _ = risk({"RiskConfiguration": {"UserPoolId": POOL, "ClientId": CLIENT, **BLOCKS}})
    assert own.compromised_credentials_action == "BLOCK"


@pytest.mark.parametrize("code", sorted(THREAT_PROTECTION_IS_OFF))
def test_without_threat_protection_an_app_client_has_none_of_its_own(code: str) -> None:
    found, _ = risk(Refusal(code))
    assert found is None


def test_a_denied_risk_configuration_is_a_gap_and_not_none() -> None:
    gap, _ = risk(Refusal("AccessDeniedException"))
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.DENIED


@pytest.mark.parametrize(
    ("parse", "raw", "says"),
    [
        pytest.param(parse_client_secrets, {"ClientSecrets": "none"}, "is a str", id="text for the secrets"),
        pytest.param(
            parse_client_secrets,
            {"ClientSecrets": [{"ClientSecretId": "s", "ClientSecretCreateDate": "soon"}]},
            "ClientSecretCreateDate is a str",
            id="text for a date",
        ),
        pytest.param(
            lambda raw: parse_client_session(raw, CLIENT),
            {"UserPoolId": POOL},
            "has no ClientId",
            id="no client",
        ),
        pytest.param(
            lambda raw: parse_client_session(raw, CLIENT),
            {"ClientId": "other"},
            "about other",
            id="other session",
        ),
        pytest.param(
            lambda raw: parse_client_session(raw, CLIENT),
            {"ClientId": CLIENT, "SSOSession": {"MaxValidityMinutes": 1.5}},
            "is a float",
            id="half a minute",
        ),
        pytest.param(
            lambda raw: parse_client_risk(raw, CLIENT), {}, "RiskConfiguration is no structure", id="no risk"
        ),
        pytest.param(
            lambda raw: parse_client_risk(raw, CLIENT),
            {"RiskConfiguration": {"ClientId": "other"}},
            "about other",
            id="other client's risk",
        ),
    ],
)
def test_a_malformed_answer_is_named_and_never_guessed(parse: Any, raw: Any, says: str) -> None:
    with pytest.raises(MalformedAnswerError, match=says):
        parse(raw)
