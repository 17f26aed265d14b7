"""What the extensions remember, kept where moto keeps its own state."""

from typing import Any


def extra(holder: Any, name: str) -> dict[Any, Any]:
    """Return the named dict that hangs on a moto object, made at the first use.

    A dict on a backend belongs to one account and region and vanishes with moto's own reset;
    one on a user pool or app client vanishes with that resource.
    """
    store: dict[str, dict[Any, Any]] = holder.__dict__.setdefault("_extra", {})
    return store.setdefault(name, {})
