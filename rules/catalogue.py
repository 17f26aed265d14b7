"""The catalogue: every Rule object of the family modules, ordered by code."""

import functools
import importlib
import pkgutil

import rules
from rules.engine import Rule


@functools.cache
def catalogue() -> tuple[Rule, ...]:
    """Return all rules. Raises ValueError where a code stands twice."""
    found = [
        value
        for module in pkgutil.iter_modules(rules.__path__, "rules.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Rule)
    ]
    codes = [each.code for each in found]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"rule codes stand twice: {', '.join(sorted(twice))}")
    return tuple(sorted(found, key=lambda each: each.code))
