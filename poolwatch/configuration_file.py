"""The settings file's text, checked whole: every mistake is told, with place and nearest right key."""

import csv
import difflib
import io
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Meta

from poolwatch.configuration import (
    SIGN_IN_OPERATIONS,
    AcceptedGap,
    AccountSettings,
    Configuration,
    DueSettings,
    FileSettings,
    MuteSettings,
    UserPoolSettings,
)
from poolwatch.text import plain
from records.errors import SettingsError
from records.facet import FacetName, iam_actions
from records.intent import Intent
from records.wildcards import as_pattern
from rules.baselines import BASELINES
from rules.catalogue import catalogue
from rules.engine import Rule
from rules.intents import Intents

_Table = TypeVar("_Table", bound=msgspec.Struct)
_VALUE_LENGTH = 60
_ENTRIES_SHOWN = 5
_NAMES_SHOWN = 12
# What is less alike than this would only mislead.
_ALIKE = 0.7
_LARGEST = 2**63
_HINT = "docs/settings.md tells every key; entries of a list are counted from 1."


def parse(text: str, *, path: Path, read_beside: Callable[[str], str]) -> Configuration:
    """Return what a settings file says.

    `read_beside` gives the text of another file that this one names. Raises SettingsError with every mistake,
    and whatever `read_beside` raises.
    """
    try:
        raw = tomllib.loads(text)
    except ValueError as error:
        # Python's own, where a number has thousands of digits.
        raise SettingsError(str(path), (f"is not TOML: {plain(str(error))}",), _HINT) from None
    except RecursionError:
        raise SettingsError(str(path), ("is nested too deeply",), _HINT) from None
    check = _Check()
    # All its keys may be left out, so it can be made of whatever is sound.
    file = check.table(FileSettings, raw, "") or FileSettings()
    accounts = [
        *check.accounts((f"accounts[{number}]", each) for number, each in enumerate(file.accounts, 1)),
        *check.accounts(_rows(check, file.accounts_file, read_beside)),
    ]
    check.refuse_twice(accounts)
    gaps = [
        each
        for number, raw_gap in enumerate(file.accepted_gaps, 1)
        if (each := check.accepted_gap(raw_gap, f"accepted_gaps[{number}]")) is not None
    ]
    rules = check.rules(file.rules)
    user_pools = [
        pools
        for number, raw_pools in enumerate(file.user_pools, 1)
        if (pools := check.user_pools(raw_pools, f"user_pools[{number}]")) is not None
    ]
    mutes = [
        mute
        for number, raw_mute in enumerate(file.mutes, 1)
        if (mute := check.mute(raw_mute, f"mutes[{number}]")) is not None
    ]
    due = check.table(DueSettings, file.due, "due") or DueSettings()
    if file.baseline is not None:
        check.known("baseline", file.baseline, tuple(BASELINES), "baseline")
    if check.mistakes:
        raise SettingsError(str(path), tuple(check.mistakes), _HINT)
    return Configuration(
        path=path,
        store=None if file.store is None else path.parent / with_home(file.store),
        rate_share=file.rate_share,
        baseline_name=file.baseline or Configuration().baseline_name,
        accounts=tuple(each for _, each in accounts),
        accepted_gaps=tuple(gaps),
        parameters=rules.parameters,
        names=rules.names,
        switched_on=frozenset(rules.switched_on),
        switched_off=frozenset(rules.switched_off),
        intents=Intents(declared=tuple(each.declared for each in user_pools)),
        mutes=tuple(mutes),
        due=due,
    )


def with_home(path: str) -> Path:
    """Return a path whose ~ is the user's home; one of a user who is not known stays as it is."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  (pathlib's own raises for an unknown user)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the tables of rules say, by code."""

    parameters: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    switched_on: set[str] = field(default_factory=set)
    switched_off: set[str] = field(default_factory=set)


class _Check:
    """The mistakes of one file, and its sound parts."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def table(self, kind: type[_Table], raw: object, place: str) -> _Table | None:
        """Return a table's sound values; None where one is missing that has to be there."""
        if not isinstance(raw, Mapping):
            self.mistakes.append(f"{place} is {_shown(raw)}, but must be a table of keys and values")
            return None
        fields = {each.name: each for each in msgspec.structs.fields(kind)}
        for key in raw:
            self._refuse_unknown_key(key, tuple(fields), place)
        sound = {}
        for name, each in fields.items():
            where = _joined(place, name)
            if name not in raw:
                if each.required:
                    self.mistakes.append(f"{where} is missing; it is {_meta(each.type).title}")
                continue
            try:
                sound[name] = msgspec.convert(raw[name], each.type)
            except msgspec.ValidationError:
                meta = _meta(each.type)
                is_secret = (meta.extra or {}).get("is_secret", False)
                value = "is not right" if is_secret else f"is {_shown(raw[name])}"
                self.mistakes.append(f"{where} {value}, but must be {meta.title}")
        is_whole = all(name in sound for name, each in fields.items() if each.required)
        return kind(**sound) if is_whole else None

    def accounts(self, entries: Iterable[tuple[str, object]]) -> Iterator[tuple[str, AccountSettings]]:
        """Yield each account that is sound, with its place."""
        for place, raw in entries:
            count = len(self.mistakes)
            account = self.table(AccountSettings, raw, place)
            if account is None:
                continue
            # A key that is there with a wrong value is told of once.
            if not account.account_id and len(self.mistakes) == count:
                self.mistakes.append(
                    f"{_joined(place, 'id')} is missing; an account has an id, or a role_arn that holds it"
                )
            if account.id and account.role_arn and f"::{account.id}:" not in account.role_arn:
                self.mistakes.append(
                    f"{_joined(place, 'id')} is {account.id}, but role_arn is of another account,"
                    f" {account.role_arn.split(':')[4]}"
                )
            if account.external_id and not account.role_arn and "role_arn" not in _keys(raw):
                self.mistakes.append(
                    f"{_joined(place, 'external_id')} goes with a role_arn, and there is none"
                )
            yield place, account

    def refuse_twice(self, accounts: Iterable[tuple[str, AccountSettings]]) -> None:
        """Tell of accounts that stand there more than once."""
        places: dict[str, str] = {}
        for place, account in accounts:
            first = places.setdefault(account.account_id, place)
            if account.account_id and first != place:
                self.mistakes.append(
                    f"{place} is account {account.account_id} again, which is {first} already"
                )

    def accepted_gap(self, raw: object, place: str) -> AcceptedGap | None:
        """Return what may stay unread, None where a part is missing."""
        if isinstance(raw, Mapping):
            if ("operation" in raw) == ("facet" in raw):
                self.mistakes.append(f"{place} must have either an operation or a facet")
            for key, names in (("operation", _operations()), ("facet", tuple(FacetName))):
                if isinstance(name := raw.get(key), str):
                    self.known(_joined(place, key), name, names, f"{key} of that name:")
        return self.table(AcceptedGap, raw, place)

    def user_pools(self, raw: object, place: str) -> UserPoolSettings | None:
        """Return what some user pools are for, None where a part is missing."""
        if isinstance(raw, Mapping) and "resource" not in raw and "tag" not in raw:
            self.mistakes.append(f"{place} must have a resource or a tag")
        if isinstance(raw, Mapping) and isinstance(names := raw.get("intents"), list):
            for name in names:
                if isinstance(name, str) and not self.known(
                    _joined(place, "intents"), name, tuple(Intent), "intent"
                ):
                    return None
        return self.table(UserPoolSettings, raw, place)

    def mute(self, raw: object, place: str) -> MuteSettings | None:
        """Return which findings somebody lives with, None where a part is missing."""
        if isinstance(raw, Mapping) and not {"code", "resource", "account", "tag"} & raw.keys():
            self.mistakes.append(f"{place} must have a code, a resource, an account or a tag")
        found = self.table(MuteSettings, raw, place)
        if found is not None and found.code is not None:
            codes = tuple(rule.code for rule in catalogue())
            where = _joined(place, "code")
            if "*" not in found.code:
                self.known(where, found.code, codes, "rule")
            elif not any(map(as_pattern(found.code).fullmatch, codes)):
                self.mistakes.append(f"{where}: no rule's code is like {_shown(found.code)}")
        return found

    def rules(self, tables: Mapping[str, object]) -> _Rules:
        """Return the numbers and names of rules, and which are switched on and off."""
        by_code = {rule.code: rule for rule in catalogue()} if tables else {}
        found = _Rules()
        for code, table in tables.items():
            place = _joined("rules", code)
            if not self.known(place, code, tuple(by_code), "rule"):
                continue
            if not isinstance(table, Mapping):
                self.mistakes.append(f"{place} is {_shown(table)}, but must be a table of keys and values")
                continue
            for key, value in table.items():
                self._rule_key(found, by_code[code], key, value)
        return found

    def _rule_key(self, found: _Rules, rule: Rule, key: str, value: object) -> None:
        """Take in one key of a rule's table."""
        place = _joined("rules", rule.code)
        where = _joined(place, key)
        if key == "enabled":
            if isinstance(value, bool):
                (found.switched_on if value else found.switched_off).add(rule.code)
            else:
                self.mistakes.append(f"{where} is {_shown(value)}, but must be true or false")
        elif key in rule.names:
            if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
                found.names.setdefault(rule.code, {})[key] = tuple(value)
            else:
                self.mistakes.append(f"{where} is {_shown(value)}, but must be a list of texts")
        elif key not in rule.parameters:
            self._refuse_unknown_key(key, ("enabled", *rule.parameters, *rule.names), place)
        elif not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.mistakes.append(f"{where} is {_shown(value)}, but must be a whole number, 0 or more")
        else:
            found.parameters.setdefault(rule.code, {})[key] = value

    def known(self, where: str, given: str, names: Sequence[str], what: str) -> bool:
        """Return whether a name is one of those that there are; tell the nearest one where it is not."""
        if given in names:
            return True
        self.mistakes.append(f"{where}: there is no {what} {_shown(given)}{_nearest(given, names)}")
        return False

    def _refuse_unknown_key(self, key: str, names: Sequence[str], place: str) -> None:
        if key not in names:
            self.mistakes.append(f"{_joined(place, key)} is unknown{_nearest(key, names)}")


def _rows(
    check: _Check, name: str | None, read_beside: Callable[[str], str]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the rows of the accounts file as tables, each with its place; an empty cell is no value."""
    if name is None:
        return
    shown = plain(name, _VALUE_LENGTH)
    table = csv.reader(io.StringIO(read_beside(name), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(table, [])]
        if not any(header):
            check.mistakes.append(f"{shown} is empty; its first line names the columns")
            return
        if twice := sorted({column for column in header if header.count(column) > 1}):
            named = ", ".join(plain(column, _VALUE_LENGTH) or "(no name)" for column in twice)
            check.mistakes.append(f"{shown} has columns twice: {named}")
            return
        for cells in table:
            place = f"{shown} line {table.line_num}"
            if len(cells) > len(header):
                check.mistakes.append(f"{place} has {len(cells)} cells, but there are {len(header)} columns")
                continue
            row: dict[str, object] = {
                column: cell.strip() for column, cell in zip(header, cells, strict=False) if cell.strip()
            }
            if "regions" in row:
                row["regions"] = re.split(r"[\s;,]+", str(row["regions"]))
            if row:
                yield place, row
    except csv.Error as error:
        check.mistakes.append(f"{shown} line {table.line_num} is not CSV: {plain(str(error))}")


def _operations() -> tuple[str, ...]:
    """Return the operations that a gap can be of, with the IAM actions that allow them."""
    calls = [operation for facet in FacetName for operation in facet.operations]
    actions = [action for operation in calls for action in iam_actions(operation)]
    return tuple(dict.fromkeys((*SIGN_IN_OPERATIONS, *calls, *actions)))


def _meta(kind: Any) -> Meta:
    """Return what stands beside a field's type, which may be one of a union's."""
    for each in (kind, *getattr(kind, "__args__", ())):
        for meta in getattr(each, "__metadata__", ()):
            if isinstance(meta, Meta):
                return meta
    raise TypeError(f"{kind} says nothing of its form")


def _keys(raw: object) -> tuple[str, ...]:
    return tuple(raw) if isinstance(raw, Mapping) else ()


def _joined(place: str, key: str) -> str:
    shown = plain(key, _VALUE_LENGTH)
    return f"{place}.{shown}" if place else shown


def _nearest(given: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(
        given.casefold(), {name.casefold(): name for name in names}, n=1, cutoff=_ALIKE
    )
    if near:
        return f"; did you mean {next(name for name in names if name.casefold() == near[0])}?"
    return f"; known here: {', '.join(names)}" if 0 < len(names) <= _NAMES_SHOWN else ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{plain(value, _VALUE_LENGTH)}"'
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return f"[{plain(', '.join(map(_shown, value[:_ENTRIES_SHOWN])), _VALUE_LENGTH)}]"
    # Python does not write out a number of thousands of digits, which TOML can hold as hexadecimal.
    is_huge = isinstance(value, int) and abs(value) > _LARGEST
    return "a huge number" if is_huge else plain(str(value), _VALUE_LENGTH)
