"""Facts that no AWS API sets: about a user pool, and about an account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from demo.emulator.accounts import account_of
from demo.emulator.client_secrets import secrets_of
from demo.emulator.end_user_messaging import backends as messaging_backends
from demo.emulator.state import extra

MEMBERS = frozenset(
    {"user_pool", "estimated_users", "created", "modified", "old_shape", "clients", "import_jobs"}
)
ACCOUNT_MEMBERS = frozenset({"region", "is_sms_in_production", "messaging_limit_usd", "verified_identities"})


def set_facts(facts: Mapping[str, Any]) -> None:
    """Set facts of the user pool whose id is `user_pool`, in the account of plain credentials.

    `estimated_users` is a number; `created` and `modified` are ISO 8601 dates with a time zone and
    also date the identity providers and risk configurations; `old_shape` leaves out the members
    that are younger than old user pools; `clients` maps ids of app clients to their own dates, of which
    `secrets` is a list in the order in which the secrets were made, the first one's being the app client's
    where it says nothing; `import_jobs` maps names of jobs to when they were made.
    ValueError where a member is unknown, KeyError where a resource is.
    """
    if unknown := set(facts) - MEMBERS:
        raise ValueError(f"Not a fact of a user pool: {', '.join(sorted(unknown))}")
    pool_id = facts["user_pool"]
    pool = cognitoidp_backends[account_of("")][pool_id.partition("_")[0]].user_pools[pool_id]
    known = extra(pool, "facts")
    known.update({name: facts[name] for name in ("estimated_users", "old_shape") if name in facts})
    for client_id, dates in facts.get("clients", {}).items():
        client = pool.clients[client_id]
        extra(client, "facts").update(_dates(dates))
        made = dates.get("secrets") or [dates["created"]] if "created" in dates else []
        for secret_id, date in zip(secrets_of(client), made, strict=False):
            secrets_of(client)[secret_id] = datetime.fromisoformat(date)
    jobs = {job["JobName"]: job for job in extra(pool, "import_jobs").values()}
    for name, date in facts.get("import_jobs", {}).items():
        jobs[name]["CreationDate"] = datetime.fromisoformat(date)
    dates = _dates(facts)
    dated: Any
    for dated in (pool, *pool.identity_providers.values(), *pool.groups.values()):
        dated.creation_date = dates.get("created", dated.creation_date)
        dated.last_modified_date = dates.get("modified", dated.last_modified_date)
    for configuration in extra(pool, "risk").values():
        configuration["LastModifiedDate"] = dates.get("modified", configuration["LastModifiedDate"])


def set_account_facts(facts: Mapping[str, Any]) -> None:
    """Set facts of the account of plain credentials in one `region`.

    `is_sms_in_production` takes Amazon SNS out of its sandbox; `messaging_limit_usd` does so with End User
    Messaging and sets what it may spend a month at most; `verified_identities` are SES identities whose
    owner has proved them. ValueError where a member is unknown, KeyError where an identity is.
    """
    if unknown := set(facts) - ACCOUNT_MEMBERS:
        raise ValueError(f"Not a fact of an account: {', '.join(sorted(unknown))}")
    account_id, region = account_of(""), facts["region"]
    if "is_sms_in_production" in facts:
        extra(sns_backends[account_id][region], "sms")["is_in_production"] = facts["is_sms_in_production"]
    if "messaging_limit_usd" in facts:
        messaging = messaging_backends[account_id][region]
        messaging.tier, messaging.maximum_usd = "PRODUCTION", int(facts["messaging_limit_usd"])
    for name in facts.get("verified_identities", ()):
        extra(ses_backends[account_id][region].email_identities[name], "facts")["is_verified"] = True


def _dates(settings: Mapping[str, Any]) -> dict[str, datetime]:
    return {
        name: datetime.fromisoformat(settings[name]) for name in ("created", "modified") if name in settings
    }
