"""Texts and settings as other programs write them: byte order marks, addresses with names, relative paths."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from valuelog.cli.settings.spec import ADDRESSES

if TYPE_CHECKING:
    from conftest import Run

ENCODINGS = ["utf-8-sig", "utf-16", "utf-32"]


def list_texts(run: "Run") -> list[str]:
    """Return the texts of all entries."""
    return [entry["text"] for entry in json.loads(run("list", "--json").out)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_piped_text_loses_its_byte_order_mark(run: "Run", encoding: str) -> None:
    run("add", "activity", "-", stdin="hällo".encode(encoding))
    assert list_texts(run) == ["hällo"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("is_piped", [True, False])
def test_answers_may_begin_with_a_byte_order_mark(run: "Run", home: Path, encoding: str, is_piped: bool) -> None:  # noqa: FBT001
    answers = '{"kind": "helped", "text": "Sam", "minutes": 90.0}\r\n'.encode(encoding)
    (home / "answers").write_bytes(answers)
    run("today", "--answers", "-" if is_piped else str(home / "answers"), stdin=answers)
    assert list_texts(run) == ["Sam"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_config_may_begin_with_a_byte_order_mark(run: "Run", home: Path, encoding: str) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes('remind_at = "18:30"\n'.encode(encoding))
    assert run("config", "get", "remind_at").out == "18:30\n"
    run("config", "set", "review_day", "thu")
    assert run("config", "get", "remind_at").out == "18:30\n"


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("Me <me@Home.example>", ("me@home.example",)),
        ("MAILTO: me@home.example, mailto:me@work.example", ("me@home.example", "me@work.example")),
        ('"Last, First" <me@home.example>, c@d.example', ("me@home.example", "c@d.example")),
        ('["Me <me@home.example>", "c@d.example"]', ("me@home.example", "c@d.example")),
        (["Me <me@home.example>"], ("me@home.example",)),
        ("1+me@users.noreply.github.com", ("1+me@users.noreply.github.com",)),
        ("me@home.example, me@HOME.example", ("me@home.example",)),
        ("me@home.example, ;", ("me@home.example",)),
        ("", ()),
    ],
)
def test_addresses_lose_their_names(written: object, addresses: tuple[str, ...]) -> None:
    assert ADDRESSES.parse(written) == addresses


@pytest.mark.parametrize(
    "written", ["Me", "a@b c@d", "Last, First <me@home.example>", "me@", "@home.example", "mailto:", "<>"]
)
@pytest.mark.parametrize("source", ["git", "calendar"])
def test_what_is_no_address_is_refused(run: "Run", source: str, written: str) -> None:
    shown = run("config", "set", f"sources.{source}.emails", written, fails=2)
    assert "write them like me@example.org" in shown.err


def test_set_shows_the_addresses_that_it_stored(run: "Run") -> None:
    assert "to me@home.example in" in run("config", "set", "sources.git.emails", "Me <me@home.example>").err
    assert run("config", "get", "sources.git.emails").out == "me@home.example\n"


def test_relative_journal_is_one_journal_everywhere(
    run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert f"to {tmp_path}/a/notes.db in" in run("config", "set", "journal", "../a/notes.db").err
    run("add", "activity", "one")
    monkeypatch.chdir(tmp_path / "b")
    assert list_texts(run) == ["one"]


def test_relative_paths_of_sources_become_absolute(run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("config", "set", "sources.git.paths", "code, ./work")
    run("config", "set", "journal", "~/notes.db")
    monkeypatch.chdir("/")
    assert run("config", "get", "sources.git.paths").out == f"{tmp_path}/code, {tmp_path}/work\n"
    assert run("config", "get", "journal").out == f"{Path.home()}/notes.db\n"


def test_relative_journal_in_config_counts_from_its_folder(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('journal = "notes.db"\n[sources.git]\npaths = ["code"]\n')
    monkeypatch.chdir("/")
    run("add", "activity", "one")
    assert path.with_name("notes.db").exists()
    assert run("config", "get", "sources.git.paths").out == f"{path.parent}/code\n"


@pytest.mark.parametrize("name", ["sources.calendar.paths", "sources.git.paths", "sources.watson.paths", "journal"])
def test_path_may_be_a_file_url_but_nothing_else(run: "Run", tmp_path: Path, name: str) -> None:
    shown = run("config", "set", name, "https://example.org/x.ics", fails=2)
    assert "valuelog reads only files on this machine" in shown.err
    run("config", "set", name, f"file://{tmp_path}/my%20notes")
    assert run("config", "get", name).out == f"{tmp_path}/my notes\n"
