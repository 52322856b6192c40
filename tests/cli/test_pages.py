"""review --html and brag --html: where pages are written, what they contain, and what they never overwrite."""

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

BOTH_COMMANDS = pytest.mark.parametrize("command", ["review", "brag"])


@BOTH_COMMANDS
def test_html_page_is_private(quarter: "Run", home: "Path", command: str) -> None:
    page = home / "page.html"
    result = quarter(command, "--html", str(page))
    assert result.out == ""
    assert f"Written to {page}" in result.err
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert page.read_text("utf-8").endswith("</html>\n")


@BOTH_COMMANDS
def test_html_dash_writes_to_stdout(quarter: "Run", command: str) -> None:
    assert quarter(command, "--html", "-").out.endswith("</html>\n")


@BOTH_COMMANDS
def test_html_page_policy_allows_only_its_own_style_sheet(quarter: "Run", command: str) -> None:
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


@BOTH_COMMANDS
def test_html_page_replaces_a_file_only_with_force(quarter: "Run", home: "Path", command: str) -> None:
    page = home / "page.html"
    page.write_text("mine", encoding="utf-8")
    refused = quarter(command, "--html", str(page), fails=1)
    assert f"{page} already exists" in refused.err
    assert page.read_text("utf-8") == "mine"
    quarter(command, "--html", str(page), "--force")
    assert "<h1>" in page.read_text("utf-8")


@BOTH_COMMANDS
def test_html_page_never_replaces_files_of_valuelog(
    quarter: "Run", home: "Path", journal_path: "Path", command: str
) -> None:
    before = journal_path.read_bytes()
    for name in (journal_path, home / "config" / "valuelog" / "config.toml", home / "state" / "valuelog" / "x.html"):
        refused = quarter(command, "--html", str(name), "--force", fails=2)
        assert "belongs to valuelog itself" in refused.err
    assert journal_path.read_bytes() == before


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--html", "x.html", "--json"), "--json and --html exclude each other"),
        (("--open", "--markdown"), "--markdown and --open exclude each other"),
        (("--force",), "--force is for --html"),
        (("--html", "-", "--open"), "--open needs a file"),
        (("--html", ""), "--html needs a file name"),
        (("--html", "--open"), "--html needs a file name"),
    ],
)
@BOTH_COMMANDS
def test_conflicting_html_flags_write_nothing(
    quarter: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, command: str, flags: tuple[str, ...], message: str
) -> None:
    folder = home / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert message in quarter(command, *flags, fails=2).err
    assert list(folder.iterdir()) == []


def test_html_page_in_a_missing_directory_fails(quarter: "Run", home: "Path") -> None:
    refused = quarter("review", "--html", str(home / "no such folder" / "page.html"), fails=1)
    assert "cannot be written: No such file or directory" in refused.err


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (("review",), "valuelog today --catch-up"),
        (("review", "2025"), "valuelog add improvement"),
    ],
    ids=" ".join,
)
def test_html_page_of_an_empty_journal_shows_first_steps(run: "Run", words: tuple[str, ...], command: str) -> None:
    html = run(*words, "--html", "-").out
    assert f"<code>{command}</code>" in html
    assert "<svg" not in html
    assert html.count("<div") == 0


def test_html_review_of_three_entries_has_no_figures(run: "Run") -> None:
    run("add", "helped", "@sam runs the release alone now")
    run("add", "improvement", "the checklist is one page now", "--effect", "clearer", "--for", "coworkers")
    run("add", "activity", "audit mails")
    html = run("review", "--html", "-").out
    assert "You helped someone do more and made something clearer." in html
    assert "improvement · co-workers · clearer" in html
    assert "<span>too early for a trend</span>" in html
    assert "between" not in html


def test_html_review_lists_the_same_words_once_with_how_often(run: "Run") -> None:
    for evidence in ((), ("--evidence", "9 calls less"), ("--evidence", "12 calls less")):
        run("add", "helped", "@sam runs the release", *evidence)
    for _ in range(4):
        run("add", "activity", "support rota")
    page = run("review", "--html", "-").out
    assert page.count("</small> @sam runs the release") == page.count("</small> support rota") == 1
    assert re.findall(r'<b class="times">(.+?)</b>', page) == ["×3", "×4"]
    assert "<em>9 calls less</em>" in page
    assert "<em>12 calls less</em>" in page


def test_html_chart_without_value_says_so(run: "Run") -> None:
    for number in range(5):
        run("add", "activity", f"work {number}")
    assert "No value is logged in this period yet." in run("review", "--html", "-").out


def test_html_review_matches_the_terminal(quarter: "Run") -> None:
    html = quarter("review", "--week", "--html", "-").out
    balance, share, verdict = quarter("review", "--week", COLUMNS="120").out.strip().splitlines()[-1].split(" · ")
    low, high = share.partition("(")[2].rstrip(")").split(" to ")
    assert f"<strong>{balance}</strong>" in html
    assert f"<span>{share} · {verdict}</span>" in html.replace("\u00a0", " ")
    tile = f"<b>{share.partition(' (')[0]}</b><span>between {low} and {high} %</span>"
    assert tile in html.replace("\u00a0", " ")
    order = (
        "<h2>Better because of you <small>",
        "<h2>Still open</h2>",
        "<h2>Value and work</h2>",
        "<h2>Value by kind</h2>",
        "<h2>Share over time</h2>",
        "<h2>Projects</h2>",
        "<h2>What to do</h2>",
        f"<strong>{balance}</strong>",
    )
    places = [html.index(part) for part in order]
    assert places == sorted(places)


def test_html_review_tells_what_to_do_without_commands(quarter: "Run") -> None:
    html = quarter("review", "--week", "--html", "-").out
    (findings,) = re.findall(r'<ul class="findings">(.*?)</ul>', html, re.DOTALL)
    assert findings.count("<li>") >= 1
    assert "valuelog" not in findings
    document = quarter("review", "--week", "--markdown").out.partition("## What to do\n")[2]
    assert document.startswith("\n- ")
    assert "valuelog" not in document


def test_html_review_of_any_period(quarter: "Run") -> None:
    for words in (["--month"], ["--quarter"], ["--year"], ["yesterday"], ["2026-10-05..2026-11-20"], ["2020"]):
        assert quarter("review", *words, "--html", "-").out.endswith("</html>\n")


def test_html_review_without_recent_entries_has_no_trend_chart(run: "Run") -> None:
    for day in ("2025-01-06", "2025-01-07", "2025-01-08", "2025-01-09", "2025-01-10"):
        run("add", "outcome", f"the result of {day}", "-d", day)
    html = run("review", "2025-01-01..2026-11-20", "--html", "-").out
    assert "<h2>Value and work</h2>" in html
    assert "Share over time" not in html


@pytest.mark.parametrize("kind", ["activity", "helped"])
def test_html_review_of_only_work_or_only_value(run: "Run", kind: str) -> None:
    for place in range(6):
        run("add", kind, f"the {place}th")
    assert "<h2>Share over time</h2>" in run("review", "--html", "-").out


def test_html_review_saves_talk_flags(quarter: "Run", home: "Path") -> None:
    quarter("review", "--week", "--stop", "the status mail", "--html", str(home / "page.html"))
    assert "Stop: the status mail" in (home / "page.html").read_text("utf-8")


@pytest.mark.parametrize(("flags", "code"), [(("--html", "page.html"), 1), (("--html", "-", "--open"), 2)])
def test_refused_html_review_saves_no_talk_flags(
    quarter: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(home)
    (home / "page.html").write_text("mine", encoding="utf-8")
    quarter("review", "--stop", "the status mail", *flags, fails=code)
    assert "the status mail" not in quarter("promise", "list").out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("loop", "is not a regular file"),
        ("loop/page.html", "Too many levels of symbolic links"),
        ("x" * 300, "Choose a shorter name."),
        ("nowhere/page.html", "Create its directory first"),
        ("folder", "is not a regular file"),
        ("link.html", "is not a regular file"),
    ],
)
def test_html_page_with_an_invalid_path_fails(
    quarter: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(home)
    (home / "loop").symlink_to("loop")
    (home / "link.html").symlink_to("elsewhere")
    (home / "folder").mkdir()
    refused = quarter("review", "--html", name, fails=1)
    assert_one_clear_message(refused, message)


def test_html_page_name_may_have_255_characters(quarter: "Run", home: "Path") -> None:
    quarter("review", "--html", str(home / ("x" * 250 + ".html")))


# With a real terminal and a fake browser


def make_browser(home: "Path", answer: str = "exit 0") -> "Path":
    script = home / "browser"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {home}/opened\n{answer}\n', encoding="utf-8")
    script.chmod(0o700)
    return script


def test_open_writes_a_page_and_starts_the_browser(home: "Path") -> None:
    terminal = Terminal(home, "review", "--week", "--open", BROWSER=f"{make_browser(home)} %s")
    assert terminal.end() == 0
    assert "Written to review-2026-W47.html" in "\n".join(terminal.lines)
    assert (home / "opened").read_text("utf-8").strip() == (home / "review-2026-W47.html").as_uri()


def test_second_page_without_a_name_gets_a_number(home: "Path") -> None:
    for name in ("review-2026-W47.html", "review-2026-W47-2.html"):
        terminal = Terminal(home, "review", "--open", BROWSER=f"{make_browser(home)} %s")
        assert terminal.end() == 0
        assert (home / "opened").read_text("utf-8").strip() == (home / name).as_uri()


def test_open_without_a_browser_still_writes_the_page(home: "Path") -> None:
    terminal = Terminal(home, "brag", "--open", BROWSER=f"{make_browser(home, 'exit 1')} %s", PATH="/nowhere")
    assert terminal.end() == 1
    message = " ".join("\n".join(terminal.lines).split())
    assert "Could not start a browser" in message
    assert "Open the page yourself: brag-2026-Q4.html" in message
    assert (home / "brag-2026-Q4.html").exists()
