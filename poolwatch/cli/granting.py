"""`poolwatch policy`."""

import json

from collectors.policy import iam_policy
from poolwatch.cli.terminal import Terminal


def policy(terminal: Terminal) -> None:
    """Print the least-privilege IAM policy."""
    terminal.write((json.dumps(iam_policy(), indent=2), "\n"))
