"""Which user pools a function's policy lets call it."""

from collections.abc import Iterator

from records.iam import PolicyDocument
from rules.patterns import overlaps
from rules.trust import Demand, ServiceTrust, service_trusts

_COGNITO = frozenset({"cognito-idp.amazonaws.com"})
# A user pool that nobody has, in an account that nobody has, of whatever region.
_STRANGER_ACCOUNT = "000000000000"
_STRANGER_ARN = ("arn", "*", "cognito-idp", "*", _STRANGER_ACCOUNT, "userpool/*_000000000")


def calls_allowed(policy: PolicyDocument | None) -> Iterator[ServiceTrust]:
    """Yield the statements of a function's policy that let user pools call it; None stands for no policy."""
    if policy is not None:
        yield from service_trusts(policy, _COGNITO, "lambda:InvokeFunction")


def takes_strangers(trust: ServiceTrust) -> bool:
    """Whether a statement surely lets user pools of any account call: nothing is left to shut them out."""
    return (
        not trust.is_limited
        and not trust.other_conditions
        and _accepts_some(trust.source_arns, _STRANGER_ARN)
        and _accepts_some(trust.source_accounts, (_STRANGER_ACCOUNT,))
    )


def fits(trust: ServiceTrust, user_pool_arn: str, account_id: str) -> bool:
    """Whether a statement lets a user pool call, unless a condition of another kind shuts it out."""
    return (trust.source_arns is None or trust.source_arns.accepts(user_pool_arn)) and (
        trust.source_accounts is None or trust.source_accounts.accepts(account_id)
    )


def _accepts_some(demand: Demand | None, parts: tuple[str, ...]) -> bool:
    """Whether a demand accepts something that the parts match, as having none does."""
    return demand is None or (demand.are_patterns and any(_meets(each, parts) for each in demand.values))


def _meets(pattern: str, parts: tuple[str, ...]) -> bool:
    """Whether a pattern, part by part where it has as many, and some text of the parts fit."""
    found = pattern.split(":", len(parts) - 1)
    if len(found) < len(parts):
        return overlaps(pattern, ":".join(parts))
    return all(map(overlaps, found, parts))
