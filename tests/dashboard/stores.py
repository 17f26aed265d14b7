"""Stores for the dashboard's tests, written through the writer as the pipeline writes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from poolwatch.posture import judge
from records.account import AccountInfo
from records.app_client import AppClient
from records.facet import FacetName, Gap, Reason
from records.identity_pool import IdentityPool
from records.resource import Scope
from records.run import Answer, RunState
from records.snapshot import (
    AppClientSnapshot,
    DomainSnapshot,
    IdentityProviderSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.user_pool import UserPool
from rules.catalogue import catalogue
from store.writer import open_writer
from tests.builders import (
    SCOPE,
    make_app_client,
    make_domain,
    make_gap,
    make_identity_pool,
    make_identity_pool_snapshot,
    make_region_snapshot,
    make_risk_configuration,
    make_user_pool,
    make_user_pool_snapshot,
)

Part = TypeVar("Part", AppClientSnapshot, IdentityProviderSnapshot, DomainSnapshot)

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
        guests_only = make_identity_pool(allows_guest_access=True, user_pool_providers=())
        identity_pools = [guests_only] if chosen else []
    region = make_region_snapshot(
        user_pools=make_gap(FacetName.USER_POOLS.operation)
        if are_lists_denied
        else [
            make_user_pool_snapshot(
                pool,
                clients=list(clients),
                risk=risk or make_risk_configuration(),
                domains=[make_domain(name=pool.domain, is_custom=False)] if pool.domain else [],
            )
            for pool, clients in chosen
        ],
        identity_pools=make_gap(FacetName.IDENTITY_POOLS.operation)
        if are_lists_denied
        else [make_identity_pool_snapshot(pool) for pool in identity_pools],
    )
    # Where there is no pool, nothing points anywhere.
    region = region if chosen else replace(region, references={})
    return run_over(store, [region], at=at, is_demo=is_demo)


def run_over(
    store: Path,
    regions: Iterable[RegionSnapshot],
    *,
    accounts: Iterable[AccountInfo] = (),
    at: datetime = STARTED,
    is_demo: bool = False,
) -> int:
    """Do a whole run that reads what is in these regions, with all that lies in them moved there."""
    snapshot = Snapshot(regions=tuple(map(placed, regions)))
    with open_writer(store, is_demo=is_demo) as writer:
        writer.name_accounts(accounts)
        run_id = writer.start_run(
            scopes=[region.scope for region in snapshot.regions],
            identity_arn="arn:aws:iam::111122223333:role/audit",
            version="1",
            at=at,
        )
        with writer.transaction():
            writer.publish(run_id, answers(snapshot, at))
            evaluations = judge(writer.snapshot(run_id), today=at.date())
            writer.record(run_id, evaluations, codes={rule.code for rule in catalogue()}, at=at)
            is_whole = all(facet.gap is None or facet.gap.is_off for *_, facet in snapshot.facets)
            state = RunState.COMPLETE if is_whole else RunState.PARTIAL
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


def answers(snapshot: Snapshot, at: datetime) -> Iterator[Answer]:
    """Yield what AWS answers where things are as in the snapshot."""
    for scope, arn, name, facet in snapshot.facets:
        outcome = facet.value if facet.gap is None else facet.gap
        yield Answer(scope=scope, resource_arn=arn, facet=name, outcome=outcome, at=at)


def placed(region: RegionSnapshot) -> RegionSnapshot:
    """Return a region whose resources have the ARNs that its scope gives them."""
    return replace(
        region,
        user_pools=tuple(_placed_user_pool(pool, region.scope) for pool in region.user_pools),
        identity_pools=tuple(
            replace(pool, scope=region.scope, arn=region.scope.identity_pool_arn(pool.member.id))
            for pool in region.identity_pools
        ),
    )


def _placed_user_pool(pool: UserPoolSnapshot, scope: Scope) -> UserPoolSnapshot:
    def moved(parts: tuple[Part, ...], arn: Callable[[str, str], str]) -> tuple[Part, ...]:
        return tuple(replace(part, arn=arn(pool.member.id, part.member.id)) for part in parts)

    return replace(
        pool,
        scope=scope,
        arn=scope.user_pool_arn(pool.member.id),
        clients=moved(pool.clients, scope.app_client_arn),
        identity_providers=moved(pool.identity_providers, scope.identity_provider_arn),
        domains=moved(pool.domains, scope.domain_arn),
    )
