"""What comes from the code: stale files are named and written, and nothing that the code knows is missing."""

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


def test_what_is_stale_is_named_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fresh.md").write_text("same")
    (tmp_path / "old.md").write_text("before")
    makers = {"fresh.md": lambda: "same", "old.md": lambda: "after", "pictures/new.svg": lambda: "new"}
    found = generate.find_stale(tmp_path, makers)
    assert found == {"old.md": "after", "pictures/new.svg": "new"}
    generate.write_files(tmp_path, found)
    assert generate.find_stale(tmp_path, makers) == {}
    assert capsys.readouterr().out == "wrote docs/old.md\nwrote docs/pictures/new.svg\n"


def test_every_command_is_described_with_all_its_flags() -> None:
    page = reference.command_reference()
    for line in COMMANDS:
        assert f"### valuelog {line.name}\n" in page
    flags = {name for each in all_docs() for block in each.parameters for name, _ in block.rows}
    assert all(f"`{name.replace('|', chr(92) + '|')}`" in page for name in flags)
    assert "`--helped TEXT`" in page
    assert "`--help`" not in page


def test_every_variable_that_the_program_looks_at_is_in_the_reference() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SRC.rglob("*.py"))
    looked_at = set(re.findall(r"[\"'](VALUELOG_[A-Z]+)\b", code))
    assert looked_at
    assert looked_at <= {name for name, _ in environment_variables()}


def test_a_command_that_nobody_asked_for_its_json_says_where_to() -> None:
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
def test_of_a_list_one_thing_is_shown_with_every_key(document: object, short: object) -> None:
    assert shorten(document) == short


def test_json_stands_on_one_line_where_it_fits() -> None:
    assert format_json({"a": [1, 2]}) == '{"a": [1, 2]}'
    long = "w" * 80
    assert format_json({"a": {"b": long}, "c": 1}) == f'{{\n  "a": {{\n    "b": "{long}"\n  }},\n  "c": 1\n}}'


def test_words_of_the_code_stay_words() -> None:
    assert prose("a --pain with <b> and *stars* or [P]") == r"a `--pain` with \<b> and \*stars\* or \[P]"
    assert table(("flag",), [("`--a x|y`",)]) == "| flag |\n| --- |\n| `--a x\\|y` |"
