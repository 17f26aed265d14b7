"""What owners declare of user pools: by a tag on the user pool, or in the settings."""

import re
from dataclasses import dataclass

from records.intent import Intent
from records.snapshot import UserPoolSnapshot
from records.wildcards import as_pattern

INTENT_TAG = "poolwatch:intent"
_SEPARATOR = re.compile(r"[\s,+]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredIntent:
    """Intents of the user pools that fit an ARN, in which `*` stands for any characters, and carry a tag."""

    intents: frozenset[Intent]
    arn: str | None = None
    tag: tuple[str, str] | None = None

    def fits(self, pool: UserPoolSnapshot) -> bool:
        """Whether the declaration is about a user pool; one by tag fits none whose tags were not read."""
        if self.arn is not None and not as_pattern(self.arn).fullmatch(pool.arn):
            return False
        return self.tag is None or self.tag in _tags(pool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intents:
    """All that is declared: what the settings say, if anything, and what tags on the user pools say."""

    declared: tuple[DeclaredIntent, ...] = ()

    def of(self, pool: UserPoolSnapshot) -> frozenset[Intent]:
        """Return what a user pool is declared to be for; names that are no intent are left out."""
        said = {intent for each in self.declared if each.fits(pool) for intent in each.intents}
        said.update(Intent(name) for name in tagged_intents(pool) if name in _NAMES)
        return frozenset(said)


def tagged_intents(pool: UserPoolSnapshot) -> tuple[str, ...]:
    """Return the names in the user pool's intent tag, also those that are no intent."""
    return tuple(
        name.lower()
        for key, value in _tags(pool)
        if key == INTENT_TAG
        for name in _SEPARATOR.split(value)
        if name
    )


_NAMES = frozenset(each.value for each in Intent)


def _tags(pool: UserPoolSnapshot) -> tuple[tuple[str, str], ...]:
    reading = pool.settings.last_good
    return reading.value.tags if reading is not None and pool.settings.gap is None else ()
