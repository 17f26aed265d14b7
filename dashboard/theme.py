"""How severities, outcomes and run states look: a word, a sign and a colour, never a colour alone.

The colours are told apart under every common colour vision deficiency. `.streamlit/config.toml` gives the
same ones to Streamlit's named colours, so that badges and tables follow the light or dark theme by
themselves; charts need the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from records.evaluation import Outcome, Severity
from records.run import RunState

NamedColor = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A word, its sign in tables and charts, its icon on badges, and its colours."""

    word: str
    sign: str
    icon: str
    named: NamedColor
    light: str
    dark: str

    @property
    def label(self) -> str:
        """The sign and the word, for the cell of a table."""
        return f"{self.sign} {self.word}"

    def color(self, *, is_dark: bool) -> str:
        """Return the colour as hexadecimal figures."""
        return self.dark if is_dark else self.light


_GRAY = ("#767B85", "#9CA3AF")
_GREEN = ("#007F5F", "#4ADEB0")
_RED = ("#D6302B", "#FF9770")

SEVERITIES: Mapping[Severity, Look] = {
    Severity.CRITICAL: Look(
        word="Critical",
        sign="◆",
        icon=":material/release_alert:",
        named="violet",
        light="#67001F",
        dark="#FF4D6D",
    ),
    Severity.HIGH: Look(
        word="High", sign="▲", icon=":material/error:", named="red", light=_RED[0], dark=_RED[1]
    ),
    Severity.MEDIUM: Look(
        word="Medium",
        sign="●",
        icon=":material/warning:",
        named="orange",
        light="#C77C02",
        dark="#FFD670",
    ),
    Severity.LOW: Look(
        word="Low",
        sign="▼",
        icon=":material/arrow_circle_down:",
        named="blue",
        light="#3B82C4",
        dark="#70B8FF",
    ),
    Severity.INFO: Look(
        word="Info", sign="○", icon=":material/info:", named="gray", light=_GRAY[0], dark=_GRAY[1]
    ),
}

OUTCOMES: Mapping[Outcome, Look] = {
    Outcome.FAIL: Look(
        word="Fail", sign="✕", icon=":material/close:", named="red", light=_RED[0], dark=_RED[1]
    ),
    # Neither good nor bad: a check that could not decide is never green and never red.
    Outcome.ERROR: Look(
        word="Error", sign="!", icon=":material/bug_report:", named="gray", light=_GRAY[0], dark=_GRAY[1]
    ),
    Outcome.UNKNOWN: Look(
        word="Unknown", sign="?", icon=":material/help:", named="gray", light=_GRAY[0], dark=_GRAY[1]
    ),
    Outcome.PASS: Look(
        word="Pass", sign="✓", icon=":material/check:", named="green", light=_GREEN[0], dark=_GREEN[1]
    ),
    Outcome.NOT_APPLICABLE: Look(
        word="Not applicable",
        sign="·",
        icon=":material/remove:",
        named="gray",
        light="#C9CED4",
        dark="#3D4852",
    ),
}

# What somebody lives with for a time: it stays in sight, and asks nobody for anything.
MUTED = Look(
    word="Muted", sign="◌", icon=":material/notifications_off:", named="gray", light="#E3E6E9", dark="#2A323A"
)

RUN_STATES: Mapping[RunState, Look] = {
    RunState.RUNNING: Look(
        word="Running", sign="…", icon=":material/progress_activity:", named="blue", light="", dark=""
    ),
    RunState.COMPLETE: Look(
        word="Complete", sign="✓", icon=":material/check_circle:", named="green", light="", dark=""
    ),
    RunState.PARTIAL: Look(
        word="Partial", sign="◐", icon=":material/incomplete_circle:", named="orange", light="", dark=""
    ),
    RunState.FAILED: Look(word="Failed", sign="✕", icon=":material/cancel:", named="red", light="", dark=""),
}


class Match(StrEnum):
    """How two resources stand to each other in one setting."""

    DIFFERENT = "different"
    UNKNOWN = "unknown"
    SAME = "same"
    OWN = "own"


MATCHES: Mapping[Match, Look] = {
    Match.DIFFERENT: Look(word="Different", sign="≠", icon="", named="orange", light="", dark=""),
    Match.UNKNOWN: Look(word="Not read", sign="?", icon="", named="gray", light="", dark=""),
    Match.SAME: Look(word="Same", sign="=", icon="", named="green", light="", dark=""),
    Match.OWN: Look(word="Its own", sign="·", icon="", named="gray", light="", dark=""),
}


class Deadline(StrEnum):
    """How soon something ends, the most urgent first."""

    PAST = "past"
    WEEK = "week"
    MONTH = "month"
    ROTATE = "rotate"
    QUARTER = "quarter"
    LATER = "later"
    UNREAD = "unread"


DEADLINES: Mapping[Deadline, Look] = {
    Deadline.PAST: Look(word="Ended", sign="✕", icon="", named="violet", light="", dark=""),
    Deadline.WEEK: Look(word="7 days", sign="▲", icon="", named="red", light="", dark=""),
    Deadline.MONTH: Look(word="30 days", sign="●", icon="", named="orange", light="", dark=""),
    Deadline.ROTATE: Look(word="Rotate", sign="↻", icon="", named="yellow", light="", dark=""),
    Deadline.QUARTER: Look(word="90 days", sign="▼", icon="", named="blue", light="", dark=""),
    Deadline.LATER: Look(word="Later", sign="○", icon="", named="green", light="", dark=""),
    Deadline.UNREAD: Look(word="Not read", sign="?", icon="", named="gray", light="", dark=""),
}


class Read(StrEnum):
    """How the newest run fared with an account."""

    READ = "read"
    IN_PART = "in part"
    EARLIER = "earlier"
    NO_SIGN_IN = "no sign-in"
    NEVER = "never"


READINGS: Mapping[Read, Look] = {
    Read.READ: Look(word="Read", sign="✓", icon="", named="green", light="", dark=""),
    Read.IN_PART: Look(word="In part", sign="◐", icon="", named="orange", light="", dark=""),
    Read.EARLIER: Look(word="Earlier run", sign="◷", icon="", named="gray", light="", dark=""),
    Read.NO_SIGN_IN: Look(word="No sign-in", sign="✕", icon="", named="red", light="", dark=""),
    Read.NEVER: Look(word="Never read", sign="?", icon="", named="gray", light="", dark=""),
}
