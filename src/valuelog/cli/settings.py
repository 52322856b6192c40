"""Settings: a flag, then VALUELOG_*, then config.toml, then the default; each value remembers where it comes from.

SETTINGS is the table that everything else follows: reading, `config list`, `config set` and the reference.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any, NamedTuple

from valuelog.cli import values
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput, UnknownChoice, ValuelogError
from valuelog.model.question import Question


class BadSetting(ValuelogError):
    """The config file says something that cannot be meant."""

    def __init__(self, where: str, why: str) -> None:
        """Say where and why; `where` is a file, or the name of a variable or a flag."""
        named = where.startswith(("VALUELOG_", "--"))
        super().__init__(f"{where}: {why}", f"Change {where}." if named else "Mend it with: valuelog config edit")
        self.why = why


class BadSettingValue(BadInput):
    """A setting cannot be set to this; the config file is as it was."""

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(why, "Nothing was changed.")


def parse_named_path(where: str, raw: str) -> Path:
    """Read a path that a variable or a flag names. Raises BadSetting."""
    try:
        return values.parse_path(raw)
    except (TypeError, ValueError) as error:
        raise BadSetting(where, str(error)) from error


class Setting(NamedTuple):
    """One setting: its name in config.toml, how it is read, what it is unless set, and what it is for."""

    name: str
    parse: Callable[[Any], Any]
    default: Any
    about: str
    variable: str | None = None


SETTINGS = (
    Setting(
        name="journal", parse=values.parse_path, default=None, about="the journal's file", variable="VALUELOG_JOURNAL"
    ),
    Setting(name="day_ends_at", parse=values.parse_time, default=time(4), about="until when it is still yesterday"),
    Setting(name="workdays", parse=values.parse_weekdays, default=frozenset(range(5)), about="the weekdays you work"),
    Setting(name="remind_at", parse=values.parse_time, default=time(17), about="from when the login line speaks"),
    Setting(name="review_day", parse=values.parse_weekday, default=4, about="the day with a line for the review"),
    Setting(
        name="editor",
        parse=values.parse_text,
        default=None,
        about="the editor for long texts",
        variable="VALUELOG_EDITOR",
    ),
    Setting(
        name="accessible",
        parse=values.parse_bool,
        default=False,
        about="plain numbered questions, for screen readers",
        variable="VALUELOG_ACCESSIBLE",
    ),
    Setting(name="evening.questions", parse=values.parse_ids, default=None, about="which questions the evening asks"),
    Setting(name="evening.off", parse=values.parse_ids, default=(), about="questions to leave out, rotating ones too"),
    Setting(name="evening.ask", parse=values.parse_wording, default={}, about="other words for a question"),
    Setting(name="evening.own", parse=values.parse_questions, default=(), about="questions of your own"),
    Setting(name="people", parse=values.parse_people, default={}, about="other names of the same person"),
)
"""Every setting there is."""


class ResolvedSetting(NamedTuple):
    """A value and where it comes from: a variable, a file, or `default`."""

    value: Any
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings, read and checked. `sources` are the names of those that [sources] says something of."""

    resolved: Mapping[str, ResolvedSetting] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        """Return the value of a setting."""
        return self.resolved[name].value


def read_settings(path: Path, environ: Mapping[str, str], more: Sequence[Setting] = ()) -> Settings:
    """Read config.toml, if there is one, and the variables. Raises BadSetting.

    What it says of sources is read only where `more` settings are those of all that it names.
    """
    return _resolve_settings(_read_config(path), path, environ, more)


def _resolve_settings(
    raw: Mapping[str, Any], path: Path, environ: Mapping[str, str], more: Sequence[Setting]
) -> Settings:
    settings = (*SETTINGS, *more)
    sources = _source_names(raw.get("sources", {}), str(path))
    written = _flatten(raw, [setting.name for setting in settings], str(path))
    known = {setting.name: _resolve_setting(setting, written, path, environ) for setting in settings}
    return Settings(resolved=known, sources=sources)


def _source_names(raw: Any, where: str) -> tuple[str, ...]:  # noqa: ANN401  whatever TOML holds
    """Return the names of the tables in a table. Raises BadSetting if there is anything else in it."""
    if not isinstance(raw, dict) or not all(isinstance(table, dict) for table in raw.values()):
        raise BadSetting(where, "sources: write each as a table of its own, such as [sources.git]")
    return tuple(raw)


def _read_config(path: Path) -> dict[str, Any]:
    text = read_config_text(path)
    return parse_toml(text, str(path)) if text else {}


def read_config_text(path: Path) -> str:
    """Return what a config file says; nothing if there is none. Raises BadSetting."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise BadSetting(str(path), f"it is not UTF-8 text: byte {error.start + 1} cannot be understood") from error
    except OSError as error:
        raise BadSetting(str(path), f"cannot be read: {error.strerror}") from error


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Read TOML. Raises BadSetting."""
    import tomllib  # noqa: PLC0415  only where there is a file

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSetting(where, str(error)) from error


def parse_config(text: str, path: Path, more: Sequence[Setting] = ()) -> Settings:
    """Read a whole config file, whatever the variables say. Raises BadSetting."""
    return _resolve_settings(parse_toml(text, str(path)), path, {}, more)


def _flatten(written: Mapping[str, Any], known: Sequence[str], where: str) -> dict[str, Any]:
    """Return the settings by their whole names, without those of sources of which none is known.

    Raises BadSetting for one that does not exist.
    """
    found: dict[str, Any] = {}
    sources = {name.split(".")[1] for name in known if name.startswith("sources.")}
    for name, raw in written.items():
        if name == "evening" and isinstance(raw, dict):
            found.update({f"evening.{key}": value for key, value in raw.items()})
        elif name == "sources":
            found.update({f"sources.{one}.{key}": raw[one][key] for one in raw if one in sources for key in raw[one]})
        else:
            found[name] = raw
    for name in found:
        if name not in known:
            unknown = UnknownChoice("setting", name, known)
            raise BadSetting(where, f"{unknown.message} {unknown.hint}")
    return found


def _resolve_setting(
    setting: Setting, written: Mapping[str, Any], path: Path, environ: Mapping[str, str]
) -> ResolvedSetting:
    if setting.variable and environ.get(setting.variable):
        return ResolvedSetting(
            value=_parse_value(setting, environ[setting.variable], setting.variable), origin=setting.variable
        )
    if setting.name in written:
        return ResolvedSetting(value=_parse_value(setting, written[setting.name], str(path)), origin=str(path))
    return ResolvedSetting(value=setting.default, origin="default")


def _parse_value(setting: Setting, raw: Any, where: str) -> Any:  # noqa: ANN401
    try:
        return setting.parse(raw)
    except BadInput as error:
        raise BadSetting(where, f"{setting.name}: {error.message} {error.hint}") from error
    except (TypeError, ValueError) as error:
        raise BadSetting(where, f"{setting.name}: {error}") from error


def find_setting(name: str, settings: Sequence[Setting] = SETTINGS) -> Setting:
    """Return a setting. Raises UnknownWord."""
    by_name = {setting.name: setting for setting in settings}
    if name not in by_name:
        raise UnknownChoice("setting", name, by_name)
    return by_name[name]


def format_value(value: Any) -> str:  # noqa: ANN401, PLR0911  one return for each type
    """Write a value as config.toml would have it, or a dash for none."""
    match value:
        case None:
            return "–"
        case bool():
            return str(value).lower()
        case time():
            return f"{value:%H:%M}"
        case frozenset():
            return ", ".join(values.WEEKDAYS[place] for place in sorted(value))
        case int():
            return values.WEEKDAYS[value]
        case tuple():
            return ", ".join(piece.id if isinstance(piece, Question) else str(piece) for piece in value) or "–"
        case Mapping():
            return ", ".join(value) or "–"
        case _:
            return os.fspath(value) if isinstance(value, Path) else str(value)


def to_json_value(value: Any) -> Any:  # noqa: ANN401
    """Return a value as JSON has it: the types of config.toml."""
    match value:
        case None | bool() | Mapping():
            return value
        case frozenset():
            return [values.WEEKDAYS[place] for place in sorted(value)]
        case tuple():
            return list(map(to_json_value, value))
        case Question():
            return {"id": value.id, "kind": str(value.becomes), "ask": value.text, "rotates": value.rotates}
        case _:
            return format_value(value)


def replace_setting(text: str, setting: Setting, raw: str, check: Callable[[str], object]) -> str:
    """Return a config file with one setting changed, comments and all else as they were.

    Raises BadSetting if `check` refuses the file as it is, BadSettingValue if it refuses the new one.
    """
    check(text)
    try:
        after = _set_value(text, setting, raw)
        check(after)
    except BadSetting as error:
        raise BadSettingValue(error.why) from error
    return after


def _set_value(text: str, setting: Setting, raw: str) -> str:
    import tomlkit  # noqa: PLC0415  only to write

    if raw:
        clean_text(raw)
    value = _to_toml_value(_parse_value(setting, raw, setting.name), raw)
    document = tomlkit.parse(text)
    table, _, key = setting.name.rpartition(".")
    within = document
    for part in table.split(".") if table else ():
        if part not in within:
            within[part] = tomlkit.table(is_super_table=table.startswith(f"{part}."))
        within = within[part]
    within[key or setting.name] = value
    return tomlkit.dumps(document)


def _to_toml_value(value: Any, raw: str) -> Any:  # noqa: ANN401
    """Return a value as TOML holds it."""
    match value:
        case bool():
            return value
        case tuple():
            return list(map(str, value))
        case frozenset():
            return [values.WEEKDAYS[place] for place in sorted(value)]
        case _:
            return raw
