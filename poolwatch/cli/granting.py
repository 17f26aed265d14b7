"""`poolwatch policy`."""

import json
import re

from collectors.policy import Policy, log_archive_policy, member_policy, payer_policy
from poolwatch.cli.options import PolicyFormat, PolicyPart
from poolwatch.cli.terminal import Terminal
from poolwatch.exports import (
    BUCKET_PATTERN,
    CLOUDFORMATION_BUCKET,
    TERRAFORM_BUCKET,
    Role,
    policy_cloudformation,
    policy_terraform,
)
from records.errors import UsageError

_ROLES = {
    PolicyPart.MEMBER: (
        "Poolwatch",
        "Lets Poolwatch read the configuration of Amazon Cognito and of what it relies on, and nothing else.",
    ),
    PolicyPart.LOG_ARCHIVE: (
        "PoolwatchLogArchive",
        "For reading CloudTrail archives in a bucket, which Poolwatch does not do yet.",
    ),
    PolicyPart.PAYER: (
        "PoolwatchPayer",
        "For reading the bill and the price list, which Poolwatch does not do yet.",
    ),
}


def policy(terminal: Terminal, *, part: PolicyPart, output_format: PolicyFormat, bucket: str | None) -> None:
    """Print the least-privilege IAM policy for one account's part, by itself or with a role that has it.

    Raises UsageError for a bucket that is missing, that the part has no use for, or that is none.
    """
    if bucket is not None and part is PolicyPart.MEMBER:
        raise UsageError("--bucket goes with --for log-archive or payer.", "Leave it out, or name the part.")
    if bucket is not None and not re.fullmatch(BUCKET_PATTERN, bucket):
        raise UsageError(f"{bucket!r} is no bucket's name.", "Give its name, not its ARN or address.")
    name, description = _ROLES[part]
    role = Role(
        name=name,
        description=description,
        asks_for_bucket=part is PolicyPart.LOG_ARCHIVE or bucket is not None,
        bucket=bucket,
    )
    match output_format:
        case PolicyFormat.JSON:
            text = f"{json.dumps(_document(part, bucket), indent=2)}\n"
        case PolicyFormat.CLOUDFORMATION:
            reference = CLOUDFORMATION_BUCKET if role.asks_for_bucket else None
            text = policy_cloudformation(_document(part, reference), role)
        case PolicyFormat.TERRAFORM:
            reference = TERRAFORM_BUCKET if role.asks_for_bucket else None
            text = policy_terraform(_document(part, reference), role)
    terminal.write((text,))


def _document(part: PolicyPart, bucket: str | None) -> Policy:
    match part:
        case PolicyPart.MEMBER:
            return member_policy()
        case PolicyPart.PAYER:
            return payer_policy(bucket)
        case PolicyPart.LOG_ARCHIVE:
            if bucket is None:
                raise UsageError(
                    "The policy for a log archive names its bucket.",
                    "Name it with --bucket, or print --format cloudformation or terraform, which ask for it.",
                )
            return log_archive_policy(bucket)
