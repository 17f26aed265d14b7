"""The one codec: records to bytes and back.

Equal content has equal bytes, whatever the order of sets and of lists of members, or the zone of times, in
which it arrived, so that the bytes' digest tells whether anything changed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec

from records.facet import FacetName
from records.resource import Member
from store.facets import KINDS, Members

Sample = int | None

_ENCODER = msgspec.json.Encoder()
_DECODERS: Mapping[FacetName, msgspec.json.Decoder[Any]] = {
    facet: msgspec.json.Decoder(kind.annotation) for facet, kind in KINDS.items()
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


@dataclass(frozen=True, slots=True)
class _Times:
    """Where times stand: here (`parts` None), in each item of a list, or in some members of a record."""

    parts: "_Times | Mapping[str, _Times] | None"

    @classmethod
    def of(cls, annotation: Any) -> "_Times | None":
        """Find the times in a type; None where it holds none."""
        if annotation is datetime:
            return cls(None)
        if is_dataclass(annotation):
            found = {each.name: cls.of(each.type) for each in fields(annotation)}
            parts = {name: times for name, times in found.items() if times is not None}
            return cls(parts) if parts else None
        inner = next((times for each in get_args(annotation) if (times := cls.of(each))), None)
        is_list = getattr(annotation, "__origin__", None) is tuple
        return cls(inner) if inner and is_list else inner

    def in_utc(self, plain: Any) -> Any:
        """Return builtins with these times in UTC."""
        # botocore hands out times in the machine's own zone, which moves with it and with the season.
        match self.parts:
            case _ if plain is None:
                return None
            case None:
                return plain.astimezone(UTC)
            case _Times():
                return [self.parts.in_utc(each) for each in plain]
            case _:
                return plain | {name: times.in_utc(plain[name]) for name, times in self.parts.items()}


_TIMES: Mapping[FacetName, _Times | None] = {
    facet: _Times.of(kind.annotation) for facet, kind in KINDS.items()
}


def encode(facet: FacetName, value: object) -> Encoded:
    """Return what a facet's answer became as bytes.

    Raises TypeError where the value is not of the facet's kind, and UnencodableError.
    """
    kind = KINDS[facet]
    if not kind.fits(value):
        raise TypeError(f"{facet.value} is a {kind}, not a {_described(value)}")
    content = _members(value) if kind.record is Member and isinstance(value, tuple) else value
    plain = msgspec.to_builtins(content, order="sorted", builtin_types=(datetime,))
    samples = {name: plain.pop(name) for name in kind.volatile}
    if (times := _TIMES[facet]) is not None:
        plain = times.in_utc(plain)
    try:
        body = _ENCODER.encode(plain)
    except UnicodeEncodeError as error:
        raise UnencodableError(f"{facet.value} holds text that is no Unicode") from error
    return Encoded(hashlib.sha256(body).digest(), body, samples)


def decode(facet: FacetName, body: bytes, samples: Mapping[str, Sample]) -> Any:
    """Return the facet's record. Raises UndecodableError where a member is missing or of another type."""
    try:
        if KINDS[facet].volatile:
            return msgspec.convert(msgspec.json.decode(body) | samples, KINDS[facet].annotation)
        return _DECODERS[facet].decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        raise UndecodableError(f"{facet.value}: {error}") from error


def _described(value: object) -> str:
    if isinstance(value, tuple):
        return f"tuple of {', '.join(sorted({type(each).__name__ for each in value}))}"
    return type(value).__name__


def _members(members: Members) -> Members:
    # A list call can name a resource twice when it is renamed between two pages.
    by_id: dict[str, Member] = {member.id: member for member in sorted(members)}
    return tuple(by_id.values())
