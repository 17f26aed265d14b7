"""Ids that look like AWS's and are the same in every run.

moto draws 32 random hex digits for a user pool. These are a digest of where the resource
lives, its name and how many of that name came before, so the order in which different
resources are made, or threads that make them, do not matter.
"""

import hashlib
import string
import uuid
from typing import Any

from demo.emulator.state import extra

LOWER = string.digits + string.ascii_lowercase
MIXED = LOWER + string.ascii_uppercase

POOL_ID_LENGTH = 9
CLIENT_ID_LENGTH = 26
CLIENT_SECRET_LENGTH = 51


def next_of_name(holder: Any, *name: str) -> str:
    """Return the name with its ordinal: the key from which a resource's id is derived."""
    seen = extra(holder, "names")
    seen[name] = seen.get(name, 0) + 1
    return "/".join((*name, str(seen[name])))


def text_id(key: str, alphabet: str, length: int) -> str:
    """Return `length` characters of the alphabet that follow from the key alone."""
    number = int.from_bytes(hashlib.sha512(key.encode()).digest())
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(alphabet))
        letters.append(alphabet[digit])
    return "".join(letters)


def uuid_id(key: str) -> str:
    """Return a version 4 UUID that follows from the key alone."""
    return str(uuid.UUID(bytes=hashlib.sha512(key.encode()).digest()[:16], version=4))
