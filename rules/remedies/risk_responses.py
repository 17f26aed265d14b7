"""Remedies of the rules on what threat protection acts on, whom it tells, and how it is billed."""

from collections.abc import Iterator

from records.user_pool import UserPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy
from rules.remedies.threat_protection import COMPROMISED_CREDENTIALS
from rules.threat_protection import PASSWORD_EVENTS


def _watch_every_event(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    if pool.tier == "PLUS":
        path = (COMPROMISED_CREDENTIALS, "EventFilter")
        yield Change(Operation.SET_RISK_CONFIGURATION, path, sorted(PASSWORD_EVENTS))


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="RSK001",
        change="Block leaked passwords at every event",
        impact="Users can neither set a leaked password nor sign in with one.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See that forms for sign-up and new passwords say why a password is refused.",
            "See that users can reset their password by themselves.",
            "Name all three events in EventFilter, sending the other risk settings along.",
        ),
        breaks="Users who cannot reset their password by themselves need an administrator to get in again.",
        changes=_watch_every_event,
    ),
    Remedy(
        code="RSK002",
        change="Tell users of risky sign-ins",
        impact="Users get an e-mail when a sign-in to their account looks like a takeover.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Let Amazon SES send for the domain, out of its sandbox.",
            "Write the notices for each answer: blocked, asked for MFA, let in.",
            "Set NotifyConfiguration, then Notify for high risk, and for medium risk when few are mistaken.",
        ),
        breaks="Users who travel get notices of their own sign-ins, and SES bills each e-mail.",
    ),
    Remedy(
        code="RSK003",
        change="Compare the bill on Lite with that on Plus",
        impact="The user pool stays as it is, or pays one price that holds threat protection.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Read the month's active users, and the lines of the bill for Lite and for advanced security.",
            "Ask AWS whether the user pool may come back to its old terms.",
            "Change UserPoolTier to PLUS where that costs less, or accept the finding.",
        ),
        breaks="Plus has no active users free of charge, and the old terms may not come back.",
    ),
)
