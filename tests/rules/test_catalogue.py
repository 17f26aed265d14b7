"""Meta-tests: what must hold for every rule, also for those that are not yet written."""

import collections
import dataclasses
import importlib
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rules.catalogue
from records.app_client import AppClient
from records.evaluation import Outcome
from records.facet import Facet, FacetName
from records.federation import IdentityProvider
from records.iam import Role
from records.identity_pool import IdentityPool, IdentityPoolRoles
from records.resource import Member
from records.snapshot import Snapshot
from records.user_pool import (
    DeviceConfiguration,
    DynamicClientRegistration,
    EmailConfiguration,
    LambdaTrigger,
    MfaConfiguration,
    PasswordPolicy,
    RiskConfiguration,
    UserPool,
)
from records.user_pool_parts import UserPoolDomain
from rules.catalogue import catalogue
from rules.engine import SUBJECTS, Rule
from rules.evaluating import evaluate
from rules.links import AWS_DOCS
from tests.builders import (
    CLIENT_ID,
    FUNCTION_ARN,
    IDENTITY_POOL_ID,
    NOW,
    TODAY,
    USER_POOL_ID,
    make_app_client,
    make_domain,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_identity_provider,
    make_mfa_configuration,
    make_risk_configuration,
    make_role,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import EVERY_RULE, Case

FAMILIES = {
    "authentication": "AUT",
    "threat protection": "THR",
    "sign up": "SGN",
    "app clients": "APP",
    "client secrets": "SEC",
    "tokens": "TOK",
    "messaging": "MSG",
    "governance": "GOV",
    "identity pools": "IDP",
    "role trust": "RTR",
    "federation": "FED",
    "saml": "SML",
    "provider mapping": "MAP",
    "providers": "PRV",
    "roles": "ROL",
    "service roles": "SVC",
    "group roles": "GRL",
    "credentials": "CRD",
    "triggers": "TRG",
    "network edge": "EDG",
    "logging": "LOG",
    "apis": "API",
    "upkeep": "UPK",
    "user attributes": "ATR",
    "user tokens": "UTK",
    "callbacks": "CBK",
    "auth flows": "FLW",
    "registration": "REG",
    "disuse": "USE",
    "factors": "FAC",
    "risk responses": "RSK",
}
KNOWN_MAPPINGS = {
    "security_hub": {f"Cognito.{number}" for number in range(1, 7)},
    "aws_config": {
        "cognito-identity-pool-unauth-access-check",
        "cognito-identity-pool-unauthenticated-logins",
        "cognito-user-pool-advanced-security-enabled",
        "cognito-user-pool-deletion-protection-enabled",
        "cognito-user-pool-mfa-enabled",
        "cognito-user-pool-password-policy-check",
        "cognito-user-pool-tagged",
        "cognito-userpool-cust-auth-threat-full-check",
    },
}
PEERS = {
    "cdk_nag": r"AwsSolutions-COG\d",
    "cfn_nag": r"[FW]\d+",
    "checkov": r"CKV_AWS_\d+",
    "cloudsploit": r"cognito[A-Z]\w+",
    "electric_eye": r"Cognito\.[1-4]",
    "kics": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "mondoo": r"mondoo-aws-security-cognito-[a-z-]+",
    "powerpipe": r"foundational_security_cognito_\d",
    "prowler": r"cognito_(user|identity)_pool_[a-z_]+(_14)?",
    "service_screener": r"cognito[A-Z]\w+",
    "stave": r"CTL\.COGNITO(\.[A-Z][A-Z\d]*)+(\.\d+)?",
}
# The checks of Prowler 5, whose owners shall find each of them again here.
PROWLER = {
    "cognito_identity_pool_guest_access_disabled",
    "cognito_user_pool_account_recovery_sms_not_preferred",
    "cognito_user_pool_advanced_security_enabled",
    "cognito_user_pool_blocks_compromised_credentials_sign_in_attempts",
    "cognito_user_pool_blocks_potential_malicious_sign_in_attempts",
    "cognito_user_pool_client_prevent_user_existence_errors",
    "cognito_user_pool_client_token_revocation_enabled",
    "cognito_user_pool_deletion_protection_enabled",
    "cognito_user_pool_mfa_enabled",
    "cognito_user_pool_password_policy_lowercase",
    "cognito_user_pool_password_policy_minimum_length_14",
    "cognito_user_pool_password_policy_number",
    "cognito_user_pool_password_policy_symbol",
    "cognito_user_pool_password_policy_uppercase",
    "cognito_user_pool_self_registration_disabled",
    "cognito_user_pool_temporary_password_expiration",
    "cognito_user_pool_waf_acl_attached",
}
CASES: list[Case] = [
    case
    for path in sorted(Path(__file__).parent.glob("test_*_rules.py"))
    for case in importlib.import_module(f"tests.rules.{path.stem}").CASES
]

each_rule = pytest.mark.parametrize("one", catalogue(), ids=lambda one: one.code)


def cases_of(one: Rule) -> list[Case]:
    return [case for case in CASES if case.rule is one]


def facets_of(snapshot: Snapshot) -> Iterator[tuple[FacetName, Facet[Any]]]:
    return ((name, facet) for _, _, name, facet in snapshot.facets)


def test_codes_and_slugs_are_unique() -> None:
    found = catalogue()

    assert len(found) == len({one.code for one in found}) == len({one.slug for one in found})
    assert [one.code for one in found] == sorted(one.code for one in found)


def test_a_code_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rules.catalogue.importlib.import_module",
        lambda _: types.SimpleNamespace(one=catalogue()[0], same=catalogue()[0]),
    )

    with pytest.raises(ValueError, match=f"rule codes stand twice: {catalogue()[0].code}"):
        rules.catalogue.catalogue.__wrapped__()


@each_rule
def test_code_and_slug_tell_family_and_problem(one: Rule) -> None:
    assert re.fullmatch(FAMILIES[one.family] + r"\d{3}", one.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", one.slug)


@each_rule
def test_documentation_is_whole(one: Rule) -> None:
    assert one.title[0].isupper()
    assert not one.title.endswith(".")
    for text in (one.why, one.fix, one.unsure_when or "."):
        assert text.endswith(".")
        assert "aws cognito-" not in text
    if "UpdateUserPool" in one.fix:
        assert "read, merge, write" in one.fix
        assert re.search(r"resets\s+every field left out", one.fix)


@each_rule
def test_link_leads_to_a_guide_of_aws(one: Rule) -> None:
    assert re.fullmatch(re.escape(AWS_DOCS) + r"[A-Za-z0-9/_.-]+\.html", one.url)


@each_rule
def test_mappings_and_peers_are_known(one: Rule) -> None:
    for framework, ids in one.mappings.items():
        assert set(ids) <= KNOWN_MAPPINGS[framework]
    for peer, ids in one.peers.items():
        assert all(re.fullmatch(PEERS[peer], each) for each in ids)


def test_every_control_of_security_hub_has_one_rule() -> None:
    counts = collections.Counter(
        control for one in catalogue() for control in one.mappings.get("security_hub", ())
    )

    assert counts == dict.fromkeys(KNOWN_MAPPINGS["security_hub"], 1)


def test_every_check_of_prowler_has_a_rule() -> None:
    assert {each for one in catalogue() for each in one.peers.get("prowler", ())} == PROWLER


def test_every_facet_is_read_by_a_rule() -> None:
    assert {name for one in catalogue() for name in one.reads} == {*FacetName}


@each_rule
def test_plan_is_one_of_aws(one: Rule) -> None:
    assert one.plan_needed in {"LITE", "ESSENTIALS", "PLUS", None}


@each_rule
def test_tables_hold_every_outcome_that_the_rule_has(one: Rule) -> None:
    wanted = {Outcome.FAIL, Outcome.PASS}
    if one.applies:
        wanted.add(Outcome.NOT_APPLICABLE)
    # A rule that has found a problem before it reads on has no UNKNOWN beside its subject's.
    if len(one.reads) > 1 and not any(case.gaps for case in cases_of(one) if case.outcome is Outcome.FAIL):
        wanted.add(Outcome.UNKNOWN)

    assert wanted <= {case.outcome for case in cases_of(one)}


@each_rule
def test_an_unread_subject_is_unknown(one: Rule) -> None:
    gap = make_gap()
    snapshot = {
        UserPool: make_snapshot(user_pools=[make_user_pool_snapshot(gap)]),
        AppClient: make_snapshot(user_pools=[make_user_pool_snapshot(clients=(gap,))]),
        IdentityProvider: make_snapshot(user_pools=[make_user_pool_snapshot(identity_providers=(gap,))]),
        UserPoolDomain: make_snapshot(user_pools=[make_user_pool_snapshot(domains=(gap,))]),
        IdentityPool: make_snapshot(identity_pools=[make_identity_pool_snapshot(gap)]),
        Role: make_snapshot(more={FacetName.WEB_IDENTITY_ROLES: gap}),
    }[one.subject]

    [evaluation] = evaluate(snapshot, [one], today=TODAY, baseline=EVERY_RULE)

    assert (evaluation.outcome, evaluation.gaps) == (Outcome.UNKNOWN, (gap,))


@each_rule
def test_declared_reads_are_what_the_rule_touches(one: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: set[int] = set()
    read = Facet.value.fget  # type: ignore[attr-defined]

    def watched(facet: Facet[Any]) -> Any:
        touched.add(id(facet))
        return read(facet)

    monkeypatch.setattr(Facet, "value", property(watched))
    names = {SUBJECTS[one.subject][0]}
    for case in cases_of(one):
        touched.clear()
        list(evaluate(case.snapshot, [one], today=TODAY, baseline=case.baseline))
        names |= {name for name, facet in facets_of(case.snapshot) if id(facet) in touched}

    assert sorted(one.reads) == sorted(names)


@pytest.mark.parametrize("case", [case for case in CASES if case.outcome is Outcome.FAIL], ids=str)
def test_messages_are_predicates_with_evidence(case: Case) -> None:
    [evaluation] = evaluate(case.snapshot, [case.rule], today=TODAY, baseline=case.baseline)

    assert evaluation.evidence
    own_id = {
        UserPool: USER_POOL_ID,
        AppClient: CLIENT_ID,
        IdentityProvider: "Staff",
        UserPoolDomain: "login.example.com",
        IdentityPool: IDENTITY_POOL_ID,
        Role: case.snapshot.regions[0].scope.role_arn(""),
    }[case.rule.subject]
    for message in evaluation.messages:
        assert re.match(r"[a-z]+s ", message) or message.startswith(("can ", "cannot ", "has ", "is "))
        assert not message.endswith(".")
        assert own_id not in message
        assert case.rule.code not in message
        assert not re.search(r"\b(pass|fail|check)(e[sd])?\b", message, re.IGNORECASE)
    for path, value in evaluation.evidence:
        assert path[0].isupper()
        assert all(
            isinstance(each, str | int | None) for each in (value if isinstance(value, tuple) else (value,))
        )


def test_the_builders_defaults_satisfy_every_rule() -> None:
    # Users of identity providers want a gate that they pass.
    gate = LambdaTrigger(stage="PreSignUp", function_arn=FUNCTION_ARN, version=None)
    snapshot = make_snapshot(
        user_pools=[
            make_user_pool_snapshot(
                make_user_pool(triggers=(gate,)),
                identity_providers=(make_identity_provider(),),
                domains=(make_domain(),),
            )
        ],
        identity_pools=[make_identity_pool_snapshot()],
    )

    outcomes = {each.outcome for each in evaluate(snapshot, catalogue(), today=TODAY, baseline=EVERY_RULE)}

    assert outcomes == {Outcome.PASS, Outcome.NOT_APPLICABLE}


def left_out(record_type: type) -> dict[str, Any]:
    """Return the overrides of a record that AWS answered with as little as it may."""
    empty: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(record_type).items():
        if type(None) in typing.get_args(hint):
            empty[name] = None
        elif typing.get_origin(hint) in (tuple, frozenset):
            empty[name] = typing.get_origin(hint)()
        elif hint is bool:
            empty[name] = False
    return empty


def test_records_of_the_old_shape_are_judged_without_an_error() -> None:
    bare = left_out(UserPool)
    hollow = {
        **bare,
        "password_policy": PasswordPolicy(**left_out(PasswordPolicy)),
        "device": DeviceConfiguration(**left_out(DeviceConfiguration)),
        "email": EmailConfiguration(**left_out(EmailConfiguration)),
        "dynamic_client_registration": DynamicClientRegistration(**left_out(DynamicClientRegistration)),
    }
    pools = [
        make_user_pool_snapshot(
            make_user_pool(**settings),
            mfa=make_mfa_configuration(mode="OFF", **left_out(MfaConfiguration)),
            risk=make_risk_configuration(**left_out(RiskConfiguration)),
            clients=(make_app_client(**left_out(AppClient)),),
            identity_providers=(make_identity_provider(**left_out(IdentityProvider)),),
            domains=(make_domain(**left_out(UserPoolDomain)),),
        )
        for settings in (bare, hollow)
    ]
    identities = make_identity_pool_snapshot(
        make_identity_pool(**left_out(IdentityPool)),
        roles=make_identity_pool_roles(**left_out(IdentityPoolRoles)),
    )
    role = make_role(**left_out(Role))
    snapshot = make_snapshot(
        user_pools=pools, identity_pools=[identities], more={FacetName.WEB_IDENTITY_ROLES: (role,)}
    )

    evaluations = list(evaluate(snapshot, catalogue(), today=TODAY, baseline=EVERY_RULE))

    assert {each.code for each in evaluations} == {one.code for one in catalogue()}
    assert not {Outcome.ERROR, Outcome.UNKNOWN} & {each.outcome for each in evaluations}


def in_words_of_tomorrow(value: Any) -> Any:
    """Return a facet's value with every word of AWS's replaced by one that nobody knows yet."""
    if isinstance(value, str):
        # What an ARN leads to is found by the ARN.
        return value if value.startswith("arn:") else "QUANTUM"
    if isinstance(value, frozenset):
        return frozenset(in_words_of_tomorrow(each) for each in value)
    if isinstance(value, tuple):
        return tuple(in_words_of_tomorrow(each) for each in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, Member):
        return value
    names = [each.name for each in dataclasses.fields(value)]
    changes = {name: in_words_of_tomorrow(getattr(value, name)) for name in names}
    return dataclasses.replace(value, **changes)  # type: ignore[type-var]


def of_tomorrow(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with every word of AWS's in every facet replaced."""

    def changed(facets: Any) -> Any:
        return {key: Facet.read(in_words_of_tomorrow(facet.value), NOW) for key, facet in facets.items()}

    def holding(one: Any) -> Any:
        parts = {
            name: tuple(holding(part) for part in getattr(one, name))
            for name in ("clients", "identity_providers", "domains", "user_pools", "identity_pools")
            if hasattr(one, name)
        }
        return dataclasses.replace(one, **parts, facets=changed(one.facets))

    return Snapshot(
        regions=tuple(
            dataclasses.replace(holding(region), references=changed(region.references))
            for region in snapshot.regions
        )
    )


def test_unknown_values_are_judged_without_an_error() -> None:
    whole = [
        case
        for case in CASES
        # A trail that another account hides is no gap of a facet, yet one of the case.
        if not case.gaps and not any(facet.gap for _, facet in facets_of(case.snapshot))
    ]

    outcomes = {
        each.outcome
        for case in whole
        for each in evaluate(of_tomorrow(case.snapshot), [case.rule], today=TODAY, baseline=case.baseline)
    }

    assert outcomes == {Outcome.FAIL, Outcome.PASS, Outcome.NOT_APPLICABLE}
