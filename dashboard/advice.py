"""What to do about a gap, and the IAM statement that closes the ones that IAM can close."""

import json
from collections.abc import Iterable
from pathlib import Path

from poolwatch.exports import ADVICE
from records.facet import Gap, Reason, iam_actions

_POLICY = Path(__file__).parent.parent / "docs" / "iam-policy.json"


def advice(reason: Reason) -> str:
    """Return what a person can do about a gap of this kind, as a sentence."""
    clause = ADVICE[reason]
    return f"{clause[0].upper()}{clause[1:]}."


def denied_actions(gaps: Iterable[Gap]) -> tuple[str, ...]:
    """Return the IAM actions that an Allow would open, in order."""
    operations = {gap.operation for gap in gaps if gap.reason is Reason.DENIED}
    return tuple(sorted({action for each in operations for action in iam_actions(each)}))


def iam_statement(actions: Iterable[str]) -> str:
    """Return a policy as JSON that allows the actions."""
    statement = {
        "Sid": "PoolwatchMissingReads",
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def iam_policy() -> str | None:
    """Return the policy that collecting takes (docs/iam-policy.json), None where it is not shipped."""
    return _POLICY.read_text(encoding="utf-8") if _POLICY.is_file() else None
