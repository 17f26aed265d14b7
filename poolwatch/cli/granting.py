"""`poolwatch policy`."""

import json

from collectors.policy import iam_policy
from poolwatch.cli.options import PolicyFormat
from poolwatch.cli.terminal import Terminal
from poolwatch.exports import policy_cloudformation, policy_terraform


def policy(terminal: Terminal, *, output_format: PolicyFormat) -> None:
    """Print the least-privilege IAM policy, by itself or with a role that has it."""
    match output_format:
        case PolicyFormat.JSON:
            text = f"{json.dumps(iam_policy(), indent=2)}\n"
        case PolicyFormat.CLOUDFORMATION:
            text = policy_cloudformation(iam_policy())
        case PolicyFormat.TERRAFORM:
            text = policy_terraform(iam_policy())
    terminal.write((text,))
