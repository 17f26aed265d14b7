from datetime import timedelta
from typing import Any

import pytest

from records.facet import Gap, Reason
from records.snapshot import Snapshot
from records.user_pool_parts import ClientSecret
from rules.client_secrets import client_secret_is_old, replaced_secret_still_works
from rules.engine import Rule
from tests.builders import (
    NOW,
    make_app_client,
    make_app_client_snapshot,
    make_gap,
    make_snapshot,
    make_user_pool_snapshot,
)
from tests.rules.judging import Case, fails, is_no_matter, is_unknown, judge, passes

NO_SECRETS = make_gap("cognito-idp:ListUserPoolClientSecrets")


def secrets(*ages: int | None, **overrides: Any) -> Snapshot:
    """Build an app client with secrets of so many days, None for one without a date."""
    return with_secrets(
        tuple(
            ClientSecret(
                secret_id=f"secret{number}", created_at=None if age is None else NOW - timedelta(days=age)
            )
            for number, age in enumerate(ages)
        ),
        **overrides,
    )


def with_secrets(found: tuple[ClientSecret, ...] | Gap, **overrides: Any) -> Snapshot:
    client = make_app_client_snapshot(make_app_client(**{"has_secret": True, **overrides}), secrets=found)
    return make_snapshot(user_pools=[make_user_pool_snapshot(clients=(client,))])


CASES = [
    fails(
        client_secret_is_old,
        "one of two",
        secrets(400, 10),
        "has a client secret that is 400 days old, more than 365",
        evidence=(("ClientSecrets[0].ClientSecretCreateDate", "2025-10-19"),),
    ),
    fails(
        client_secret_is_old,
        "listed though the client shows none",
        secrets(366, 1, has_secret=False),
        "has a client secret that is 366 days old, more than 365",
    ),
    passes(client_secret_is_old, "exactly a year", secrets(365)),
    passes(client_secret_is_old, "date in the future", secrets(-3)),
    is_no_matter(client_secret_is_old, "public client", secrets(has_secret=False)),
    is_no_matter(
        client_secret_is_old, "public client, list unread", with_secrets(NO_SECRETS, has_secret=False)
    ),
    is_unknown(client_secret_is_old, "list unread", with_secrets(NO_SECRETS), NO_SECRETS),
    fails(
        replaced_secret_still_works,
        "newest is old too",
        secrets(400, 31),
        "has 2 client secrets, 31 days after the newest was made",
        evidence=(
            ("ClientSecrets[0].ClientSecretCreateDate", "2025-10-19"),
            ("ClientSecrets[1].ClientSecretCreateDate", "2026-10-23"),
        ),
    ),
    passes(replaced_secret_still_works, "rotation began a month ago", secrets(400, 30)),
    passes(replaced_secret_still_works, "one secret", secrets(400)),
    is_no_matter(replaced_secret_still_works, "public client", secrets(has_secret=False)),
    is_unknown(replaced_secret_still_works, "list unread", with_secrets(NO_SECRETS), NO_SECRETS),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_client_secret_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    "rule", [client_secret_is_old, replaced_secret_still_works], ids=lambda one: one.code
)
@pytest.mark.parametrize("ages", [(), (None,), (10, None)], ids=["none listed", "no date", "one without"])
def test_a_secret_without_a_date_is_unknown(rule: Rule, ages: tuple[int | None, ...]) -> None:
    said = judge(rule, secrets(*ages))

    [gap] = said.gaps
    assert (said.outcome, gap.reason) == ("unknown", Reason.MALFORMED)
    assert gap.iam_action == "cognito-idp:ListUserPoolClientSecrets"


def test_an_old_secret_beside_one_without_a_date_is_still_reported() -> None:
    said = judge(client_secret_is_old, secrets(None, 500))

    assert said.messages == ("has a client secret that is 500 days old, more than 365",)
    assert [gap.reason for gap in said.gaps] == [Reason.MALFORMED]
