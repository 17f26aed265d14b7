"""What it takes to close a finding: the change itself, whom it touches, and how to roll it out.

`rules.engine.Rule.fix` says in words what to do; the remedy of the same code says it so that a call can be
built from it (`Change`) and tells what a person weighs before making it. Each module holds the remedies of
one or more families as a tuple named `REMEDIES`.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.engine import Context


class Operation(StrEnum):
    """The operations whose input a change is part of: each replaces all that it is not given."""

    UPDATE_USER_POOL = "UpdateUserPool"
    SET_USER_POOL_MFA = "SetUserPoolMfaConfig"
    SET_RISK_CONFIGURATION = "SetRiskConfiguration"
    UPDATE_USER_POOL_CLIENT = "UpdateUserPoolClient"
    UPDATE_IDENTITY_POOL = "UpdateIdentityPool"


class Affected(StrEnum):
    """Whom a change touches."""

    NOBODY = "nobody"
    NEW_USERS = "new users"
    SOME_USERS = "users who do what the change ends"
    SIGNING_IN = "every user at the next sign-in"
    EVERYBODY = "every user at once"
    OPERATORS = "administrators and developers"
    GUESTS = "guests without a sign-in"


@dataclass(frozen=True, slots=True)
class Change:
    """One member of an operation's input and the value it gets; None takes the member away.

    `path` is the member's place, by AWS's names, such as `("Policies", "PasswordPolicy", "MinimumLength")`;
    a list is one value, in which order means nothing unless AWS numbers its entries. The resource is that of
    the finding: where it is an app client, SetRiskConfiguration is for its ClientId.
    """

    operation: Operation
    path: tuple[str, ...]
    value: object


# The changes that close the finding on a record, none where they need what only its owner knows. Raises
# NotCollectedError where they depend on a facet that was not read.
Changes = Callable[[Any, Context], Iterator[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What closes the findings of the rule `code`.

    `change` names the change in the imperative: findings of one resource whose remedies carry the same name
    are closed by making it once. `removes` names what the change takes away, so that it matters whether it
    is in use. `changes` is None where no call of Cognito's does it, or where the value is the owner's to
    choose.
    """

    code: str
    change: str
    impact: str
    affected: Affected
    needs_client_release: bool
    is_reversible: bool
    steps: tuple[str, ...]
    breaks: str | None = None
    removes: str | None = None
    changes: Changes | None = None


@functools.cache
def remedies() -> Mapping[str, Remedy]:
    """Return all remedies by code. Raises ValueError where a code stands twice."""
    found: dict[str, Remedy] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for remedy in getattr(importlib.import_module(module.name), "REMEDIES", ()):
            if found.setdefault(remedy.code, remedy) is not remedy:
                raise ValueError(f"{remedy.code} has two remedies")
    return found
