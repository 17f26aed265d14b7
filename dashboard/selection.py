"""Which findings a page shows: the scope that all pages share, and the filters of Posture."""

from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChoice:
    """Accounts, regions, and labels of user pools and identity pools; an empty choice is all of them."""

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.accounts or self.regions or self.pools)

    def holds(self, account: str, region: str) -> bool:
        """Whether a region of an account is inside."""
        return (not self.accounts or account in self.accounts) and (
            not self.regions or region in self.regions
        )

    def of(self, findings: pd.DataFrame) -> pd.DataFrame:
        """Return the findings inside the scope."""
        chosen = {"account": self.accounts, "region": self.regions, "pool": self.pools}
        return _having(findings, chosen)


class Muted(StrEnum):
    """What becomes of findings that somebody has muted."""

    SHOWN = "Shown"
    HIDDEN = "Hidden"
    ONLY = "Only"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChoice:
    """The words of severities, outcomes and families, codes of rules, and a text that is taken literally."""

    severities: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    text: str = ""
    muted: Muted = Muted.SHOWN

    @property
    def of_any_outcome(self) -> "FindingChoice":
        """The same choice without its outcomes, for views that count them all."""
        return replace(self, outcomes=())

    def of(self, findings: pd.DataFrame) -> pd.DataFrame:
        """Return the findings that meet every choice; each word of the text must occur somewhere."""
        found = _having(
            findings,
            {
                "severity": self.severities,
                "outcome": self.outcomes,
                "family": self.families,
                "code": self.codes,
            },
        )
        if self.muted is not Muted.SHOWN:
            found = found[found["is_muted"] == (self.muted is Muted.ONLY)]
        for word in self.text.casefold().split():
            found = found[found["haystack"].str.contains(word, regex=False)]
        return found


def _having(findings: pd.DataFrame, chosen: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    for column, values in chosen.items():
        if values:
            findings = findings[findings[column].isin(values)]
    return findings
