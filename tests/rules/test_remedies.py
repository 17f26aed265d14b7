"""Remedies: every rule has one, and the changes are such that AWS takes them and the finding closes."""

import collections
import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import botocore.model
import botocore.session
import pytest

import rules.remedies
from records.app_client import AppClient
from records.evaluation import Outcome
from records.facet import Facet, FacetName
from records.identity_pool import IdentityPool, UserPoolProvider
from records.snapshot import Snapshot
from records.user_pool import (
    DeviceConfiguration,
    MfaConfiguration,
    RiskConfiguration,
    TakeoverAction,
    UserPool,
)
from rules.catalogue import catalogue
from rules.engine import Context, Rule
from rules.evaluating import evaluate
from rules.remedies import Change, Operation, Remedy, remedies
from rules.remedies.templates import ATTRIBUTES, Place, cloudformation, terraform
from tests.builders import (
    NOW,
    TODAY,
    make_app_client,
    make_identity_pool_snapshot,
    make_mfa_configuration,
    make_password_policy,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import Case, app_client, user_pool
from tests.rules.test_catalogue import CASES

SERVICES = {
    Operation.UPDATE_USER_POOL: "cognito-idp",
    Operation.SET_USER_POOL_MFA: "cognito-idp",
    Operation.SET_RISK_CONFIGURATION: "cognito-idp",
    Operation.UPDATE_USER_POOL_CLIENT: "cognito-idp",
    Operation.UPDATE_IDENTITY_POOL: "cognito-identity",
}
BY_CODE = {one.code: one for one in catalogue()}
FAILING = [
    case for case in CASES if case.outcome is Outcome.FAIL and remedies()[case.rule.code].changes is not None
]
# Findings that a change brings up because it makes their rule matter at all, and that no call of `Operation`
# closes: the steps of the remedy name them.
BROUGHT_UP = {"THR001": {"LOG001"}}

each_remedy = pytest.mark.parametrize("remedy", remedies().values(), ids=lambda remedy: remedy.code)


def changes(one: Rule, snapshot: Snapshot) -> list[Change]:
    """Return the changes that the remedy of a rule makes to the one resource of its kind."""
    made: list[Change] = []

    def asked(record: Any, ctx: Context) -> Iterator[Any]:
        make = remedies()[one.code].changes
        made.extend(make(record, ctx) if make else ())
        yield from ()

    asking = dataclasses.replace(one, check=asked, applies=None)
    outcomes = {each.outcome for each in evaluate(snapshot, [asking], today=TODAY)}
    assert outcomes == {Outcome.PASS}
    return made


def test_every_rule_has_one_remedy_in_the_module_of_its_family() -> None:
    homes = {
        remedy.code: name.replace("_", " ")
        for name, module in vars(rules.remedies).items()
        for remedy in getattr(module, "REMEDIES", ())
    }

    assert homes == {one.code: one.family for one in catalogue()}


def test_a_code_with_two_remedies_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = remedies()["GOV001"]
    monkeypatch.setattr(rules.remedies.governance, "REMEDIES", (one, dataclasses.replace(one)))

    with pytest.raises(ValueError, match="GOV001 has two remedies"):
        rules.remedies.remedies.__wrapped__()


@each_remedy
def test_texts_are_sentences_and_names_are_not(remedy: Remedy) -> None:
    for text in (remedy.impact, *remedy.steps, remedy.breaks or "None."):
        assert re.fullmatch(r"[A-Z].+\.", text)
        assert "  " not in text
    for text in (remedy.change, remedy.removes or "nothing"):
        assert not text.endswith(".")
    assert re.match(r"[A-Z][a-z]+ ", remedy.change)
    assert re.match(r"[a-z]|[A-Z]{3}", remedy.removes or "nothing")
    assert len(remedy.steps) >= 1
    assert "aws cognito-" not in " ".join(remedy.steps)


def test_a_change_of_one_name_is_made_in_one_way() -> None:
    ways: dict[str, set[object]] = collections.defaultdict(set)
    for remedy in remedies().values():
        ways[remedy.change].add(remedy.changes)

    assert {name for name, made in ways.items() if len(made) > 1} == set()


def test_change_that_is_shared_is_named_alike() -> None:
    """Findings of one resource are grouped by the name, so no two names may differ in looks alone."""
    names = {remedy.change for remedy in remedies().values()}

    assert len({re.sub(r"\W|the|an?\b", "", name.lower()) for name in names}) == len(names)


def shape_at(change: Change) -> botocore.model.Shape:
    session = botocore.session.get_session()
    model = session.get_service_model(SERVICES[change.operation])
    shape: Any = model.operation_model(change.operation.value).input_shape
    for member in change.path:
        shape = shape.members[member]
    found: botocore.model.Shape = shape
    return found


def complaints(shape: Any, value: Any) -> Iterator[str]:
    """Say what of a value AWS would refuse by its model: botocore itself looks at neither enums nor maxima."""
    kinds: Mapping[str, type] = {
        "string": str,
        "integer": int,
        "boolean": bool,
        "list": list,
        "structure": dict,
    }
    if type(value) is not kinds[shape.type_name]:
        yield f"{value!r} is no {shape.type_name}"
    elif isinstance(value, list):
        if not shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", len(value)):
            yield f"{len(value)} entries"
        if value != sorted(value, key=repr) and isinstance(value[0], str):
            yield f"{value} are not sorted"
        for each in value:
            yield from complaints(shape.member, each)
    elif isinstance(value, dict):
        if set(shape.required_members) - set(value):
            yield f"{value} lacks a member"
        for name, each in value.items():
            yield from complaints(shape.members[name], each)
    elif isinstance(value, str):
        if getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{value} is none of {shape.enum}"
        if not re.fullmatch(shape.metadata.get("pattern", ".*"), value):
            yield f"{value} is not of the pattern"
    elif not shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value):
        yield f"{value} is out of bounds"


@pytest.mark.parametrize("case", FAILING, ids=str)
def test_changes_are_members_that_aws_takes(case: Case) -> None:
    for change in changes(case.rule, case.snapshot):
        shape = shape_at(change)
        if change.value is not None:
            assert list(complaints(shape, change.value)) == []


Setter = Callable[[Any, Any], Any]


def sets(field: str, convert: Callable[[Any], Any] = lambda value: value) -> Setter:
    return lambda record, value: dataclasses.replace(record, **{field: convert(value)})


def sets_policy(field: str) -> Setter:
    def set_policy(pool: UserPool, value: object) -> UserPool:
        # AWS takes what is left out of a policy that is set for no.
        bare = dict.fromkeys([each.name for each in dataclasses.fields(make_password_policy())])
        policy = pool.password_policy or make_password_policy(**bare)
        changed: Any = dataclasses.replace(policy, **{field: value})
        return dataclasses.replace(pool, password_policy=changed)

    return set_policy


def sets_device(pool: UserPool, value: bool) -> UserPool:  # noqa: FBT001  (called by the table)
    device = pool.device or DeviceConfiguration(
        challenge_required_on_new_device=None, remembered_on_user_prompt_only=None
    )
    return dataclasses.replace(
        pool, device=dataclasses.replace(device, challenge_required_on_new_device=value)
    )


def sets_registration(field: str, convert: Callable[[Any], Any]) -> Setter:
    def set_registration(pool: UserPool, value: object) -> UserPool:
        registration = pool.dynamic_client_registration
        assert registration
        changed: Any = dataclasses.replace(registration, **{field: convert(value)})
        return dataclasses.replace(pool, dynamic_client_registration=changed)

    return set_registration


def sets_high_risk(field: str) -> Setter:
    def set_high_risk(risk: RiskConfiguration, value: object) -> RiskConfiguration:
        level = risk.high_risk or TakeoverAction(action="", notifies_user=None)
        changed: Any = dataclasses.replace(level, **{field: value})
        return dataclasses.replace(risk, high_risk=changed)

    return set_high_risk


def sets_lifetime(field: str) -> Setter:
    """Set a lifetime, whose unit is the next change: until then the number stands for itself."""
    return sets(field)


def in_unit(field: str) -> Setter:
    seconds = {"minutes": 60, "days": 86400}

    def set_unit(client: AppClient, value: str) -> AppClient:
        changed: Any = {field: getattr(client, field) * seconds[value]}
        return dataclasses.replace(client, **changed)

    return set_unit


def providers(entries: Sequence[Mapping[str, Any]]) -> tuple[UserPoolProvider, ...]:
    return tuple(
        UserPoolProvider(
            provider_name=entry["ProviderName"],
            client_id=entry["ClientId"],
            has_server_side_token_check=entry["ServerSideTokenCheck"],
        )
        for entry in entries
    )


def by_priority(entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(entry["Name"] for entry in sorted(entries, key=lambda entry: entry["Priority"]))


def is_removed(_risk: RiskConfiguration | None, value: None) -> None:
    assert value is None


SETTERS: Mapping[Operation, Mapping[str, Setter]] = {
    Operation.UPDATE_USER_POOL: {
        "AccountRecoverySetting.RecoveryMechanisms": sets("recovery_mechanisms", by_priority),
        "AdminCreateUserConfig.AllowAdminCreateUserOnly": sets("admin_creates_users_only"),
        "AutoVerifiedAttributes": sets("auto_verified_attributes", frozenset),
        "DcrConfiguration.OpenDcrEnabled": sets_registration("is_open", bool),
        "DcrConfiguration.OpenDcrGrantTypes": sets_registration("open_grant_types", frozenset),
        "DeletionProtection": sets("deletion_protection"),
        "DeviceConfiguration.ChallengeRequiredOnNewDevice": sets_device,
        "Policies.PasswordPolicy.MinimumLength": sets_policy("minimum_length"),
        "Policies.PasswordPolicy.RequireLowercase": sets_policy("requires_lowercase"),
        "Policies.PasswordPolicy.RequireNumbers": sets_policy("requires_numbers"),
        "Policies.PasswordPolicy.RequireSymbols": sets_policy("requires_symbols"),
        "Policies.PasswordPolicy.RequireUppercase": sets_policy("requires_uppercase"),
        "Policies.PasswordPolicy.TemporaryPasswordValidityDays": sets_policy("temporary_password_days"),
        "Policies.SignInPolicy.AllowedFirstAuthFactors": sets("first_factors", frozenset),
        "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate": sets(
            "attributes_verified_before_update", frozenset
        ),
        "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode": sets(
            "custom_auth_threat_protection"
        ),
        "UserPoolAddOns.AdvancedSecurityMode": sets("threat_protection"),
    },
    Operation.SET_USER_POOL_MFA: {
        "MfaConfiguration": sets("mode"),
        "SoftwareTokenMfaConfiguration.Enabled": sets("has_totp"),
    },
    Operation.SET_RISK_CONFIGURATION: {
        "AccountTakeoverRiskConfiguration": is_removed,
        "AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction": sets_high_risk("action"),
        "AccountTakeoverRiskConfiguration.Actions.HighAction.Notify": sets_high_risk("notifies_user"),
        "CompromisedCredentialsRiskConfiguration": is_removed,
        "CompromisedCredentialsRiskConfiguration.Actions.EventAction": sets("compromised_credentials_action"),
        "RiskExceptionConfiguration": is_removed,
    },
    Operation.UPDATE_USER_POOL_CLIENT: {
        "AccessTokenValidity": sets_lifetime("access_token_seconds"),
        "AllowedOAuthFlows": sets("oauth_flows", frozenset),
        "AllowedOAuthScopes": sets("oauth_scopes", frozenset),
        "EnableTokenRevocation": sets("is_token_revocation_enabled"),
        "ExplicitAuthFlows": sets("explicit_auth_flows", frozenset),
        "PreventUserExistenceErrors": sets("prevent_user_existence_errors"),
        "RefreshTokenValidity": sets_lifetime("refresh_token_seconds"),
        "TokenValidityUnits.AccessToken": in_unit("access_token_seconds"),
        "TokenValidityUnits.RefreshToken": in_unit("refresh_token_seconds"),
    },
    Operation.UPDATE_IDENTITY_POOL: {
        "AllowClassicFlow": sets("allows_classic_flow"),
        "AllowUnauthenticatedIdentities": sets("allows_guest_access"),
        "CognitoIdentityProviders": sets("user_pool_providers", providers),
    },
}
FACETS = {
    Operation.UPDATE_USER_POOL: FacetName.USER_POOL,
    Operation.SET_USER_POOL_MFA: FacetName.MFA_CONFIGURATION,
    Operation.UPDATE_USER_POOL_CLIENT: FacetName.APP_CLIENT,
    Operation.UPDATE_IDENTITY_POOL: FacetName.IDENTITY_POOL,
}


def changed(snapshot: Snapshot, one: Rule, made: Sequence[Change]) -> Snapshot:
    """Return the snapshot as the next run would find it after the changes to the subject of the rule."""

    def after(holding: Any) -> Any:
        facets = dict(holding.facets)
        for change in made:
            name = FACETS.get(change.operation) or (
                FacetName.CLIENT_RISK if one.subject is AppClient else FacetName.RISK_CONFIGURATION
            )
            if name in facets:
                set_value = SETTERS[change.operation][".".join(change.path)]
                facets[name] = Facet.read(set_value(facets[name].value, change.value), NOW)
        parts = {
            name: tuple(map(after, getattr(holding, name))) for name in ("clients",) if hasattr(holding, name)
        }
        return dataclasses.replace(holding, **parts, facets=facets)

    return Snapshot(
        regions=tuple(
            dataclasses.replace(
                region,
                user_pools=tuple(map(after, region.user_pools)),
                identity_pools=tuple(map(after, region.identity_pools)),
            )
            for region in snapshot.regions
        )
    )


def findings(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {
        (each.code, each.resource_arn)
        for each in evaluate(snapshot, catalogue(), today=TODAY)
        if each.outcome is Outcome.FAIL
    }


@pytest.mark.parametrize("case", FAILING, ids=str)
def test_changes_close_the_finding_and_open_none(case: Case) -> None:
    made = changes(case.rule, case.snapshot)
    if not made:
        return
    before = findings(case.snapshot)

    after = findings(changed(case.snapshot, case.rule, made))

    assert case.rule.code not in {code for code, _ in after}
    assert {code for code, _ in after - before} <= BROUGHT_UP.get(case.rule.code, set())
