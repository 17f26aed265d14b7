"""The one codec: records to bytes and back.

Equal content has equal bytes, whatever the order of sets and lists or the zone of times in which it arrived,
so that the bytes' digest tells whether anything changed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from records.facet import FacetName
from records.resource import Member
from store.facets import KINDS, Members

Sample = int | None

_ENCODER = msgspec.json.Encoder()
_TYPES: Mapping[FacetName, Any] = {facet: kind.record or Members for facet, kind in KINDS.items()}
_DECODERS: Mapping[FacetName, msgspec.json.Decoder[Any]] = {
    facet: msgspec.json.Decoder(type_) for facet, type_ in _TYPES.items()
}


class UnencodableError(ValueError):
    """A record holds text that is no Unicode (a lone surrogate), so no bytes can stand for it."""


class UndecodableError(ValueError):
    """Stored bytes do not make the facet's record of today."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A record as the store keeps it; `samples` are its volatile members, which `body` is without."""

    digest: bytes
    body: bytes
    samples: Mapping[str, Sample]


def encode(facet: FacetName, value: object) -> Encoded:
    """Return a facet's record as bytes.

    Raises TypeError where the value is not the facet's record, and UnencodableError.
    """
    kind = KINDS[facet]
    expected = kind.record or tuple
    if type(value) is not expected:
        raise TypeError(f"{facet.value} is a {expected.__name__}, not a {type(value).__name__}")
    content = _members(value) if isinstance(value, tuple) else value
    plain = msgspec.to_builtins(content, order="sorted", builtin_types=(datetime,))
    samples = {name: plain.pop(name) for name in kind.volatile}
    for name in kind.times:
        # botocore hands out times in the machine's own zone, which moves with it and with the season.
        plain[name] = plain[name] and plain[name].astimezone(UTC)
    try:
        body = _ENCODER.encode(plain)
    except UnicodeEncodeError as error:
        raise UnencodableError(f"{facet.value} holds text that is no Unicode") from error
    return Encoded(hashlib.sha256(body).digest(), body, samples)


def decode(facet: FacetName, body: bytes, samples: Mapping[str, Sample]) -> Any:
    """Return the facet's record. Raises UndecodableError where a member is missing or of another type."""
    try:
        if KINDS[facet].volatile:
            return msgspec.convert(msgspec.json.decode(body) | samples, _TYPES[facet])
        return _DECODERS[facet].decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        raise UndecodableError(f"{facet.value}: {error}") from error


def _members(members: tuple[Any, ...]) -> Members:
    # A list call can name a resource twice when it is renamed between two pages.
    by_id: dict[str, Member] = {member.id: member for member in sorted(members)}
    return tuple(by_id.values())
