"""Docs: every command, flag, setting and file that a page names exists."""

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
"""All pages except the generated reference."""

SETTINGS = re.compile(r"^```toml\n(\[+(?:evening|people|tags|sources|words).*?)^```$", re.DOTALL | re.MULTILINE)
TO_BE_ADDED = {"thanks", "calls", "worklog"}
"""Modules that the architecture page shows how to add; `test_prose_howto.py` adds them."""

GROUPS = {"backup", "pain", "project", "promise", "config", "sync"}


@cache
def page_text(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text(encoding="utf-8")


def find_commands(page: Path) -> set[tuple[str, ...]]:
    """Return the commands in a page: the words of each command, with one of its flags."""
    lines = re.findall(r"`(valuelog [^`\n]+)`", page_text(page)) + re.findall(
        r"^(?:(?:you@\w+)?\$ )?(valuelog .+)$", page_text(page), re.MULTILINE
    )
    commands: set[tuple[str, ...]] = set()
    for line in lines:
        words = re.sub(r"\"[^\"]*\"|'[^']*'|[|>#&·].*", "", line).split()[1:]
        if words and words[0] in {command.name for command in COMMANDS}:
            depth = 2 if words[0] in GROUPS and len(words) > 1 and words[1].isalpha() and words[1].islower() else 1
            flags = [word.partition("=")[0] for word in words if word.startswith("--")]
            commands.update((*words[:depth], flag) for flag in flags or ["--help"])
    return commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_flag_in_the_docs_exists(page: Path, run: "Run") -> None:
    unknown = [words for words in find_commands(page) if words[-1] not in run(*words[:-1], "--help").out]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_the_docs_exists(page: Path) -> None:
    named = set(re.findall(r"`valuelog ([a-z]+)\b[^`]*`", page_text(page)))
    assert named <= {command.name for command in COMMANDS}


@pytest.mark.parametrize(
    "page", [page for page in PAGES if SETTINGS.search(page_text(page))], ids=lambda page: page.name
)
def test_every_settings_example_in_the_docs_is_valid(page: Path, run: "Run", tmp_path: Path) -> None:
    file = tmp_path / "shown.toml"
    for block in SETTINGS.findall(page_text(page)):
        file.write_text(block)
        run("config", VALUELOG_CONFIG=str(file))
        run("today", answers=[], VALUELOG_CONFIG=str(file))


def test_every_project_file_in_the_docs_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"`((?:tests|src|docs)/[\w./-]+)`", page_text(page))}
    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).exists() and Path(name).stem not in TO_BE_ADDED} == set()


def test_architecture_page_has_every_import_contract() -> None:
    architecture = " ".join(page_text(ROOT / "docs" / "architecture.md").split())
    contracts = tomllib.loads(page_text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts if contract["name"] not in architecture] == []


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_alt_text_of_pictures_equals_their_description(page: str) -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(([^)]*\.svg)\)", page_text(ROOT / page))
    assert shown
    for alt_text, place in shown:
        (about,) = re.findall(r"<desc[^>]*>(.*)</desc>", page_text((ROOT / page).parent / place))
        assert f"{alt_text}." == unescape(about)
