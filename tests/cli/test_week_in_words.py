"""review: your own sentences first, then what came of what you follow, the chart, what to do, and the score last."""

import json
import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from support.makers import FRIDAY, make_entry, make_pain, make_project, make_promise, open_test_journal
from valuelog.analysis.sentences import collect_sentences
from valuelog.journal import entries, pains, projects, promises
from valuelog.model.entry import Beneficiary, Effect, Impact, Kind
from valuelog.model.promise import PromiseKind, PromiseState

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

LONG = (
    "new people find the price list on their first day, because it is one page with a name and a date on it, instead"
    " of eleven files in four folders that only @maya could tell apart"
)


def words_of(text: str) -> str:
    return " ".join(text.split())


def test_sentences_are_proven_first_then_the_largest() -> None:
    texts = [
        make_entry(kind=Kind.HELPED, text="claimed"),
        make_entry(kind=Kind.HELPED, text="claimed, large", impact=Impact.LARGE),
        make_entry(kind=Kind.OUTCOME, text="weak evidence", evidence="yes"),
        make_entry(kind=Kind.OUTCOME, text="proven", evidence="3 calls less"),
        make_entry(kind=Kind.OUTCOME, text="proven, clear", evidence="4 calls less", impact=Impact.CLEAR),
        make_entry(text="work"),
        make_entry(kind=Kind.INSIGHT, text="noticed", evidence="4 of 9"),
    ]
    sentences = collect_sentences(texts)
    assert [each.entry.text for each in sentences] == [
        "proven, clear", "proven", "claimed, large", "claimed", "weak evidence",
    ]  # fmt: skip
    assert [each.is_proven for each in sentences] == [True, True, False, False, False]


def test_same_words_are_one_sentence_with_the_fields_of_all() -> None:
    (sentence,) = collect_sentences(
        [
            make_entry(kind=Kind.IMPROVEMENT, text="One page now.", effects=(Effect.CLEARER,), tags=("docs",)),
            make_entry(kind=Kind.IMPROVEMENT, text="one PAGE now", evidence="9 calls less", impact=Impact.LARGE),
            make_entry(kind=Kind.IMPROVEMENT, text="one page now", beneficiaries=(Beneficiary.CUSTOMERS,)),
        ]
    )
    assert (sentence.entry.text, sentence.times, sentence.is_proven) == ("One page now.", 3, True)
    assert sentence.evidence == ("9 calls less",)
    assert (sentence.entry.effects, sentence.entry.tags) == ((Effect.CLEARER,), ("docs",))
    assert (sentence.entry.beneficiaries, sentence.entry.impact) == ((Beneficiary.CUSTOMERS,), Impact.LARGE)


@pytest.fixture
def full_week(run: "Run", journal_path: "Path") -> "Run":
    """Log a week of sixteen value entries, work, and everything that a review follows up."""
    journal = open_test_journal(journal_path.parent)
    value = [
        make_entry(kind=(Kind.OUTCOME, Kind.HELPED, Kind.IMPROVEMENT)[place % 3], text=f"result {place}: {LONG}")
        for place in range(15)
    ]
    short = make_entry(
        kind=Kind.OUTCOME,
        text="Refund flow: three days became one",
        evidence="median 26 h over 40 refunds",
        beneficiaries=(Beneficiary.CUSTOMERS,),
        effects=(Effect.FASTER, Effect.CLEARER),
        tags=("billing",),
    )
    neither = [make_entry(kind=Kind.LEARNED, text="how joins work"), make_entry(kind=Kind.INSIGHT, text="two reports")]
    entries.add(journal, [*value, short, *neither, *(make_entry() for _ in range(6))])
    closed = make_project(slug="refund-flow", name="Refund flow", result="one day", lesson="ask the bank first")
    closed = closed.mark_closed(FRIDAY, result="one day", evidence=None, lesson="ask the bank first")
    journal.write("start", [projects.creation_change(closed)])
    journal.write("add", pains.creation_changes([make_pain(FRIDAY, id="k300000000", text="the form asks twice")]))
    kept = make_promise("the status mail", id="w900000000", kind=PromiseKind.STOP, due=FRIDAY)
    journal.write("promise", [promises.creation_change(kept.settle(PromiseState.KEPT, FRIDAY))])
    journal.close()
    return run


def test_every_sentence_of_a_week_can_be_read_at_80_columns(full_week: "Run") -> None:
    shown = full_week("review", "--week", COLUMNS="80").out
    assert max(map(cell_len, shown.splitlines())) <= 80
    for place in range(15):
        assert f"◇ result {place}: {LONG}" in words_of(shown)
    lines = shown.splitlines()
    place = lines.index("  ◆ Refund flow: three days became one")
    assert lines[place + 1 : place + 3] == [
        "      median 26 h over 40 refunds",
        "      outcome · customers · faster, clearer · #billing",
    ]


def test_blocks_of_a_week_have_their_order(full_week: "Run") -> None:
    full_week("pain", "add", "the deploy waits")
    (deploy,) = [each["id"] for each in json.loads(full_week("pain", "--json").out) if "deploy" in each["text"]]
    full_week("pain", "fix", deploy, "two approvers since today")
    shown = full_week("review", "--week").out
    order = [
        "Week 47", "Better because of you ", "  ◆ ", "  ◇ ", "Closed ", "Kept ", "Fixed ", "Still open\n", "Learned ",
        "Noticed ", "          work ", "  ▸ ", "17 value (1 proven) : 6 work",
    ]  # fmt: skip
    places = [shown.index(each) for each in order]
    assert places == sorted(places)
    assert "+refund-flow  one day\n            learned: ask the bank first\n" in shown
    assert re.search(r"Kept +Stop: the status mail +Fri 20 Nov\n", shown)
    assert re.search(
        r"Fixed +the deploy waits +felt once, gone since Fri 20 Nov\n +how: two approvers since today\n", shown
    )
    assert re.search(r"k300 +the form asks twice +felt once, nothing planned\n", shown)
    assert re.search(r"Noticed +two reports +not raised yet\n", shown)
    assert "Learned     how joins work\n" in shown


def test_long_period_shows_the_first_sentences_and_how_to_see_the_rest(run: "Run", journal_path: "Path") -> None:
    journal = open_test_journal(journal_path.parent)
    claimed = [make_entry(kind=Kind.HELPED, text=f"claimed {place}") for place in range(24)]
    entries.add(journal, [*claimed, make_entry(kind=Kind.HELPED, text="proven", evidence="9 calls less")])
    journal.close()
    for words in ("review --month", "review --quarter", "review --year"):
        shown = run(*words.split()).out
        assert shown.count("  ◇ claimed") == 19
        assert shown.index("  ◆ proven") < shown.index("  ◇ claimed 0")
        assert "  and 5 more: valuelog list --side value 2026" in shown
    for words in ("review --week", "review today"):
        assert run(*words.split()).out.count("  ◇ claimed") == 24


def test_chart_has_a_block_for_each_activity_and_a_sign_for_each_result(run: "Run") -> None:
    for number in range(4):
        run("add", "activity", f"mails {number}")
    run("add", "helped", "@sam runs it", "--evidence", "2 releases without me")
    run("add", "helped", "@lee runs it")
    shown = run("review").out
    assert "          work        value\n" in shown
    assert "Fri 20    ████ 4      ◆◇ 2\n" in shown
