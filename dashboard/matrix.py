"""The heat map's frame: the worst that each rule says of each user pool and of its app clients."""

from dataclasses import dataclass

import pandas as pd

from dashboard.frames import TYPES, Dtypes
from dashboard.theme import MUTED, OUTCOMES, SEVERITIES
from records.evaluation import Outcome
from records.resource import ResourceType

POOL_LIMIT = 30
RULE_LIMIT = 60
MATRIX: Dtypes = {
    "rule": "str",
    "pool": "str",
    "state": "str",
    "sign": "str",
    "resources": "int64",
    "key": "str",
}

_FAIL = OUTCOMES[Outcome.FAIL].word
# Worst first: a failure counts by its severity unless it is muted, and what could not be judged stands before
# what passed.
_OPEN = [
    *(look.word for look in SEVERITIES.values()),
    *(OUTCOMES[each].word for each in Outcome if not each.is_judged),
]
STATES = [*_OPEN, MUTED.word, OUTCOMES[Outcome.PASS].word, OUTCOMES[Outcome.NOT_APPLICABLE].word]
_SIGNS = {
    **{look.word: look.word[0] for look in SEVERITIES.values()},
    **{OUTCOMES[each].word: OUTCOMES[each].sign for each in Outcome if each is not Outcome.FAIL},
    OUTCOMES[Outcome.NOT_APPLICABLE].word: "",
    MUTED.word: MUTED.sign,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The cells, rows worst first; how many user pools and rules there are in all and are shown."""

    cells: pd.DataFrame
    pools: int
    shown_pools: int
    rules: int
    shown_rules: int

    @property
    def is_cut(self) -> bool:
        """Whether a part was left out to keep the chart readable."""
        return self.pools > self.shown_pools or self.rules > self.shown_rules


_OF_NO_USER_POOL = frozenset(TYPES[each] for each in (ResourceType.IDENTITY_POOL, ResourceType.ROLE))


def matrix(findings: pd.DataFrame) -> Matrix:
    """Return the cells of rules that fail, or could not be judged, somewhere: the rest would be all green."""
    rows = findings[~findings["type"].isin(_OF_NO_USER_POOL)].copy()
    rows["state"] = (
        rows["severity"].astype("str").where(rows["outcome"] == _FAIL, rows["outcome"].astype("str"))
    )
    rows["state"] = rows["state"].mask(rows["is_muted"], MUTED.word)
    rows["rank"] = rows["state"].map({state: rank for rank, state in enumerate(STATES)}).astype("int64")
    rows["is_open"] = rows["rank"] < len(_OPEN)
    by_rule = rows[rows["is_open"]].groupby("code", sort=False)["rank"].agg(["min", "size"])
    codes = by_rule.sort_values(["min", "size"], ascending=[True, False]).index
    # As many of the worst as there are, then names: user pools do not change places while all is well.
    pools = rows.groupby("pool")["is_open"].sum().sort_values(ascending=False, kind="stable").index
    shown_codes, shown_pools = codes[:RULE_LIMIT], pools[:POOL_LIMIT]
    rows = rows[rows["code"].isin(shown_codes) & rows["pool"].isin(shown_pools)]
    rows = rows.sort_values("rank", kind="stable")
    cells = rows.groupby(["code", "pool"], sort=False).agg(
        rule=("title", "first"),
        state=("state", "first"),
        resources=("is_open", "sum"),
        key=("key", "first"),
    )
    cells = cells.reset_index()
    cells["rule"] = cells["code"] + "  " + cells["rule"]
    cells["sign"] = cells["state"].map(_SIGNS)
    cells["place"] = cells["code"].map({code: place for place, code in enumerate(shown_codes)})
    cells["column"] = cells["pool"].map({pool: place for place, pool in enumerate(shown_pools)})
    cells = cells.sort_values(["place", "column"])[[*MATRIX]].astype(dict(MATRIX)).reset_index(drop=True)
    return Matrix(
        cells=cells,
        pools=len(pools),
        shown_pools=len(shown_pools),
        rules=len(codes),
        shown_rules=len(shown_codes),
    )
