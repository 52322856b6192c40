"""Ask the sources that are enabled for drafts."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from valuelog.cli.settings.read import Settings
from valuelog.cli.settings.sources import source_settings
from valuelog.model.errors import UnknownChoice
from valuelog.sources import Source, SourceFailed, Span, load_source

if TYPE_CHECKING:
    from valuelog.cli.world import World
    from valuelog.journal.store import Journal
    from valuelog.workflows.gather import ConfiguredSource, GatherResult


def query_sources(world: "World", journal: "Journal", day: date, only: Sequence[str] = ()) -> "GatherResult":
    """Return the new drafts of a day from the enabled sources, or `only` from some; report failures on stderr.

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
    """Return the enabled sources with their options, and the failures of those that cannot be loaded."""
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
    values = {option.name: settings[f"sources.{source.name}.{option.name}"] for option in source.options}
    return {name: value for name, value in values.items() if value is not None}
