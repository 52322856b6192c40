"""Change a setting in the text of config.toml; comments and everything else stay as they are."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelog.cli.settings.read import BadSetting, parse_setting
from valuelog.cli.settings.spec import PATH, PATHS, Setting
from valuelog.model.entry import clean_text, normalize_names
from valuelog.model.errors import BadInput


class BadSettingValue(BadInput):
    """A setting cannot have this value; config.toml was not changed."""

    def __init__(self, reason: str) -> None:
        """Give the reason."""
        super().__init__(reason, "Nothing was changed.")


def remove_setting(text: str, name: str, check: Callable[[str], object]) -> str | None:
    """Return the text of config.toml without one setting, or None if it isn't there.

    Raises BadSetting by `check` if the text is not TOML.
    """
    import tomlkit  # noqa: PLC0415  only to write

    try:
        document = tomlkit.parse(text)
    except tomlkit.exceptions.ParseError:
        check(text)
        raise
    table, _, key = name.rpartition(".")
    parent: Any = document
    for part in table.split(".") if table else ():
        parent = parent.get(part, {})
    if key not in parent:
        return None
    del parent[key]
    return tomlkit.dumps(document)


def replace_setting(text: str, setting: Setting, raw: str, check: Callable[[str], object]) -> str:
    """Return the text of config.toml with one setting changed.

    Raises BadSetting if `check` rejects the old text, BadSettingValue if it rejects the new one.
    """
    check(text)
    try:
        replaced = _set_value(text, setting, raw)
        check(replaced)
    except BadSetting as error:
        raise BadSettingValue(error.reason) from error
    return replaced


def _set_value(text: str, setting: Setting, raw: str) -> str:
    import tomlkit  # noqa: PLC0415  only to write

    if raw:
        clean_text(raw)
    value = _to_toml(setting, raw)
    document = tomlkit.parse(text)
    table, _, key = setting.name.rpartition(".")
    parent = document
    for part in table.split(".") if table else ():
        if part not in parent:
            parent[part] = tomlkit.table(is_super_table=table.startswith(f"{part}."))
        parent = parent[part]
    parent[key] = value
    return tomlkit.dumps(document)


def _to_toml(setting: Setting, raw: str) -> Any:  # noqa: ANN401  each setting has its own type
    """Return the TOML value; text stays as typed, such as ~/journal.db, but relative paths become absolute."""
    parsed = parse_setting(setting, raw, setting.name)
    if setting.value_type is PATH and not parsed.is_absolute():
        return os.path.abspath(parsed)  # noqa: PTH100  it also resolves ..
    if setting.value_type is PATHS:
        parsed = tuple(Path(os.path.abspath(path)) for path in parsed)  # noqa: PTH100  it also resolves ..
    value = setting.value_type.to_toml(parsed)
    return raw if setting.value_type is PATH else value


def replace_table(text: str, name: str, values: Mapping[str, Sequence[str]], check: Callable[[str], object]) -> str:
    """Return the text of config.toml with the names and aliases of one table; unchanged lines stay as they are.

    Raises BadSetting if `check` rejects the old text.
    """
    import tomlkit  # noqa: PLC0415  only to write

    check(text)
    document = tomlkit.parse(text)
    if name not in document:
        document[name] = tomlkit.table()
    table = document[name]
    written = {normalize_names([key])[0]: key for key in table}  # keys may be spelled like Sam
    for stored, key in written.items():
        if stored not in values:
            del table[key]
    for stored, aliases in values.items():
        key = written.get(stored, stored)
        if key not in table or set(normalize_names(table[key])) != set(aliases):
            table[key] = list(aliases)
    if not table:
        del document[name]
    replaced = tomlkit.dumps(document)
    check(replaced)
    return replaced
