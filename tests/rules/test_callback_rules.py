from typing import Any

import pytest

from records.app_client import AppClient
from records.evaluation import Severity
from records.snapshot import Snapshot
from rules.callbacks import (
    callback_has_a_scheme_of_its_own,
    callback_host_may_change_hands,
    callback_leads_to_the_users_machine,
    callbacks_go_to_many_hosts,
    logout_is_plain_http,
)
from rules.engine import Baseline
from tests.builders import make_app_client
from tests.rules.judging import (
    NO_USER_POOL,
    Case,
    app_client,
    fails,
    is_no_matter,
    judge,
    passes,
    user_pool,
)

HOME = "https://shop.example.com/signed-in"
LOCAL = "http://localhost:5173/auth"
IMPLICIT = frozenset({"code", "implicit"})


def calls_back(*urls: str, **overrides: Any) -> Snapshot:
    return app_client(callback_urls=urls, **overrides)


def local(*urls: str, **overrides: Any) -> Snapshot:
    """Build an app client whose callbacks go to the user's machine, in a user pool of these settings."""
    return user_pool(clients=(local_client(*urls),), **overrides)


def local_client(*urls: str) -> AppClient:
    return make_app_client(callback_urls=(*urls, LOCAL))


def hosts(count: int) -> tuple[str, ...]:
    return tuple(f"https://shop{number}.example.com/{number}" for number in range(count))


CASES = [
    fails(
        callback_leads_to_the_users_machine,
        "alone",
        calls_back(LOCAL, "http://[::1]/"),
        f"sends users to {LOCAL} and http://[::1]/",
        evidence=(("CallbackURLs", (LOCAL, "http://[::1]/")),),
    ),
    fails(
        callback_leads_to_the_users_machine,
        "beside a real callback",
        calls_back(HOME, LOCAL),
        f"sends users to {LOCAL} beside shop.example.com",
        evidence=(("CallbackURLs", (HOME, LOCAL)),),
    ),
    fails(
        callback_leads_to_the_users_machine,
        "in production",
        local(tags=(("Stage", "PROD"), ("team", "identity"))),
        f"sends users to {LOCAL}",
        "belongs to a user pool tagged Stage=PROD",
        evidence=(("CallbackURLs", (LOCAL,)), ("UserPoolTags.Stage", "PROD")),
    ),
    fails(
        callback_leads_to_the_users_machine,
        "tags unread",
        local(settings=NO_USER_POOL),
        f"sends users to {LOCAL}",
        gaps=(NO_USER_POOL,),
    ),
    passes(callback_leads_to_the_users_machine, "none", app_client()),
    passes(
        callback_leads_to_the_users_machine,
        "a name that begins like it",
        calls_back("https://localhost.example.com/", "https://127.0.0.1.example.com/", "https://[bad/"),
    ),
    passes(callback_leads_to_the_users_machine, "no callbacks", calls_back()),
    is_no_matter(
        callback_leads_to_the_users_machine,
        "declared development",
        local(tags=(("poolwatch:intent", "development"),)),
    ),
    is_no_matter(callback_leads_to_the_users_machine, "OAuth off", calls_back(LOCAL, is_oauth_enabled=False)),
    fails(
        callback_has_a_scheme_of_its_own,
        "phone app",
        calls_back(HOME, "shop://signed-in"),
        "sends users to shop://signed-in, whose scheme any app can claim",
        evidence=(("CallbackURLs", "shop://signed-in"), ("AllowedOAuthFlows", ("code",))),
    ),
    passes(callback_has_a_scheme_of_its_own, "web alone", calls_back(HOME, LOCAL)),
    passes(callback_has_a_scheme_of_its_own, "no URL at all", calls_back("signed-in", "", "1shop://x")),
    is_no_matter(
        callback_has_a_scheme_of_its_own, "OAuth left out", calls_back("shop://x", is_oauth_enabled=None)
    ),
    fails(
        callback_host_may_change_hands,
        "given away by services",
        calls_back(
            HOME,
            "https://Shop.HerokuApp.com/cb",
            "https://shop.s3.eu-west-1.amazonaws.com/cb.html",
            "https://shop.s3-website.eu-west-1.amazonaws.com/",
            "https://shop.eu-west-1.elasticbeanstalk.com/cb",
        ),
        "sends users to shop.herokuapp.com, a name that others may take once it is given up",
        "sends users to shop.s3.eu-west-1.amazonaws.com, a name that others may take once it is given up",
        "sends users to shop.s3-website.eu-west-1.amazonaws.com, a name that others may take once it is "
        "given up",
        "sends users to shop.eu-west-1.elasticbeanstalk.com, a name that others may take once it is given up",
        evidence=(
            ("CallbackURLs", "https://Shop.HerokuApp.com/cb"),
            ("CallbackURLs", "https://shop.s3.eu-west-1.amazonaws.com/cb.html"),
            ("CallbackURLs", "https://shop.s3-website.eu-west-1.amazonaws.com/"),
            ("CallbackURLs", "https://shop.eu-west-1.elasticbeanstalk.com/cb"),
        ),
    ),
    fails(
        callback_host_may_change_hands,
        "default redirect alone",
        calls_back(HOME, default_redirect_uri="https://a1b2.ngrok-free.app/"),
        "sends users to a1b2.ngrok-free.app, a name that others may take once it is given up",
    ),
    fails(
        callback_host_may_change_hands,
        "placeholder",
        calls_back("https://example.com"),
        "sends users to example.com, a placeholder",
    ),
    passes(
        callback_host_may_change_hands,
        "names of one's own, and names that AWS makes up",
        calls_back(
            HOME,
            LOCAL,
            "shop://herokuapp.com",
            "https://d111111abcdef8.cloudfront.net/",
            "https://main.d1a2b3c4d5.amplifyapp.com/",
            "https://notherokuapp.com/",
            "https://herokuapp.com.example.net/",
            "https://[bad/",
        ),
    ),
    is_no_matter(
        callback_host_may_change_hands,
        "OAuth off",
        calls_back("https://shop.herokuapp.com", is_oauth_enabled=False),
    ),
    fails(
        logout_is_plain_http,
        "unencrypted",
        app_client(logout_urls=("https://shop.example.com/", "http://shop.example.com/bye")),
        "sends users who sign out to http://shop.example.com/bye without encryption",
        evidence=(("LogoutURLs", "http://shop.example.com/bye"),),
    ),
    passes(logout_is_plain_http, "encrypted", app_client()),
    passes(
        logout_is_plain_http,
        "the user's own machine, and an app",
        app_client(logout_urls=("http://localhost:3000/", "http://127.0.0.1/", "shop://bye")),
    ),
    is_no_matter(
        logout_is_plain_http,
        "OAuth off",
        app_client(logout_urls=("http://shop.example.com/",), is_oauth_enabled=False),
    ),
    fails(
        callbacks_go_to_many_hosts,
        "eleven",
        calls_back(*hosts(11), LOCAL),
        "sends users to 11 hosts, more than 10",
        evidence=(("CallbackURLs", tuple(sorted(f"shop{number}.example.com" for number in range(11)))),),
    ),
    passes(callbacks_go_to_many_hosts, "ten, and paths of them", calls_back(*hosts(10), f"{hosts(1)[0]}/x")),
    is_no_matter(callbacks_go_to_many_hosts, "OAuth off", calls_back(*hosts(11), is_oauth_enabled=False)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_callback_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("snapshot", "severity", "reason"),
    [
        (calls_back(LOCAL), Severity.LOW, ""),
        (
            calls_back(LOCAL, HOME),
            Severity.MEDIUM,
            "raised because users of a real application go through the same app client",
        ),
        (
            local(tags=(("stage", "production"),)),
            Severity.MEDIUM,
            "raised because the user pool is tagged as production",
        ),
    ],
)
def test_localhost_is_worse_where_real_users_are(snapshot: Snapshot, severity: Severity, reason: str) -> None:
    said = judge(callback_leads_to_the_users_machine, snapshot)

    assert (said.severity, said.severity_reason) == (severity, reason)


@pytest.mark.parametrize(
    ("overrides", "severity", "reason"),
    [
        ({}, Severity.LOW, ""),
        ({"has_secret": True}, Severity.MEDIUM, "raised because a secret inside an app protects nothing"),
        (
            {"oauth_flows": IMPLICIT},
            Severity.MEDIUM,
            "raised because the implicit grant hands over tokens themselves",
        ),
    ],
)
def test_a_scheme_is_worse_where_pkce_cannot_help(
    overrides: dict[str, Any], severity: Severity, reason: str
) -> None:
    said = judge(callback_has_a_scheme_of_its_own, calls_back("shop://x", **overrides))

    assert (said.severity, said.severity_reason) == (severity, reason)


def test_a_placeholder_is_no_danger() -> None:
    assert judge(callback_host_may_change_hands, calls_back("https://example.org/")).severity is Severity.INFO


def test_owners_name_the_services_that_give_names_away() -> None:
    own = Baseline(name="own", names={"CBK003": {"claimable": ("*.preview.example.com",)}})

    said = judge(callback_host_may_change_hands, calls_back("https://pr1.preview.example.com/"), baseline=own)
    spared = judge(callback_host_may_change_hands, calls_back("https://shop.vercel.app/"), baseline=own)

    assert (said.outcome, spared.outcome) == ("fail", "pass")
