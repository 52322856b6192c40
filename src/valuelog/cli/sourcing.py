"""Settings of the sources of drafts, and running the sources that are on."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from valuelog.cli import values
from valuelog.cli.settings import BadSetting, Setting, Settings
from valuelog.model.errors import UnknownChoice
from valuelog.sources import OptionType, Source, SourceFailed, Span, list_source_names, load_source

if TYPE_CHECKING:
    from valuelog.cli.world import World
    from valuelog.journal.store import Journal
    from valuelog.workflows.gather import ConfiguredSource, GatherResult

_PARSERS = {
    OptionType.PATHS: values.parse_paths,
    OptionType.WORDS: values.parse_ids,
    OptionType.TEXT: values.parse_text,
}


def source_settings(source: Source) -> Iterator[Setting]:
    """Yield the settings of a source: `enabled`, and its own options."""
    section = f"sources.{source.name}"
    yield Setting(name=f"{section}.enabled", parse=values.parse_bool, default=None, about=source.about)
    for option in source.options:
        yield Setting(
            name=f"{section}.{option.name}", parse=_PARSERS[option.value_type], default=None, about=option.about
        )


@cache
def all_source_settings() -> tuple[Setting, ...]:
    """Return the settings of all sources that can be loaded."""
    return tuple(chain.from_iterable(map(source_settings, _load_working(list_source_names()))))


def _load_working(source_names: Sequence[str]) -> Iterator[Source]:
    for name in source_names:
        with suppress(SourceFailed):
            yield load_source(name)


def require_known_sources(settings: Settings, where: Path) -> None:
    """Raise BadSetting if the settings have a section for an unknown source."""
    for name in settings.sources:
        if name not in list_source_names():
            unknown = UnknownChoice("source", name, list_source_names())
            raise BadSetting(str(where), f"{unknown.message} {unknown.hint}")


def query_sources(world: "World", journal: "Journal", day: date, only: Sequence[str] = ()) -> "GatherResult":
    """Return the new drafts of a day from the sources that are on, or `only` from some; print failures to stderr.

    Raises UnknownChoice for an unknown name in `only`.
    """
    from valuelog.workflows.gather import gather  # noqa: PLC0415  most users have no source

    sources, failures = _enabled_sources(world, only)
    span = _day_span(world, day)
    with world.progress_bar("asking your tools", len(sources)) as bar:
        result = gather(journal, sources, span, world.today(), world.environ, on_progress=bar)
    for failure in (*failures, *result.failures):
        world.write_stderr(f"{failure.message} {failure.hint}".rstrip())
    return result


def _day_span(world: "World", day: date) -> Span:
    start, end = world.day_bounds(day)
    return Span(day=day, start=start, end=end)


def _enabled_sources(world: "World", only: Sequence[str]) -> "tuple[list[ConfiguredSource], list[SourceFailed]]":
    """Return the sources that are on with their settings, and those that cannot be loaded."""
    from valuelog.workflows.gather import ConfiguredSource  # noqa: PLC0415  most users have no source

    sources: list[Source] = []
    failures: list[SourceFailed] = []
    for name in dict.fromkeys(only or world.settings.sources):
        try:
            sources.append(load_source(name))
        except SourceFailed as failure:
            failures.append(failure)
        except UnknownChoice as error:
            if only:
                raise
            failures.append(SourceFailed(name, error.message, f"Remove it from {world.settings_path}."))
    settings = world.settings_with(tuple(chain.from_iterable(map(source_settings, sources))))
    enabled = [source for source in sources if only or settings[f"sources.{source.name}.enabled"] is not False]
    return [ConfiguredSource(source, _source_options(source, settings)) for source in enabled], failures


def _source_options(source: Source, settings: Settings) -> dict[str, object]:
    """Return the options of a source that are set."""
    values_by_name = {option.name: settings[f"sources.{source.name}.{option.name}"] for option in source.options}
    return {name: value for name, value in values_by_name.items() if value is not None}
