"""Remedies: every rule has one, and the changes are such that AWS takes them and the finding closes."""

import collections
import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.model
import botocore.session
import pytest

import rules.remedies
from records.app_client import AppClient
from records.evaluation import Outcome
from records.identity_pool import IdentityPool
from records.user_pool import MfaConfiguration, RiskConfiguration, UserPool
from rules.catalogue import catalogue
from rules.evaluating import evaluate
from rules.remedies import Change, Operation, Remedy, remedies
from rules.remedies.templates import ATTRIBUTES, Place, cloudformation, terraform
from tests.builders import (
    TODAY,
    make_app_client,
    make_identity_pool,
    make_identity_pool_snapshot,
    make_mfa_configuration,
    make_risk_configuration,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import EVERY_RULE, Case
from tests.rules.remedying import changed, changes, findings
from tests.rules.test_catalogue import CASES, left_out, of_tomorrow
from tests.rules.test_remedy_choices import CLOSING

SERVICES = {
    Operation.UPDATE_USER_POOL: "cognito-idp",
    Operation.SET_USER_POOL_MFA: "cognito-idp",
    Operation.SET_RISK_CONFIGURATION: "cognito-idp",
    Operation.UPDATE_USER_POOL_CLIENT: "cognito-idp",
    Operation.UPDATE_IDENTITY_POOL: "cognito-identity",
}
MAKING = {remedy.code for remedy in remedies().values() if remedy.changes}
FAILING = [case for case in CASES if case.outcome is Outcome.FAIL and case.rule.code in MAKING]
WHOLE = [case for case in FAILING if not any(facet.gap for *_, facet in case.snapshot.facets)]

each_remedy = pytest.mark.parametrize("remedy", remedies().values(), ids=lambda remedy: remedy.code)


def test_every_rule_has_one_remedy_in_the_module_of_its_family() -> None:
    homes = {
        remedy.code: name.replace("_", " ")
        for name, module in vars(rules.remedies).items()
        for remedy in getattr(module, "REMEDIES", ())
    }

    assert homes == {one.code: one.family for one in catalogue()}


def test_a_code_with_two_remedies_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = remedies()["GOV001"]
    monkeypatch.setattr("rules.remedies.governance.REMEDIES", (one, dataclasses.replace(one)))

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
    assert remedy.steps
    assert "aws cognito-" not in " ".join(remedy.steps)


def test_a_change_of_one_name_is_made_in_one_way() -> None:
    ways: dict[str, set[object]] = collections.defaultdict(set)
    for remedy in remedies().values():
        if remedy.changes:
            ways[remedy.change].add(remedy.changes)

    assert {name for name, made in ways.items() if len(made) > 1} == set()


def test_change_that_is_shared_is_named_alike() -> None:
    """Findings of one resource are grouped by the name, so no two names may differ in looks alone."""
    names = {remedy.change for remedy in remedies().values()}

    assert len({re.sub(r"\W|the|an?\b", "", name.lower()) for name in names}) == len(names)


@functools.cache
def service_model(name: str) -> botocore.model.ServiceModel:
    return botocore.session.get_session().get_service_model(name)


def shape_at(change: Change) -> botocore.model.Shape:
    model = service_model(SERVICES[change.operation])
    shape: Any = model.operation_model(change.operation.value).input_shape
    for member in change.path:
        shape = shape.members[member]
    found: botocore.model.Shape = shape
    return found


KINDS: Mapping[str, type[Any]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "list": list,
    "structure": dict,
}


def complaints(shape: Any, value: Any) -> Iterator[str]:
    """Say what AWS's model has against a value; botocore itself looks at neither enums nor maxima."""
    if type(value) is not KINDS[shape.type_name]:
        yield f"{value!r} is no {shape.type_name}"
        return
    size = value if isinstance(value, int) else len(value)
    if not shape.metadata.get("min", size) <= size <= shape.metadata.get("max", size):
        yield f"{value!r} is out of bounds"
    if (enum := getattr(shape, "enum", None)) and value not in enum:
        yield f"{value!r} is none of {enum}"
    # Python knows no classes of Unicode; all of those that the model names are no blanks.
    pattern = re.sub(r"\\p\{[A-Z]\}", r"\\S", shape.metadata.get("pattern", ""))
    if pattern and not re.fullmatch(pattern, value):
        yield f"{value!r} is not of the form {pattern}"
    if isinstance(value, list):
        for each in value:
            yield from complaints(shape.member, each)
    if isinstance(value, dict):
        if missing := set(shape.required_members) - set(value):
            yield f"{value!r} lacks {missing}"
        for name, each in value.items():
            yield from complaints(shape.members[name], each)


@pytest.mark.parametrize("case", FAILING, ids=str)
def test_changes_are_members_that_aws_takes(case: Case) -> None:
    for change in changes(case.rule, case.snapshot):
        shape = shape_at(change)
        if change.value is not None:
            assert list(complaints(shape, change.value)) == []


@pytest.mark.parametrize("case", FAILING, ids=str)
def test_changes_close_the_finding_and_open_none(case: Case) -> None:
    made = changes(case.rule, case.snapshot)
    if not made:
        return
    before = findings(case.snapshot)
    fixed = changed(case.snapshot, case.rule, made)

    after = findings(fixed)

    [evaluation] = evaluate(fixed, [case.rule], today=TODAY, baseline=EVERY_RULE)
    assert evaluation.outcome in {Outcome.PASS, Outcome.NOT_APPLICABLE}
    assert after - before == set()


@pytest.mark.parametrize("case", WHOLE, ids=str)
def test_values_that_nobody_knows_yet_are_no_error(case: Case) -> None:
    assert all(shape_at(change) for change in changes(case.rule, of_tomorrow(case.snapshot)))


@pytest.mark.parametrize("remedy", [remedies()[code] for code in sorted(MAKING)], ids=lambda one: one.code)
def test_settings_that_aws_left_out_are_no_error(remedy: Remedy) -> None:
    pool = make_user_pool_snapshot(
        make_user_pool(**left_out(UserPool)),
        mfa=make_mfa_configuration(mode="OFF", **left_out(MfaConfiguration)),
        risk=make_risk_configuration(**left_out(RiskConfiguration)),
        clients=(make_app_client(**left_out(AppClient)),),
    )
    bare = make_identity_pool_snapshot(make_identity_pool(**left_out(IdentityPool)))
    snapshot = make_snapshot(user_pools=[pool], identity_pools=[bare])
    [one] = [each for each in catalogue() if each.code == remedy.code]

    for change in changes(one, snapshot):
        assert change.value is None or list(complaints(shape_at(change), change.value)) == []


def test_every_remedy_with_changes_makes_some() -> None:
    making = {case.rule.code for case in FAILING if changes(case.rule, case.snapshot)}

    assert making | {each.code for each in CLOSING} == MAKING


def test_templates_know_every_change_that_is_made() -> None:
    made = {
        (change.operation, change.path) for case in FAILING for change in changes(case.rule, case.snapshot)
    }

    assert made - set(ATTRIBUTES) == set()


@pytest.mark.parametrize(("operation", "path"), ATTRIBUTES, ids=str)
def test_templates_know_members_alone(operation: Operation, path: tuple[str, ...]) -> None:
    assert shape_at(Change(operation, path, None)).name


def test_a_change_has_its_place_in_templates() -> None:
    length = Change(Operation.UPDATE_USER_POOL, ("Policies", "PasswordPolicy", "MinimumLength"), 12)
    totp = Change(Operation.SET_USER_POOL_MFA, ("SoftwareTokenMfaConfiguration", "Enabled"), value=True)
    registration = Change(Operation.UPDATE_USER_POOL, ("DcrConfiguration", "OpenDcrEnabled"), value=False)

    assert terraform(length) == Place(
        resource="aws_cognito_user_pool", attribute="password_policy.minimum_length", value=12
    )
    assert cloudformation(length) == Place(
        resource="AWS::Cognito::UserPool", attribute="Policies.PasswordPolicy.MinimumLength", value=12
    )
    assert cloudformation(totp) == Place(
        resource="AWS::Cognito::UserPool", attribute="EnabledMfas[]", value="SOFTWARE_TOKEN_MFA"
    )
    assert (terraform(registration), cloudformation(registration)) == (None, None)
