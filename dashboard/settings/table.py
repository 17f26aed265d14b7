"""The settings of each kind of resource, and their values as lines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.kinds import Kind
from dashboard.settings.app_clients import APP_CLIENT_SETTINGS
from dashboard.settings.federation import DOMAIN_SETTINGS, IDENTITY_PROVIDER_SETTINGS
from dashboard.settings.identity_pools import IDENTITY_POOL_SETTINGS
from dashboard.settings.roles import ROLE_SETTINGS
from dashboard.settings.rows import Entries, Facets, Setting
from dashboard.settings.user_pools import USER_POOL_SETTINGS
from poolwatch.text import listed

_NAMED = 3

SETTINGS: Mapping[Kind, tuple[Setting, ...]] = {
    Kind.USER_POOL: USER_POOL_SETTINGS,
    Kind.APP_CLIENT: APP_CLIENT_SETTINGS,
    Kind.IDENTITY_PROVIDER: IDENTITY_PROVIDER_SETTINGS,
    Kind.DOMAIN: DOMAIN_SETTINGS,
    Kind.IDENTITY_POOL: IDENTITY_POOL_SETTINGS,
    Kind.ROLE: ROLE_SETTINGS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value of a resource: a setting, or one member of a setting that is a list."""

    setting: Setting
    key: str
    text: str

    @property
    def label(self) -> str:
        """The setting's name, with the member's where that is not the value itself."""
        return self.setting.label if self.key in ("", self.text) else f"{self.setting.label} {self.key}"


def lines(settings: Iterable[Setting], facets: Facets, now: datetime) -> Iterator[Line]:
    """Yield every value of a resource in the settings' order; what was not read, or is empty, is one line."""
    for setting in settings:
        entries = entries_of(setting, facets)
        for key, text in entries or (("", as_text(setting, facets, now)),):
            yield Line(setting=setting, key=key, text=text)


def entries_of(setting: Setting, facets: Facets) -> Entries | None:
    """Return what a setting holds, None where it was not read."""
    facet = facets[setting.facet]
    return setting.read(facet.value) if facet.gap is None else None


def as_text(setting: Setting, facets: Facets, now: datetime) -> str:
    """Return what a setting holds as one text, with the last good value and its age if it was not read."""
    return words.of_facet(facets[setting.facet], lambda record: _joined(setting.read(record)), now)


def _joined(entries: Entries) -> str:
    texts = [text if key in ("", text) else f"{key} {text}" for key, text in entries]
    return listed(texts, _NAMED) if texts else words.NONE
