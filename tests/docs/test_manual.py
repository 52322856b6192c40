"""The man page: no formatter has anything to say against it, it has every command, and it is in the wheel."""

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


def heard(*command: str | Path) -> str:
    """Return what a formatter says, its complaints included."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@requires_program("mandoc")
def test_mandoc_finds_nothing_but_that_it_has_no_date(page: Path) -> None:
    said = heard("mandoc", "-T", "lint", "-W", "warning", page).splitlines()
    assert [line for line in said if "missing date" not in line] == []


@requires_program("groff")
def test_groff_warns_of_nothing(page: Path) -> None:
    assert heard("groff", "-man", "-k", "-ww", "-z", "-Tutf8", page) == ""


@requires_program("groff")
def test_what_is_typed_stays_what_is_typed(page: Path) -> None:
    shown = heard("groff", "-man", "-k", "-Tutf8", "-P-cbou", "-rLL=120n", page)
    assert """valuelog search '"release train"' --person sam -draft""" in shown
    assert '{"kind": "helped", "text": "…"}' in shown


def test_what_is_typed_as_a_minus_is_no_hyphen() -> None:
    assert r"\-\-person sam \-draft" in man_page()


def test_it_has_every_command_with_all_its_flags() -> None:
    said = man_page().replace("\\-", "-")
    for each in all_docs():
        assert f"\\fB{each.name}\\fR" in said
        assert all(f"\\fB{name}\\fR" in said for block in each.parameters for name, _ in block.rows), each.name


@pytest.mark.slow
def test_the_wheel_has_it(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith(".data/data/share/man/man1/valuelog.1")]
        assert wheel.read(name) == (ROOT / "docs" / "valuelog.1").read_bytes()
