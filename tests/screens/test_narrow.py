"""Narrow terminals and awkward texts: no line is too wide, no word is lost, and every command can be copied."""

import re
import shlex
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from support.makers import FRIDAY, make_entry, make_pain, make_project, make_promise, open_test_journal
from support.snapshots import AWKWARD_TEXTS
from valuelog.journal import entries, pains, projects, promises
from valuelog.model.entry import Beneficiary, Effect, Kind
from valuelog.render.escape import escape_lines
from valuelog.render.wrap import wrap_text

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Result, Run
    from valuelog.journal.store import Journal

pytestmark = pytest.mark.slow  # it doesn't depend on the Python version, so the main run is enough

WIDTHS = [20, 40, 80, 120]

READING = [
    *("", "list", "list 2026 -n 100", "search together", "search flags", "history -n 50"),
    *("review", "review --month", "review --quarter", "review --year", "trend", "trend --months 6", "calendar"),
    *(
        "calendar --by count",
        "pain",
        "pain list --all",
        "project",
        "project list --all",
        "promise list --all",
    ),
    *("brag", "brag --year", "brief", "brief --year", "off list", "gather", "demo", "project show refund-flow"),
]

CHANGING = [
    "add helped", "pain add --new", "promise make stop", "promise make start --by fri", "project start --problem x",
    "today --helped", "today --new --pain", "pain drop p0", "project drop refund-flow", "pain plan p1 --by fri",
]  # fmt: skip
"""Commands that get an awkward text as the last argument."""

WRONG = [
    "show zz", "add helpd x", "list lst week", "config get remind", "project show nope", "xyzzy", "list --kidn helped",
    "trend --weeks 0", "review 3/4", "import jsonl nowhere", "promise keep zz", "show p", "calendar --by shar", "today",
]  # fmt: skip


@pytest.fixture
def awkward_journal(journal_path: "Path") -> None:
    """Fill a journal with awkward texts in every field."""
    journal = open_test_journal(journal_path.parent)
    refunds = make_project(id="r000000000", problem=AWKWARD_TEXTS[0], measure=AWKWARD_TEXTS[1], aim=AWKWARD_TEXTS[2])
    journal.write("start", [projects.creation_change(refunds)])
    for place, text in enumerate(AWKWARD_TEXTS):
        _fill(journal, place, text)
    journal.close()


def _fill(journal: "Journal", place: int, text: str) -> None:
    other = AWKWARD_TEXTS[(place + 3) % len(AWKWARD_TEXTS)]
    evidence = other if place != 1 else None
    fields = {"text": text, "evidence": evidence, "people": (other[:60],), "tags": (text[:60],), "minutes": 95}
    moved = {"effects": tuple(Effect), "beneficiaries": tuple(Beneficiary), "kind": tuple(Kind)[place % len(Kind)]}
    days = [FRIDAY - timedelta(days=place), FRIDAY - timedelta(weeks=place + 1)]
    project = ("Refund flow", text[:60])[place % 2]
    entries.add(journal, [make_entry(day=day, project=project, **fields, **moved) for day in days])
    answers = {"shared": other, "better": text, "hit": other}
    journal.write("add", pains.creation_changes([make_pain(*days, id=f"p{place}00000000", text=text, **answers)]))
    promise = make_promise(text, id=f"t{place}00000000", made_on=days[1], due=FRIDAY + timedelta(days=place - 3))
    journal.write("promise", [promises.creation_change(promise)])


def strip_color(text: str) -> str:
    """Remove color codes."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def lines_too_wide(text: str, width: int) -> list[str]:
    """Return the lines that are too wide; single words and parts of commands may be."""
    lines = [line.removesuffix(" \\") for line in strip_color(text).split("\n")]
    return [line for line in lines if cell_len(line) > width and len(shlex.split(line.replace("'", ""))) > 1]


def assert_fits(result: "Result", width: int, words: str) -> None:
    assert lines_too_wide(result.out, width) == [], words
    assert "bug in valuelog" not in result.err, words
    assert not re.search("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202e]", result.out + result.err), words


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("awkward_journal")
def test_output_fits_the_terminal(run: "Run", width: int) -> None:
    for words in (*READING, *(f"show {kind}{place}00000000" for kind in "pt" for place in range(len(AWKWARD_TEXTS)))):
        assert_fits(run("--color", "always", *words.split(), COLUMNS=str(width)), width, words)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("words", CHANGING)
@pytest.mark.usefixtures("awkward_journal")
def test_changes_are_confirmed_for_awkward_texts(run: "Run", words: str, width: int) -> None:
    for place in (0, 1, 2, 3, 5, 7):
        run(*words.split(), AWKWARD_TEXTS[place].strip(), COLUMNS=str(width), answers=[])
        run("undo", COLUMNS=str(width))


@pytest.mark.parametrize("words", WRONG)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("awkward_journal")
def test_errors_fit_narrow_terminals(run: "Run", words: str, width: int) -> None:
    code = 1 if "project" in words or re.search("show|keep|nowhere", words) else 2
    result = wrap_text(run(*words.split(), fails=code).err, width)  # as it is shown if stderr is a terminal
    assert result.startswith("valuelog:")
    assert lines_too_wide(result, width) == []


COMMANDS = [
    "show r0",
    "",
    "review",
    "review --quarter",
    "off list",
    "gather",
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("awkward_journal")
def test_commands_can_be_copied_from_narrow_terminals(run: "Run", width: int) -> None:
    for words in COMMANDS:
        wide, narrow = (
            re.sub(r"\s*\\\n\s*", " ", strip_color(run("--color", "always", *words.split(), COLUMNS=columns).out))
            for columns in ("120", str(width))
        )
        commands = re.findall(r"(?:^ *|  |: | · )(valuelog .*)$", wide, re.MULTILINE)
        assert commands, words
        for command in commands:
            assert [part for part in command.split(" · ") if part.strip() not in narrow] == [], words


@pytest.fixture
def twelve_weeks(journal_path: "Path") -> None:
    """Log twelve weeks of entries, enough for every figure."""
    journal = open_test_journal(journal_path.parent)
    days = [FRIDAY - timedelta(weeks=week) for week in range(12)]
    kinds = [Kind.ACTIVITY, Kind.ACTIVITY, Kind.HELPED, Kind.IMPROVEMENT, Kind.ACTIVITY, Kind.OUTCOME]
    entries.add(journal, [make_entry(day=day, kind=kind) for day in days for kind in kinds])
    journal.close()


FIGURES = re.compile(r"\d+ value : \d+ work|\d+ value|\(\d+ proven\)|: \d+ work|\(\d+ to \d+\)|\d+ %")
"""Figures that must stay on one line."""


@pytest.mark.parametrize("words", ["", "review --week", "trend", "today --helped x"])
@pytest.mark.usefixtures("twelve_weeks")
def test_figures_are_never_split_across_lines(run: "Run", words: str) -> None:
    for width in range(24, 80):
        result = run(*words.split(), COLUMNS=str(width))
        *lines, last = (result.out or result.err).splitlines()
        whole, per_line = (FIGURES.findall(each) for each in (" ".join([*lines, last]), "\n".join([*lines, last])))
        assert len(per_line) == len(whole) > 0, width
        assert max(cell_len(line) for line in lines if "valuelog" not in line) <= width


@pytest.mark.usefixtures("twelve_weeks")
def test_trend_has_bars_only_beside_shares(run: "Run") -> None:
    for width in range(20, 80):
        heading, *rows = run("trend", COLUMNS=str(width)).out.splitlines()[:13]
        assert heading.split() == (["week", "value", "work", "share"] if width >= 28 else ["week", "share"])
        assert [row for row in rows if not re.fullmatch(r"2026-W\d\d .*\d %(  █*▌?)?", row)] == []
        assert {"█" in row for row in rows} == {width >= 34}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("awkward_journal")
def test_show_contains_the_whole_text(run: "Run", width: int) -> None:
    for place, text in enumerate(AWKWARD_TEXTS):
        result = run("show", f"p{place}00000000", COLUMNS=str(width)).out
        shown = "".join(escape_lines(text)) if "\u200b" in text else text
        assert "".join(shown.split()) in "".join(result.split())


def test_text_that_mentions_valuelog_is_not_a_command(run: "Run") -> None:
    run("add", "helped", "I showed them how valuelog tells work from value on a Friday afternoon")
    name = run("list", "--plain").out.split("\t")[0]
    assert "\\" not in run("show", name, COLUMNS="20").out
