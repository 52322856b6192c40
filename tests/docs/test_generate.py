"""Generated docs: stale files are found and written, and every command, flag and variable is described."""

import re
from pathlib import Path

import pytest

import generate
from making import reference
from making.command_docs import all_docs, environment_variables
from making.json_reference import format_json, shorten
from making.markdown import prose, table
from making.samples import sample_arguments
from valuelog.cli.app import COMMANDS

SRC = Path(__file__).parents[2] / "src"


def test_stale_files_are_found_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fresh.md").write_text("same")
    (tmp_path / "old.md").write_text("before")
    makers = {"fresh.md": lambda: "same", "old.md": lambda: "after", "pictures/new.svg": lambda: "new"}
    stale = generate.find_stale(tmp_path, makers)
    assert stale == {"old.md": "after", "pictures/new.svg": "new"}
    generate.write_files(tmp_path, stale)
    assert generate.find_stale(tmp_path, makers) == {}
    assert capsys.readouterr().out == "wrote docs/old.md\nwrote docs/pictures/new.svg\n"


def test_reference_has_every_command_and_flag() -> None:
    page = reference.command_reference()
    for line in COMMANDS:
        assert f"### valuelog {line.name}\n" in page
    flags = {name for each in all_docs() for block in each.parameters for name, _ in block.rows}
    assert all(f"`{name.replace('|', chr(92) + '|')}`" in page for name in flags)
    assert "`--helped TEXT`" in page
    assert "`--help`" not in page


def test_reference_has_every_environment_variable() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SRC.rglob("*.py"))
    used = set(re.findall(r"[\"'](VALUELOG_[A-Z]+)\b", code))
    assert used
    assert used <= {name for name, _ in environment_variables()}


def test_json_command_without_sample_arguments_fails() -> None:
    with pytest.raises(LookupError, match=r"valuelog dance has --json: add its arguments to SAMPLES"):
        sample_arguments("valuelog dance")


@pytest.mark.parametrize(
    ("document", "short"),
    [
        ([{"a": 1}, {"a": 2, "b": 3}], [{"a": 2, "b": 3}]),
        ([{"a": None, "b": 1, "c": 2}, {"a": "said"}], [{"a": "said", "b": 1, "c": 2}]),
        ({"in": [{"of": [{"a": []}]}, {"of": [{"a": [1, 2]}]}]}, {"in": [{"of": [{"a": []}]}]}),
        ([0.123456, 1], [0.1235, 1]),
        ([], []),
    ],
)
def test_shorten_keeps_one_list_item_with_every_key(document: object, short: object) -> None:
    assert shorten(document) == short


def test_format_json_uses_one_line_if_it_fits() -> None:
    assert format_json({"a": [1, 2]}) == '{"a": [1, 2]}'
    long = "w" * 80
    assert format_json({"a": {"b": long}, "c": 1}) == f'{{\n  "a": {{\n    "b": "{long}"\n  }},\n  "c": 1\n}}'


def test_prose_and_table_escape_markdown() -> None:
    assert prose("a --pain with <b> and *stars* or [P]") == r"a `--pain` with \<b> and \*stars\* or \[P]"
    assert table(("flag",), [("`--a x|y`",)]) == "| flag |\n| --- |\n| `--a x\\|y` |"
