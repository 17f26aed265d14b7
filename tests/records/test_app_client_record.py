from typing import Any

import pytest

from records.app_client import DEFAULT_AUTH_FLOWS
from tests.builders import make_app_client, make_machine_client

IMPLICIT = frozenset({"code", "implicit"})


def test_empty_auth_flows_mean_the_default_of_aws() -> None:
    assert make_app_client(explicit_auth_flows=frozenset()).auth_flows == DEFAULT_AUTH_FLOWS
    assert make_app_client(explicit_auth_flows=frozenset({"ALLOW_USER_AUTH"})).auth_flows == {
        "ALLOW_USER_AUTH"
    }


@pytest.mark.parametrize("is_oauth_enabled", [False, None])
def test_grants_are_not_in_force_while_oauth_is_off(*, is_oauth_enabled: bool | None) -> None:
    client = make_app_client(is_oauth_enabled=is_oauth_enabled, oauth_flows=IMPLICIT)

    assert client.active_oauth_flows == frozenset()
    assert client.public_signals == ()


def test_a_machine_signs_nobody_in() -> None:
    machine = make_machine_client(explicit_auth_flows=frozenset())

    assert machine.is_machine_to_machine
    assert (machine.signs_in_users, machine.signs_in_locally, machine.allows_custom_auth) == (False,) * 3


@pytest.mark.parametrize(
    ("providers", "is_local"),
    [
        ({"COGNITO"}, True),
        ({"COGNITO", "Okta"}, True),
        (set(), True),
        ({"Okta"}, False),
    ],
)
def test_local_users_come_in_where_cognito_or_nobody_is_named(providers: set[str], *, is_local: bool) -> None:
    assert make_app_client(identity_providers=frozenset(providers)).signs_in_locally is is_local


@pytest.mark.parametrize(
    ("flows", "is_allowed"),
    [
        (set(), True),
        ({"ALLOW_CUSTOM_AUTH"}, True),
        ({"CUSTOM_AUTH_FLOW_ONLY"}, True),
        ({"ALLOW_USER_AUTH"}, False),
    ],
)
def test_custom_auth_is_allowed_by_default_and_by_its_old_name(flows: set[str], *, is_allowed: bool) -> None:
    assert make_app_client(explicit_auth_flows=frozenset(flows)).allows_custom_auth is is_allowed


@pytest.mark.parametrize(
    ("callbacks", "custom", "is_loopback"),
    [
        (("myapp://signed-in",), ("myapp://signed-in",), False),
        (("MyApp:/signed-in", "https://shop.example.com/"), ("MyApp:/signed-in",), False),
        (("com.example.shop+beta://in",), ("com.example.shop+beta://in",), False),
        (("http://localhost:3000/", "http://127.0.0.1/", "http://[::1]:8080/"), (), True),
        (("HTTP://LOCALHOST/",), (), True),
        (("http://localhost/", "https://shop.example.com/"), (), False),
        (("http://localhost.example.com/",), (), False),
        (("http://[::1/",), (), False),
        (("shop.example.com/signed-in",), (), False),
        (("//shop.example.com/a:b",), (), False),
        (("",), (), False),
        ((), (), False),
    ],
)
def test_callbacks_tell_apps_from_sites(
    callbacks: tuple[str, ...], custom: tuple[str, ...], *, is_loopback: bool
) -> None:
    client = make_app_client(callback_urls=callbacks)

    assert client.custom_scheme_callbacks == custom
    assert client.has_loopback_callbacks_only is is_loopback


@pytest.mark.parametrize(
    ("url", "is_plain"),
    [
        ("http://shop.example.com/", True),
        ("HTTP://shop.example.com/", True),
        ("http://localhost.example.com/", True),
        ("http://[broken/", True),
        ("http://", True),
        ("https://shop.example.com/", False),
        ("http://localhost:3000/", False),
        ("http://user@127.0.0.1/", False),
        ("myapp://http://", False),
        ("", False),
    ],
)
def test_plain_http_is_told_from_loopback(url: str, *, is_plain: bool) -> None:
    assert make_app_client(callback_urls=(url,)).plain_http_callbacks == ((url,) if is_plain else ())


def test_the_default_redirect_is_a_callback_too() -> None:
    client = make_app_client(
        callback_urls=("http://a.example.com/", "http://b.example.com/"),
        default_redirect_uri="http://b.example.com/",
    )

    assert client.plain_http_callbacks == ("http://a.example.com/", "http://b.example.com/")


def test_signals_and_evidence_of_a_public_client_go_together() -> None:
    client = make_app_client(oauth_flows=IMPLICIT, callback_urls=("myapp://in", "http://localhost/"))

    assert client.public_signals == ("the implicit grant", "a custom-scheme callback")
    assert client.public_evidence == (
        ("AllowedOAuthFlows", ("code", "implicit")),
        ("CallbackURLs", ("myapp://in",)),
    )


def test_loopback_callbacks_alone_are_a_signal() -> None:
    client = make_app_client(callback_urls=("http://localhost/",))

    assert client.public_signals == ("loopback callbacks only",)
    assert client.public_evidence == (("CallbackURLs", ("http://localhost/",)),)


def test_a_site_has_no_signals() -> None:
    client = make_app_client()

    assert (client.public_signals, client.public_evidence) == ((), ())


@pytest.mark.parametrize(
    ("value", "hides"), [("ENABLED", True), ("LEGACY", False), (None, False), ("QUANTUM", False)]
)
def test_absent_existence_errors_are_legacy(value: str | None, *, hides: bool) -> None:
    assert make_app_client(prevent_user_existence_errors=value).hides_user_existence is hides


@pytest.mark.parametrize(("seconds", "effective"), [(None, 3600), (300, 300)])
def test_access_tokens_live_an_hour_by_default(seconds: int | None, effective: int) -> None:
    assert make_app_client(access_token_seconds=seconds).effective_access_token_seconds == effective


@pytest.mark.parametrize(("seconds", "effective"), [(None, 2_592_000), (0, 2_592_000), (86_400, 86_400)])
def test_refresh_tokens_live_30_days_by_default(seconds: int | None, effective: int) -> None:
    assert make_app_client(refresh_token_seconds=seconds).effective_refresh_token_seconds == effective


def test_hosts_of_callbacks_are_those_of_the_web_beyond_the_users_machine() -> None:
    client = make_app_client(
        callback_urls=(
            "https://Shop.example.com:8443/a",
            "http://shop.example.com/b",
            "http://localhost:3000/",
            "http://[::1]:3000/",
            "https://[bad/",
            "https:///no-host",
            "shop://app",
        )
    )

    assert client.callback_hosts == {"shop.example.com"}
    assert client.loopback_callbacks == ("http://localhost:3000/", "http://[::1]:3000/")


def test_logouts_to_the_users_machine_need_no_encryption() -> None:
    client = make_app_client(
        logout_urls=("http://localhost/", "https://a.example.com/", "HTTP://a.example.com/", "shop://bye")
    )

    assert client.plain_http_logouts == ("HTTP://a.example.com/",)


@pytest.mark.parametrize(
    ("overrides", "does"),
    [
        ({"oauth_flows": frozenset({"code"}), "explicit_auth_flows": frozenset({"ALLOW_USER_AUTH"})}, True),
        ({"oauth_flows": IMPLICIT - {"code"}, "explicit_auth_flows": frozenset({"ALLOW_USER_AUTH"})}, False),
        ({"is_oauth_enabled": False, "explicit_auth_flows": frozenset()}, True),
        ({"is_oauth_enabled": None, "explicit_auth_flows": frozenset({"ADMIN_NO_SRP_AUTH"})}, True),
        ({"oauth_flows": frozenset({"client_credentials"}), "explicit_auth_flows": frozenset()}, False),
    ],
)
def test_refresh_tokens_come_by_the_code_grant_or_by_flows_that_take_them(
    overrides: dict[str, Any], *, does: bool
) -> None:
    assert make_app_client(**overrides).refreshes_tokens is does


def test_an_id_token_lives_an_hour_where_aws_left_it_out() -> None:
    assert make_app_client(id_token_seconds=None).effective_id_token_seconds == 3600
    assert make_app_client(id_token_seconds=300).effective_id_token_seconds == 300


def test_a_secret_in_a_public_app_makes_no_client_confidential() -> None:
    assert make_app_client(has_secret=True).is_confidential
    assert not make_app_client(has_secret=False).is_confidential
    assert not make_app_client(has_secret=True, callback_urls=("shop://in",)).is_confidential
