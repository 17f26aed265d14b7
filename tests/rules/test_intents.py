"""What owners declare of user pools, by tag and in the settings."""

import pytest

from records.intent import Intent
from records.snapshot import UserPoolSnapshot
from rules.intents import INTENT_TAG, DeclaredIntent, Intents, tagged_intents
from tests.builders import USER_POOL_ID, make_gap, make_user_pool, make_user_pool_snapshot


def tagged(*tags: tuple[str, str]) -> UserPoolSnapshot:
    return make_user_pool_snapshot(make_user_pool(tags=tags))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("public-sign-up", {Intent.PUBLIC_SIGN_UP}),
        ("Public-Sign-Up", {Intent.PUBLIC_SIGN_UP}),
        ("development federated-only", {Intent.DEVELOPMENT, Intent.FEDERATED_ONLY}),
        ("development,federated-only", {Intent.DEVELOPMENT, Intent.FEDERATED_ONLY}),
        ("development + machine-to-machine", {Intent.DEVELOPMENT, Intent.MACHINE_TO_MACHINE}),
        ("productoin", set()),
        ("", set()),
    ],
)
def test_a_tag_declares(value: str, expected: set[Intent]) -> None:
    assert Intents().of(tagged((INTENT_TAG, value))) == expected


def test_a_name_that_is_no_intent_can_be_told() -> None:
    assert tagged_intents(tagged((INTENT_TAG, "Development productoin"))) == ("development", "productoin")


def test_other_tags_and_unread_tags_declare_nothing() -> None:
    assert Intents().of(tagged(("intent", "development"))) == frozenset()
    assert Intents().of(make_user_pool_snapshot(make_gap())) == frozenset()


@pytest.mark.parametrize(
    ("arn", "tag", "fits"),
    [
        ("*", None, True),
        (f"*userpool/{USER_POOL_ID}", None, True),
        ("arn:aws:cognito-idp:eu-west-1:*", None, True),
        ("arn:aws:cognito-idp:us-east-1:*", None, False),
        # A dot is a dot, and the pattern is of the whole ARN.
        ("userpool", None, False),
        (None, ("environment", "test"), True),
        (None, ("environment", "prod"), False),
        ("*", ("environment", "test"), True),
        ("arn:aws:cognito-idp:us-east-1:*", ("environment", "test"), False),
    ],
)
def test_settings_declare_by_arn_and_tag(arn: str | None, tag: tuple[str, str] | None, fits: bool) -> None:  # noqa: FBT001
    declared = DeclaredIntent(intents=frozenset({Intent.DEVELOPMENT}), arn=arn, tag=tag)
    found = Intents(declared=(declared,)).of(tagged(("environment", "test")))
    assert found == ({Intent.DEVELOPMENT} if fits else set())


def test_settings_by_tag_fit_no_user_pool_whose_tags_were_not_read() -> None:
    declared = DeclaredIntent(intents=frozenset({Intent.DEVELOPMENT}), tag=("environment", "test"))
    assert Intents(declared=(declared,)).of(make_user_pool_snapshot(make_gap())) == frozenset()
