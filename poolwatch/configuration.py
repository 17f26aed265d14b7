"""What poolwatch.toml may say; docs/settings.md tells it to people.

The annotations of the fields are the schema: `poolwatch.configuration_file` checks the file by them, and says
their `title` where a value has another form.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from records.account import AccountInfo
from records.evaluation import Evaluation, Severity
from records.facet import iam_actions
from records.intent import Intent
from records.run import RunGap
from records.wildcards import as_pattern
from rules.baselines import BASELINES, FSBP
from rules.engine import Baseline
from rules.intents import DeclaredIntent, Intents

# Below this a single call would wait for minutes.
SMALLEST_SHARE = 0.01
# The gaps of an account that could not be signed in to are of one of these.
SIGN_IN_OPERATIONS = ("sts:AssumeRole", "sts:GetCallerIdentity")
_ROLE_ARN = r"arn:aws[a-z-]*:iam::([0-9]{12}):role/[0-9A-Za-z_+=,.@/-]+"
_ONE_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*\Z"

_Text = Annotated[
    str,
    Meta(
        pattern=_ONE_LINE,
        max_length=200,
        title="a text on one line",
    ),
]
_FilePath = Annotated[str, Meta(pattern=r"^[^\x00]+\Z", max_length=4096, title="a path")]
_AccountId = Annotated[str, Meta(pattern=r"^[0-9]{12}\Z", title="an account's id, 12 digits in quotes")]
_ArnPattern = Annotated[
    str, Meta(pattern=r"^(arn:|\*)\S*\Z", title="an ARN, in which * stands for any characters")
]
_Tag = Annotated[
    str,
    Meta(pattern=r"^[^=\x00-\x1f\x7f]+=[^\x00-\x1f\x7f]*\Z", title="a tag, such as environment=test"),
]
_Region = Annotated[str, Meta(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]\Z")]


class AccountSettings(msgspec.Struct, frozen=True, kw_only=True):
    """An account to read, and how to reach it: an `[[accounts]]` table, or a row of the accounts file."""

    id: _AccountId | None = None
    name: _Text | None = None
    environment: _Text | None = None
    owner: _Text | None = None
    profile: _Text | None = None
    role_arn: (
        Annotated[
            str,
            Meta(
                pattern=rf"^{_ROLE_ARN}\Z",
                title="a role's ARN, such as arn:aws:iam::123456789012:role/auditor",
            ),
        ]
        | None
    ) = None
    external_id: (
        Annotated[
            str,
            Meta(
                pattern=r"^[0-9A-Za-z_+=,.@:/-]{2,1224}\Z",
                title="an ExternalId, 2 to 1,224 letters, digits and +=,.@:/-_",
                extra={"is_secret": True},
            ),
        ]
        | None
    ) = None
    regions: Annotated[
        tuple[_Region, ...],
        Meta(min_length=1, title='a list of regions, such as ["eu-west-1", "us-east-1"]'),
    ] = ()

    def __repr__(self) -> str:
        """Leave the ExternalId out."""
        return f"AccountSettings({self.account_id})"

    @property
    def account_id(self) -> str:
        """The account's id, which its own key or the role's ARN gives."""
        role = re.fullmatch(_ROLE_ARN, self.role_arn or "")
        return self.id or (role.group(1) if role else "")

    @property
    def info(self) -> AccountInfo:
        """What the owner calls the account."""
        return AccountInfo(
            account_id=self.account_id,
            name=self.name or self.account_id,
            environment=self.environment,
            owner=self.owner,
        )


class AcceptedGap(msgspec.Struct, frozen=True, kw_only=True):
    """What may stay unread until a day, and why: an `[[accepted_gaps]]` table."""

    reason: Annotated[str, Meta(pattern=r"\S", max_length=500, title="a text")]
    until: Annotated[date, Meta(title="a day, such as 2027-03-31")]
    operation: (
        Annotated[str, Meta(title="an API operation, such as cognito-idp:GetUserPoolMfaConfig")] | None
    ) = None
    facet: Annotated[str, Meta(title="the name of a facet, such as mfa_configuration")] | None = None
    account: _AccountId | None = None
    region: (
        Annotated[str, Meta(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]\Z", title="a region, such as eu-west-1")]
        | None
    ) = None
    resource: _ArnPattern | None = None

    def covers(self, gap: RunGap) -> bool:
        """Whether this is the gap that was accepted, whatever the day."""
        operations = (gap.gap.operation, *iam_actions(gap.gap.operation))
        return (
            self.operation in (None, *operations)
            and self.facet in (None, gap.facet.value)
            and self.account in (None, gap.scope.account_id)
            and self.region in (None, gap.scope.region)
            and (self.resource is None or as_pattern(self.resource).fullmatch(gap.resource_arn) is not None)
        )

    def has_expired(self, today: date) -> bool:
        """Whether the day has passed until which the gap was accepted."""
        return today > self.until


class UserPoolSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What some user pools are for: a `[[user_pools]]` table."""

    intents: Annotated[
        tuple[Intent, ...],
        Meta(min_length=1, title=f"a list of {', '.join(Intent)}"),
    ]
    resource: _ArnPattern | None = None
    tag: _Tag | None = None

    @property
    def declared(self) -> DeclaredIntent:
        """The table as the rules read it."""
        key, _, value = (self.tag or "").partition("=")
        return DeclaredIntent(
            intents=frozenset(self.intents),
            arn=self.resource,
            tag=(key, value) if self.tag else None,
        )


class MuteSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that somebody lives with until a day, and why: a `[[mutes]]` table."""

    reason: Annotated[str, Meta(pattern=_ONE_LINE, max_length=500, title="a text on one line")]
    until: Annotated[date, Meta(title="a day, such as 2027-03-31")]
    code: (
        Annotated[
            str,
            Meta(pattern=r"^[0-9A-Za-z*]{1,40}\Z", title='a rule\'s code, such as "APP001" or "APP*"'),
        ]
        | None
    ) = None
    resource: _ArnPattern | None = None
    account: _AccountId | None = None
    tag: _Tag | None = None
    author: _Text | None = None

    def covers(self, evaluation: Evaluation, tags: Collection[tuple[str, str]]) -> bool:
        """Whether the table is about a finding, whatever the day; `tags` are those of its pool."""
        key, _, value = (self.tag or "").partition("=")
        return (
            self.account in (None, evaluation.scope.account_id)
            and (self.code is None or as_pattern(self.code).fullmatch(evaluation.code) is not None)
            and (
                self.resource is None
                or as_pattern(self.resource).fullmatch(evaluation.resource_arn) is not None
            )
            and (self.tag is None or (key, value) in tags)
        )

    def has_expired(self, today: date) -> bool:
        """Whether the last day of the mute has passed."""
        return today > self.until


_Days = Annotated[int, Meta(ge=0, le=3650, title="a number of days from 0 to 3650")]


class DueSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Within how many days of its opening a finding is to be closed, by severity: the `[due]` table."""

    critical: _Days = 7
    high: _Days = 30
    medium: _Days = 90
    low: _Days = 180

    def days(self, severity: Severity) -> int | None:
        """Return the days, None where nothing is due."""
        return None if severity is Severity.INFO else int(getattr(self, severity.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How findings are handled: what is muted, when they are due, and who owns accounts, by their ids."""

    mutes: tuple[MuteSettings, ...] = ()
    due: DueSettings = field(default_factory=DueSettings)
    owners: Mapping[str, str] = field(default_factory=dict)


class FileSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that stand in no table, and the tables as they are in the file."""

    store: _FilePath | None = None
    rate_share: (
        Annotated[
            Annotated[float, Meta(ge=SMALLEST_SHARE, le=1)] | Literal["off"],
            Meta(title=f'a number from {SMALLEST_SHARE} to 1, or "off"'),
        ]
        | None
    ) = None
    baseline: Annotated[str, Meta(title="the name of a baseline")] | None = None
    accounts_file: _FilePath | None = None
    accounts: Annotated[list[Any], Meta(title="[[accounts]] tables")] = []
    rules: Annotated[dict[str, Any], Meta(title="tables such as [rules.AUT001]")] = {}
    user_pools: Annotated[list[Any], Meta(title="[[user_pools]] tables")] = []
    accepted_gaps: Annotated[list[Any], Meta(title="[[accepted_gaps]] tables")] = []
    mutes: Annotated[list[Any], Meta(title="[[mutes]] tables")] = []
    due: Annotated[dict[str, Any], Meta(title="a [due] table")] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A settings file without a mistake, or what holds where there is none: `path` is then None.

    `store` is as the file says it: relative to the file.
    """

    path: Path | None = None
    store: Path | None = None
    rate_share: float | Literal["off"] | None = None
    baseline_name: str = FSBP.name
    accounts: tuple[AccountSettings, ...] = ()
    accepted_gaps: tuple[AcceptedGap, ...] = ()
    parameters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    switched_on: frozenset[str] = frozenset()
    switched_off: frozenset[str] = frozenset()
    intents: Intents = field(default_factory=Intents)
    mutes: tuple[MuteSettings, ...] = ()
    due: DueSettings = field(default_factory=DueSettings)

    @property
    def handling(self) -> Handling:
        """How the file says that findings are handled."""
        owners = {each.account_id: each.owner for each in self.accounts if each.owner}
        return Handling(mutes=self.mutes, due=self.due, owners=owners)

    @property
    def baseline(self) -> Baseline:
        """The baseline that the file names, as its rules' tables change it."""
        return self.baseline_of(self.baseline_name)

    def baseline_of(self, name: str) -> Baseline:
        """Return a baseline as the file's rules' tables change it. Raises KeyError for an unknown name."""
        base = BASELINES[name]
        parameters = {code: {**base.parameters.get(code, {}), **own} for code, own in self.parameters.items()}
        names = {code: {**base.names.get(code, {}), **own} for code, own in self.names.items()}
        return replace(
            base,
            parameters={**base.parameters, **parameters},
            names={**base.names, **names},
            switched_off=(base.switched_off - self.switched_on) | self.switched_off,
            intents=self.intents,
        )

    @property
    def account_infos(self) -> tuple[AccountInfo, ...]:
        """What the owner calls the accounts."""
        return tuple(account.info for account in self.accounts)

    def account(self, account_id: str) -> AccountSettings | None:
        """Return how to reach an account, None where the file does not name it."""
        return next((each for each in self.accounts if each.account_id == account_id), None)
