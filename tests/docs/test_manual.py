"""The man page: formatters report no problem, every command is described, and the wheel contains it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from making.command_docs import all_docs
from making.man_page import man_page
from support.requirements import requires_program

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Write the man page."""
    path = tmp_path / "valuelog.1"
    path.write_text(man_page(), encoding="utf-8")
    return path


def run_formatter(*command: str | Path) -> str:
    """Return the output of a formatter, including its warnings."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@requires_program("mandoc")
def test_mandoc_reports_only_the_missing_date(page: Path) -> None:
    lines = run_formatter("mandoc", "-T", "lint", "-W", "warning", page).splitlines()
    assert [line for line in lines if "missing date" not in line] == []


@requires_program("groff")
def test_groff_has_no_warnings(page: Path) -> None:
    assert run_formatter("groff", "-man", "-k", "-ww", "-z", "-Tutf8", page) == ""


@requires_program("groff")
def test_man_page_keeps_quotes_in_examples(page: Path) -> None:
    shown = run_formatter("groff", "-man", "-k", "-Tutf8", "-P-cbou", "-rLL=120n", page)
    assert """valuelog search '"release train"' --person sam -draft""" in shown
    assert '{"kind": "helped", "text": "…"}' in shown


def test_man_page_has_minus_signs_instead_of_hyphens() -> None:
    assert r"\-\-person sam \-draft" in man_page()


def test_man_page_has_every_command_and_flag() -> None:
    text = man_page().replace("\\-", "-")
    for each in all_docs():
        assert f"\\fB{each.name}\\fR" in text
        assert all(f"\\fB{name}\\fR" in text for block in each.parameters for name, _ in block.rows), each.name


@pytest.mark.slow
def test_wheel_contains_the_man_page(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith(".data/data/share/man/man1/valuelog.1")]
        assert wheel.read(name) == (ROOT / "docs" / "valuelog.1").read_bytes()
