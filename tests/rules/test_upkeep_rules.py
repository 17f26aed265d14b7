from typing import Any

import pytest

from records.app_client import AppClient, RefreshTokenRotation
from records.facet import FacetName, Gap
from records.snapshot import Snapshot
from records.user_pool_parts import Replica
from rules.upkeep import (
    challenge_stays_open_long,
    domain_serves_no_app_client,
    replaced_refresh_token_works_on,
    replicas_share_the_original_issuer,
)
from tests.builders import (
    make_app_client,
    make_domain,
    make_gap,
    make_machine_client,
    make_snapshot,
    make_user_pool_snapshot,
)
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    Case,
    app_client,
    fails,
    is_no_matter,
    is_unknown,
    passes,
    user_pool,
)

NO_REPLICAS = make_gap("cognito-idp:ListUserPoolReplicas")
PRIMARY = Replica(region="eu-west-1", status="ACTIVE", role="PRIMARY", arn=None)
COPY = Replica(region="us-east-1", status="ACTIVE", role="SECONDARY", arn=None)


def replicated(found: tuple[Replica, ...] | Gap, **overrides: Any) -> Snapshot:
    return user_pool(more={FacetName.REPLICAS: found}, **overrides)


def domain(clients: tuple[AppClient | Gap, ...] | Gap) -> Snapshot:
    return make_snapshot(user_pools=[make_user_pool_snapshot(clients=clients, domains=(make_domain(),))])


def rotating(grace_seconds: int | None, *, is_enabled: bool = True) -> Snapshot:
    rotation = RefreshTokenRotation(is_enabled=is_enabled, grace_seconds=grace_seconds)
    return app_client(refresh_token_rotation=rotation)


NO_OAUTH = make_app_client(is_oauth_enabled=False)
CASES: list[Case] = [
    fails(
        replicas_share_the_original_issuer,
        "a copy elsewhere",
        replicated((PRIMARY, COPY), issuer_type="ORIGINAL"),
        "has replicas, yet its tokens carry the original issuer of one region",
        evidence=(("IssuerConfiguration.Type", "ORIGINAL"),),
    ),
    passes(
        replicas_share_the_original_issuer,
        "a newer issuer",
        replicated((PRIMARY, COPY), issuer_type="UPDATED"),
    ),
    passes(replicas_share_the_original_issuer, "AWS names none", replicated((COPY,), issuer_type=None)),
    is_no_matter(
        replicas_share_the_original_issuer,
        "the primary alone",
        replicated((PRIMARY,), issuer_type="ORIGINAL"),
    ),
    is_unknown(
        replicas_share_the_original_issuer,
        "replicas not listed",
        replicated(NO_REPLICAS, issuer_type="ORIGINAL"),
        NO_REPLICAS,
    ),
    fails(
        domain_serves_no_app_client,
        "OAuth is off",
        domain((NO_OAUTH,)),
        "serves no app client: none of the user pool uses OAuth",
    ),
    fails(
        domain_serves_no_app_client,
        "no app clients",
        domain(()),
        "serves no app client: none of the user pool uses OAuth",
    ),
    passes(domain_serves_no_app_client, "one uses it", domain((NO_OAUTH, make_app_client()))),
    passes(domain_serves_no_app_client, "machines fetch tokens", domain((make_machine_client(),))),
    passes(
        domain_serves_no_app_client,
        "one that was read uses it",
        domain((make_app_client(), NO_CLIENT)),
    ),
    is_unknown(domain_serves_no_app_client, "a client not read", domain((NO_OAUTH, NO_CLIENT)), NO_CLIENT),
    is_unknown(domain_serves_no_app_client, "clients not listed", domain(NO_CLIENT_LIST), NO_CLIENT_LIST),
    fails(
        challenge_stays_open_long,
        "15 minutes",
        app_client(auth_session_minutes=15),
        "waits 15 minutes for each step of a sign-in, more than 5",
        evidence=(("AuthSessionValidity", 15),),
    ),
    passes(challenge_stays_open_long, "5 minutes", app_client(auth_session_minutes=5)),
    is_no_matter(challenge_stays_open_long, "not told", app_client(auth_session_minutes=None)),
    is_no_matter(
        challenge_stays_open_long,
        "a machine",
        user_pool(clients=(make_machine_client(auth_session_minutes=15),)),
    ),
    fails(
        replaced_refresh_token_works_on,
        "a minute",
        rotating(60),
        "takes a replaced refresh token for 60 seconds more, above 30",
    ),
    passes(replaced_refresh_token_works_on, "30 seconds", rotating(30)),
    passes(replaced_refresh_token_works_on, "no seconds told", rotating(None)),
    is_no_matter(replaced_refresh_token_works_on, "rotation off", rotating(60, is_enabled=False)),
    is_no_matter(
        replaced_refresh_token_works_on, "rotation never set", app_client(refresh_token_rotation=None)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_upkeep_rules(case: Case) -> None:
    assert case.judged() == case.expected
