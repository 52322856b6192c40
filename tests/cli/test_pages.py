"""review --html and brag --html: where pages go, what they hold, and what they never touch."""

import re
import stat
from base64 import b64encode
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING

import pytest

from support.messages import assert_one_clear_message
from support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

BOTH = pytest.mark.parametrize("command", ["review", "brag"])


@BOTH
def test_a_page_is_a_file_for_its_owner_alone(quarter: "Run", home: "Path", command: str) -> None:
    page = home / "page.html"
    result = quarter(command, "--html", str(page))
    assert result.out == ""
    assert f"Written to {page}" in result.err
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert page.read_text("utf-8").endswith("</html>\n")


@BOTH
def test_a_dash_is_stdout(quarter: "Run", command: str) -> None:
    assert quarter(command, "--html", "-").out.endswith("</html>\n")


@BOTH
def test_page_policy_allows_only_its_own_style_sheet(quarter: "Run", command: str) -> None:
    page = quarter(command, "--html", "-").out
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    directives = dict(part.strip().split(" ", 1) for part in unescape(policy).split(";"))
    assert directives == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@BOTH
def test_a_page_replaces_nothing_unless_it_is_told_to(quarter: "Run", home: "Path", command: str) -> None:
    page = home / "page.html"
    page.write_text("mine", encoding="utf-8")
    refused = quarter(command, "--html", str(page), fails=1)
    assert f"{page} already exists" in refused.err
    assert page.read_text("utf-8") == "mine"
    quarter(command, "--html", str(page), "--force")
    assert "<h1>" in page.read_text("utf-8")


@BOTH
def test_a_page_never_takes_the_place_of_the_journal(
    quarter: "Run", home: "Path", journal_path: "Path", command: str
) -> None:
    before = journal_path.read_bytes()
    for name in (journal_path, home / "config" / "valuelog" / "config.toml", home / "state" / "valuelog" / "x.html"):
        refused = quarter(command, "--html", str(name), "--force", fails=2)
        assert "belongs to valuelog itself" in refused.err
    assert journal_path.read_bytes() == before


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--html", "x.html", "--json"), "--json and --html exclude each other"),
        (("--open", "--markdown"), "--markdown and --open exclude each other"),
        (("--force",), "--force is for --html"),
        (("--html", "-", "--open"), "--open needs a file"),
        (("--html", ""), "--html needs a file name"),
        (("--html", "--open"), "--html needs a file name"),
    ],
)
@BOTH
def test_what_contradicts_itself_writes_nothing(
    quarter: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, command: str, flags: tuple[str, ...], said: str
) -> None:
    folder = home / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert said in quarter(command, *flags, fails=2).err
    assert list(folder.iterdir()) == []


def test_a_page_that_cannot_be_written_is_one_line(quarter: "Run", home: "Path") -> None:
    refused = quarter("review", "--html", str(home / "no such folder" / "page.html"), fails=1)
    assert "cannot be written: No such file or directory" in refused.err


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (("review",), "valuelog today --catch-up"),
        (("review", "2025"), "valuelog add improvement"),
        (("brag",), "valuelog add outcome"),
    ],
    ids=" ".join,
)
def test_an_empty_journal_has_a_page_that_says_how_to_begin(run: "Run", words: tuple[str, ...], command: str) -> None:
    drawn = run(*words, "--html", "-").out
    assert f"<code>{command}</code>" in drawn
    assert "<svg" not in drawn
    assert drawn.count("<div") == 0


def test_three_entries_make_a_page_without_figures(run: "Run") -> None:
    run("add", "helped", "@sam runs the release alone now")
    run("add", "improvement", "the checklist is one page now", "--effect", "clearer", "--for", "coworkers")
    run("add", "activity", "audit mails")
    drawn = run("review", "--html", "-").out
    assert "You helped someone do more and made something clearer." in drawn
    assert "clearer · for co-workers" in drawn
    assert "It is too early for a trend" in drawn
    assert "between" not in drawn


def test_a_review_page_says_what_the_screen_says(quarter: "Run") -> None:
    drawn = quarter("review", "--week", "--html", "-").out
    sum_ = quarter("review", "--week").out.strip().splitlines()[-1]
    balance, share, _ = sum_.split(" · ")
    low, high = share.partition("(")[2].rstrip(")").split(" to ")
    assert f"<strong>{balance}</strong>" in drawn
    tile = f"<b>{share.partition(' (')[0]}</b><span>between {low} and {high} %</span>"
    assert tile in drawn.replace("\u00a0", " ")
    for name in ("Value and work", "Value by kind", "Share over time", "What to do", "Projects", "Pain points"):
        assert f"<h2>{name}</h2>" in drawn


def test_a_page_of_any_period_is_drawn(quarter: "Run") -> None:
    for words in (["--month"], ["--quarter"], ["--year"], ["yesterday"], ["2026-10-05..2026-11-20"], ["2020"]):
        assert quarter("review", *words, "--html", "-").out.endswith("</html>\n")


def test_a_page_of_years_that_end_with_silence_has_no_picture_of_the_last_weeks(run: "Run") -> None:
    for day in ("2025-01-06", "2025-01-07", "2025-01-08", "2025-01-09", "2025-01-10"):
        run("add", "outcome", "a result", "-d", day)
    drawn = run("review", "2025-01-01..2026-11-20", "--html", "-").out
    assert "<h2>Value and work</h2>" in drawn
    assert "Share over time" not in drawn


@pytest.mark.parametrize("kind", ["activity", "helped"])
def test_a_page_of_one_side_only_is_drawn(run: "Run", kind: str) -> None:
    for place in range(6):
        run("add", kind, f"the {place}th")
    assert "<h2>Share over time</h2>" in run("review", "--html", "-").out


def test_a_page_talks_about_nothing_and_still_takes_flags(quarter: "Run", home: "Path") -> None:
    quarter("review", "--week", "--stop", "the status mail", "--html", str(home / "page.html"))
    assert "stop the status mail" in (home / "page.html").read_text("utf-8")


@pytest.mark.parametrize(("flags", "code"), [(("--html", "page.html"), 1), (("--html", "-", "--open"), 2)])
def test_where_a_page_is_refused_nothing_that_was_said_beside_it_is_kept(
    quarter: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(home)
    (home / "page.html").write_text("mine", encoding="utf-8")
    quarter("review", "--stop", "the status mail", *flags, fails=code)
    assert "the status mail" not in quarter("promise", "list").out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("loop", "is not a regular file"),
        ("loop/page.html", "Too many levels of symbolic links"),
        ("x" * 300, "Choose a shorter name."),
        ("nowhere/page.html", "Create its directory first"),
        ("folder", "is not a regular file"),
        ("link.html", "is not a regular file"),
    ],
)
def test_a_file_that_cannot_be_is_one_line(
    quarter: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(home)
    (home / "loop").symlink_to("loop")
    (home / "link.html").symlink_to("elsewhere")
    (home / "folder").mkdir()
    refused = quarter("review", "--html", name, fails=1)
    assert_one_clear_message(refused, said)


def test_a_name_may_be_as_long_as_a_file_system_takes(quarter: "Run", home: "Path") -> None:
    quarter("review", "--html", str(home / ("x" * 250 + ".html")))


# With a real terminal and a browser that is a script


def a_browser(home: "Path", answer: str = "exit 0") -> "Path":
    script = home / "browser"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {home}/opened\n{answer}\n', encoding="utf-8")
    script.chmod(0o700)
    return script


def test_open_shows_the_page_in_the_browser_under_a_name_of_its_own(home: "Path") -> None:
    terminal = Terminal(home, "review", "--week", "--open", BROWSER=f"{a_browser(home)} %s")
    assert terminal.end() == 0
    assert "Written to review-2026-W47.html" in "\n".join(terminal.lines)
    assert (home / "opened").read_text("utf-8").strip() == (home / "review-2026-W47.html").as_uri()


def test_a_second_page_without_a_name_gets_the_next_one(home: "Path") -> None:
    for name in ("review-2026-W47.html", "review-2026-W47-2.html"):
        terminal = Terminal(home, "review", "--open", BROWSER=f"{a_browser(home)} %s")
        assert terminal.end() == 0
        assert (home / "opened").read_text("utf-8").strip() == (home / name).as_uri()


def test_where_no_browser_starts_the_page_is_there_all_the_same(home: "Path") -> None:
    terminal = Terminal(home, "brag", "--open", BROWSER=f"{a_browser(home, 'exit 1')} %s", PATH="/nowhere")
    assert terminal.end() == 1
    said = " ".join("\n".join(terminal.lines).split())
    assert "Could not start a browser" in said
    assert "Open the page yourself: brag-2026-Q4.html" in said
    assert (home / "brag-2026-Q4.html").exists()
