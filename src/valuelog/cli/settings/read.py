"""Read settings from variables and config.toml, with the origin of each value."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from errno import EIO
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeAlias

from valuelog.cli.settings.spec import SETTINGS, Setting, parse_path
from valuelog.model.encoding import decode_text
from valuelog.model.errors import BadInput, UnknownChoice, ValuelogError
from valuelog.model.text import quote

EMPTY_CONFIG = "\n"
"""What is written if no setting is left: an empty file is what a power failure leaves."""


class BadSetting(ValuelogError):
    """A file, a variable or a flag has an invalid setting."""

    def __init__(self, where: str, reason: str) -> None:
        """Give the path of a file, or the name of a variable or a flag, and the reason."""
        is_file = not where.startswith(("VALUELOG_", "--"))
        super().__init__(f"{where}: {reason}", "Fix it with: valuelog config edit" if is_file else f"Change {where}.")
        self.reason = reason


class ResolvedSetting(NamedTuple):
    """A value and its origin: the name of a variable, the path of a file, or `default`."""

    value: Any
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings, parsed and checked; `sources` are the names of the tables in [sources].

    `is_journal_unknown` means that config.toml, or the journal that it names, can't be read; `was_emptied` means that
    config.toml has lost its content, as after a power failure.
    """

    resolved: Mapping[str, ResolvedSetting] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    is_journal_unknown: bool = False
    was_emptied: bool = False

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  each setting has its own type
        """Return the value of a setting."""
        return self.resolved[name].value


OnProblem: TypeAlias = Callable[[BadSetting], object]
"""Is called for each setting in config.toml that can't be used; the default holds."""


def _raise(problem: BadSetting) -> NoReturn:
    raise problem


def read_settings(
    path: Path, environ: Mapping[str, str], extra: Sequence[Setting] = (), on_problem: OnProblem = _raise
) -> Settings:
    """Read config.toml, if it exists, and the variables. Raises BadSetting, for config.toml only if `on_problem` does.

    A table of a source is only checked if `extra` has the settings of that source.
    """
    try:
        text = read_config_text(path)
        raw = _parse_toml(text, path) if text else {}
    except BadSetting as problem:
        on_problem(problem)
        settings = _resolve_settings({}, path, environ, extra, on_problem)
        return replace(settings, is_journal_unknown=settings["journal"] is None)
    settings = _resolve_settings(raw, path, environ, extra, on_problem)
    return settings if text else replace(settings, was_emptied=_was_emptied(path))


def parse_config(text: str, path: Path, extra: Sequence[Setting] = ()) -> Settings:
    """Parse the text of a config.toml and ignore the variables. Raises BadSetting."""
    return _resolve_settings(_parse_toml(text, path), path, {}, extra, _raise)


def read_config_text(path: Path) -> str:
    """Return the text of config.toml, empty if it doesn't exist or if a power failure left only NULs in it.

    Raises BadSetting.
    """
    try:
        content = path.read_bytes()
        return decode_text(content) if content.strip(b"\0") not in {b"", EMPTY_CONFIG.encode()} else ""
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise BadSetting(str(path), f"not valid UTF-8 at byte {error.start + 1}") from error
    except OSError as error:
        reason = "the disk reports an error reading it" if error.errno == EIO else f"cannot be read: {error.strerror}"
        raise BadSetting(str(path), reason) from error


def _was_emptied(path: Path) -> bool:
    """Return whether a config.toml has lost its content; one that was emptied on purpose is EMPTY_CONFIG."""
    with suppress(OSError):
        return not path.read_bytes().strip(b"\0")
    return False


def parse_named_path(where: str, raw: str) -> Path:
    """Parse the path in a variable or a flag. Raises BadSetting."""
    try:
        return parse_path(raw)
    except (TypeError, ValueError) as error:
        raise BadSetting(where, str(error)) from error


def parse_setting(setting: Setting, raw: object, where: str) -> Any:  # noqa: ANN401  each setting has its own type
    """Parse the value of a setting. Raises BadSetting."""
    try:
        return setting.value_type.parse(raw)
    except BadInput as error:
        raise BadSetting(where, f"{setting.name}: {error.message} {error.hint}") from error
    except (TypeError, ValueError) as error:
        raise BadSetting(where, f"{setting.name}: {error}") from error


def _parse_toml(text: str, path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415  only if there is a config.toml

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSetting(str(path), _describe_toml_error(str(error), text)) from error


def _describe_toml_error(message: str, text: str) -> str:
    """Return what is wrong with a line of config.toml, and the line."""
    match = re.search(r"^(.*) \(at line (\d+), column \d+\)$", message)
    if not match:
        return message
    reason, number = match[1].replace(r"'\n'", "at its end"), int(match[2])
    return f"line {number} is not valid TOML ({reason}): {quote(text.splitlines()[number - 1].strip())}"


def _resolve_settings(
    raw: Mapping[str, Any], path: Path, environ: Mapping[str, str], extra: Sequence[Setting], on_problem: OnProblem
) -> Settings:
    settings = (*SETTINGS, *extra)
    sources = _source_tables(raw.get("sources", {}), path, on_problem)
    values = _flatten({**raw, "sources": sources}, [setting.name for setting in settings], path, on_problem)
    resolved = {setting.name: _resolve_setting(setting, values, path, environ, on_problem) for setting in settings}
    is_journal_unknown = "journal" in values and resolved["journal"].value is None
    return Settings(resolved=resolved, sources=tuple(sources), is_journal_unknown=is_journal_unknown)


def _source_tables(raw: object, path: Path, on_problem: OnProblem) -> dict[str, dict[str, Any]]:
    """Return the tables in [sources] by name; anything else is a problem."""
    if not isinstance(raw, dict) or not all(isinstance(table, dict) for table in raw.values()):
        on_problem(BadSetting(str(path), "sources: write each as its own table, such as [sources.git]"))
        return {}
    return raw


def _flatten(raw: Mapping[str, Any], known: Sequence[str], path: Path, on_problem: OnProblem) -> dict[str, Any]:
    """Return the raw values by full name, without tables of sources that have no known setting.

    An unknown setting is a problem.
    """
    values: dict[str, Any] = {}
    sources = {name.split(".")[1] for name in known if name.startswith("sources.")}
    for name, value in raw.items():
        if name in {"evening", "sync", "words"} and isinstance(value, dict):
            values.update({f"{name}.{key}": value[key] for key in value})
        elif name == "sources":
            values.update(
                {f"sources.{one}.{key}": value[one][key] for one in value if one in sources for key in value[one]}
            )
        else:
            values[name] = value
    for name in values:
        if name not in known:
            unknown = UnknownChoice("setting", name, known)
            on_problem(BadSetting(str(path), f"{unknown.message} {unknown.hint}"))
    return values


def _resolve_setting(
    setting: Setting, values: Mapping[str, Any], path: Path, environ: Mapping[str, str], on_problem: OnProblem
) -> ResolvedSetting:
    if setting.variable and (text := environ.get(setting.variable)):
        return ResolvedSetting(value=parse_setting(setting, text, setting.variable), origin=setting.variable)
    if setting.name in values:
        try:
            value = parse_setting(setting, values[setting.name], str(path))
            return ResolvedSetting(value=_anchor_paths(value, path), origin=str(path))
        except BadSetting as problem:
            on_problem(problem)
    return ResolvedSetting(value=setting.default, origin="default")


def _anchor_paths(value: Any, config: Path) -> Any:  # noqa: ANN401  each setting has its own type
    """Return a value whose relative paths are relative to the folder of config.toml, wherever valuelog runs."""
    if isinstance(value, Path):
        return config.parent.absolute() / value
    if isinstance(value, tuple) and value and all(isinstance(path, Path) for path in value):
        return tuple(config.parent.absolute() / path for path in value)
    return value
