"""Features that a user pool's plan does not have."""

from typing import Any, NoReturn

from moto.core.exceptions import JsonRESTError


def need_essentials(pool: Any, feature: str) -> None:
    """Refuse a feature of the plans Essentials and Plus on a user pool of the plan Lite.

    botocore's model names this error for the operations that set such a feature; that those which read
    it answer the same is assumed.
    """
    if pool.extended_config.get("UserPoolTier") == "LITE":
        refuse_tier(pool, feature)


def need_plus(pool: Any, feature: str) -> None:
    """Refuse a feature of the plan Plus on a user pool of another one."""
    if pool.extended_config.get("UserPoolTier") != "PLUS":
        refuse_tier(pool, feature)


def refuse_tier(pool: Any, feature: str) -> NoReturn:
    """Refuse a feature because of the user pool's plan."""
    raise JsonRESTError(
        "FeatureUnavailableInTierException",
        f"{feature} is not available in the feature plan of user pool {pool.id}.",
    )
