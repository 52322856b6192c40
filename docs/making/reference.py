"""The pages of the reference, as Markdown: what the commands, settings, questions and findings say of themselves."""

from collections.abc import Iterator

from making.described import EXIT_CODES, Described, everywhere, panels, variables
from making.made_up import TODAY
from making.markdown import block, code, table, text
from valuelog.analysis.findings import RULES
from valuelog.cli.settings.sources import all_settings
from valuelog.model import dates
from valuelog.model.period import format_full_day
from valuelog.questions.catalogue import PROMISE_KINDS, load_evening_questions
from valuelog.questions.catalogue import load_weekly_talk_questions as friday_questions

MADE = "This page is made from the code."

DAYS = (
    "today",
    "yesterday",
    "fri",
    "last friday",
    "3 days ago",
    "-3",
    "two weeks ago",
    "1 month ago",
    "2026-11-05",
    "5 nov",
    "5.11.2026",
    "first monday of november",
)
PERIODS = (
    "this week", "last week", "2026-W45", "last month", "last 3 months", "since monday", "2026-10", "oct",
    "2026-Q3", "2025", "2026-11-02..2026-11-13",
)  # fmt: skip
COMING = ("tomorrow", "fri", "next week", "in 3 days", "end of month", "4 dec", "first monday of december")
"""How days and periods can be named; what they mean is asked of the program."""


def reference() -> str:
    """Return the page of what is the same everywhere: settings, questions, findings, exit codes."""
    return _page(
        "# Reference",
        f"{MADE} The commands are on [a page of their own](reference-commands.md), and so is what they answer as "
        "[JSON](reference-json.md); `man valuelog` has the commands too.",
        *_days(),
        "## Settings",
        "All are optional and stand in `config.toml`; `valuelog config` shows each with where its value comes from.",
        table(
            ("setting", "unless set", "what it is"),
            [(code(each.name), each.to_text(each.default), text(each.about)) for each in all_settings()],
        ),
        "## Environment",
        "A flag comes first, then a variable, then the setting, then what is usual.",
        table(("variable", "what it is"), [(code(name), text(about)) for name, about in variables()]),
        *_questions(),
        "## Findings",
        "What a review points out, in the order in which acting helps most.",
        table(("id", "when"), [(code(rule.id), text(rule.description)) for rule in RULES]),
        "## JSON",
        "`--json` answers with one document, on every command that shows something: "
        "[what is in each](reference-json.md).",
        "## Exit codes",
        table(("code", "means"), [(str(number), text(means)) for number, means in EXIT_CODES]),
    )


def commands() -> str:
    """Return the page of commands, panel by panel."""
    return _page(
        "# Commands",
        f"{MADE} `valuelog COMMAND -h` says the same where you are.",
        "## Everywhere",
        *_described(everywhere()),
        *(piece for panel, those in panels() for piece in (f"## {panel}", *_headed(those))),
    )


def _page(*pieces: str) -> str:
    return "\n\n".join(pieces) + "\n"


def _headed(those: tuple[Described, ...]) -> Iterator[str]:
    for each in those:
        yield f"###{'#' * each.depth} {each.name}"
        yield from _described(each)


def _described(each: Described) -> Iterator[str]:
    if each.usage != each.name:
        yield block("text", each.usage)
    yield from map(text, each.about)
    if each.examples:
        yield block("sh", "\n".join(each.examples))
    for words in each.parameters:
        head = "" if words.title == "Options" else words.title.casefold().removesuffix("s")
        yield table((head or "flag", "what it does" if not head else "what it is"), [
            (code(name), text(said)) for name, said in words.rows
        ])  # fmt: skip


def _days() -> Iterator[str]:
    yield "## Days and periods"
    yield f"WHEN is a day that has come. On {format_full_day(TODAY)} these are, for example:"
    yield table(
        ("WHEN", "means"), [(code(words), format_full_day(dates.parse_past_day(words, TODAY))) for words in DAYS]
    )
    yield "`--by` takes a day to come, the end of a range where one is named:"
    yield table(
        ("WHEN", "means"), [(code(words), format_full_day(dates.parse_due_day(words, TODAY))) for words in COMING]
    )
    yield "PERIOD is a day or a range of days:"
    yield table(("PERIOD", "means"), [(code(words), _range(words)) for words in PERIODS])


def _range(words: str) -> str:
    found = dates.parse_period(words, TODAY)
    return f"{format_full_day(found.start)} to {format_full_day(found.end)}"


def _questions() -> Iterator[str]:
    yield "## Questions"
    yield "The fixed ones come every evening, of the others one an evening, in turn."
    yield table(
        ("id", "asks", "becomes", "comes"),
        [
            (code(each.id), each.text, _becomes(each.becomes), "in turn" if each.rotates else "every evening")
            for each in load_evening_questions()
        ],
    )
    yield "The Friday talk asks what became of each promise that is due, and then:"
    yield table(
        ("id", "asks", "becomes"),
        [
            (code(each.id), each.text, _becomes(each.becomes) if each.becomes else "kept with the week")
            for each in friday_questions()
        ],
    )


def _becomes(what: str | None) -> str:
    return f"a promise to {what}" if what in PROMISE_KINDS else what or "a value entry"
