"""What Poolwatch hands to others: JSON, CSV and Markdown. docs/json.md is the contract."""

from poolwatch.exports.files import write_atomically
from poolwatch.exports.findings import findings_csv, findings_json, scan_json, verification_json
from poolwatch.exports.gaps import ADVICE, GapGroup, gap_groups
from poolwatch.exports.policy import (
    BUCKET_PATTERN,
    CLOUDFORMATION_BUCKET,
    TERRAFORM_BUCKET,
    Role,
    policy_cloudformation,
    policy_terraform,
)
from poolwatch.exports.rules import rules_json, rules_markdown
from poolwatch.exports.tables import table_csv

__all__ = [
    "ADVICE",
    "BUCKET_PATTERN",
    "CLOUDFORMATION_BUCKET",
    "TERRAFORM_BUCKET",
    "GapGroup",
    "Role",
    "findings_csv",
    "findings_json",
    "gap_groups",
    "policy_cloudformation",
    "policy_terraform",
    "rules_json",
    "rules_markdown",
    "scan_json",
    "table_csv",
    "verification_json",
    "write_atomically",
]
