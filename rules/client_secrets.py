"""Client secrets: how old an app client's are, and whether an old one was left behind."""

from collections.abc import Iterator
from datetime import date

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName, Gap, NotCollectedError, Reason
from rules.engine import Context, Problem, rule
from rules.links import DOCS


def carries_secret(client: AppClient, ctx: Context) -> bool:
    """Whether the app client has a secret, by one of the two calls that tell."""
    # DescribeUserPoolClient is said to leave the secret out where there are two. A list that could not be
    # read is no reason to doubt it, or else every public app client would be in doubt.
    secrets = ctx.client.secrets
    return client.has_secret or (secrets.gap is None and bool(secrets.value))


@rule(
    "SEC001",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=carries_secret,
    reads=(FacetName.CLIENT_SECRETS,),
    params={"days": 365},
    plan_needed="LITE",
)
def client_secret_is_old(_client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A client secret has not been changed for long.

    Why: whoever has seen the secret since, in a repository, a log or a former job, can still speak for the
    application.
    Fix: make a second secret with AddUserPoolClientSecret, give it to every installation, then delete the
    old one with DeleteUserPoolClientSecret. An installation that still has the old one is refused from then
    on.
    """
    limit = ctx.parameters["days"]
    for number, made_on in _dates(ctx):
        days = (ctx.today - made_on).days
        if days > limit:
            yield Problem(
                f"has a client secret that is {days} days old, more than {limit}",
                evidence=((f"ClientSecrets[{number}].ClientSecretCreateDate", made_on.isoformat()),),
            )


@rule(
    "SEC002",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=carries_secret,
    reads=(FacetName.CLIENT_SECRETS,),
    params={"days": 30},
    plan_needed="LITE",
)
def replaced_secret_still_works(_client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A client secret was replaced, and the old one still works.

    Why: a rotation protects only once the old secret is gone; until then it opens the same door, and both
    places for secrets are taken when the next one must be changed in a hurry.
    Fix: see that every installation has the new secret, then delete the old one with
    DeleteUserPoolClientSecret. An installation that still has it is refused from then on.
    Unsure when: two installations have a secret each on purpose.
    """
    limit = ctx.parameters["days"]
    dates = dict(_dates(ctx))
    if len(dates) <= 1:
        return
    # The rotation began when the newest secret was made; the old one may be of any age by then.
    days = (ctx.today - max(dates.values())).days
    if days > limit:
        yield Problem(
            f"has {len(dates)} client secrets, {days} days after the newest was made",
            evidence=tuple(
                (f"ClientSecrets[{number}].ClientSecretCreateDate", made_on.isoformat())
                for number, made_on in dates.items()
            ),
        )


def _dates(ctx: Context) -> Iterator[tuple[int, date]]:
    """Yield when each secret was made, the dated ones first.

    Raises NotCollectedError where a secret has no date, or the app client's only secret is not listed.
    """
    secrets = ctx.client.secrets.value
    for number, secret in enumerate(secrets):
        if secret.created_at is not None:
            yield number, secret.created_at.date()
    if not secrets or any(secret.created_at is None for secret in secrets):
        raise NotCollectedError(
            Gap(
                operation=FacetName.CLIENT_SECRETS.operation,
                reason=Reason.MALFORMED,
                message="a client secret has no date",
            )
        )
