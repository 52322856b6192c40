"""The pages of the reference that come from the code: commands, days, settings, questions and findings."""

from collections.abc import Iterator, Mapping

from making.command_docs import (
    EXIT_CODES,
    CommandDocs,
    environment_variables,
    panel_docs,
    root_docs,
)
from making.markdown import code, code_block, prose, table
from making.sample_journal import TODAY
from valuelog.analysis.findings import RULES
from valuelog.cli.settings.sources import all_settings
from valuelog.model import dates
from valuelog.model.period import format_full_day
from valuelog.model.promise import PromiseKind
from valuelog.model.question import EVIDENCE, FOLLOW_UP_ID
from valuelog.questions.catalogue import load_evening_questions, load_weekly_talk_questions

GENERATED = "This page is generated from the code."

PAST_DAYS = (
    "today", "yesterday", "fri", "last friday", "3 days ago", "-3", "two weeks ago", "1 month ago", "2026-11-05",
    "5 nov", "5.11.2026", "first monday of november",
)  # fmt: skip
DUE_DAYS = ("tomorrow", "fri", "next week", "in 3 days", "end of month", "4 dec", "first monday of december")
PERIODS = (
    "this week", "last week", "2026-W45", "last month", "last 3 months", "since monday", "2026-10", "oct",
    "2026-Q3", "2025", "2026-11-02..2026-11-13",
)  # fmt: skip
"""Examples of days and periods; the page shows what the program makes of them."""

BECOMES: Mapping[str | None, str] = {
    None: "a value entry",
    EVIDENCE: "evidence for an earlier result, or an insight",
    PromiseKind.STOP: "a promise to stop",
    PromiseKind.START: "a promise to start",
    PromiseKind.STEP: "a step for a pain point",
}

BECOMES_BY_ID = {FOLLOW_UP_ID: "evidence of that entry"}


def general_reference() -> str:
    """Return the page about days, settings, variables, questions, findings and exit codes."""
    return _page(
        "# Reference",
        f"{GENERATED} See also the [commands](reference-commands.md), which `man valuelog` shows too, and their "
        "[JSON output](reference-json.md).",
        *_days(),
        "## Settings",
        "All settings are optional and go into `config.toml`. `valuelog config` shows where each value comes from.",
        table(
            ("setting", "default", "description"),
            [(code(each.name), each.to_text(each.default), prose(each.about)) for each in all_settings()],
        ),
        "## Environment",
        "A flag overrides a variable, and a variable overrides a setting.",
        table(("variable", "description"), [(code(name), prose(about)) for name, about in environment_variables()]),
        *_questions(),
        "## Findings",
        "What reviews point out, the most useful first.",
        table(("id", "when"), [(code(rule.id), prose(rule.description)) for rule in RULES]),
        "## Exit codes",
        table(("code", "meaning"), [(str(number), prose(meaning)) for number, meaning in EXIT_CODES]),
    )


def command_reference() -> str:
    """Return the page of commands, panel by panel."""
    return _page(
        "# Commands",
        f"{GENERATED} `valuelog COMMAND -h` shows the same in your terminal.",
        "## Everywhere",
        *_command(root_docs()),
        *(piece for title, docs in panel_docs() for piece in (f"## {title}", *_panel(docs))),
    )


def _page(*pieces: str) -> str:
    return "\n\n".join(pieces) + "\n"


def _panel(commands: tuple[CommandDocs, ...]) -> Iterator[str]:
    for command in commands:
        yield f"###{'#' * command.depth} {command.name}"
        yield from _command(command)


def _command(command: CommandDocs) -> Iterator[str]:
    if command.usage != command.name:
        yield code_block("text", command.usage)
    yield from map(prose, command.about)
    if command.examples:
        yield code_block("sh", "\n".join(command.examples))
    for section in command.parameters:
        head = "flag" if section.title == "Options" else section.title.casefold().removesuffix("s")
        yield table((head, "description"), [(code(name), prose(about)) for name, about in section.rows])


def _days() -> Iterator[str]:
    yield "## Days and periods"
    yield f"WHEN is today or a day in the past. On {format_full_day(TODAY)}, for example:"
    past = [(code(words), format_full_day(dates.parse_past_day(words, TODAY))) for words in PAST_DAYS]
    yield table(("WHEN", "meaning"), past)
    yield "`--by` takes a day in the future. A week means its review day, any other period its last day:"
    due = [(code(words), format_full_day(dates.parse_due_day(words, TODAY))) for words in DUE_DAYS]
    yield table(("WHEN", "meaning"), due)
    yield "PERIOD is a day or a range of days:"
    yield table(("PERIOD", "meaning"), [(code(words), _format_period(words)) for words in PERIODS])


def _format_period(words: str) -> str:
    period = dates.parse_period(words, TODAY)
    return f"{format_full_day(period.start)} to {format_full_day(period.end)}"


def _questions() -> Iterator[str]:
    yield "## Questions"
    yield "An evening asks the fixed questions, and one of the rotating ones."
    evening = [
        (
            code(each.id),
            each.text,
            BECOMES_BY_ID.get(each.id) or _becomes(each.becomes),
            "rotating" if each.rotates else "every evening",
        )
        for each in load_evening_questions()
    ]
    yield table(("id", "question", "becomes", "asked"), evening)
    yield "The Friday talk asks how each due promise went, and then:"
    friday = [
        (code(each.id), each.text, _becomes(each.becomes) if each.becomes else "a reflection on the week")
        for each in load_weekly_talk_questions()
    ]
    yield table(("id", "question", "becomes"), friday)


def _becomes(becomes: str | None) -> str:
    return BECOMES.get(becomes, becomes or "")
