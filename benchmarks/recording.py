"""The calls of one collection, written down so that another program can make the same.

    python -m benchmarks.recording FILE REGION

FILE gets a JSON list of [service, region, operation, parameters], one for each request of a page or a record.
"""

import json
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.client import BaseClient

from collectors.clients import AccountTarget
from poolwatch.pipeline import collect


def main(file: Path, region: str) -> None:
    """Collect once, and write down what was called."""
    calls: list[tuple[str, str, str, Mapping[str, Any]]] = []
    lock = threading.Lock()
    make = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001  (sees every call)

    def watched(client: BaseClient, operation: str, parameters: Mapping[str, Any]) -> Any:
        with lock:
            service = client.meta.service_model.service_name
            calls.append((service, client.meta.region_name, operation, parameters))
        return make(client, operation, parameters)

    BaseClient._make_api_call = watched  # type: ignore[attr-defined]  # noqa: SLF001  (as above)
    with tempfile.TemporaryDirectory() as directory:
        collect([AccountTarget()], store=Path(directory) / "store", rate_share=None, regions=[region])
    file.write_text(json.dumps(calls))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
