import pytest

from records.app_client import RefreshTokenRotation
from records.evaluation import Severity
from records.snapshot import Snapshot
from rules.engine import Rule
from rules.user_tokens import (
    id_token_lives_too_long,
    oauth_tokens_change_profiles,
    refresh_tokens_do_not_rotate,
)
from tests.builders import make_machine_client
from tests.rules.judging import Case, app_client, fails, is_no_matter, judge, passes, user_pool

UNROTATED = RefreshTokenRotation(is_enabled=False, grace_seconds=None)
PROFILE = frozenset({"openid", "aws.cognito.signin.user.admin"})

CASES = [
    fails(
        refresh_tokens_do_not_rotate,
        "off",
        app_client(refresh_token_rotation=UNROTATED),
        "keeps a refresh token for 30 days without rotating it",
        evidence=(("RefreshTokenRotation.Feature", "DISABLED"), ("RefreshTokenValidity", "2592000 seconds")),
    ),
    fails(
        refresh_tokens_do_not_rotate,
        "left out, by the default flows of the SDK",
        app_client(
            refresh_token_rotation=None,
            refresh_token_seconds=5400,
            is_oauth_enabled=None,
            explicit_auth_flows=frozenset(),
        ),
        "keeps a refresh token for 1.5 hours without rotating it",
        evidence=(("RefreshTokenRotation.Feature", None), ("RefreshTokenValidity", "5400 seconds")),
    ),
    fails(
        refresh_tokens_do_not_rotate,
        "flows of the old shape",
        app_client(
            refresh_token_rotation=None,
            is_oauth_enabled=False,
            explicit_auth_flows=frozenset({"USER_PASSWORD_AUTH"}),
        ),
        "keeps a refresh token for 30 days without rotating it",
    ),
    passes(refresh_tokens_do_not_rotate, "on", app_client()),
    is_no_matter(
        refresh_tokens_do_not_rotate,
        "no way to refresh",
        app_client(
            refresh_token_rotation=None, oauth_flows=frozenset({"implicit"}), identity_providers=frozenset()
        ),
    ),
    is_no_matter(
        refresh_tokens_do_not_rotate,
        "machine",
        user_pool(clients=(make_machine_client(refresh_token_rotation=None),)),
    ),
    fails(
        id_token_lives_too_long,
        "a day",
        app_client(id_token_seconds=86400),
        "issues ID tokens for 1440 minutes, more than 60",
        evidence=(("IdTokenValidity", "86400 seconds"),),
    ),
    passes(id_token_lives_too_long, "exactly an hour", app_client()),
    passes(id_token_lives_too_long, "left out counts as an hour", app_client(id_token_seconds=None)),
    is_no_matter(
        id_token_lives_too_long, "machine", user_pool(clients=(make_machine_client(id_token_seconds=86400),))
    ),
    fails(
        oauth_tokens_change_profiles,
        "listed",
        app_client(oauth_scopes=PROFILE),
        "gives access tokens the scope aws.cognito.signin.user.admin",
        evidence=(
            ("AllowedOAuthScopes", ("aws.cognito.signin.user.admin", "openid")),
            ("ClientType", "REGULAR"),
        ),
    ),
    passes(oauth_tokens_change_profiles, "not listed", app_client()),
    is_no_matter(
        oauth_tokens_change_profiles,
        "OAuth off",
        app_client(oauth_scopes=PROFILE, is_oauth_enabled=False),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_user_token_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("rule", "snapshot", "severity", "reason"),
    [
        (
            refresh_tokens_do_not_rotate,
            app_client(refresh_token_rotation=UNROTATED),
            Severity.MEDIUM,
            "",
        ),
        (
            refresh_tokens_do_not_rotate,
            app_client(refresh_token_rotation=UNROTATED, has_secret=True, callback_urls=("shop://in",)),
            Severity.MEDIUM,
            "",
        ),
        (
            refresh_tokens_do_not_rotate,
            app_client(refresh_token_rotation=UNROTATED, has_secret=True),
            Severity.LOW,
            "lowered because a refresh token is of no use without the client's secret",
        ),
        (oauth_tokens_change_profiles, app_client(oauth_scopes=PROFILE), Severity.LOW, ""),
        (
            oauth_tokens_change_profiles,
            app_client(oauth_scopes=PROFILE, client_type="DCR"),
            Severity.MEDIUM,
            "raised because an application registered the app client by itself",
        ),
    ],
)
def test_problems_are_graded(rule: Rule, snapshot: Snapshot, severity: Severity, reason: str) -> None:
    said = judge(rule, snapshot)

    assert (said.severity, said.severity_reason) == (severity, reason)
