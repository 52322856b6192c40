"""Options and arguments that several commands share."""

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


def answers_option(example: str) -> Any:  # noqa: ANN401  what Typer makes of an option
    """Return the option that reads answers, a JSON object like the example a line."""
    return typer.Option(
        "--answers", metavar="FILE|-", autocompletion=candidates.files, help=f"Answers as JSON lines: {example}."
    )


def parse_count(option: str, maximum: int) -> Callable[[str | int], int]:
    """Return the parser of an option whose value is a whole number from 1 to a maximum."""

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


class ConflictingOptions(BadInput):
    """Two things were asked for that exclude each other."""


class NotWithinUnit(BadInput):
    """A week (month …) was to be named, and a range of days was that lies within none."""

    def __init__(self, value: str, found: Period, unit: Unit, hint: str) -> None:
        """Say what the range is, and how it is asked for."""
        longer = found.unit is not Unit.SPAN and found.length > period_containing(found.start, unit).length
        what = f"is a {found.unit}" if longer else f"lies in more than one {unit}"
        super().__init__(f"{quote(value)} {what}.", hint)


def _validate_period_option(ctx: typer.Context, option: typer.CallbackParam, value: str | None) -> str | None:
    """Return what was said of a week (month …) if it is one or lies within one. Raises NotWithinUnit."""
    if value is None or ctx.resilient_parsing:
        return value
    unit = Unit(str(option.name))
    found = dates.parse_period(_expand_shorthand(unit, value), ctx.obj.today())
    if found.end not in period_containing(found.start, unit):
        periods = any(each.name == "words" for each in ctx.command.params)
        write = f"Write: {ctx.command_path} {' '.join(value.split())}"
        raise NotWithinUnit(value, found, unit, write if periods else f"Name a {unit}, or a day within it.")
    return value


def _expand_shorthand(unit: Unit, value: str) -> str:
    """Return the words that were meant: nothing is this week (month …), `last` the one before."""
    return {"": f"this {unit}", "this": f"this {unit}", "last": f"last {unit}"}.get(value.casefold(), value)


JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
PlainOption = Annotated[bool, typer.Option("--plain", help="Answer as one record a line, tab-separated.")]
MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Answer as Markdown.")]
DateOption = Annotated[
    str | None,
    typer.Option(
        "--date", "-d", metavar="WHEN", autocompletion=candidates.days, help="The day: yesterday, fri, 20 nov …"
    ),
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
PeriodArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PERIOD]", autocompletion=candidates.periods, help="Days: last week, 2026-11, 2026-Q4 …"),
]
WeekOption = Annotated[
    str | None,
    typer.Option(
        "--week",
        metavar="[P]",
        callback=_validate_period_option,
        autocompletion=candidates.weeks,
        help="This week, or the week named.",
    ),
]
MonthOption = Annotated[
    str | None,
    typer.Option(
        "--month",
        metavar="[P]",
        callback=_validate_period_option,
        autocompletion=candidates.months,
        help="This month, or the month named.",
    ),
]
QuarterOption = Annotated[
    str | None,
    typer.Option(
        "--quarter",
        metavar="[P]",
        callback=_validate_period_option,
        autocompletion=candidates.quarters,
        help="This quarter, or the one named.",
    ),
]
YearOption = Annotated[
    str | None,
    typer.Option(
        "--year",
        metavar="[P]",
        callback=_validate_period_option,
        autocompletion=candidates.years,
        help="This year, or the year named.",
    ),
]


MAX_LIMIT = 1_000_000
"""Upper bound for -n; keeps LIMIT within SQLite's 64-bit range."""


def output_format(
    *, json: bool = False, plain: bool = False, markdown: bool = False, page_flag: str | None = None
) -> OutputFormat:
    """Return the format that the options ask for; `page_flag` is the option that asks for a page, if there is one.

    Raises ConflictingOptions.
    """
    asked = {
        OutputFormat.JSON: json,
        OutputFormat.PLAIN: plain,
        OutputFormat.MARKDOWN: markdown,
        OutputFormat.HTML: page_flag is not None,
    }
    wanted = [one for one, said in asked.items() if said]
    if len(wanted) > 1:
        first, second = (page_flag if one is OutputFormat.HTML else str(one) for one in wanted[:2])
        message = f"--{first} and --{second} exclude each other."
        raise ConflictingOptions(message, "Choose one.")
    return wanted[0] if wanted else OutputFormat.TERMINAL


def join_words(words: Sequence[str] | None) -> str | None:
    """Join the words that stand last on a command line."""
    return " ".join(words) if words else None


def parse_period(words: Sequence[str] | None, today: date, **units: str | None) -> Period | None:
    """Return the Period that is meant by words or by --week, --month, --quarter and --year; none if none is."""
    named = [(Unit(unit), said) for unit, said in units.items() if said is not None]
    if len(named) + bool(words) > 1:
        message = "More than one period is given."
        raise ConflictingOptions(message, "Name one: --week, --month, --quarter, --year or a PERIOD.")
    if named:
        return _parse_unit(*named[0], today)
    return dates.parse_period(join_words(words) or "", today) if words else None


def _parse_unit(unit: Unit, value: str, today: date) -> Period:
    """Return the week (month …) that some words mean, or in which the day lies that they mean."""
    return period_containing(dates.parse_period(_expand_shorthand(unit, value), today).start, unit)


def require_started(found: Period, today: date) -> Period:
    """Return a Period that has begun. Raises FutureDay."""
    if found.start > today:
        raise FutureDay(format_full_day(found.start))
    return found


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
OpenOption = Annotated[
    bool, typer.Option("--open", help="Open that page in the browser; without --html it gets a name.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]
