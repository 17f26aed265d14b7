"""The baselines: what is asked of user pools and identity pools, each a data file beside this one."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from rules.engine import Baseline


def _read(name: str, raw: Mapping[str, Any]) -> Baseline:
    parameters: dict[str, dict[str, int]] = {}
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    for code, table in raw.get("rules", {}).items():
        for key, value in table.items():
            if isinstance(value, list):
                names.setdefault(code, {})[key] = tuple(value)
            else:
                parameters.setdefault(code, {})[key] = value
    return Baseline(
        name=name,
        title=raw["title"],
        parameters=parameters,
        names=names,
        switched_off=frozenset(raw.get("switched_off", ())),
    )


BASELINES: Mapping[str, Baseline] = {
    name: _read(name, tomllib.loads(file.read_text(encoding="utf-8")))
    for name, file in sorted(
        (each.name.removesuffix(".toml"), each)
        for each in resources.files(__name__).iterdir()
        if each.name.endswith(".toml")
    )
}

# AWS Foundational Security Best Practices: the numbers that the rules themselves carry.
FSBP = BASELINES["fsbp"]
