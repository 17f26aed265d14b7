"""The names of findings and resources in addresses: `?finding=APP004~arn:aws:..`."""

from pathlib import Path

from poolwatch.posture import Finding

VIEWS = Path(__file__).parent / "views"
POSTURE_PAGE = VIEWS / "posture.py"
INVENTORY_PAGE = VIEWS / "inventory.py"

FINDING = "finding"
RULE = "rule"
CLOSING = "change"
SEARCH = "q"
KIND = "kind"
MODE = "mode"
RESOURCE = "resource"
LEFT, RIGHT = "left", "right"
_SEPARATOR = "~"


def finding_key(finding: Finding) -> str:
    """Return the key under which the page links to a finding; it outlives runs."""
    return f"{finding.evaluation.code}{_SEPARATOR}{finding.evaluation.resource_arn}"
