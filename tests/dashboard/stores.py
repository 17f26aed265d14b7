"""Stores for the dashboard's tests, written through the writer as the pipeline writes them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from poolwatch.posture import judge
from records.app_client import AppClient
from records.facet import FacetName, Gap, Reason
from records.identity_pool import IdentityPool
from records.resource import Member
from records.run import Answer, RunState
from records.user_pool import UserPool
from rules.catalogue import catalogue
from store.writer import open_writer
from tests.builders import (
    SCOPE,
    make_app_client,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_mfa_configuration,
    make_risk_configuration,
    make_user_pool,
)

STARTED = datetime.now(UTC) - timedelta(minutes=30)
CALLS: Mapping[str, int] = {"cognito-idp:ListUserPools": 1, "cognito-idp:DescribeUserPool": 2}
RISK_DENIED = Gap(
    operation="cognito-idp:DescribeRiskConfiguration",
    reason=Reason.DENIED,
    message="User is not authorized to perform cognito-idp:DescribeRiskConfiguration",
)
HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    "![x](http://evil.example/beacon.png) [go](javascript:alert(1))",
    '=HYPERLINK("http://evil.example","open")',
    "+cmd|' /C calc'!A0",
    ":material/check: :red[all is well] $x^2$ `code` **bold**",
    "admin\u202egnp.exe\u200b\x1b[31m",
    "x" * 10_000,
    "https://evil.example/ www.evil.example",
)

Pools = Iterable[tuple[UserPool, Iterable[AppClient]]]


def make_pools(names: Iterable[str] = ("customers", "staff")) -> list[tuple[UserPool, list[AppClient]]]:
    """Build user pools whose client allows the implicit grant; the first can be deleted by one call."""
    pools = []
    for number, name in enumerate(names):
        pool_id = f"eu-west-1_pool{number:05}"
        pool = make_user_pool(
            user_pool_id=pool_id, name=name, deletion_protection="INACTIVE" if number == 0 else "ACTIVE"
        )
        client = make_app_client(
            user_pool_id=pool_id,
            client_id=f"client{number:020}",
            name=f"{name}-web"[:10_000],
            oauth_flows=frozenset({"code", "implicit"}),
            callback_urls=(f"https://shop.example.com/{name}",),
        )
        pools.append((pool, [client]))
    return pools


def complete_run(
    store: Path,
    pools: Pools | None = None,
    *,
    identity_pools: Iterable[IdentityPool] | None = None,
    risk: Gap | None = None,
    are_lists_denied: bool = False,
    at: datetime = STARTED,
    is_demo: bool = False,
) -> int:
    """Do a whole run over one region; `risk` stands for every user pool's risk configuration."""
    chosen = make_pools() if pools is None else list(pools)
    if identity_pools is None:
        identity_pools = [make_identity_pool(allows_guest_access=True)] if chosen else []
    with open_writer(store, is_demo=is_demo) as writer:
        run_id = writer.start_run(
            scopes=[SCOPE], identity_arn="arn:aws:iam::111122223333:role/audit", version="1", at=at
        )
        with writer.transaction():
            writer.publish(
                run_id, answers(chosen, identity_pools, risk=risk, are_lists_denied=are_lists_denied, at=at)
            )
            evaluations = judge(writer.snapshot(run_id), today=at.date())
            writer.record(run_id, evaluations, codes={rule.code for rule in catalogue()}, at=at)
            state = RunState.PARTIAL if risk or are_lists_denied else RunState.COMPLETE
            writer.finish_run(run_id, state, at=at + timedelta(seconds=4), calls=CALLS)
    return run_id


def failed_run(
    store: Path, message: str = "the security token has expired", *, at: datetime = STARTED
) -> int:
    """Do a run that brings nothing."""
    with open_writer(store, is_demo=False) as writer:
        run_id = writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=at)
        writer.finish_run(run_id, RunState.FAILED, at=at + timedelta(seconds=1), calls={}, message=message)
    return run_id


def empty_store(store: Path) -> None:
    """Make a store without any run."""
    with open_writer(store, is_demo=False):
        pass


def answers(
    pools: Pools,
    identity_pools: Iterable[IdentityPool],
    *,
    risk: Gap | None,
    are_lists_denied: bool,
    at: datetime,
) -> Iterator[Answer]:
    """Yield what AWS answers about these user pools and identity pools."""

    def one(facet: FacetName, arn: str, outcome: object) -> Answer:
        return Answer(scope=SCOPE, resource_arn=arn, facet=facet, outcome=outcome, at=at)

    pools = list(pools)
    identity_pools = list(identity_pools)
    yield one(
        FacetName.USER_POOLS,
        SCOPE.user_pool_arn("*"),
        make_gap(FacetName.USER_POOLS.operation)
        if are_lists_denied
        else tuple(Member(pool.user_pool_id, pool.name) for pool, _ in pools),
    )
    yield one(
        FacetName.IDENTITY_POOLS,
        SCOPE.identity_pool_arn("*"),
        make_gap(FacetName.IDENTITY_POOLS.operation)
        if are_lists_denied
        else tuple(Member(pool.identity_pool_id, pool.name) for pool in identity_pools),
    )
    for pool, clients in pools:
        arn = SCOPE.user_pool_arn(pool.user_pool_id)
        members = tuple(Member(client.client_id, client.name) for client in clients)
        yield one(FacetName.USER_POOL, arn, pool)
        yield one(FacetName.MFA_CONFIGURATION, arn, make_mfa_configuration())
        yield one(FacetName.RISK_CONFIGURATION, arn, risk or make_risk_configuration())
        yield one(FacetName.APP_CLIENTS, arn, members)
        for client in clients:
            yield one(FacetName.APP_CLIENT, SCOPE.app_client_arn(pool.user_pool_id, client.client_id), client)
    for identity_pool in identity_pools:
        arn = SCOPE.identity_pool_arn(identity_pool.identity_pool_id)
        yield one(FacetName.IDENTITY_POOL, arn, identity_pool)
        yield one(FacetName.IDENTITY_POOL_ROLES, arn, make_identity_pool_roles())
