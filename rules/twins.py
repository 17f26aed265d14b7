"""What others check: where our verdict differs from a twin's, and what no rule here follows."""

import tomllib
from collections.abc import Mapping
from importlib import resources

_RAW = tomllib.loads(resources.files("rules").joinpath("twins.toml").read_text(encoding="utf-8"))

# Both by source and the source's own id.
DIFFERENCES: Mapping[str, Mapping[str, str]] = _RAW["differences"]
LEFT_OUT: Mapping[str, Mapping[str, str]] = _RAW["left_out"]
