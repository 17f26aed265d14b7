"""The least that a scan can be: the calls of `poolwatch collect`, made by 16 threads, and nothing kept.

python -m benchmarks.bare_loop REGION
"""

import contextlib
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

THREADS = 16


def main(region: str) -> None:
    """Make every call that a collection of user pools, app clients and identity pools needs, once."""
    session = boto3.Session()
    config = Config(retries={"mode": "standard", "total_max_attempts": 5}, max_pool_connections=THREADS)
    session.client("sts", region_name=region, config=config).get_caller_identity()
    idp: Any = session.client("cognito-idp", region_name=region, config=config)
    identity: Any = session.client("cognito-identity", region_name=region, config=config)

    def clients_of(pool: str) -> list[tuple[str, str]]:
        pages = idp.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool)
        return [(pool, client["ClientId"]) for page in pages for client in page["UserPoolClients"]]

    # Looked up once here: botocore makes the exception classes at the first look, and not safely for threads.
    add_on_off = idp.exceptions.UserPoolAddOnNotEnabledException

    def risk_of(pool: str) -> None:
        with contextlib.suppress(add_on_off):
            idp.describe_risk_configuration(UserPoolId=pool)

    with ThreadPoolExecutor(THREADS) as threads:
        pages = idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
        pools = [pool["Id"] for page in pages for pool in page["UserPools"]]
        pages = identity.get_paginator("list_identity_pools").paginate(PaginationConfig={"PageSize": 60})
        identity_pools = [pool["IdentityPoolId"] for page in pages for pool in page["IdentityPools"]]
        under_way = [threads.submit(clients_of, pool) for pool in pools]
        rest = [threads.submit(idp.describe_user_pool, UserPoolId=pool) for pool in pools]
        rest += [threads.submit(idp.get_user_pool_mfa_config, UserPoolId=pool) for pool in pools]
        rest += [threads.submit(risk_of, pool) for pool in pools]
        for pool in identity_pools:
            rest.append(threads.submit(identity.describe_identity_pool, IdentityPoolId=pool))
            rest.append(threads.submit(identity.get_identity_pool_roles, IdentityPoolId=pool))
        rest += [
            threads.submit(idp.describe_user_pool_client, UserPoolId=pool, ClientId=client)
            for listed in under_way
            for pool, client in listed.result()
        ]
        for future in rest:
            future.result()


if __name__ == "__main__":
    main(sys.argv[1])
