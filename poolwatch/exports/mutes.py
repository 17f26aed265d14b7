"""Mutes as JSON, and as tables for poolwatch.toml."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from poolwatch.handling import Source
from poolwatch.muted import ListedMute, State

_SCHEMA_VERSION = 1
_SPACE = re.compile(r"\s")


def mutes_json(listed: Iterable[ListedMute]) -> str:
    """Return the document of `mutes --format json`."""
    document = {"schema_version": _SCHEMA_VERSION, "mutes": [_document(each) for each in listed]}
    return f"{json.dumps(document, indent=2, ensure_ascii=True)}\n"


def mutes_toml(listed: Iterable[ListedMute]) -> Iterator[str]:
    """Yield the store's mutes that are in force as tables of the settings file."""
    for each in listed:
        if each.source is Source.STORE and each.state is State.IN_FORCE:
            yield "[[mutes]]\n"
            yield f"code = {_string(each.code or '*')}\n"
            # The file takes no spaces there; an identity provider's name may have some.
            yield f"resource = {_string(_SPACE.sub('*', each.resource or '*'))}\n"
            yield f"reason = {_string(each.reason)}\n"
            if each.author:
                yield f"author = {_string(each.author)}\n"
            yield f"until = {each.until.isoformat()}\n\n"


def _document(mute: ListedMute) -> Mapping[str, object]:
    return {
        "source": mute.source.value,
        "state": mute.state.value,
        "code": mute.code,
        "resource": mute.resource,
        "account": mute.account,
        "tag": mute.tag,
        "reason": mute.reason,
        "author": mute.author,
        "until": mute.until.isoformat(),
        "created_at": _iso(mute.created_at),
        "ended_at": _iso(mute.ended_at),
        "ended_by": mute.ended_by,
        "findings": mute.findings,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _string(text: str) -> str:
    # JSON's escapes are TOML's as well, but for its pairs of surrogates, which are left out so.
    return json.dumps(text, ensure_ascii=False)
