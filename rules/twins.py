"""Where our verdict differs from that of the best known twin, and why: the data file beside this one."""

import tomllib
from collections.abc import Mapping
from importlib import resources

# By source and the source's id.
DIFFERENCES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    resources.files("rules").joinpath("twins.toml").read_text(encoding="utf-8")
)
