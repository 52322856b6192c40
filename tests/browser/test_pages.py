"""HTML pages in a real browser: they fit, are accessible, print on two pages, and request nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_core_python.selenium import Axe

from support.makers import FRIDAY, NOON
from support.sample_quarter import fixed_ids, make_quarter_entries, open_sample_journal
from valuelog.journal import entries
from valuelog.model.entry import NEITHER_KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run
    from support.browser import Browser

pytestmark = pytest.mark.slow  # it doesn't depend on the Python version, so the main run is enough

PAGES = {
    "the week": ("review", "--week"),
    "the quarter": ("review", "2026-Q4"),
    "the year": ("review", "--year"),
    "the evidence": ("brag",),
}
EVERY_PAGE = pytest.mark.parametrize("words", PAGES.values(), ids=list(PAGES))
LONG = "w" * 200
WIDE = "退款一天到账" * 30
WORDY = "we found that the form asks for the same number twice, and support types it in a third time by hand; "
MARKED = "e\u0301\u0302" * 60 + " 👩‍👩‍👧‍👦🇩🇪 " * 20


def write_page(run: "Run", home: "Path", *words: str) -> "Path":
    page = home / "page.html"
    run(*words, "--html", str(page))
    return page


@EVERY_PAGE
def test_page_requests_nothing_external(
    quarter: "Run", home: "Path", browser: "Browser", words: tuple[str, ...]
) -> None:
    page = write_page(quarter, home, *words)
    browser.open(page)
    assert browser.requested_urls() == [page.as_uri()]
    assert browser.console_messages() == []
    assert browser.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@EVERY_PAGE
def test_page_has_no_accessibility_violations(
    quarter: "Run", home: "Path", browser: "Browser", words: tuple[str, ...], *, dark: bool
) -> None:
    browser.set_viewport(width=1280, dark=dark)
    browser.open(write_page(quarter, home, *words))
    browser.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    report: dict[str, Any] = Axe().run(browser.driver, options={"resultTypes": ["violations"]})
    assert [(one["id"], one["nodes"][0]["html"]) for one in report["violations"]] == []


@pytest.mark.parametrize("width", [390, 820, 1280])
@EVERY_PAGE
def test_page_is_never_wider_than_the_window(
    quarter: "Run", home: "Path", browser: "Browser", words: tuple[str, ...], width: int
) -> None:
    for text in (LONG, WIDE, MARKED):
        quarter("add", "outcome", text, "--evidence", text)
        quarter("pain", "add", text)
        quarter("add", "helped", f"@{'sam' * 15} {text}")
    quarter("project", "start", "p" * 60, "--problem", LONG, "--measure", WIDE)
    browser.set_viewport(width=width, dark=False)
    browser.open(write_page(quarter, home, *words))
    browser.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


def test_page_is_dark_in_dark_mode_but_not_in_print(quarter: "Run", home: "Path", browser: "Browser") -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    browser.set_viewport(width=820, dark=True)
    browser.open(write_page(quarter, home, "review"))
    night = browser.evaluate(paper)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    printed = browser.evaluate(paper)
    browser.set_viewport(width=820, dark=False)
    assert (night, printed) == ("rgb(20, 25, 29)", "rgb(255, 255, 255)")
    assert browser.evaluate(paper) == "rgb(251, 251, 249)"


@EVERY_PAGE
def test_page_prints_on_two_pages(quarter: "Run", home: "Path", browser: "Browser", words: tuple[str, ...]) -> None:
    browser.open(write_page(quarter, home, *words))
    assert browser.count_printed_pages() == 2


@EVERY_PAGE
def test_crowded_page_prints_on_two_pages(
    quarter: "Run", home: "Path", browser: "Browser", words: tuple[str, ...]
) -> None:
    for place in range(14):
        quarter("pain", "add", f"the {place}th thing takes a second signature from somebody who is away", "--new")
        quarter(
            "project", "start", f"Project {place}", "--problem", "a price stands in eleven files", "--measure", "files"
        )
        quarter("add", "activity", f"asked around +project-{place}")
        quarter("promise", "make", "stop", f"the {place}th weekly status mail")
        proof = ("--evidence", f"{place} tickets less a day, says the support desk in its own weekly numbers")
        for kind in ("outcome", "improvement", "insight", "helped"):
            quarter("add", kind, f"{kind} {place}: partial refunds need no second signature any more", *proof)
    browser.open(write_page(quarter, home, *words))
    assert browser.count_printed_pages() == 2


@pytest.mark.parametrize("count", [26, 36, 46, 56, 66, 76, 86])
def test_quarter_with_any_number_of_entries_prints_on_two_pages(
    quarter: "Run", home: "Path", browser: "Browser", count: int
) -> None:
    rows = [
        f"2026-11-{1 + place % 20:02},improvement,{place} {WORDY[:41]},faster clearer,customers"
        for place in range(count)
    ]
    table = "\n".join(["day,kind,text,effects,beneficiaries", *rows]).encode()
    quarter("import", "csv", "-", stdin=table)
    browser.open(write_page(quarter, home, "review", "--quarter"))
    assert browser.count_printed_pages() == 2


def test_printed_brag_hides_no_overflowing_text(quarter: "Run", home: "Path", browser: "Browser") -> None:
    for place in range(3):
        quarter("add", "helped", f"@hanna {place} {WORDY}", "--evidence", f"{WORDY} {place}")
    browser.open(write_page(quarter, home, "brag"))
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = "getComputedStyle(one).overflow === 'hidden' && one.scrollHeight > one.clientHeight + 4"
    cut = f"[...document.querySelectorAll('main *')].filter(one => {hidden}).length"
    assert browser.evaluate(cut) == 0


def test_accessibility_check_detects_low_contrast(home: "Path", browser: "Browser") -> None:
    pale = home / "pale.html"
    pale.write_text("<html lang=en><title>x</title><main><h1>x</h1><p style='color:#ccc'>pale</p>", encoding="utf-8")
    browser.open(pale)
    report: dict[str, Any] = Axe().run(browser.driver)
    assert "color-contrast" in [one["id"] for one in report["violations"]]


def test_page_count_detects_more_than_two_pages(home: "Path", browser: "Browser") -> None:
    long = home / "long.html"
    long.write_text("<p>line</p>" * 200, encoding="utf-8")
    browser.open(long)
    assert browser.count_printed_pages() > 2


def test_page_of_a_full_year_is_small(run: "Run", home: "Path", journal_path: "Path", browser: "Browser") -> None:
    journal, names, story = open_sample_journal(journal_path), fixed_ids(), make_quarter_entries(fixed_ids())
    workdays = [day for back in range(324) if (day := FRIDAY - timedelta(days=back)).weekday() < 5]
    year = [
        replace(story[(11 * place + number) % len(story)], id=next(names), day=day, created=NOON, project=None)
        for place, day in enumerate(workdays)
        for number in range(11)
    ]
    year = [
        replace(entry, text=f"{entry.text} {number}") for number, entry in enumerate(year)
    ]  # the same ones are merged
    entries.add(journal, year, act="import")
    journal.close()
    page = write_page(run, home, "review", "--year")
    browser.open(page)
    assert page.stat().st_size < 300_000
    with_side = [entry for entry in year if entry.kind not in NEITHER_KINDS]
    assert browser.evaluate("document.querySelectorAll('.kind li').length") == len(with_side) > 2400
    assert browser.count_printed_pages() <= 2


@pytest.mark.parametrize(
    ("count", "text"),
    [(30, WORDY), (8, "a line\n" * 14), (31, WORDY * 15), (4, WORDY * 900)],
    ids=["many sentences", "many lines", "many paragraphs", "a book"],
)
def test_week_with_long_texts_prints_on_two_pages(
    quarter: "Run", home: "Path", browser: "Browser", count: int, text: str
) -> None:
    for place in range(count):
        quarter("add", ("outcome", "insight", "improvement", "helped")[place % 4], text, "--evidence", text)
    for place in range(8):
        quarter("promise", "make", "stop", f"{place} {text}")
        quarter("pain", "add", f"{place} {text}", "--step", text, "--new")
    quarter("review", "--week", "--level", text, "--no-reflect")
    page = write_page(quarter, home, "review", "--week")
    browser.open(page)
    assert browser.count_printed_pages() == 2


def test_heat_map_of_a_young_journal_fills_its_card(run: "Run", home: "Path", browser: "Browser") -> None:
    run("add", "helped", "x")
    browser.open(write_page(run, home, "review", "--week"))
    left, right, first, last = browser.evaluate(
        """(() => {
          const card = document.querySelector('.heat').closest('figure').getBoundingClientRect();
          const cells = [...document.querySelectorAll('.heat rect')].map(one => one.getBoundingClientRect());
          const ends = [cells.map(one => one.left), cells.map(one => one.right)];
          return [card.left, card.right, Math.min(...ends[0]), Math.max(...ends[1])];
        })()"""
    )
    assert first - left < 0.2 * (right - left)
    assert right - last < 0.1 * (right - left)
