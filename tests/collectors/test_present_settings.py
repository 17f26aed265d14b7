"""The complete input of each operation that replaces everything, held to AWS's own model of it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from collectors.answers import MalformedAnswerError
from collectors.present_settings import (
    SOURCES,
    Source,
    collect_present_settings,
    has_path,
    parse_present_settings,
)
from collectors.settings_shapes import ANY
from demo import server
from demo.clients import Controls, aws_client
from tests.full_answers import CANARY, full_answer

POOL = "eu-west-1_abc"
IDS = {"UserPoolId": POOL, "ClientId": "web", "IdentityPoolId": "eu-west-1:1"}
ALL = list(SOURCES.values())


def tree(shape: Shape) -> Any:
    """Write one of botocore's shapes as the allow-lists are written."""
    if isinstance(shape, StructureShape):
        return {name: tree(member) for name, member in shape.members.items()}
    if isinstance(shape, MapShape):
        return {ANY: tree(shape.value)}
    return tree(shape.member) if isinstance(shape, ListShape) else None


def model(service: str, operation: str) -> Any:
    return botocore.session.get_session().get_service_model(service).operation_model(operation)


def ids(source: Source) -> dict[str, str]:
    return {name: IDS[name] for name in source.ids}


def answer(source: Source) -> dict[str, Any]:
    """Return an answer with every member, about the resource that was asked for."""
    raw = full_answer(*source.call.split(":"))
    holder = raw if source.part is None else raw[source.part]
    for name in ("Id", *source.ids):
        if name in holder:
            holder[name] = IDS["UserPoolId" if name == "Id" else name]
    return raw


def parse(source: Source, raw: Any) -> Any:
    return parse_present_settings(source, raw, ids(source), None)


@pytest.mark.parametrize("source", ALL, ids=lambda each: each.operation)
def test_every_member_of_the_input_is_carried(source: Source) -> None:
    service = source.call.partition(":")[0]
    wanted = tree(model(service, source.operation).input_shape)
    assert {**dict.fromkeys(source.ids), **source.carried} == wanted


@pytest.mark.parametrize("source", ALL, ids=lambda each: each.operation)
def test_every_member_of_the_answer_is_carried_or_known_to_be_no_setting(source: Source) -> None:
    shape = model(*source.call.split(":")).output_shape
    members = tree(shape if source.part is None else shape.members[source.part])
    carried = {source.renamed.get(name, name): inner for name, inner in members.items()}
    settings = {name: inner for name, inner in carried.items() if name not in source.read_only}
    assert settings == source.carried
    assert source.read_only <= members.keys()


@pytest.mark.parametrize("source", ALL, ids=lambda each: each.operation)
def test_a_full_answer_is_carried_whole_and_without_a_secret(source: Source) -> None:
    present = parse(source, answer(source))
    assert (present.unknown, present.missing) == ((), ())
    left_out = {"AdminCreateUserConfig": {"UnusedAccountValidityDays"}}
    # What the alternatives of tests/full_answers.py leave out.
    skipped = {"SnsCallerArn", "SnsRegion"}
    for name, inner in source.carried.items():
        assert name in present.parameters
        gone = {*left_out.get(name, ()), *skipped}
        if isinstance(inner, Mapping) and ANY not in inner and isinstance(present.parameters[name], dict):
            assert present.parameters[name].keys() == inner.keys() - gone
    assert CANARY not in json.dumps(present.parameters)


def places(source: Source) -> Iterator[tuple[str, ...]]:
    """Yield the path of every structure of an answer, in which a member may be new."""

    def walk(shape: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, inner in shape.items():
            if isinstance(inner, Mapping) and ANY not in inner:
                yield from walk(inner, (*path, name))

    return walk(source.carried, ())


@pytest.mark.parametrize(
    ("source", "path"),
    [(source, path) for source in ALL for path in places(source)],
    ids=lambda each: each.operation if isinstance(each, Source) else ".".join(each) or "itself",
)
def test_a_member_that_nobody_knows_is_named_wherever_it_stands(
    source: Source, path: tuple[str, ...]
) -> None:
    raw = answer(source)
    holder = raw if source.part is None else raw[source.part]
    for name in path:
        holder = holder[name]
        holder = holder[0] if isinstance(holder, list) else holder
    holder["Novelty"] = {"Secret": CANARY}
    present = parse(source, raw)
    assert present.unknown == (".".join((*path, "Novelty")),)
    assert CANARY not in json.dumps(present.parameters)


@pytest.mark.parametrize("value", [{"A": 1}, [{"A": 1}]])
def test_a_known_member_that_has_become_a_structure_is_named(value: object) -> None:
    source = SOURCES["UpdateUserPool"]
    raw = answer(source)
    raw["UserPool"]["DeletionProtection"] = value
    assert parse(source, raw).unknown == ("DeletionProtection",)


def test_without_a_plan_the_call_would_choose_one() -> None:
    source = SOURCES["UpdateUserPool"]
    raw = answer(source)
    del raw["UserPool"]["UserPoolTier"]
    assert parse(source, raw).missing == ("UserPoolTier",)


def test_the_old_validity_of_temporary_passwords_stands_alone_or_not_at_all() -> None:
    source = SOURCES["UpdateUserPool"]
    raw = answer(source)
    del raw["UserPool"]["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"]
    assert parse(source, raw).parameters["AdminCreateUserConfig"]["UnusedAccountValidityDays"] == 7
    assert (
        "UnusedAccountValidityDays" not in parse(source, answer(source)).parameters["AdminCreateUserConfig"]
    )


def test_tags_of_aws_are_left_to_aws_and_empty_ones_are_kept() -> None:
    source = SOURCES["UpdateUserPool"]
    raw = answer(source)
    raw["UserPool"]["UserPoolTags"] = {"aws:cloudformation:stack-name": "shop", "owner": ""}
    assert parse(source, raw).parameters["UserPoolTags"] == {"owner": ""}
    raw["UserPool"]["UserPoolTags"] = {"aws:cloudformation:stack-name": "shop"}
    assert "UserPoolTags" not in parse(source, raw).parameters


def test_what_is_unset_is_left_out() -> None:
    source = SOURCES["UpdateUserPool"]
    raw = answer(source)
    raw["UserPool"] |= {"LambdaConfig": {}, "SmsAuthenticationMessage": "", "DeviceConfiguration": None}
    parameters = parse(source, raw).parameters
    assert not {"LambdaConfig", "SmsAuthenticationMessage", "DeviceConfiguration"} & parameters.keys()


@pytest.mark.parametrize(
    "broken",
    [None, [], {}, {"UserPool": None}, {"UserPool": []}, {"UserPool": {"Id": "eu-west-1_other"}}],
)
def test_an_answer_of_another_shape_or_about_something_else_is_refused(broken: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        parse(SOURCES["UpdateUserPool"], broken)


@pytest.mark.parametrize(("member", "value"), [("Policies", "weak"), ("AccountRecoverySetting", ["sms"])])
def test_a_structure_that_is_none_is_refused(member: str, value: object) -> None:
    source = SOURCES["UpdateUserPool"]
    raw = answer(source)
    raw["UserPool"][member] = value
    with pytest.raises(MalformedAnswerError):
        parse(source, raw)


@pytest.mark.parametrize(
    ("path", "is_known"),
    [
        (("Policies", "PasswordPolicy", "MinimumLength"), True),
        (("AccountRecoverySetting", "RecoveryMechanisms"), True),
        (("AcrConfiguration", "level1", "AcrValue"), True),
        (("UserPoolTags", "owner"), True),
        (("DeletionProtection", "Mode"), False),
        (("SchemaAttributes",), False),
        ((), False),
    ],
)
def test_a_path_is_known_or_not(path: tuple[str, ...], is_known: bool) -> None:  # noqa: FBT001 (a table's)
    assert has_path("UpdateUserPool", path) is is_known


@pytest.fixture(scope="module")
def account() -> Iterator[server.ThreadServer]:
    with server.start() as running:
        yield running


def test_what_botocore_does_not_know_is_seen_on_the_wire(account: server.ThreadServer) -> None:
    idp = aws_client("cognito-idp", account.url, "eu-west-1")
    pool_id = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    Controls(account.url).amend(
        operation="cognito-idp:DescribeUserPool", merge={"UserPool": {"Policies": {"Novelty": "on"}}}
    )
    present = collect_present_settings(idp, "UpdateUserPool", {"UserPoolId": pool_id})
    assert present.unknown == ("Policies.Novelty",)
    assert "Novelty" not in idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Policies"]


def test_an_app_client_without_a_risk_configuration_has_none_of_its_user_pools(
    account: server.ThreadServer,
) -> None:
    idp = aws_client("cognito-idp", account.url, "eu-west-1")
    enforced = {"AdvancedSecurityMode": "ENFORCED"}
    pool_id = idp.create_user_pool(PoolName="shop", UserPoolTier="PLUS", UserPoolAddOns=enforced)["UserPool"][
        "Id"
    ]
    made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
    action = {"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "BLOCK"}}}
    idp.set_risk_configuration(UserPoolId=pool_id, **action)
    of_client = {"UserPoolId": pool_id, "ClientId": made["ClientId"]}
    assert collect_present_settings(idp, "SetRiskConfiguration", of_client).parameters == of_client
    of_pool = {"UserPoolId": pool_id}
    present = collect_present_settings(idp, "SetRiskConfiguration", of_pool).parameters
    assert present == {**of_pool, **action}


def test_a_secret_stays_with_aws(account: server.ThreadServer) -> None:
    idp = aws_client("cognito-idp", account.url, "eu-west-1")
    pool_id = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web", GenerateSecret=True)
    client = made["UserPoolClient"]
    of_client = {"UserPoolId": pool_id, "ClientId": client["ClientId"]}
    present = collect_present_settings(idp, "UpdateUserPoolClient", of_client)
    assert client["ClientSecret"] not in repr(present)
