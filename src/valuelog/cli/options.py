"""Options and arguments that several commands share, and how their values are parsed."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from valuelog.cli import candidates
from valuelog.model import dates
from valuelog.model.errors import BadInput, FutureDay
from valuelog.model.period import Period, Unit, format_full_day, period_containing
from valuelog.model.text import quote
from valuelog.render import OutputFormat

MAX_WEEKS, MAX_MONTHS = 520, 120
"""Upper bounds for the length of a trend."""

MAX_LIMIT = 1_000_000
"""Upper bound for -n; keeps LIMIT within SQLite's 64-bit range."""


class ConflictingOptions(BadInput):
    """Options that exclude each other, or one without the option that it needs."""


class NotWithinUnit(BadInput):
    """A value of --week (--month …) that is neither a week (month …) nor within one."""

    def __init__(self, value: str, period: Period, unit: Unit, hint: str) -> None:
        """Say what the value is instead."""
        is_longer = period.unit is not Unit.SPAN and period.length > period_containing(period.start, unit).length
        problem = f"is a {period.unit}" if is_longer else f"spans more than one {unit}"
        super().__init__(f"{quote(value)} {problem}.", hint)


def parse_count(option: str, maximum: int) -> Callable[[str | int], int]:
    """Return a parser for an option whose value is a whole number from 1 to a maximum."""

    def parse(value: str | int) -> int:
        try:
            number = int(value)
        except ValueError:
            number = 0
        if not 1 <= number <= maximum:
            message = f"{option} takes a number from 1 to {maximum}, not {quote(str(value))}."
            raise BadInput(message, f"Example: {option} {min(maximum, 10)}")
        return number

    return parse


def parse_trend_length(words: str) -> tuple[int | None, int | None]:
    """Parse 4, 4 weeks or 6 months as a number of weeks or of months. Raises BadInput."""
    match = re.fullmatch(r"(?:last )?(\d+) ?(?:(w(?:ee)?ks?|w)|m(?:onths?)?)?", words.casefold())
    if not match:
        raise BadInput(
            f"{quote(words)} isn't a number of weeks.", "Write: valuelog trend 26, or valuelog trend 6 months"
        )
    if words.isdecimal() or match[2]:
        return parse_count("--weeks", MAX_WEEKS)(match[1]), None
    return None, parse_count("--months", MAX_MONTHS)(match[1])


def join_words(words: Sequence[str] | None) -> str | None:
    """Join the words of an argument; None if there are none."""
    return " ".join(words) if words else None


DayArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[WHEN]", autocompletion=candidates.days, help="The day; today by default."),
]
DateOption = Annotated[
    str | None,
    typer.Option(
        "--date", "-d", metavar="WHEN", autocompletion=candidates.days, help="The day: yesterday, fri, 20 nov …"
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="WHEN", autocompletion=candidates.days, help="From this day up to today."),
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="WHEN", autocompletion=candidates.days, help="From this day on, up to --to."),
]
ToOption = Annotated[
    str | None, typer.Option("--to", "--until", metavar="WHEN", autocompletion=candidates.days, help="The last day.")
]
DueOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="WHEN",
        autocompletion=candidates.due_days,
        help="Due day: fri, next week, 4 dec …; the next review day by default.",
    ),
]


def answers_option(example: str) -> Any:  # noqa: ANN401  the type of typer.Option
    """Return the option that names a file of answers; the example is one line of it."""
    return typer.Option(
        "--answers", metavar="FILE|-", autocompletion=candidates.files, help=f"Answers as JSON lines: {example}."
    )


# Periods: an argument, or --week, --month, --quarter and --year


def _validate_period_option(ctx: typer.Context, option: typer.CallbackParam, value: str | None) -> str | None:
    """Return the value if it is a week (month …) or is within one. Raises NotWithinUnit."""
    if value is None or ctx.resilient_parsing:
        return value
    unit = Unit(str(option.name))
    period = dates.parse_period(_expand_shorthand(unit, value), ctx.obj.today())
    if period.end not in period_containing(period.start, unit):
        takes_period = any(each.name == "words" for each in ctx.command.params)
        command = f"Write: {ctx.command_path} {' '.join(value.split())}"
        raise NotWithinUnit(value, period, unit, command if takes_period else f"Name a {unit}, or a day within it.")
    return value


def _expand_shorthand(unit: Unit, value: str) -> str:
    """Return the full form of a value: empty is this week (month …), `last` the one before."""
    return {"": f"this {unit}", "this": f"this {unit}", "last": f"last {unit}"}.get(value.casefold(), value)


def _period_option(unit: str, complete: Callable[[str], candidates.Candidates]) -> Any:  # noqa: ANN401  typer.Option's
    return typer.Option(
        f"--{unit}",
        metavar="[P]",
        callback=_validate_period_option,
        autocompletion=complete,
        help=f"This {unit}, or the one you name.",
    )


PeriodArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PERIOD]", autocompletion=candidates.periods, help="Days: last week, 2026-11, 2026-Q4 …"),
]
WeekOption = Annotated[str | None, _period_option("week", candidates.weeks)]
MonthOption = Annotated[str | None, _period_option("month", candidates.months)]
QuarterOption = Annotated[str | None, _period_option("quarter", candidates.quarters)]
YearOption = Annotated[str | None, _period_option("year", candidates.years)]


def parse_period(
    words: Sequence[str] | None, today: date, span: tuple[str | None, ...] = (), **units: str | None
) -> Period | None:
    """Parse a period from words, `span` or from --week, --month, --quarter and --year; None if none is given.

    `span` has the values of --since, --from and --to. Raises ConflictingOptions for more than one period.
    """
    given = [(Unit(unit), value) for unit, value in units.items() if value is not None]
    spans = _join_span(*span) if any(span) else []
    if len(given) + bool(words) + len(spans) > 1:
        raise ConflictingOptions(
            "You gave more than one period.", "Choose one: --week, --month, --quarter, --year, --since or a PERIOD."
        )
    words = words or spans
    if given:
        unit, value = given[0]
        return period_containing(dates.parse_period(_expand_shorthand(unit, value), today).start, unit)
    return dates.parse_period(join_words(words) or "", today) if words else None


def _join_span(since: str | None, first: str | None, last: str | None) -> list[str]:
    """Return the periods that --since, --from and --to give. Raises ConflictingOptions for --to alone."""
    if last and not first and not since:
        raise ConflictingOptions("--to needs a first day.", "Add: --from WHEN")
    return [f"{day}..{last or ''}" for day in (since, first) if day]


def choose_day(words: Sequence[str] | None, option: str | None) -> str | None:
    """Return the day that was given, as an argument or with --date. Raises ConflictingOptions for both."""
    if words and option:
        raise ConflictingOptions("You gave more than one day.", "Leave out --date.")
    return option or join_words(words)


def require_started(period: Period, today: date) -> Period:
    """Return a period that has started. Raises FutureDay."""
    if period.start > today:
        raise FutureDay(format_full_day(period.start))
    return period


# The output: on the terminal, for programs, or as a page

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PlainOption = Annotated[bool, typer.Option("--plain", help="Print one record per line, tab-separated.")]
MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Print Markdown.")]
HtmlOption = Annotated[
    str | None,
    typer.Option(
        "--html",
        metavar="FILE",
        autocompletion=candidates.files,
        help="Write a self-contained page; - for stdout.",
        show_default=False,
    ),
]
OpenOption = Annotated[bool, typer.Option("--open", help="Open the page in your browser; --html is optional then.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]


def output_format(
    *, json: bool = False, plain: bool = False, markdown: bool = False, page_flag: str | None = None
) -> OutputFormat:
    """Return the format that the options ask for; `page_flag` is the option that asks for a page, if there is one.

    Raises ConflictingOptions for more than one.
    """
    flags = {
        OutputFormat.JSON: json and "json",
        OutputFormat.PLAIN: plain and "plain",
        OutputFormat.MARKDOWN: markdown and "markdown",
        OutputFormat.HTML: page_flag,
    }
    given = [(form, flag) for form, flag in flags.items() if flag]
    if len(given) > 1:
        (_, first), (_, second), *_ = given
        raise ConflictingOptions(f"--{first} and --{second} exclude each other.", "Choose one.")
    return given[0][0] if given else OutputFormat.TERMINAL
