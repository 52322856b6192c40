"""The how-to sections of the architecture page, followed step by step in a copy of the program."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.env import process_environment
from support.pseudo_terminal import CTRL_C, ENTER
from support.terminal import Terminal
from valuelog.questions.catalogue import load_evening_questions

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SOURCE = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "drafts.md").read_text(encoding="utf-8"), re.DOTALL)[0]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program with all additions of the page."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src" / "valuelog", folder / "src" / "valuelog")
    for name, text in re.findall(r"`(src/valuelog/[\w/]+\.py)`:\n\n```python\n(.*?)```", PAGE, re.DOTALL):
        assert not (folder / name).exists()
        (folder / name).write_text(text)
    calls = folder / "src/valuelog/sources/calls.py"
    calls.write_text(SOURCE.replace("oncall", "calls"))
    (line,) = re.findall(r"^    CommandSpec\(.*\n", PAGE, re.MULTILINE)
    insert_text(folder / "src/valuelog/cli/app.py", "COMMANDS = (\n", line)
    (view,) = re.findall(r"^THANKS = View\(\n.*?^\)\n", PAGE, re.MULTILINE | re.DOTALL)
    views = folder / "src/valuelog/render/views.py"
    views.write_text(views.read_text(encoding="utf-8") + view)
    insert_text(folder / "src/valuelog/sources/__init__.py", "SOURCES = (", '"calls", ')
    insert_text(folder / "src/valuelog/exchange/__init__.py", "READABLE_FORMATS = (", '"worklog", ')
    (question,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    insert_text(folder / "src/valuelog/questions/questions.toml", "", f"{question}\n")
    return folder


def insert_text(file: Path, anchor: str, text_to_insert: str) -> None:
    """Insert text after an anchor that occurs once, or at the start of the file."""
    text = file.read_text(encoding="utf-8")
    assert not anchor or text.count(anchor) == 1
    file.write_text(text.replace(anchor, f"{anchor}{text_to_insert}", 1) if anchor else f"{text_to_insert}{text}")


def run_valuelog(copy: Path, *words: str, stdin: str = "", home: Path | None = None) -> str:
    """Run the copy; its home is by default the directory of the copy."""
    program = [sys.executable, "-m", "valuelog", *words]
    env = process_environment(home or copy, PYTHONPATH=str(copy / "src"))
    return subprocess.run(program, env=env, input=stdin, capture_output=True, text=True, check=True).stdout


def test_added_command_lists_people_helped(copy: Path) -> None:
    for text in ("@sam runs the release", "@lee can restore", "@sam did it again"):
        run_valuelog(copy, "add", "helped", text)
    assert run_valuelog(copy, "thanks", "--plain") == "sam\t2\nlee\t1\n"
    assert json.loads(run_valuelog(copy, "thanks", "--json"))[0] == {"name": "sam", "helped": 2}
    assert "@sam" in run_valuelog(copy, "thanks")
    assert "valuelog thanks last month" in run_valuelog(copy, "thanks", "--help")


def test_added_source_proposes_a_draft(copy: Path) -> None:
    log = copy / "calls.log"
    log.write_text("2026-11-19 Yesterday's call\n2026-11-20 Answered the on-call phone\n")
    run_valuelog(copy, "config", "set", "sources.calls.paths", str(log))
    (draft,) = json.loads(run_valuelog(copy, "gather", "--json"))
    assert (draft["text"], draft["source"]) == ("Answered the on-call phone", "calls")


def test_added_format_can_be_imported(copy: Path) -> None:
    worklog = '[{"day": "2026-11-18", "done": "Answered the audit mails", "minutes": 45, "labels": ["audit"]}]'
    run_valuelog(copy, "import", "worklog", "-", stdin=worklog)
    assert "Answered the audit mails" in run_valuelog(copy, "list", "2026-11-18")


def test_added_question_is_asked(copy: Path, tmp_path: Path) -> None:
    others = ",".join(each.id for each in load_evening_questions() if each.rotates)
    run_valuelog(copy, "config", "set", "evening.questions", "rotating", home=tmp_path)
    run_valuelog(copy, "config", "set", "evening.off", others, home=tmp_path)
    terminal = Terminal(tmp_path, "today", PYTHONPATH=str(copy / "src"))
    terminal.wait_for("Which path did you make shorter for the next person?")
    terminal.type(f"the release has three steps less{ENTER}", "how is it better?")
    terminal.child.send(CTRL_C)
    terminal.end()
    (entry,) = json.loads(run_valuelog(copy, "list", "--json", "--kind", "improvement", home=tmp_path))
    assert entry["text"] == "the release has three steps less"


@pytest.mark.parametrize("check", ["ruff format --check", "ruff check", "lint-imports"])
def test_added_code_passes_the_checks(copy: Path, check: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", copy)
    program, *words = check.split()
    added = [str(file) for file in copy.rglob("*.py") if file.stem in {"thanks", "calls", "worklog", "app", "views"}]
    command = [str(Path(sys.executable).with_name(program)), *words, *(added if words else [])]
    env = {"PYTHONPATH": str(copy / "src"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
