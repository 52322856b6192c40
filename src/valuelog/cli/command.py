"""Command-line syntax that Typer lacks: optional option values, `-3`, dates of several words, `-word`; and our help."""

import re
from collections.abc import Collection, Sequence
from itertools import islice, takewhile

import typer
from typer.core import TyperCommand

from valuelog.cli.typer_internals import AnyCommand, AnyContext

OPTIONAL_VALUE_OPTIONS = frozenset({"--week", "--month", "--quarter", "--year"})
"""Options whose value may be left out."""

DATE_OPTIONS = frozenset({"--date", "-d", "--since", "--from", "--to", "--until", *OPTIONAL_VALUE_OPTIONS})
"""Options whose value is a date or period, possibly in several words."""

GLOBAL_FLAGS = frozenset({"--no-input", "--debug"})
GLOBAL_OPTIONS = frozenset({"--journal", "--color"})
"""Options of the program with a value."""

FORMAT_FLAGS = frozenset({"--json", "--plain"})
"""Flags of the program without a command, and of most commands."""

COMPLETION_OPTIONS = frozenset({"--install-completion", "--show-completion"})
"""Options of the program whose value, the name of a shell, may be left out."""

_TWO_WORD_DATE = r"(?i)(this|last|next) (week|month|quarter|year|(mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
"""Two words that only make sense as a date together."""


class StdoutClosed(Exception):
    """The reader closed stdout (EPIPE)."""


def has_target(command: AnyCommand) -> bool:
    """Return whether a command is about one thing: its first argument is an id or a name."""
    arguments = [each.metavar or "" for each in command.params if each.param_type_name == "argument"]
    return bool(arguments) and arguments[0].startswith(("ID", "NAME"))


def pick_missing(ctx: AnyContext, error: typer.TyperException) -> str | None:
    """Ask for the argument that a usage error misses; None if nobody can answer."""
    from valuelog.cli import targets  # noqa: PLC0415  only for a missing argument

    return targets.pick_missing(ctx, error)


class HelpMixin:
    """A command or group that shows its help and its usage errors in our form."""

    help: str | None

    def parse_args(self, ctx: AnyContext, args: list[str]) -> list[str]:
        """Parse the command line; ask for a missing id. Raises WrongUsage for whatever Typer rejects."""
        try:
            return super().parse_args(ctx, [*args])  # type: ignore[misc,no-any-return]
        except typer.TyperException as error:
            if has_target(self) and (picked := pick_missing(ctx, error)) is not None:
                return HelpMixin.parse_args(self, ctx, [*args, picked])
            from valuelog.cli.usage import WrongUsage  # noqa: PLC0415  only on error

            raise WrongUsage(error, ctx) from error

    def get_help(self, ctx: AnyContext) -> str:
        """Show the help and exit."""
        from valuelog.cli.help import build_help  # noqa: PLC0415  only for help
        from valuelog.render import views  # noqa: PLC0415

        ctx.obj.show(views.HELP, build_help(self, ctx))
        ctx.exit()
        return ""

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return the first sentence of the help, in full: completion shows it beside the name."""
        from valuelog.cli.help import first_sentence  # noqa: PLC0415  only for completion

        del limit
        return first_sentence(self.help)


class Command(HelpMixin, TyperCommand):
    """A command that accepts a bare --week, -3 for three days ago, dates of several words and -word to exclude a word.

    The names of its arguments decide: `words` are a date or period, `query` is searched for. Other text stays as typed.
    """

    allow_extra_args = True  # we name them ourselves, with the option that was probably meant

    def parse_args(self, ctx: AnyContext, args: list[str]) -> list[str]:
        """Expand the short forms, then parse. Raises UnexpectedArguments."""
        names = {parameter.name for parameter in self.params}
        expanded = move_exclusions_last(args) if "query" in names else args
        expanded = join_two_word_dates(expanded)
        if {each.name for each in self.params if each.param_type_name == "argument"} <= {"words"}:
            expanded = join_date_words(expanded)
        valued = {name for each in self.params if not getattr(each, "is_flag", False) for name in each.opts}
        super().parse_args(ctx, expand_short_forms(expanded, has_dates="words" in names, valued=valued))
        if has_target(self) and not ctx.resilient_parsing:
            from valuelog.cli.targets import accept_words  # noqa: PLC0415  only for commands about one thing

            accept_words(ctx)
        if ctx.args and not ctx.resilient_parsing:
            from valuelog.cli.usage import UnexpectedArguments  # noqa: PLC0415  only on error

            raise UnexpectedArguments(ctx.args, ctx)
        return list(ctx.args)


def move_global_flags_first(args: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the options of the program, wherever they are before a --, and the other words from the command on."""
    end = args.index("--") if "--" in args else len(args)
    flags: list[str] = []
    rest: list[str] = []
    words = iter(args[:end])
    for word in words:
        is_global = word in GLOBAL_FLAGS or word.partition("=")[0] in GLOBAL_OPTIONS
        (flags if is_global or (word.startswith("-") and word not in FORMAT_FLAGS and not rest) else rest).append(word)
        if word in GLOBAL_OPTIONS:
            flags.extend(islice(words, 1))
    lacks_value = [flags.pop()] if rest and flags and flags[-1] in GLOBAL_OPTIONS else []
    formats = [*takewhile(FORMAT_FLAGS.__contains__, rest)]
    return flags, [*rest[len(formats) :], *formats, *lacks_value, *args[end:]]


def join_shell_names(flags: Sequence[str], rest: Sequence[str]) -> list[str]:
    """Join an option of the program whose value may be left out with the word that follows it, or with an empty one."""
    words = [*rest]
    joined = []
    for flag in flags:
        has_shell = flag in COMPLETION_OPTIONS and words and not words[0].startswith("-")
        value = words.pop(0) if has_shell else ""
        joined.append(f"{flag}={value}" if flag in COMPLETION_OPTIONS else flag)
    return [*joined, *words]


def move_format_flags_last(args: Sequence[str]) -> list[str]:
    """Move --json and --plain from before a subcommand behind its words; without a subcommand, they stay."""
    formats = [*takewhile(FORMAT_FLAGS.__contains__, args)]
    rest = args[len(formats) :]
    if not rest or rest[0].startswith("-"):
        return list(args)
    end = rest.index("--") if "--" in rest else len(rest)
    return [*rest[:end], *formats, *rest[end:]]


def move_exclusions_last(args: Sequence[str]) -> list[str]:
    """Move each -word behind a --, so that it isn't read as an option; -x and -n5 still are options."""
    end = args.index("--") if "--" in args else len(args)
    excluded = [arg for arg in args[:end] if re.fullmatch(r"-(?!\w\d+$)[^\W\d_][\w-]+", arg)]
    if not excluded:
        return list(args)
    return [*(arg for arg in args[:end] if arg not in excluded), "--", *excluded, *args[end + 1 :]]


def join_two_word_dates(args: Sequence[str]) -> list[str]:
    """Join two words such as next week behind an option that takes a date, whatever follows them."""
    joined: list[str] = []
    for index, arg in enumerate(args):
        option = args[index - 2] if index > 1 and "--" not in args[:index] else ""
        if option in {"--by", *DATE_OPTIONS} and re.fullmatch(_TWO_WORD_DATE, f"{args[index - 1]} {arg}"):
            joined[-1] += f" {arg}"
        else:
            joined.append(arg)
    return joined


def join_date_words(args: Sequence[str]) -> list[str]:
    """Join all words behind --date, --week and so on; only for commands where they can't be another argument."""
    joined: list[str] = []
    option, words = "", 0
    for index, arg in enumerate(args):
        if arg.startswith("-"):
            option, _, value = arg.partition("=")
            words = 1 if value else 0
        else:
            words += 1
        if option in DATE_OPTIONS and words > 1 and not arg.startswith("-") and "--" not in args[:index]:
            joined[-1] += f" {arg}"
        else:
            joined.append(arg)
    return joined


def expand_short_forms(args: Sequence[str], *, has_dates: bool, valued: Collection[str]) -> list[str]:
    """Turn a bare --week into --week= and, if the command takes dates, -3 into 3 days ago.

    A -3 directly behind an option that takes a value (`valued`) is that value.
    """
    expanded: list[str] = []
    for index, arg in enumerate(args):
        before = args[index - 1] if index else ""
        after = args[index + 1] if index + 1 < len(args) else "-"
        if "--" in args[:index]:
            expanded.append(arg)
        elif arg in OPTIONAL_VALUE_OPTIONS and after.startswith("-"):
            expanded.append(f"{arg}=")
        elif has_dates and re.fullmatch(r"-\d+", arg) and before not in valued:
            expanded.append(f"{arg[1:]} days ago")
        else:
            expanded.append(arg)
    return expanded


def has_no_subcommand(ctx: typer.Context, *, json: bool, plain: bool) -> bool:
    """Return True if a group was called without a subcommand.

    Raises BadInput for --json or --plain before a subcommand, where it would have no effect.
    """
    if ctx.invoked_subcommand is not None and (json or plain):
        from valuelog.cli.usage import misplaced_option_error  # noqa: PLC0415  only on error

        raise misplaced_option_error(ctx, "--json" if json else "--plain")
    return ctx.invoked_subcommand is None
