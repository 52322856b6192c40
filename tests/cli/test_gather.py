"""Drafts: what the tools saw, taken with `gather` or in the evening, and never proposed twice."""

import json
import re
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sources.repositories import ME, a_repository

from valuelog.model.draft import Draft
from valuelog.sources import SOURCES, SourceFailed, git
from valuelog.workflows import gather as gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Run

    from valuelog.sources import Span

DOC = Path(__file__).parents[2] / "docs" / "drafts.md"
LEFT_OUT = "Update the package it is from, or leave it out: valuelog config set sources.git.enabled no"
SAY_WHERE = "Track something first, or say where it is: valuelog config set sources.watson.paths FILE"
NOTHING = "Fri 20 Nov 2026: your tools saw nothing that you have not seen yet.\n"
LAST_COMMITS = "valuelog: 2 commits: Read calendars, Ask @sam about #4"


def settings(home: Path, text: str) -> None:
    """Write config.toml."""
    (home / "config" / "valuelog").mkdir(parents=True, exist_ok=True)
    (home / "config" / "valuelog" / "config.toml").write_text(text)


def frames(home: Path) -> None:
    """Write a file of frames as Watson does that never tracked anything."""
    (home / "config" / "watson").mkdir(parents=True, exist_ok=True)
    (home / "config" / "watson" / "frames").write_text("[]")


@pytest.fixture
def code(home: Path) -> Path:
    """Make a folder with two repositories, and let git be asked about it."""
    a_repository(home / "code" / "valuelog", "Read calendars", "Ask @sam about #4")
    a_repository(home / "code" / "website", "New colours")
    settings(home, f'[sources.git]\npaths = ["{home}/code"]\nemails = ["{ME}"]\n')
    return home / "code"


def texts(run: "Run", *words: str) -> list[str]:
    """Return the texts of the drafts of a day."""
    return [one["text"] for one in json.loads(run("gather", *words, "--json").out)]


# gather


@pytest.mark.usefixtures("code")
def test_looking_writes_nothing(run: "Run", journal_path: Path) -> None:
    shown = run("gather")
    assert shown.out == (
        "Fri 20 Nov 2026                                                         2 drafts\n"
        "  git         valuelog: 2 commits: Read calendars, Ask @sam about #4\n"
        "  git         website: New colours\n"
        "\n"
        "Choose among them  valuelog today\n"
        "Take all of them   valuelog gather --accept\n"
    )
    assert shown.err == ""
    assert not journal_path.exists()
    assert run("gather", "yesterday").out.startswith("Thu 19 Nov 2026: your tools saw nothing")


@pytest.mark.usefixtures("code")
def test_accepting_takes_everything_once_in_one_change(run: "Run") -> None:
    took = run("gather", "--accept", "--json")
    assert took.err == "Added 2 activities · Fri 20 Nov 2026 · next: valuelog today · valuelog undo takes it back\n"
    assert json.loads(took.out) == json.loads(run("list", "--json").out)
    assert [one["id"] and one["source"] for one in json.loads(took.out)] == ["git", "git"]
    assert run("gather", "--accept", "--json").out == "[]\n"
    assert run("gather").out == NOTHING
    assert run("gather", "--accept").out == NOTHING
    written = json.loads(run("list", "--json", "--source", "git").out)
    assert [(one["text"], one["kind"], one["people"], one["tags"]) for one in written] == [
        (LAST_COMMITS, "activity", [], []), ("website: New colours", "activity", [], []),
    ]  # fmt: skip
    assert "Undid gathering" in run("undo").err
    assert json.loads(run("list", "--json").out) == []
    assert len(texts(run)) == 2
    run("redo")
    assert texts(run) == []


@pytest.mark.usefixtures("code")
def test_what_was_taken_and_deleted_is_not_proposed_again(run: "Run") -> None:
    run("gather", "--accept")
    run("delete", *(one["id"] for one in json.loads(run("list", "--json").out)))
    assert texts(run) == []


def test_nothing_is_asked_until_it_is_set(run: "Run", home: Path) -> None:
    shown = run("gather").out
    assert "valuelog config set sources.git.paths ~/code" in shown
    assert run("gather", "--json").out == "[]\n"
    settings(home, "[sources.watson]\nenabled = false\n")
    assert run("gather").out == shown
    settings(home, "[sources.watson]\nenabled = true\n")
    assert run("gather", HOME=str(home)).out == NOTHING


def test_a_source_that_is_on_but_can_do_nothing_says_what_it_lacks(run: "Run", home: Path) -> None:
    settings(home, "".join(f"[sources.{name}]\nenabled = true\n" for name in SOURCES))
    shown = run("gather", HOME=str(home), PATH=str(home))
    assert shown.out == NOTHING
    frames_file = f"{home}/config/watson/frames"
    off, set_ = "valuelog config set sources.timewarrior.enabled no", "valuelog config set sources"
    assert shown.err.splitlines() == [
        f"git: no folders are set. Set them with: {set_}.git.paths ~/code",
        f"calendar: no calendars are set. Set them with: {set_}.calendar.paths ~/calendars",
        f"timewarrior: timew is not installed. Install it, or leave it out: {off}",
        f"watson: there is no file of frames at {frames_file}. {SAY_WHERE}",
        f"did: it is not installed. Install it, or say how to run it: {set_}.did.command PROGRAM",
    ]


@pytest.mark.parametrize("name", ["git", "calendar", "did", "watson"])
def test_a_source_that_is_named_but_not_set_names_the_setting(run: "Run", home: Path, name: str) -> None:
    shown = run("gather", "--source", name, HOME=str(home), PATH=str(home))
    assert f"valuelog config set sources.{name}." in shown.err


def test_one_source_alone_can_be_asked(run: "Run", code: Path, home: Path) -> None:
    assert texts(run, "--source", "git") == [LAST_COMMITS, "website: New colours"]
    assert texts(run, "--source", "watson") == []
    error = run("gather", "--source", "gti", fails=2).err
    assert error == (
        "valuelog: There is no source “gti”.\nDid you mean git? Known: git, calendar, timewarrior, watson, did.\n"
    )
    settings(home, f'[sources.git]\nenabled = false\npaths = ["{code}"]\nemails = ["{ME}"]\n')
    assert texts(run) == []
    assert len(texts(run, "--source", "git")) == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[sources.git]\npath = ['~']", "There is no setting “sources.git.path”. Did you mean sources.git.paths?"),
        ("[sources.git]\npaths = 3", "sources.git.paths: a list of words is wanted"),
        ("[sources.git]\nenabled = 3", "sources.git.enabled: true or false is wanted"),
        ("[sources]\ngit = true", "sources: write each as a table of its own, such as [sources.git]"),
        ("sources = 3", "sources: write each as a table of its own, such as [sources.git]"),
    ],
)
def test_a_mistake_in_the_settings_is_named(run: "Run", home: Path, written: str, said: str) -> None:
    settings(home, written)
    assert said in run("gather", fails=1).err
    assert said in run("config", "list", fails=1).err


def test_a_source_that_nobody_knows_is_named_and_the_others_still_come(run: "Run", home: Path, code: Path) -> None:
    settings(home, f'[sources.gti]\nx = 1\n[sources.git]\npaths = ["{code}"]\nemails = ["{ME}"]\n')
    shown = run("gather", "--plain")
    assert shown.err == f"gti: There is no source “gti”. Take it out of {home}/config/valuelog/config.toml.\n"
    assert len(shown.out.splitlines()) == 2
    assert "Did you mean git?" in run("config", "set", "sources.git.emails", "a@b.c", fails=1).err


def test_settings_of_sources_are_settings(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    run("config", "set", "sources.git.paths", "~/code, /srv/code")
    run("config", "set", "remind_at", "18:00")
    run("config", "set", "sources.did.enabled", "yes")
    assert (home / "config" / "valuelog" / "config.toml").read_text().split("\n")[:4] == [
        'remind_at = "18:00"', "", "[sources.git]", f'paths = ["{home}/code", "/srv/code"]',
    ]  # fmt: skip
    assert run("config", "get", "sources.git.paths").out == f"{home}/code, /srv/code\n"
    listed = {name: fact["value"] for name, fact in json.loads(run("config", "list", "--json").out).items()}
    assert listed["sources.did.enabled"] is True
    assert listed["sources.calendar.paths"] is None
    assert listed["sources.git.paths"] == [f"{home}/code", "/srv/code"]


@pytest.mark.parametrize(
    "said", ['["a@x.org", "b@x.org"]', "['a@x.org','b@x.org']", '"a@x.org", "b@x.org"', "a@x.org, b@x.org"]
)
def test_a_list_is_read_as_toml_has_it_or_with_commas(run: "Run", said: str) -> None:
    run("config", "set", "sources.git.emails", said)
    assert run("config", "get", "sources.git.emails").out == "a@x.org, b@x.org\n"


@pytest.mark.parametrize("said", ['["a@x.org"', "[a@x.org]", '"a@x.org', "[1, 2]", '["a", ["b"]]', "[a] b = 3"])
def test_a_list_that_is_none_is_refused(run: "Run", home: Path, said: str) -> None:
    assert run("config", "set", "sources.git.emails", said, fails=2).err == (
        'valuelog: sources.git.emails: a list of words is wanted: one, two or ["one", "two"]\nNothing was changed.\n'
    )
    assert not (home / "config" / "valuelog" / "config.toml").exists()


# Sources that misbehave


class Tool:
    """A source that does what a test wants."""

    name = "git"
    about = "a test"
    options = ()

    def __init__(self, *says: object) -> None:
        """Yield drafts, and raise what is an error."""
        self._says = says

    def drafts(self, span: "Span", *_: object) -> "Iterator[object]":
        """Say it."""
        for one in self._says:
            if isinstance(one, Exception):
                raise one
            if isinstance(one, float):
                time.sleep(one)
            yield Draft(origin=f"git:{one}", day=span.day, text=one) if isinstance(one, str) else one


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (SourceFailed("git", "it is no folder.", "Mend it."), "git: it is no folder. Mend it."),
        (SourceFailed("git", "two\nlines \x1b[31m", "Mend\nit."), "git: two lines ␛[31m Mend it."),
        (ZeroDivisionError("oh"), f"git: it broke: ZeroDivisionError: oh. {LEFT_OUT}"),
        (KeyError(), f"git: it broke: KeyError. {LEFT_OUT}"),
        (ValueError("two\nlines.\x1b]0;x\x07"), f"git: it broke: ValueError: two lines.␛]0;x␇. {LEFT_OUT}"),
        (ValueError("x" * 900), f"git: it broke: ValueError: {'x' * 199}…. {LEFT_OUT}"),
        (7, "git: it proposed something that is no draft of its own for that day."),
    ],
)
def test_a_broken_source_is_told_of_and_what_it_said_before_counts(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch, broken: object, said: str
) -> None:
    settings(home, "[sources.git]\nenabled = true\n[sources.watson]\nenabled = true\n")
    frames(home)
    monkeypatch.setattr(git, "SOURCE", Tool("first", broken, "never said"))
    shown = run("gather", "--json", HOME=str(home))
    assert [one["text"] for one in json.loads(shown.out)] == ["first"]
    assert shown.err == f"{said}\n"


def test_a_draft_that_cannot_be_told_is_refused(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, "[sources.git]\nenabled = true\n")
    odd: Any = "10:00"
    monkeypatch.setattr(git, "SOURCE", Tool("first", Draft(origin="git:1", day=date(2026, 11, 20), text="x", at=odd)))
    shown = run("gather")
    assert "first" in shown.out
    assert shown.err.startswith("git: it broke: ValueError: Invalid format specifier")


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\x00b", "\u202egnp"])
def test_a_draft_that_acts_is_refused(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", Tool(text))
    shown = run("gather", "--json")
    assert shown.out == "[]\n"
    assert shown.err.startswith("git: it broke: BadText")
    assert text not in shown.err


def test_two_hundred_drafts_a_day_are_enough(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", Tool(*map(str, range(1000))))
    shown = run("gather", "--json")
    assert len(json.loads(shown.out)) == 200
    assert shown.err == "git: it saw more than 200 things on that day; the others were left out.\n"
    monkeypatch.setattr(git, "SOURCE", Tool(*map(str, range(200))))
    assert run("gather", "--json").err == ""


def test_a_slow_source_is_left_behind(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", Tool("first", 30.0))
    monkeypatch.setattr(gathering, "PATIENCE", 0.2)
    begun = time.monotonic()
    shown = run("gather", "--json")
    assert time.monotonic() - begun < 10
    assert shown.out == "[]\n"
    assert shown.err == (
        "git: it did not answer within 0.2 seconds. Leave it out with: valuelog config set sources.git.enabled no\n"
    )


def test_the_same_draft_said_twice_comes_once(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", Tool("same", "same"))
    assert texts(run) == ["same"]
    run("gather", "--accept")
    assert len(json.loads(run("list", "--json").out)) == 1


# The evening


def answers(*said: object) -> list[object]:
    """Answer the drafts, and break the evening off at the next question."""
    return [*said, KeyboardInterrupt]


@pytest.mark.usefixtures("code")
def test_an_evening_begins_with_the_drafts_all_ticked(run: "Run") -> None:
    assert "1 answer is saved" not in run("today", answers=answers(""), fails=130).err
    assert [one["text"] for one in json.loads(run("list", "--json").out)] == [LAST_COMMITS, "website: New colours"]
    assert texts(run) == []
    run("undo")
    assert len(texts(run)) == 2


@pytest.mark.usefixtures("code")
def test_what_is_left_out_is_not_proposed_again(run: "Run") -> None:
    run("today", answers=answers(["website: New colours\tgit"]), fails=130)
    assert [one["text"] for one in json.loads(run("list", "--json").out)] == ["website: New colours"]
    assert texts(run) == []
    run("today", "--again", answers=[KeyboardInterrupt], fails=130)


@pytest.mark.usefixtures("code")
def test_breaking_off_at_the_drafts_leaves_them_for_later(run: "Run") -> None:
    error = run("today", answers=[KeyboardInterrupt], fails=130).err
    assert "Nothing new was confirmed" in error
    assert len(texts(run)) == 2


@pytest.mark.usefixtures("code")
def test_drafts_that_come_after_the_questions_are_still_asked_about(run: "Run", code: Path) -> None:
    run("today", answers=[""] * 30)
    a_repository(code / "later", "One more thing")
    said = run("today", answers=[""]).err
    assert "Every question of this day" not in said
    assert "Saved 1 answer" in said
    assert [one["text"] for one in json.loads(run("list", "--json").out)][-1] == "later: One more thing"


# A source of somebody else


def blocks(language: str) -> list[str]:
    """Return the blocks of the page about drafts in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOC.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the package that the page about drafts shows, as pip would lay it out."""
    site = tmp_path / "site"
    about = site / "oncall-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "oncall.py").write_text(blocks("python")[0])
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: oncall\nVersion: 1.0\n")
    ((header, line),) = re.findall(r'^\[project\.entry-points\."(.*)"\]\n(.*)\n', blocks("toml")[0], re.MULTILINE)
    (about / "entry_points.txt").write_text(f"[{header}]\n{line.replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "oncall", raising=False)
    return site


@pytest.mark.usefixtures("installed")
def test_the_source_that_the_docs_show_works(run: "Run", home: Path) -> None:
    log = home / "calls.log"
    log.write_text("2026-11-19 Slept\n2026-11-20 Answered the on-call phone\n2026-11-20\n")
    settings(home, f'[sources.oncall]\npaths = ["{log}"]\n')
    assert json.loads(run("gather", "--json").out) == [
        {
            "origin": "oncall:2026-11-20 Answered the on-call phone", "source": "oncall", "day": "2026-11-20",
            "at": None, "text": "Answered the on-call phone", "minutes": None, "people": [], "tags": [],
        },
    ]  # fmt: skip
    run("gather", "--accept")
    assert texts(run) == []
    log.unlink()
    assert run("gather", "yesterday").err == f"oncall: {log} cannot be read: No such file or directory.\n"


@pytest.mark.parametrize("broken", ["raise RuntimeError('too old')", "SOURCE = 3", "class SOURCE: name = 'other'"])
def test_a_package_that_is_broken_is_told_of(run: "Run", home: Path, installed: Path, broken: str) -> None:
    (installed / "oncall.py").write_text(broken)
    settings(home, "[sources.oncall]\nenabled = true\n")
    shown = run("gather", "--json")
    assert shown.out == "[]\n"
    assert shown.err.startswith("oncall: it cannot be loaded: ")
    assert shown.err.endswith("Update the package it is from.\n")
    assert "sources.git.paths" in run("config", "list").out
