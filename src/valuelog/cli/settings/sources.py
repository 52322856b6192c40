"""The settings of sources: `enabled` and the options that each source declares."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path

from valuelog.cli.settings.read import BadSetting, Settings
from valuelog.cli.settings.spec import ADDRESSES, BOOL, PATHS, SETTINGS, TEXT, WORDS, Setting
from valuelog.model.errors import UnknownChoice
from valuelog.sources import OptionType, Source, SourceFailed, list_source_names, load_source

_TYPES = {OptionType.PATHS: PATHS, OptionType.WORDS: WORDS, OptionType.TEXT: TEXT, OptionType.ADDRESSES: ADDRESSES}


def source_settings(source: Source) -> Iterator[Setting]:
    """Yield the settings of a source."""
    section = f"sources.{source.name}"
    yield Setting(f"{section}.enabled", BOOL, None, source.about)
    for option in source.options:
        yield Setting(f"{section}.{option.name}", _TYPES[option.value_type], None, option.about)


@cache
def all_source_settings() -> tuple[Setting, ...]:
    """Return the settings of every source that can be loaded."""
    return tuple(chain.from_iterable(map(source_settings, _load_working(list_source_names()))))


def _load_working(names: Sequence[str]) -> Iterator[Source]:
    for name in names:
        with suppress(SourceFailed):
            yield load_source(name)


def all_settings() -> tuple[Setting, ...]:
    """Return every setting, those of sources last."""
    return (*SETTINGS, *all_source_settings())


def find_setting(name: str) -> Setting:
    """Return a setting by name. Raises UnknownChoice."""
    by_name = {setting.name: setting for setting in all_settings()}
    if name not in by_name:
        raise UnknownChoice("setting", name, by_name)
    return by_name[name]


def require_known_sources(settings: Settings, path: Path) -> None:
    """Raise BadSetting if config.toml has a table for an unknown source."""
    for name in settings.sources:
        if name not in list_source_names():
            unknown = UnknownChoice("source", name, list_source_names())
            raise BadSetting(str(path), f"{unknown.message} {unknown.hint}")
