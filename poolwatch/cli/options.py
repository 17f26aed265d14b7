"""The options that commands share, and the checks of what they were given."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from records.errors import UsageError

if TYPE_CHECKING:
    from collectors.clients import AccountTarget
    from poolwatch.configuration import AccountSettings

_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


class ScanFormat(StrEnum):
    """What `scan` can write."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class RulesFormat(StrEnum):
    """What `rules` can write."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    COVERAGE = "coverage"


class VerifyFormat(StrEnum):
    """What `verify` can write."""

    TABLE = "table"
    JSON = "json"


class MutesFormat(StrEnum):
    """What `mutes` can write."""

    TABLE = "table"
    JSON = "json"
    TOML = "toml"


class FixFormat(StrEnum):
    """What `fix` can write."""

    TEXT = "text"
    JSON = "json"


class PolicyFormat(StrEnum):
    """What `policy` can write."""

    JSON = "json"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"


class PolicyPart(StrEnum):
    """The part that an account plays, for which `policy` prints what it takes."""

    MEMBER = "member"
    LOG_ARCHIVE = "log-archive"
    PAYER = "payer"


def _or_before(context: typer.Context, param: typer.CallbackParam, value: Any) -> Any:
    """Take what was given before the command's name where nothing is given after it."""
    before = context.parent.params if context.parent else {}
    return value or before.get(str(param.name), value)


Store = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The store's directory; POOLWATCH_STORE, else the user's data folder, by default.",
        show_default=False,
        callback=_or_before,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The settings file; POOLWATCH_CONFIG, else ./poolwatch.toml if it is there, by default.",
        show_default=False,
        callback=_or_before,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="Say nothing but results, warnings and errors.",
        callback=_or_before,
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        help="Log on stderr what Poolwatch does.",
        callback=_or_before,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A profile of ~/.aws/config; AWS's usual environment by default.",
        show_default=False,
    ),
]
Regions = Annotated[
    list[str] | None,
    typer.Option(
        metavar="REGION",
        help="A region to read, may be repeated; every region that has Cognito by default.",
        show_default=False,
    ),
]
RoleArns = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ARN",
        help="A role to take on; repeated, each role names an account to read.",
        show_default=False,
    ),
]
ExternalId = Annotated[
    str | None,
    typer.Option(metavar="ID", help="The ExternalId that the roles ask for.", show_default=False),
]
RoleArn = Annotated[
    str | None,
    typer.Option(metavar="ARN", help="A role to take on in the resource's account.", show_default=False),
]
RateShare = Annotated[
    str | None,
    typer.Option(
        metavar="SHARE",
        help="The share of AWS's request quotas, which your application needs too: 0.6 if left out, or off.",
        show_default=False,
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        help="The page's port; the first free one from 8501 by default.",
        show_default=False,
    ),
]
ScanFormatOption = Annotated[ScanFormat, typer.Option("--format", help="What to write.")]
RulesFormatOption = Annotated[RulesFormat, typer.Option("--format", help="What to write.")]
VerifyFormatOption = Annotated[VerifyFormat, typer.Option("--format", help="What to write.")]
MutesFormatOption = Annotated[MutesFormat, typer.Option("--format", help="What to write.")]
FixFormatOption = Annotated[FixFormat, typer.Option("--format", help="What to write.")]
PolicyFormatOption = Annotated[PolicyFormat, typer.Option("--format", help="What to write.")]
PolicyPartOption = Annotated[
    PolicyPart,
    typer.Option(
        "--for",
        help="The account that it is for: member, whose Cognito is read; log-archive, for reading CloudTrail"
        " archives, and payer, for reading the bill, neither of which Poolwatch does yet.",
    ),
]
Bucket = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The bucket of the CloudTrail archives, or of the payer's data exports.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsOptions:
    """How to reach AWS, as it was given."""

    profile: str | None = None
    regions: tuple[str, ...] = ()
    role_arns: tuple[str, ...] = ()
    external_id: str | None = None
    rate_share: str | None = None

    @property
    def names_account(self) -> bool:
        """Whether an account was named, which then goes before those of the settings file."""
        return self.profile is not None or bool(self.role_arns)

    def targets(self, accounts: "Sequence[AccountSettings]" = ()) -> "tuple[AccountTarget, ...]":
        """Return the accounts to read: one for each role, else that of the profile.

        Where neither was named they are the settings file's `accounts`, else that of the environment. Raises
        UsageError for a region without Cognito, a role that is no role's ARN, and an ExternalId that has no
        role or a wrong form.
        """
        # boto3 is slow to load.
        from collectors.clients import AccountTarget, cognito_regions  # noqa: PLC0415

        known = [name for partition in _PARTITIONS for name in cognito_regions(partition)]
        for region in dict.fromkeys((*self.regions, *(name for each in accounts for name in each.regions))):
            if chosen("region with Cognito called", region, known) != region:
                raise UsageError(f"{region!r} is no region.", f"Write it {region.lower()}.")
        for arn in self.role_arns:
            if not _ROLE_ARN.fullmatch(arn):
                raise UsageError(
                    f"{arn!r} is no role's ARN.", "It looks like arn:aws:iam::123456789012:role/auditor."
                )
        if self.external_id and not self.role_arns:
            raise UsageError("--external-id goes with a role.", "Name the role with --role-arn.")
        if self.external_id and not _EXTERNAL_ID.fullmatch(self.external_id):
            raise UsageError(
                f"{self.external_id!r} is no ExternalId.", "It has 2 to 1,224 letters, digits and +=,.@:/-_."
            )
        if accounts and not self.names_account:
            return tuple(
                AccountTarget(
                    profile=each.profile,
                    role_arn=each.role_arn,
                    external_id=each.external_id,
                    account_id=each.account_id,
                    regions=each.regions,
                )
                for each in accounts
            )
        return tuple(
            AccountTarget(profile=self.profile, role_arn=arn, external_id=self.external_id)
            for arn in dict.fromkeys(self.role_arns) or (None,)
        )


def chosen(what: str, given: str, known: Sequence[str], *, listing: str | None = None) -> str:
    """Return the known name that was given, in whatever case.

    Raises UsageError that names the nearest one, and all of them or the sentence that tells where they are
    listed.
    """
    by_folded = {name.casefold(): name for name in known}
    if (name := by_folded.get(given.strip().casefold())) is not None:
        return name
    near = difflib.get_close_matches(given.casefold(), by_folded, n=1, cutoff=0.0)
    nearest = f"Did you mean {by_folded[near[0]]}? " if near else ""
    all_of_them = listing or f"There are: {', '.join(known)}."
    raise UsageError(f"There is no {what} {given!r}.", nearest + all_of_them)
