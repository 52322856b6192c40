"""What the pages say in words: the commands, flags, settings and tests that they name are there."""

import re
import tomllib
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from valuelog.cli.app import COMMANDS

if TYPE_CHECKING:
    from conftest import Run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("[!r]*.md"))]
"""The pages that somebody wrote: all but the reference."""

SETTINGS = re.compile(r"^```toml\n(\[+(?:evening|people|sources).*?)^```$", re.DOTALL | re.MULTILINE)
TO_BE_ADDED = {"people", "calls", "worklog"}
"""What the page about the architecture shows how to add; `test_prose_howto.py` does."""

GROUPS = {"pain", "project", "promise", "config"}


@cache
def text_of(page: Path) -> str:
    """Return what a page says."""
    return page.read_text(encoding="utf-8")


def spoken(page: Path) -> set[tuple[str, ...]]:
    """Return the commands that a page names or shows, each with its first words and the flags behind them."""
    lines = re.findall(r"`(valuelog [^`\n]+)`", text_of(page)) + re.findall(
        r"^(?:\$ )?(valuelog .+)$", text_of(page), re.MULTILINE
    )
    found: set[tuple[str, ...]] = set()
    for line in lines:
        words = re.sub(r"\"[^\"]*\"|'[^']*'|[|>#&·].*", "", line).split()[1:]
        if words and words[0] in {command.name for command in COMMANDS}:
            deep = 2 if words[0] in GROUPS and len(words) > 1 and words[1].isalpha() and words[1].islower() else 1
            flags = [word.partition("=")[0] for word in words if word.startswith("--")]
            found.update((*words[:deep], flag) for flag in flags or ["--help"])
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_flag_that_a_page_names_is_one_of_its_command(page: Path, run: "Run") -> None:
    unknown = [words for words in spoken(page) if words[-1] not in run(*words[:-1], "--help").out]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    named = set(re.findall(r"`valuelog ([a-z]+)\b[^`]*`", text_of(page)))
    assert named <= {command.name for command in COMMANDS}


@pytest.mark.parametrize("page", [page for page in PAGES if SETTINGS.search(text_of(page))], ids=lambda page: page.name)
def test_every_settings_a_page_shows_can_be_meant(page: Path, run: "Run", tmp_path: Path) -> None:
    file = tmp_path / "shown.toml"
    for block in SETTINGS.findall(text_of(page)):
        file.write_text(block)
        run("config", VALUELOG_CONFIG=str(file))
        run("today", answers=[], VALUELOG_CONFIG=str(file))


def test_every_file_of_this_project_that_a_page_names_is_there() -> None:
    named = {name for page in PAGES for name in re.findall(r"`((?:tests|src|docs)/[\w./-]+)`", text_of(page))}
    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).exists() and Path(name).stem not in TO_BE_ADDED} == set()


def test_the_page_about_the_architecture_has_every_contract() -> None:
    said = " ".join(text_of(ROOT / "docs" / "architecture.md").split())
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts if contract["name"] not in said] == []


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_who_cannot_see_a_picture_is_told_what_it_says_of_itself(page: str) -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(([^)]*\.svg)\)", text_of(ROOT / page))
    assert shown
    for told, place in shown:
        (about,) = re.findall(r"<desc[^>]*>(.*)</desc>", text_of((ROOT / page).parent / place))
        assert f"{told}." == unescape(about)
