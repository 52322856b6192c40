"""The World: the clock, the environment and the terminal. No other module reads them."""

import os
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, TextIO, TypeVar

from valuelog.cli.paths import Paths, ShowingsFile, find_paths
from valuelog.cli.settings import BadSetting, Setting, Settings, parse_named_path, read_settings
from valuelog.cli.terminal import detect_canvas, progress_bar, terminal_height
from valuelog.model import dates
from valuelog.model.errors import BadInput, ValuelogError
from valuelog.model.period import FIRST_YEAR, LAST_YEAR
from valuelog.model.schedule import Schedule
from valuelog.model.text import quote, truncate_word
from valuelog.model.trade import DEFAULT_WORDS, TradeWords
from valuelog.render import Canvas, OutputFormat, View, render
from valuelog.render.escape import escape_line

if TYPE_CHECKING:
    from valuelog.cli.automatic_backups import StartProcess
    from valuelog.journal.store import Journal
    from valuelog.workflows.prompter import Prompter

T = TypeVar("T")

SECONDS_OF_A_DAY = 24 * 60 * 60


class NoTerminal(BadInput):
    """A question has to be asked, but there is no terminal to ask it on."""

    def __init__(self, alternative: str) -> None:
        """Name the flags that answer without asking, if there are any."""
        hint = f"Answer on the command line instead: {alternative}" if alternative else "Run it in a terminal."
        super().__init__("Can't prompt: there is no terminal, or --no-input is set.", hint)


class UnknownJournal(ValuelogError):
    """The settings are broken, and no journal was used before."""

    def __init__(self, settings_path: Path) -> None:
        """Name config.toml."""
        super().__init__(
            f"{settings_path} doesn't say where your journal is. Nothing was changed.",
            "Fix it with: valuelog config edit; or name the journal: --journal FILE",
        )


class ImpossibleZone(BadInput):
    """The time zone of the environment is a day or more away from UTC, which Python's dates can't express."""

    def __init__(self, zone: str) -> None:
        """Name the zone."""
        super().__init__(
            f"The time zone TZ={truncate_word(zone)} is a day or more away from UTC.",
            "Set TZ to yours, as in TZ=Europe/Berlin, or unset it.",
        )


class ImpossibleTime(ValuelogError):
    """The computer's clock shows a year that no entry can have."""

    def __init__(self, year: int | str) -> None:
        """Name the year."""
        super().__init__(
            f"This computer's clock is wrong: its year is {year}.", "Set its date and time, then run the command again."
        )


class OutputFailed(ValuelogError):
    """Writing to stdout failed, for example because the disk is full."""


class GlobalFlags(NamedTuple):
    """The flags before the command."""

    journal: Path | None = None
    color: str = "auto"
    no_input: bool = False
    debug: bool = False


@dataclass(kw_only=True)
class World:
    """The clock, the environment and the terminal, and what depends on them: paths, settings and open journals.

    Tests replace its fields; `prompter` answers questions instead of a person. `start_process` starts a program in the
    background; without it, there are no automatic backups. A change is backed up at once if `backs_up_now`.
    """

    environ: Mapping[str, str]
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    now: Callable[[], datetime]
    prompter: "Prompter | None" = None
    flags: GlobalFlags = field(default_factory=GlobalFlags)
    open_journals: "list[Journal]" = field(default_factory=list)
    starts_new_journal: bool = False
    warnings: list[str] = field(default_factory=list)
    start_process: "StartProcess | None" = None
    backs_up_now: bool = False

    # Paths and settings

    @cached_property
    def paths(self) -> Paths:
        """The folders of valuelog and the files in them."""
        return find_paths(self.environ)

    @cached_property
    def settings_path(self) -> Path:
        """The path of config.toml."""
        path = self.environ.get("VALUELOG_CONFIG")
        return parse_named_path("VALUELOG_CONFIG", path) if path else self.paths.settings

    @cached_property
    def settings(self) -> Settings:
        """All settings except those of sources."""
        return self.settings_with()

    def settings_with(self, more: Sequence[Setting] = ()) -> Settings:
        """Read all settings, and additional ones that only a few commands need; warn about those that are broken."""
        return read_settings(self.settings_path, self.environ, more, self.warn_of_setting)

    def warn_of_setting(self, problem: BadSetting) -> None:
        """Say in one line, once, which setting is broken, and that it is ignored: its default holds."""
        stop = "" if problem.message.endswith((".", "?")) else "."
        self._warn_once(f"valuelog: {problem.message}{stop} It is ignored. {problem.hint}")

    def _warn_once(self, line: str) -> None:
        if line not in self.warnings:
            self.warnings.append(line)
            self._warn(line)

    def write_warning(self, message: str) -> None:
        """Write what did not stop the command to stderr."""
        self._warn(f"valuelog: {message}")

    def _warn(self, line: str) -> None:
        if "_VALUELOG_COMPLETE" not in self.environ:  # TAB must not write into the command line
            self.write_stderr(escape_line(line))

    @cached_property
    def journal_path(self) -> Path:
        """The path of the journal."""
        if self.flags.journal:
            return parse_named_path("--journal", os.fspath(self.flags.journal))
        return self._journal_of(self.settings)

    def _journal_of(self, settings: Settings) -> Path:
        """Return the journal of some settings; if its setting is broken, the one used last. Raises UnknownJournal."""
        if not settings.is_journal_unknown:
            return settings["journal"] or self._journal_before_power_failure(settings) or self.paths.journal
        if last := self.find_last_journal():
            return last
        raise UnknownJournal(self.settings_path)

    def find_last_journal(self) -> Path | None:
        """Return the configured journal that was changed last, if it is still there."""
        last = self.last_journal_path
        return last if last and last.is_file() else None

    def _journal_before_power_failure(self, settings: Settings) -> Path | None:
        """Return the journal used last if config.toml, which may have named it, has lost its content; warn of that."""
        last = self.find_last_journal() if settings.was_emptied else None
        if last is None or last == self.paths.journal.absolute():
            return None
        again = f"valuelog config set journal {shlex.quote(str(last))}"
        self._warn_once(
            f"valuelog: {self.settings_path} is empty. Using the journal you used last. Set it again with: {again}"
        )
        return last

    @property
    def last_journal_path(self) -> Path | None:
        """The path of the configured journal when it was changed last, if that is known."""
        with suppress(OSError, UnicodeDecodeError):
            path = Path(self.paths.last_journal.read_text(encoding="utf-8").strip("\0\n"))
            return path if path.is_absolute() else None
        return None

    @property
    def is_journal_named(self) -> bool:
        """Whether a flag or an environment variable names the journal, so that a new one may be wanted."""
        return bool(self.flags.journal or self.environ.get("VALUELOG_JOURNAL"))

    @cached_property
    def configured_journal_path(self) -> Path:
        """The path of the journal that the login line is about; flags and environment variables don't change it."""
        return self._journal_of(read_settings(self.settings_path, {}, on_problem=lambda _: None))

    @cached_property
    def schedule(self) -> Schedule:
        """The workdays, the review day and the aliases of people and tags."""
        settings = self.settings
        people, tags = (
            {alias: name for name, others in settings[table].items() for alias in others}
            for table in ("people", "tags")
        )
        return Schedule(
            weekdays=settings["workdays"], review_day=settings["review_day"], aliases=people, tag_aliases=tags
        )

    @cached_property
    def trade_words(self) -> TradeWords:
        """The words of the user's trade. Broken settings are ignored, so that help and `config edit` work."""
        words = DEFAULT_WORDS
        with suppress(BadSetting):
            words = TradeWords(
                words.beneficiaries.with_own(self.settings["words.beneficiaries"]),
                words.effects.with_own(self.settings["words.effects"]),
            )
        return words

    @property
    def editor(self) -> str:
        """The command line of the user's editor. Broken settings are ignored, because the editor is what fixes them."""
        variables: tuple[str, ...] = ("VALUELOG_EDITOR", "VISUAL", "EDITOR")
        with suppress(BadSetting):
            if editor := self.settings["editor"]:
                return str(editor)
            variables = variables[1:]
        return next(filter(None, map(self.environ.get, variables)), "vi")

    @property
    def host_name(self) -> str:
        """The name of this machine, without its domain."""
        return os.uname().nodename.partition(".")[0] or "this-machine"

    # Dates

    def today(self) -> date:
        """Return the current day, which is still yesterday until `day_ends_at`."""
        if override := self.environ.get("VALUELOG_TODAY"):
            return _parse_today_override(override)
        now = self.now()
        return now.date() - timedelta(days=now.time() < self.settings["day_ends_at"])

    def require_possible_time(self) -> None:
        """Raise ImpossibleZone or ImpossibleTime if no entry could have the current time."""
        year = self.now().year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ImpossibleTime(year)

    def day_bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return [start, end) of a logical day in local time; days start at `day_ends_at`."""
        ends_at = self.settings["day_ends_at"]
        start, end = (datetime.combine(each, ends_at).astimezone() for each in (day, day + timedelta(days=1)))
        return start, end

    def parse_day(self, words: str | None) -> date:
        """Parse a day up to today; None is today. Raises BadDay, AmbiguousDay or FutureDay."""
        return self.today() if words is None else dates.parse_past_day(words, self.today())

    def parse_due(self, words: str | None) -> date:
        """Parse a due day; None is the next review day. Raises BadDay, AmbiguousDay or PastDay."""
        if words is None:
            return self.schedule.next_review_day(self.today())
        return dates.parse_due_day(words, self.today(), self.schedule.review_day)

    # The journal

    def open_journal(self, *, write: bool = False) -> "Journal":
        """Open the journal. `close` closes it. Raises MissingJournal if there was one: none starts unnoticed."""
        from valuelog.journal.notices import listen_to_notices  # noqa: PLC0415  many commands need none
        from valuelog.journal.store import open_journal  # noqa: PLC0415

        if write:
            self.tighten_files(self.journal_path)
        if not (self.starts_new_journal or os.path.lexists(self.journal_path)):
            self._require_first_journal()
        with listen_to_notices(self.write_warning):
            journal = open_journal(
                self.journal_path,
                self._device_id() if write else "",
                self.now,
                write=write,
                former_ids=self._former_ids() if write else {},
            )
        self.open_journals.append(journal)
        if write:
            self.mention_newer_backup(journal)
        return journal

    def tighten_files(self, journal: Path | None = None) -> None:
        """Make valuelog's files private if they aren't, and say so."""
        from valuelog.cli.permissions import describe_open_modes, tighten_files  # noqa: PLC0415  only to write

        if open_modes := tighten_files(self.paths, self.settings_path, journal):
            self.write_stderr(escape_line(describe_open_modes(open_modes)))

    def _require_first_journal(self) -> None:
        """Raise MissingJournal if backups or the path used last show that there was a journal."""
        from valuelog.cli.missing_journal import find_remains  # noqa: PLC0415  only without a journal

        is_default = self.journal_path == self.paths.journal
        last = None if self.is_journal_named else self.last_journal_path
        if error := find_remains(self.journal_path, last, is_default=is_default, now=self.now()):
            raise error

    def _device_id(self) -> str:
        from valuelog.cli.state_files import ensure_device_id  # noqa: PLC0415  only to write

        return ensure_device_id(self.paths.device)

    def _former_ids(self) -> "dict[str, int | None]":
        from valuelog.cli.state_files import read_former_ids  # noqa: PLC0415  only to write

        return read_former_ids(self.paths.device)

    def close(self) -> None:
        """Close the journals; if one was modified, regenerate the reminder file and start a backup if one is due."""
        opened, modified = [journal.path for journal in self.open_journals], list[Path]()
        for journal in self.open_journals:
            if journal.was_modified:
                self._write_reminders(journal)
                modified.append(journal.path)
            journal.close()
        self.open_journals.clear()
        if opened and self.start_process is not None:
            self._care_for_backups(opened, modified, self.start_process)

    def _care_for_backups(
        self, opened: Sequence[Path], modified: Sequence[Path], start_process: "StartProcess"
    ) -> None:
        """Start a backup of each modified journal if one is due, and say once a day why the last one failed."""
        with suppress(ValuelogError):
            if modified and self.settings["backups"]:
                self._start_backups(modified, start_process)
            if os.path.exists(self.paths.backup_problem):  # noqa: PTH110  pathlib takes longer
                from valuelog.cli.automatic_backups import unmentioned_problem  # noqa: PLC0415  rarely needed

                for path in opened:
                    if line := unmentioned_problem(self.paths.backup_problem, path, self.today()):
                        self.write_warning(line)

    def _start_backups(self, journals: Sequence[Path], start_process: "StartProcess") -> None:
        from valuelog.cli.automatic_backups import is_due, start_backup  # noqa: PLC0415  only after a change

        for path in dict.fromkeys(journals):
            if self.backs_up_now or is_due(path, self.paths.backup_problem, self.now()):
                start_backup(path, start_process, self.environ)

    def refresh_reminders(self) -> None:
        """Regenerate the reminder file after the settings changed, or because it may be missing."""
        from valuelog.journal.store import open_journal  # noqa: PLC0415  most commands need none

        fresh = replace(self, open_journals=[])  # without cached settings
        with (
            suppress(ValuelogError),
            closing(open_journal(fresh.configured_journal_path, "", fresh.now, write=False)) as journal,
        ):
            fresh._write_reminders(journal)  # noqa: SLF001  another World

    def _write_reminders(self, journal: "Journal") -> None:
        from valuelog.cli.state_files import remember_journal, write_reminders  # noqa: PLC0415  only after a change

        with suppress(BadSetting, UnknownJournal):
            if os.path.realpath(journal.path) == os.path.realpath(self.configured_journal_path):
                write_reminders(journal, self.today(), self.settings, self.paths)
                if not self.warnings and journal.path.exists():  # broken settings may have lost its name
                    remember_journal(journal.path, self.paths)

    def mention_newer_backup(self, journal: "Journal") -> None:
        """Say once that a backup has changes that the journal lacks: an older file was put in its place."""
        from valuelog.cli.missing_journal import describe_newer_backup  # noqa: PLC0415  only where it may be said

        with suppress(ValuelogError):
            if line := describe_newer_backup(journal, self.paths.told_backup, self.now()):
                self.write_stderr(line)

    # Output

    def canvas_for(self, stream: IO[str]) -> Canvas:
        """Return the width and color of a stream."""
        return detect_canvas(stream, self.environ, self.flags.color)

    @property
    def is_accessible(self) -> bool:
        """Whether the screen must not be redrawn: for screen readers, and terminals without cursor movement."""
        if self.environ.get("TERM") == "dumb" or "MSYSTEM" in self.environ:
            return True
        with suppress(BadSetting):  # broken settings must not prevent fixing them
            return bool(self.settings["accessible"])
        return False

    def show(
        self,
        view: View[T],
        value: T,
        output_format: OutputFormat = OutputFormat.TERMINAL,
        *,
        closing: View[T] | None = None,
        stays_on_screen: Callable[[], bool] = lambda: False,
    ) -> None:
        """Render a value to stdout, through the pager if it is longer than the terminal.

        `closing` is what a pager must not hide: it is shown again after it. There is no pager if `stays_on_screen`,
        because questions follow.
        """
        canvas = self.canvas_for(self.stdout)
        text = self.render(view, value, output_format, canvas)
        if output_format is OutputFormat.TERMINAL and self._needs_pager(text) and not stays_on_screen():
            from valuelog.cli.external import show_in_pager  # noqa: PLC0415  only for long answers

            if show_in_pager(text, self.environ, self.stdout) and closing:
                self.write_stdout("\n", self.render(closing, value, output_format, canvas))
        else:
            self.write_stdout(text)

    def render(self, view: View[T], value: T, output_format: OutputFormat, canvas: Canvas) -> str:
        """Return a value as it is written."""
        return render(view, value, output_format, canvas)

    def _needs_pager(self, text: str) -> bool:
        if not (self.stdout.isatty() and self.stdin.isatty()) or self.is_accessible:
            return False
        height = terminal_height(self.stdout)
        return height is not None and text.count("\n") >= height

    def write_stdout(self, *texts: str) -> None:
        """Write to stdout. Raises OutputFailed, or BrokenPipeError if the reader closed it."""
        self.stream_stdout(texts)

    def stream_stdout(self, texts: Iterable[str]) -> None:
        """Write texts to stdout as they come. Raises OutputFailed, or BrokenPipeError if the reader closed it."""
        try:
            self.stdout.writelines(texts)
            self.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            message = f"The answer could not be written: {error.strerror}."
            raise OutputFailed(message, "Changes made before are saved.") from error

    def show_on_stderr(self, view: View[T], value: T) -> None:
        """Render a value to stderr."""
        self.stderr.write(self.render(view, value, OutputFormat.TERMINAL, self.canvas_for(self.stderr)))
        self.stderr.flush()

    def write_stderr(self, line: str) -> None:
        """Write a line to stderr, wrapped at spaces on a terminal."""
        self.stderr.write(f"{self._wrap(line)}\n")
        self.stderr.flush()

    def _wrap(self, line: str) -> str:
        if not self.stderr.isatty():
            return line
        from valuelog.render.wrap import wrap_text  # noqa: PLC0415  only for a terminal

        return wrap_text(line, self.canvas_for(self.stderr).width)

    def showings_file(self, output_format: OutputFormat) -> ShowingsFile | None:
        """Return the file of which findings were shown; None unless they are shown on a terminal."""
        if output_format is not OutputFormat.TERMINAL or not self.stdout.isatty():
            return None
        return ShowingsFile(self.paths.showings, os.path.realpath(self.journal_path))

    @contextmanager
    def progress_bar(self, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Yield a function that reports how much of `total` is done; only a person at a terminal sees a bar."""
        if not self.stderr.isatty() or self.is_accessible or self.flags.no_input:
            yield lambda _: None
            return
        with progress_bar(self.stderr, self.canvas_for(self.stderr), label, total) as report:
            yield report

    # Input

    @property
    def can_prompt(self) -> bool:
        """Whether a person can answer questions."""
        return not self.flags.no_input and (self.prompter is not None or self.stdin.isatty())

    @property
    def has_pipe(self) -> bool:
        """Whether another program or a file is stdin."""
        return self.prompter is None and not self.stdin.isatty()

    @property
    def is_interactive(self) -> bool:
        """Whether a person can answer questions and also sees stdout, which may be a pipe."""
        return self.can_prompt and (self.prompter is not None or self.stdout.isatty())

    def require_terminal(self, alternative: str) -> None:
        """Raise NoTerminal, which names the flags to use instead, unless a person can answer questions."""
        if not self.can_prompt:
            raise NoTerminal(alternative)

    def require_prompter(self, alternative: str) -> "Prompter":
        """Return the prompter. Raises NoTerminal, which names the flags to use instead, if there are any."""
        self.require_terminal(alternative)
        if self.prompter:
            return self.prompter
        canvas = self.canvas_for(self.stderr)
        if self.is_accessible:
            from valuelog.cli.prompter_lines import LinePrompter  # noqa: PLC0415  rarely needed

            return LinePrompter(self.stdin, self.stderr, canvas)
        from valuelog.cli.prompter_menus import MenuPrompter  # noqa: PLC0415  imports questionary

        return MenuPrompter(self.stderr, canvas)

    def ask_secret(self, question: str) -> str:
        """Ask for a line that isn't shown. Raises NoTerminal, KeyboardInterrupt or EOFError."""
        self.require_terminal("-, to read it from stdin")
        if self.prompter:
            return self.prompter.ask_text(question, validate=lambda _: None)
        from getpass import getpass  # noqa: PLC0415  rarely needed

        return getpass(f"{question} ", self.stderr)

    def find_prompter(self) -> "Prompter | None":
        """Return the prompter, or None if no person can answer questions."""
        return self.require_prompter("") if self.can_prompt else None


def _parse_today_override(text: str) -> date:
    """Parse VALUELOG_TODAY. Raises BadSetting."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadSetting("VALUELOG_TODAY", f"{quote(text)} is not a day; write it like 2026-11-20")
    return day


def create_world() -> World:
    """Return the real World; a stream that was closed before the start becomes /dev/null."""
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
        start_process=_start_detached,
    )


def _start_detached(words: Sequence[str], environ: Mapping[str, str]) -> None:
    from valuelog.cli.automatic_backups import start_detached  # noqa: PLC0415  rarely needed

    start_detached(words, environ)


def _current_time() -> datetime:
    """Return the current time in whole milliseconds, the precision of journals. Raises ImpossibleZone."""
    if max(abs(time.timezone), abs(time.altzone)) >= SECONDS_OF_A_DAY:
        raise ImpossibleZone(os.environ.get("TZ", ""))
    now = datetime.now().astimezone()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
