"""Failing sources, built-in and from other packages: one line of error, and their earlier drafts count."""

import json
import re
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.source_settings import gather_texts, write_empty_frames, write_settings
from valuelog.model.draft import Draft
from valuelog.sources import SourceFailed, git
from valuelog.workflows import gather as gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Run
    from valuelog.sources import Span

DOC = Path(__file__).parents[2] / "docs" / "drafts.md"
LEFT_OUT = "Update the package that provides it, or turn it off: valuelog config set sources.git.enabled no"


class FakeSource:
    """A fake source."""

    name = "git"
    about = "a test"
    options = ()

    def __init__(self, *items: object) -> None:
        """Keep what `drafts` yields, raises or sleeps."""
        self._items = items

    def drafts(self, span: "Span", *_: object) -> "Iterator[object]":
        """Yield drafts and texts, raise exceptions, and sleep for numbers."""
        for one in self._items:
            if isinstance(one, Exception):
                raise one
            if isinstance(one, float):
                time.sleep(one)
            yield Draft(origin=f"git:{one}", day=span.day, text=one) if isinstance(one, str) else one


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (SourceFailed("git", "it is no folder.", "Mend it."), "git: it is no folder. Mend it."),
        (SourceFailed("git", "two\nlines \x1b[31m", "Mend\nit."), "git: two lines ␛[31m Mend it."),
        (ZeroDivisionError("oh"), f"git: it crashed: ZeroDivisionError: oh. {LEFT_OUT}"),
        (KeyError(), f"git: it crashed: KeyError. {LEFT_OUT}"),
        (ValueError("two\nlines.\x1b]0;x\x07"), f"git: it crashed: ValueError: two lines.␛]0;x␇. {LEFT_OUT}"),
        (ValueError("x" * 900), f"git: it crashed: ValueError: {'x' * 199}…. {LEFT_OUT}"),
        (7, "git: it returned something that isn't one of its drafts for that day."),
    ],
)
def test_failing_source_is_reported_and_its_earlier_drafts_count(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch, broken: object, message: str
) -> None:
    write_settings(home, "[sources.git]\nenabled = true\n[sources.watson]\nenabled = true\n")
    write_empty_frames(home)
    monkeypatch.setattr(git, "SOURCE", FakeSource("first", broken, "never yielded"))
    shown = run("gather", "--json", HOME=str(home))
    assert [one["text"] for one in json.loads(shown.out)] == ["first"]
    assert shown.err == f"{message}\n"


def test_draft_with_an_invalid_field_is_refused(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(home, "[sources.git]\nenabled = true\n")
    odd: Any = "10:00"
    monkeypatch.setattr(
        git, "SOURCE", FakeSource("first", Draft(origin="git:1", day=date(2026, 11, 20), text="x", at=odd))
    )
    shown = run("gather")
    assert "first" in shown.out
    assert shown.err.startswith("git: it crashed: ValueError: Invalid format specifier")


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\x00b", "\u202egnp"])
def test_draft_with_control_characters_is_refused(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    write_settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", FakeSource(text))
    shown = run("gather", "--json")
    assert shown.out == "[]\n"
    assert shown.err.startswith("git: it crashed: BadText")
    assert text not in shown.err


def test_drafts_of_a_source_are_limited_to_200(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", FakeSource(*map(str, range(1000))))
    shown = run("gather", "--json")
    assert len(json.loads(shown.out)) == 200
    assert shown.err == "git: it found more than 200 drafts for that day; the rest was left out.\n"
    monkeypatch.setattr(git, "SOURCE", FakeSource(*map(str, range(200))))
    assert run("gather", "--json").err == ""


def test_slow_source_times_out(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", FakeSource("first", 30.0))
    monkeypatch.setattr(gathering, "TIMEOUT_SECONDS", 0.2)
    begun = time.monotonic()
    shown = run("gather", "--json")
    assert time.monotonic() - begun < 10
    assert shown.out == "[]\n"
    assert shown.err == (
        "git: it did not finish within 0.2 seconds. Turn it off with: valuelog config set sources.git.enabled no\n"
    )


def test_duplicate_draft_is_proposed_once(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(home, "[sources.git]\nenabled = true\n")
    monkeypatch.setattr(git, "SOURCE", FakeSource("same", "same"))
    assert gather_texts(run) == ["same"]
    run("gather", "--accept")
    assert len(json.loads(run("list", "--json").out)) == 1


# A source of another package


def doc_blocks(language: str) -> list[str]:
    """Return the code blocks of docs/drafts.md in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOC.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def plugin_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the package that docs/drafts.md shows, as pip would."""
    site = tmp_path / "site"
    about = site / "oncall-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "oncall.py").write_text(doc_blocks("python")[0])
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: oncall\nVersion: 1.0\n")
    ((header, line),) = re.findall(r'^\[project\.entry-points\."(.*)"\]\n(.*)\n', doc_blocks("toml")[0], re.MULTILINE)
    (about / "entry_points.txt").write_text(f"[{header}]\n{line.replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "oncall", raising=False)
    return site


@pytest.mark.usefixtures("plugin_directory")
def test_example_source_of_the_docs_works(run: "Run", home: Path) -> None:
    log = home / "calls.log"
    log.write_text("2026-11-19 Slept\n2026-11-20 Answered the on-call phone\n2026-11-20\n")
    write_settings(home, f'[sources.oncall]\npaths = ["{log}"]\n')
    assert json.loads(run("gather", "--json").out) == [
        {
            "origin": "oncall:2026-11-20 Answered the on-call phone", "source": "oncall", "day": "2026-11-20",
            "at": None, "text": "Answered the on-call phone", "minutes": None, "people": [], "tags": [],
        },
    ]  # fmt: skip
    run("gather", "--accept")
    assert gather_texts(run) == []
    log.unlink()
    assert run("gather", "yesterday").err == f"oncall: {log} cannot be read: No such file or directory.\n"


@pytest.mark.parametrize("broken", ["raise RuntimeError('too old')", "SOURCE = 3", "class SOURCE: name = 'other'"])
def test_broken_plugin_package_is_reported(run: "Run", home: Path, plugin_directory: Path, broken: str) -> None:
    (plugin_directory / "oncall.py").write_text(broken)
    write_settings(home, "[sources.oncall]\nenabled = true\n")
    shown = run("gather", "--json")
    assert shown.out == "[]\n"
    assert shown.err.startswith("oncall: it cannot be loaded: ")
    assert shown.err.endswith("Update the package that provides it.\n")
    assert "sources.git.paths" in run("config", "list").out
