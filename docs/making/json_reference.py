"""The page that shows what each command prints with `--json`, by running it on the sample journal."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

from making import sample_journal
from making.command_docs import all_docs
from making.markdown import code_block
from making.samples import CSV, SETUP, sample_arguments
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World

WIDTH = 88
DIGITS = 4

INTRODUCTION = (
    "What each command prints with `--json`, for a sample journal. Keys are stable. Of each list, this page shows one "
    "item with all the keys that its items can have. Numbers are rounded here, but not in the real output."
)


def json_reference() -> str:
    """Return the page; commands whose output has the same keys share a section."""
    pieces = ["# JSON", INTRODUCTION]
    for names, document in _group_by_keys(_run_commands()):
        pieces += [f"## {', '.join(names)}", code_block("json", format_json(document))]
    return "\n\n".join(pieces) + "\n"


def _group_by_keys(documents: Iterator[tuple[str, Any]]) -> Iterator[tuple[list[str], Any]]:
    """Yield each document whose keys are new, with the names of all commands that print these keys."""
    groups: dict[str, tuple[list[str], Any]] = {}
    for name, document in documents:
        keys = json.dumps(_keys(document))
        groups.setdefault(keys, ([], document))[0].append(name.removeprefix("valuelog "))
    yield from groups.values()


def _run_commands() -> Iterator[tuple[str, Any]]:
    """Yield the name and the shortened output of each command that has --json."""
    with tempfile.TemporaryDirectory() as folder, sample_journal.fixed_ids_and_zone():
        home = Path(folder) / "home"
        sample_journal.write_twelve_weeks(home)
        sample_journal.add_tracked_time(home)
        ids = _find_ids(home)
        for name in (docs.name for docs in all_docs() if docs.has_json):
            copy = Path(shutil.copytree(home, Path(folder) / name))
            for command in SETUP.get(name, ()):
                run(copy, *command)
            arguments = [argument.format(**ids) for argument in sample_arguments(name)]
            output = run(copy, *name.split()[1:], *arguments, "--json")
            yield name, shorten(json.loads(output.replace(str(copy), "~").replace(str(home), "~")))


def _find_ids(home: Path) -> dict[str, str]:
    """Return the ids that sample arguments refer to by name."""
    commands = {
        "entry": ("list", "this week", "--side", "value"),
        "work": ("list", "this week", "--side", "work"),
        "pain": ("pain",),
        "promise": ("promise",),
    }
    listed = {name: json.loads(run(home, *words, "--json")) for name, words in commands.items()}
    return {name: each[0]["id"] for name, each in listed.items()} | {"other_pain": listed["pain"][1]["id"]}


def run(home: Path, *arguments: str) -> str:
    """Run valuelog and return its stdout. Raises RuntimeError if it fails."""
    stdout, stderr = StringIO(), StringIO()
    environ = {"HOME": str(home), "VALUELOG_TODAY": str(sample_journal.TODAY)}
    world = World(
        environ=sample_journal.xdg_variables(home) | environ,
        stdin=TextIOWrapper(BytesIO(CSV), encoding="utf-8"),
        stdout=stdout,
        stderr=stderr,
        now=lambda: sample_journal.NOW,
    )
    if errors.run(world, lambda: app().main([*arguments], prog_name="valuelog", standalone_mode=False, obj=world)):
        raise RuntimeError(stderr.getvalue())
    return stdout.getvalue()


def shorten(document: Any) -> Any:  # noqa: ANN401  any JSON
    """Return a document with each list of objects reduced to one object that has the keys of all."""
    match document:
        case dict():
            return {key: shorten(value) for key, value in document.items()}
        case [dict(), *_]:
            return [shorten(_merge(document))]
        case list():
            return [shorten(value) for value in document]
        case float():
            return round(document, DIGITS)
        case _:
            return document


def _merge(items: Sequence[Any]) -> Any:  # noqa: ANN401  any JSON
    """Return the fullest object, with what it lacks taken from the others."""
    by_fullness = sorted(items, key=lambda item: -sum(map(_is_filled, item.values())))
    keys = dict.fromkeys(key for item in by_fullness for key in item)
    return {key: _merge_values([item[key] for item in by_fullness if key in item]) for key in keys}


def _merge_values(values: Sequence[Any]) -> Any:  # noqa: ANN401  any JSON
    filled = [value for value in values if _is_filled(value)]
    if filled and all(isinstance(value, dict) for value in filled):
        return _merge(filled)
    return filled[0] if filled else values[0]


def _is_filled(value: object) -> bool:
    return value not in (None, [], {}, "")


def _keys(document: Any) -> Any:  # noqa: ANN401  any JSON
    """Return the nested keys of a document, without its values."""
    match document:
        case dict():
            return {key: _keys(value) for key, value in document.items()}
        case [dict() as item, *_]:
            return [_keys(item)]
        case _:
            return None


def format_json(document: Any, indent: int = 0, prefix: str = "") -> str:  # noqa: ANN401  any JSON
    """Format JSON like `json.dumps` with an indent, but keep on one line what fits into WIDTH."""
    line = prefix + json.dumps(document, ensure_ascii=False)
    if len(line) + indent < WIDTH or not isinstance(document, dict | list) or not document:
        return line
    separator = "\n" + " " * (indent + 2)
    if isinstance(document, dict):
        items = [format_json(value, indent + 2, f"{json.dumps(key)}: ") for key, value in document.items()]
        opening, closing = "{}"
    else:
        items = [format_json(value, indent + 2) for value in document]
        opening, closing = "[]"
    return f"{prefix}{opening}{separator}{f',{separator}'.join(items)}\n{' ' * indent}{closing}"
