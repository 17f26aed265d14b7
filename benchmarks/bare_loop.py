"""The least that a scan can be: the calls of `poolwatch collect`, made by 16 threads, and nothing kept.

    python -m benchmarks.bare_loop FILE

FILE is what `benchmarks.recording` wrote. No call waits for the answer to another, which is more than any
program could do that does not know the calls beforehand.
"""

import contextlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

THREADS = 16


def main(file: Path) -> None:
    """Make every call once."""
    calls = json.loads(file.read_text())
    session = boto3.Session()
    config = Config(retries={"mode": "standard", "total_max_attempts": 5}, max_pool_connections=THREADS)
    clients: dict[tuple[str, str], Any] = {
        (service, region): session.client(service, region_name=region, config=config)
        for service, region in dict.fromkeys((service, region) for service, region, _, _ in calls)
    }

    def make(service: str, region: str, operation: str, parameters: dict[str, Any]) -> None:
        # "There is none" is an answer that many calls get.
        with contextlib.suppress(ClientError):
            getattr(clients[service, region], xform_name(operation))(**parameters)

    with ThreadPoolExecutor(THREADS) as threads:
        for future in [threads.submit(make, *call) for call in calls]:
            future.result()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
