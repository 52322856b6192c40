"""The World: everything outside, in one place. It alone reads the clock, the environment and the terminal."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, TextIO, TypeVar

from valuelog.cli.paths import Paths, find_paths
from valuelog.cli.settings import BadSetting, Setting, Settings, parse_named_path, read_settings
from valuelog.cli.terminal import detect_canvas, terminal_height
from valuelog.model import dates
from valuelog.model.errors import BadInput, ValuelogError
from valuelog.model.period import FIRST_YEAR, LAST_YEAR
from valuelog.model.schedule import Schedule
from valuelog.model.text import quote
from valuelog.render import Canvas, OutputFormat, View, render

if TYPE_CHECKING:
    from valuelog.journal.store import Journal
    from valuelog.workflows.prompter import Prompter

T = TypeVar("T")


class NoTerminal(BadInput):
    """Something would have to be asked, and there is no terminal to ask on."""

    def __init__(self, alternative: str) -> None:
        """Name the flags that answer without asking."""
        super().__init__("There is no terminal to ask on.", f"Answer with flags instead: {alternative}")


class OutputFailed(ValuelogError):
    """Stdout takes no more: a full disk, say."""


class GlobalFlags(NamedTuple):
    """What was said before the command."""

    journal: Path | None = None
    color: str = "auto"
    no_input: bool = False
    debug: bool = False


@dataclass(kw_only=True)
class World:
    """The clock, the environment, the terminal, and the journal and settings that they lead to."""

    environ: Mapping[str, str]
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    now: Callable[[], datetime]
    prompter: "Prompter | None" = None
    flags: GlobalFlags = field(default_factory=GlobalFlags)
    open_journals: "list[Journal]" = field(default_factory=list)

    @cached_property
    def paths(self) -> Paths:
        """The folders of valuelog."""
        return find_paths(self.environ)

    @cached_property
    def settings_path(self) -> Path:
        """The file of settings."""
        named = self.environ.get("VALUELOG_CONFIG")
        return parse_named_path("VALUELOG_CONFIG", named) if named else self.paths.settings

    @cached_property
    def settings(self) -> Settings:
        """All settings."""
        return self.settings_with()

    def settings_with(self, more: Sequence[Setting] = ()) -> Settings:
        """Return all settings, with some more that only a few commands need."""
        return read_settings(self.settings_path, self.environ, more)

    @cached_property
    def journal_path(self) -> Path:
        """The journal's file."""
        if self.flags.journal:
            return parse_named_path("--journal", os.fspath(self.flags.journal))
        return self.settings["journal"] or self.paths.journal

    @cached_property
    def configured_journal_path(self) -> Path:
        """The file of the journal that reminds at login: the one of the settings, whatever flags and variables say."""
        return read_settings(self.settings_path, {})["journal"] or self.paths.journal

    @cached_property
    def schedule(self) -> Schedule:
        """How this person keeps their weeks, and who is who to them."""
        settings = self.settings
        aliases = {alias: name for name, others in settings["people"].items() for alias in others}
        return Schedule(weekdays=settings["workdays"], review_day=settings["review_day"], aliases=aliases)

    @property
    def editor(self) -> str:
        """The command line of the user's editor. Broken settings are ignored, because the editor is what fixes them."""
        variables: tuple[str, ...] = ("VALUELOG_EDITOR", "VISUAL", "EDITOR")
        with suppress(BadSetting):
            if editor := self.settings["editor"]:
                return str(editor)
            variables = variables[1:]
        return next(filter(None, map(self.environ.get, variables)), "vi")

    def today(self) -> date:
        """Return the day that it is: until `day_ends_at` it is still yesterday."""
        if fixed := self.environ.get("VALUELOG_TODAY"):
            return _parse_today_override(fixed)
        now = self.now()
        return now.date() - timedelta(days=now.time() < self.settings["day_ends_at"])

    def parse_day(self, words: str | None) -> date:
        """Read WHEN: a day that has come, today if nothing is said."""
        return self.today() if words is None else dates.parse_past_day(words, self.today())

    def day_bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return when a day begins and when the next one does, as somebody lives them, in the zone of this machine."""
        ends_at = self.settings["day_ends_at"]
        begins, ends = (datetime.combine(on, ends_at).astimezone() for on in (day, day + timedelta(days=1)))
        return begins, ends

    def open_journal(self, *, write: bool = False) -> "Journal":
        """Open the journal."""
        from valuelog.journal.store import open_journal  # noqa: PLC0415  many commands need none

        opened = open_journal(self.journal_path, self._device_id() if write else "", self.now, write=write)
        self.open_journals.append(opened)
        return opened

    def _device_id(self) -> str:
        from valuelog.cli.device import ensure_device_id  # noqa: PLC0415  only to write

        return ensure_device_id(self.paths.device)

    def close(self) -> None:
        """Close the journals; after a change, write what the login line will say."""
        for journal in self.open_journals:
            if journal.was_modified:
                self._write_reminders(journal)
            journal.close()
        self.open_journals.clear()

    def _write_reminders(self, journal: "Journal") -> None:
        from valuelog.cli.reminder_file import write_reminders  # noqa: PLC0415  only after a change

        with suppress(BadSetting):
            if os.path.realpath(journal.path) == os.path.realpath(self.configured_journal_path):
                write_reminders(journal, self.today(), self.settings, self.paths)

    def refresh_reminders(self) -> None:
        """Write what the login line will say after the settings changed, or if the file may be missing."""
        from valuelog.journal.store import open_journal  # noqa: PLC0415  most commands need none

        fresh = replace(self, open_journals=[])  # has not read the settings yet
        with (
            suppress(ValuelogError),
            closing(open_journal(fresh.configured_journal_path, "", fresh.now, write=False)) as journal,
        ):
            fresh._write_reminders(journal)  # noqa: SLF001  another World

    def canvas_for(self, stream: IO[str]) -> Canvas:
        """Return what a stream can show."""
        return detect_canvas(stream, self.environ, self.flags.color)

    def show(self, view: View[T], value: T, output_format: OutputFormat = OutputFormat.TERMINAL) -> None:
        """Write a value to stdout, through the pager if it is longer than the terminal."""
        text = render(view, value, output_format, self.canvas_for(self.stdout))
        if output_format is OutputFormat.TERMINAL and self._needs_pager(text):
            from valuelog.cli.external import show_in_pager  # noqa: PLC0415  only for long answers

            show_in_pager(text, self.environ, self.stdout)
        else:
            self.write_stdout(text)

    def write_stdout(self, *texts: str) -> None:
        """Write the answer. Raises OutputFailed, or BrokenPipeError where nobody reads it any more."""
        try:
            self.stdout.writelines(texts)
            self.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            message = f"The answer could not be written: {error.strerror}."
            raise OutputFailed(message, "What was changed before stays changed.") from error

    def _needs_pager(self, text: str) -> bool:
        if not (self.stdout.isatty() and self.stdin.isatty()) or self.is_accessible:
            return False
        height = terminal_height(self.stdout)
        return height is not None and text.count("\n") >= height

    def show_on_stderr(self, view: View[T], value: T) -> None:
        """Write a value to stderr."""
        self.stderr.write(render(view, value, OutputFormat.TERMINAL, self.canvas_for(self.stderr)))
        self.stderr.flush()

    @contextmanager
    def progress_bar(self, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Yield what is told how much is done of something that may take a while; a person sees a bar then."""
        if not self.stderr.isatty() or self.is_accessible or self.flags.no_input:
            yield lambda _: None
            return
        from valuelog.cli.progress import progress_bar  # noqa: PLC0415  most commands are quicker

        with progress_bar(self.stderr, self.canvas_for(self.stderr), label, total) as tell:
            yield tell

    def write_stderr(self, line: str) -> None:
        """Say one line beside the answer, on stderr; where a terminal is too narrow, it is broken at blanks."""
        self.stderr.write(f"{self._wrap(line)}\n")
        self.stderr.flush()

    def _wrap(self, line: str) -> str:
        if not self.stderr.isatty():
            return line
        from valuelog.render.wrap import wrap_text  # noqa: PLC0415  only for a terminal

        return wrap_text(line, self.canvas_for(self.stderr).width)

    @property
    def is_accessible(self) -> bool:
        """Whether nothing may be drawn over: on a simple terminal, or where somebody has it read out."""
        if self.environ.get("TERM") == "dumb" or "MSYSTEM" in self.environ:
            return True
        with suppress(BadSetting):  # whoever has to mend the settings can still be helped
            return bool(self.settings["accessible"])
        return False

    @property
    def can_prompt(self) -> bool:
        """Whether there is somebody to ask."""
        return not self.flags.no_input and (self.prompter is not None or self.stdin.isatty())

    @property
    def is_interactive(self) -> bool:
        """Whether somebody is there who also sees the answer: nobody does in a pipe."""
        return self.can_prompt and (self.prompter is not None or self.stdout.isatty())

    def find_prompter(self) -> "Prompter | None":
        """Return somebody to ask, if there is anybody."""
        return self.require_prompter("") if self.can_prompt else None

    def require_piped_stdin(self, alternative: str) -> None:
        """Go on only where something is piped in. Raises BadInput."""
        if self.stdin.isatty():
            raise BadInput("There is nothing to read: stdin is a terminal.", f"Pipe it in, or name a {alternative}.")

    def require_terminal(self, alternative: str) -> None:
        """Go on only where there is a person. Raises NoTerminal, which names the flags to use `instead`."""
        if not self.can_prompt:
            raise NoTerminal(alternative)

    def parse_due(self, words: str | None) -> date:
        """Read the day until which something shall be done: the next one that looks back if nothing is said."""
        return (
            self.schedule.next_review_day(self.today())
            if words is None
            else dates.parse_due_day(words, self.today(), self.schedule.review_day)
        )

    def require_prompter(self, alternative: str) -> "Prompter":
        """Return somebody to ask. Raises NoTerminal."""
        self.require_terminal(alternative)
        if self.prompter:
            return self.prompter
        canvas = self.canvas_for(self.stderr)
        if self.is_accessible:
            from valuelog.cli.prompter_lines import LinePrompter  # noqa: PLC0415  few need it

            return LinePrompter(self.stdin, self.stderr, canvas)
        from valuelog.cli.prompter_menus import MenuPrompter  # noqa: PLC0415  imports questionary

        return MenuPrompter(self.stderr, canvas)

    def read_text(self, name: str) -> str:
        """Read a text from a file, or from stdin where the name is a dash. Raises BadText."""
        from valuelog.cli.files import read_text  # noqa: PLC0415  few commands read one

        return read_text(name, self.stdin)


def _parse_today_override(words: str) -> date:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        found = date.min
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadSetting("VALUELOG_TODAY", f"{quote(words)} is not a day; write it like 2026-11-20")
    return found


def create_world() -> World:
    """Return the real World; a stream that was closed before is read and written as nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  open until the end
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace"), (sys.stderr, "replace")):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=errors)
    return World(
        environ=os.environ,
        stdin=sys.stdin,
        stdout=sys.stdout,
        stderr=sys.stderr,
        now=_current_time,
    )


def _current_time() -> datetime:
    """Return the moment, in whole milliseconds: as exactly as journals keep it."""
    now = datetime.now().astimezone()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
