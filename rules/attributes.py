"""User attributes whose names tell that applications decide by them what a user may do."""

import re

_PREFIX = re.compile(r"(?:dev:)?custom:")
# The words of snake_case, kebab-case and camelCase.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WORDS = frozenset(
    {
        "access",
        "acl",
        "balance",
        "credit",
        "credits",
        "org",
        "organisation",
        "organization",
        "plan",
        "scope",
        "scopes",
        "tier",
        "verified",
    }
)
_STEMS = ("admin", "entitle", "group", "perm", "priv", "role", "superuser", "tenant")
# Names are also written in one piece, such as isadmin and userrole.
_ENDINGS = ("accountid", "admin", "group", "groups", "orgid", "role", "roles", "tenantid", "userid")


def grants_rights(attribute: str) -> bool:
    """Whether a custom attribute's name says that rights hang on it; a guess, for a name is all there is."""
    named = _PREFIX.match(attribute)
    if named is None:
        return False
    words = [word.lower() for word in _WORD.findall(attribute[named.end() :])]
    return "".join(words).endswith(_ENDINGS) or any(
        word in _WORDS or word.startswith(_STEMS) for word in words
    )
