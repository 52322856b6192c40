"""What people say on a command line and Typer does not have built in.

Options whose value may be left out (`--week`, `--week last`), days counted back (`-3`), days of several words, and
words that are not wanted (`-word`). And a help that is shown as any other answer.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

import typer
from typer.core import TyperCommand

OPTIONAL_VALUE_OPTIONS = frozenset({"--week", "--month", "--quarter", "--year"})
"""Options whose value may be left out."""

DATE_OPTIONS = frozenset({"--date", "-d", *OPTIONAL_VALUE_OPTIONS})
"""Options whose value names days, maybe in several words."""

_TWO_WORD_DATE = re.compile(
    r"(this|last|next) (week|month|quarter|year|(mon|tue|wed|thu|fri|sat|sun)[a-z]*)", re.IGNORECASE
)
"""Two words of which the first alone would hardly be meant."""


_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What is wrong with a command line; Typer keeps the class itself to itself."""


class StdoutClosed(Exception):
    """Nobody reads the answer any more."""


class HelpMixin:
    """A command or a group of them that shows its help as any other answer."""

    help: str | None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer's vendored context
        """Parse. What is wrong is raised with the command and the words in which it was found."""
        words = tuple(args)
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc,no-any-return]
        except _UsageError as error:
            wrong: Any = error
            wrong.ctx = wrong.ctx or ctx  # the parser leaves it out where an option lacks its value
            wrong.words = words
            raise

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  Typer's vendored context
        """Show the help, and end."""
        from valuelog.cli.help import build_help  # noqa: PLC0415  only help pays for it
        from valuelog.render import views  # noqa: PLC0415

        ctx.obj.show(views.HELP, build_help(self, ctx))
        ctx.exit()
        return ""

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return what TAB shows beside the name: the first sentence, however long."""
        from valuelog.cli.help import first_sentence  # noqa: PLC0415  only TAB pays for it

        del limit
        return first_sentence(self.help)


class Command(HelpMixin, TyperCommand):
    """A command that understands what people say: a bare --week, -3 for three days ago, -word for what is unwanted.

    Its argument tells which: `words` names days, `sought` what to search for. Any other text stays as it was typed.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer's vendored context
        """Say in full what was said in short, then parse."""
        known = {parameter.name for parameter in self.params}
        said = move_exclusions_last(args) if "sought" in known else args
        said = join_two_word_dates(said)
        if {each.name for each in self.params if each.param_type_name == "argument"} <= {"words"}:
            said = join_date_words(said)
        valued = {name for each in self.params if not getattr(each, "is_flag", False) for name in each.opts}
        full = expand_short_forms(said, days="words" in known, valued=valued)
        return super().parse_args(ctx, list(full))


def move_exclusions_last(args: Sequence[str]) -> list[str]:
    """Put each -word behind a --, so that it is no option; one letter and numbers such as -n5 are options still."""
    place = args.index("--") if "--" in args else len(args)
    unwanted = [arg for arg in args[:place] if re.fullmatch(r"-(?!\w\d+$)[^\W\d_][\w-]+", arg)]
    if not unwanted:
        return list(args)
    return [*(arg for arg in args[:place] if arg not in unwanted), "--", *unwanted, *args[place + 1 :]]


def join_two_word_dates(args: Sequence[str]) -> list[str]:
    """Make one of the two words of a day such as next week that follow an option for days, whatever else is said."""
    full: list[str] = []
    for place, arg in enumerate(args):
        before = args[place - 2] if place > 1 and "--" not in args[:place] else ""
        if before in {"--by", *DATE_OPTIONS} and _TWO_WORD_DATE.fullmatch(f"{args[place - 1]} {arg}"):
            full[-1] += f" {arg}"
        else:
            full.append(arg)
    return full


def join_date_words(args: Sequence[str]) -> list[str]:
    """Make one of the words that follow --date, --week and so on: where no other argument could be meant."""
    full: list[str] = []
    option, words = "", 0
    for place, arg in enumerate(args):
        if arg.startswith("-"):
            option, _, value = arg.partition("=")
            words = 1 if value else 0
        else:
            words += 1
        if option in DATE_OPTIONS and words > 1 and not arg.startswith("-") and "--" not in args[:place]:
            full[-1] += f" {arg}"
        else:
            full.append(arg)
    return full


def expand_short_forms(args: Sequence[str], *, days: bool, valued: Collection[str]) -> list[str]:
    """Write a bare --week as --week=, and where days are named one such as -3 that stands alone as 3 days ago.

    After an option that takes a value (`valued`) it does not stand alone.
    """
    full: list[str] = []
    for place, arg in enumerate(args):
        before = args[place - 1] if place else ""
        after = args[place + 1] if place + 1 < len(args) else "-"
        if "--" in args[:place]:
            full.append(arg)
        elif arg in OPTIONAL_VALUE_OPTIONS and after.startswith("-"):
            full.append(f"{arg}=")
        elif days and re.fullmatch(r"-\d+", arg) and before not in valued:
            full.append(f"{arg[1:]} days ago")
        else:
            full.append(arg)
    return full


def has_no_subcommand(ctx: typer.Context, *, json: bool, plain: bool) -> bool:
    """Tell whether a group is meant itself, without a command of its own.

    Raises BadInput for a form that stands before such a command: it would be lost there.
    """
    if ctx.invoked_subcommand is not None and (json or plain):
        from valuelog.cli.usage import misplaced_option_error  # noqa: PLC0415  only a mistake pays for it

        raise misplaced_option_error(ctx, "--json" if json else "--plain")
    return ctx.invoked_subcommand is None
