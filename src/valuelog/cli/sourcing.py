"""The sources of drafts: which ones the settings switch on, and asking them with a bar where it takes a while."""

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
    """Return the settings of a source: whether it is asked, and its own."""
    begin = f"sources.{source.name}"
    yield Setting(name=f"{begin}.enabled", parse=values.parse_bool, default=None, about=source.about)
    for option in source.options:
        yield Setting(
            name=f"{begin}.{option.name}", parse=_PARSERS[option.value_type], default=None, about=option.about
        )


@cache
def all_source_settings() -> tuple[Setting, ...]:
    """Return the settings of all sources that are not broken."""
    return tuple(chain.from_iterable(map(source_settings, _load_working(list_source_names()))))


def _load_working(source_names: Sequence[str]) -> Iterator[Source]:
    for name in source_names:
        with suppress(SourceFailed):
            yield load_source(name)


def require_known_sources(settings: Settings, where: Path) -> None:
    """Raise BadSetting where the settings name a source that does not exist."""
    for name in settings.sources:
        if name not in list_source_names():
            unknown = UnknownChoice("source", name, list_source_names())
            raise BadSetting(str(where), f"{unknown.message} {unknown.hint}")


def query_sources(world: "World", journal: "Journal", day: date, only: Sequence[str] = ()) -> "GatherResult":
    """Ask the sources that are on, or `only` some, what they saw on a day; tell of what went wrong.

    Raises UnknownWord for one of those that does not exist.
    """
    from valuelog.workflows.gather import gather  # noqa: PLC0415  most evenings have no source

    asked, failures = _enabled_sources(world, only)
    span = _day_span(world, day)
    with world.progress_bar("asking your tools", len(asked)) as bar:
        found = gather(journal, asked, span, world.today(), world.environ, on_progress=bar)
    for failure in (*failures, *found.failures):
        world.write_stderr(f"{failure.message} {failure.hint}".rstrip())
    return found


def _day_span(world: "World", day: date) -> Span:
    start, end = world.day_bounds(day)
    return Span(day=day, start=start, end=end)


def _enabled_sources(world: "World", only: Sequence[str]) -> "tuple[list[ConfiguredSource], list[SourceFailed]]":
    """Return the sources that are on, each with what is set for it, and those that cannot be asked."""
    from valuelog.workflows.gather import ConfiguredSource  # noqa: PLC0415  most evenings have no source

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
            failures.append(SourceFailed(name, error.message, f"Take it out of {world.settings_path}."))
    known = world.settings_with(tuple(chain.from_iterable(map(source_settings, sources))))
    wanted = [one for one in sources if only or known[f"sources.{one.name}.enabled"] is not False]
    return [ConfiguredSource(one, _source_options(one, known)) for one in wanted], failures


def _source_options(source: Source, known: Settings) -> dict[str, object]:
    """Return what is set for a source."""
    set_ = {option.name: known[f"sources.{source.name}.{option.name}"] for option in source.options}
    return {name: value for name, value in set_.items() if value is not None}
