"""All rules over a snapshot of many user pools: seconds and peak memory, by rule where asked.

    python -m benchmarks.rules [--user-pools 10000] [--clients 3] [--by-rule]

Every user pool differs in what rules look at, a third of all is unsound, and each has its own records, as a
store that is full of differing configurations would give them.
"""

import argparse
import gc
import resource
import time
from collections import Counter
from dataclasses import replace

from records.resource import Member
from records.snapshot import Snapshot, UserPoolSnapshot
from rules.catalogue import catalogue
from rules.evaluating import evaluate
from tests.builders import (
    SCOPE,
    TODAY,
    make_app_client,
    make_app_client_snapshot,
    make_domain,
    make_identity_pool_snapshot,
    make_identity_provider,
    make_mfa_configuration,
    make_region_snapshot,
    make_risk_configuration,
    make_user_pool,
    make_user_pool_snapshot,
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--user-pools", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--by-rule", action="store_true")
    options = parser.parse_args()
    snapshot = made_up(options.user_pools, options.clients)
    gc.collect()
    before = _peak_mib()
    started = time.perf_counter()
    outcomes = Counter(each.outcome.value for each in evaluate(snapshot, catalogue(), today=TODAY))
    seconds = time.perf_counter() - started
    print(f"{options.user_pools:,} user pools x {options.clients} app clients, {len(catalogue())} rules")
    print(f"{sum(outcomes.values()):,} evaluations in {seconds:.1f} s ({dict(outcomes)})")
    print(f"peak {_peak_mib():.0f} MiB, of which {before:.0f} MiB before the rules ran")
    if options.by_rule:
        for one in catalogue():
            started = time.perf_counter()
            count = sum(1 for _ in evaluate(snapshot, [one], today=TODAY))
            took = time.perf_counter() - started
            print(f"{one.code} {took:6.2f} s {took / count * 1e6:6.1f} us each")


def made_up(user_pools: int, clients: int) -> Snapshot:
    """Return a snapshot of one region, with an identity pool for every tenth user pool."""
    pools = tuple(_user_pool(number, clients) for number in range(user_pools))
    identity_pools = tuple(make_identity_pool_snapshot() for _ in range(user_pools // 10))
    return Snapshot(regions=(make_region_snapshot(user_pools=pools, identity_pools=identity_pools),))


def _user_pool(number: int, clients: int) -> UserPoolSnapshot:
    is_unsound = number % 3 == 0
    pool_id = f"eu-west-1_{number:09d}"
    domain = f"login-{number}.example.com"
    made = make_user_pool_snapshot(
        make_user_pool(
            user_pool_id=pool_id,
            name=f"pool-{number}",
            admin_creates_users_only=not is_unsound,
            custom_domain=domain,
        ),
        mfa=make_mfa_configuration(mode="OFF" if is_unsound else "ON"),
        risk=make_risk_configuration(),
        clients=[
            make_app_client_snapshot(
                make_app_client(
                    client_id=f"{number:09d}client{each}",
                    user_pool_id=pool_id,
                    name=f"client-{each}",
                    callback_urls=(f"http{'' if is_unsound else 's'}://{domain}/",),
                )
            )
            for each in range(clients)
        ],
        identity_providers=[make_identity_provider(user_pool_id=pool_id)],
        domains=[make_domain(name=domain, user_pool_id=pool_id)],
    )
    return replace(made, arn=SCOPE.user_pool_arn(pool_id), member=Member(pool_id, f"pool-{number}"))


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
