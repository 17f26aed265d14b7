"""The inventory's frames: a row for each resource, one resource's settings, two resources side by side."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import pandas as pd

from dashboard.frames import Dtypes, frame_of
from dashboard.holdings import Resource
from dashboard.kinds import Kind
from dashboard.settings.rows import Facets, Setting
from dashboard.settings.table import SETTINGS, as_text, entries_of, lines
from dashboard.summaries import SUMMARIES
from dashboard.theme import MATCHES, MUTED, OUTCOMES, SEVERITIES, Match
from dashboard.words import NONE, of_facet
from poolwatch.posture import Finding
from poolwatch.text import plain
from records.evaluation import Outcome, Severity
from records.facet import Reason
from records.resource import user_pool_of

VALUE_LIMIT = 300
ABSENT = "absent"
# Partition, service, region and account.
_ARN_START = 5

# The worst thing that is open on a resource; a clean word only where every check could be judged.
STANDINGS = (*SEVERITIES.values(), OUTCOMES[Outcome.UNKNOWN], MUTED, OUTCOMES[Outcome.PASS])
STANDING = pd.CategoricalDtype([look.word for look in STANDINGS], ordered=True)
MATCH = pd.CategoricalDtype([look.word for look in MATCHES.values()], ordered=True)
_FIRST: Dtypes = {"arn": "str", "name": "str", "standing": STANDING, "open": "int64"}
_LAST: Dtypes = {"pool": "str", "account": "str", "region": "str", "id": "str", "haystack": "str"}
RESOURCES: Mapping[Kind, Dtypes] = {
    kind: {**_FIRST, **{summary.key: "str" for summary in summaries}, **_LAST}
    for kind, summaries in SUMMARIES.items()
}
DETAIL: Dtypes = {"group": "str", "setting": "str", "value": "str", "aws": "str"}
COMPARISON: Dtypes = {
    "match": MATCH,
    "group": "str",
    "setting": "str",
    "left": "str",
    "right": "str",
    "aws": "str",
}


def resources_frame(
    kind: Kind,
    resources: Iterable[Resource],
    findings: Iterable[Finding],
    now: datetime,
    accounts: Mapping[str, str] = {},
) -> pd.DataFrame:
    """Return a row for each resource, by name; `accounts` are labels by id.

    A user pool counts the problems of what belongs to it as well.
    """
    failures: Counter[str] = Counter()
    muted: set[str] = set()
    worst: dict[str, Severity] = {}
    judged: set[str] = set()
    unjudged: set[str] = set()
    for finding in findings:
        each = finding.evaluation
        for arn in {each.resource_arn, user_pool_of(each.resource_arn)}:
            if finding.is_muted:
                muted.add(arn)
            elif each.outcome is Outcome.FAIL:
                failures[arn] += 1
                worst[arn] = min(each.severity, worst.get(arn, each.severity), key=lambda one: one.rank)
            (judged if each.outcome.is_judged else unjudged).add(arn)
    rows = []
    for resource in resources:
        arn = resource.arn
        # Where the list that names a resource was not read, no rule has looked at it.
        is_clean = arn in judged and arn not in unjudged
        no_failure = OUTCOMES[Outcome.PASS if is_clean else Outcome.UNKNOWN]
        if is_clean and arn in muted:
            no_failure = MUTED
        cells = {
            "name": resource.name,
            **{
                summary.key: cell(of_facet(resource.facets[summary.facet], summary.read, now))
                for summary in SUMMARIES[kind]
            },
            "pool": resource.pool,
            "account": ", ".join(accounts.get(each, each) for each in resource.account_ids),
            "region": ", ".join(resource.regions),
            "id": cell(resource.member.id),
        }
        rows.append(
            {
                "arn": arn,
                "standing": (SEVERITIES[worst[arn]] if arn in worst else no_failure).word,
                "open": failures[arn],
                **cells,
                "haystack": "\n".join((*cells.values(), arn, resource.member.name)).casefold(),
            }
        )
    frame = frame_of(RESOURCES[kind], rows)
    return frame.sort_values(["name", "account", "region", "arn"], ignore_index=True)


def detail_frame(resource: Resource, now: datetime) -> pd.DataFrame:
    """Return a row for each value that a resource has."""
    return frame_of(
        DETAIL,
        [
            {
                "group": line.setting.group,
                "setting": cell(line.label),
                "value": cell(line.text),
                "aws": line.setting.aws,
            }
            for line in lines(SETTINGS[resource.kind], resource.facets, now)
        ],
    )


def comparison_frame(left: Resource, right: Resource, now: datetime) -> pd.DataFrame:
    """Return a row for each value that one of two resources of a kind has."""
    return frame_of(
        COMPARISON,
        [
            row
            for setting in SETTINGS[left.kind]
            for row in _compared(setting, left.facets, right.facets, now)
        ],
    )


def _compared(setting: Setting, left: Facets, right: Facets, now: datetime) -> Iterator[Mapping[str, str]]:
    ours, theirs = entries_of(setting, left), entries_of(setting, right)
    if ours is None or theirs is None:
        texts = as_text(setting, left, now), as_text(setting, right, now)
        yield _row(setting, _unread_match(setting, left, right), setting.label, *texts)
        return
    if not ours and not theirs:
        yield _row(setting, Match.SAME, setting.label, NONE, NONE)
    left_texts, right_texts = dict(ours), dict(theirs)
    for key in dict.fromkeys((*left_texts, *right_texts)):
        here, there = left_texts.get(key), right_texts.get(key)
        label = setting.label if key in ("", here, there) else f"{setting.label} {key}"
        match = Match.OWN if setting.is_own else (Match.SAME if here == there else Match.DIFFERENT)
        yield _row(setting, match, label, *_told_apart(here, there))


def _unread_match(setting: Setting, left: Facets, right: Facets) -> Match:
    """Compare where a value is missing: that a plan lacks the feature is known all the same."""
    gaps = (left[setting.facet].gap, right[setting.facet].gap)
    if any(gap is not None and gap.reason is not Reason.NOT_IN_PLAN for gap in gaps):
        return Match.UNKNOWN
    if setting.is_own:
        return Match.OWN
    return Match.DIFFERENT if None in gaps else Match.SAME


def _told_apart(here: str | None, there: str | None) -> tuple[str, str]:
    """Return both texts; of two different ARNs only the ends, as their beginnings fill a column."""
    if here is None or there is None:
        return ABSENT if here is None else here, ABSENT if there is None else there
    start = here.split(":", _ARN_START)[:_ARN_START]
    if here == there or start[0] != "arn" or there.split(":", _ARN_START)[:_ARN_START] != start:
        return here, there
    cut = len(":".join(start)) + 1
    return f"…{here[cut:]}", f"…{there[cut:]}"


def _row(setting: Setting, match: Match, label: str, left: str, right: str) -> Mapping[str, str]:
    return {
        "match": MATCHES[match].word,
        "group": setting.group,
        "setting": cell(label),
        "left": cell(left),
        "right": cell(right),
        "aws": setting.aws,
    }


def cell(text: str) -> str:
    """Return a text as it stands in a table: one line, harmless, and not too long."""
    # Spaces in front make numbers in columns of text sort by value.
    indent = len(text) - len(text.lstrip(" "))
    return f"{text[:indent]}{plain(text, VALUE_LIMIT)}"
