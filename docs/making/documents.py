"""What each command answers with `--json`, as the program itself answers in the made-up home."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

from making import made_up
from making.described import commands
from making.markdown import block
from making.samples import BEFORE, TABLE, sample
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World

WIDTH = 88
DIGITS = 4

HEAD = (
    "This page is made from what the program answers in a made-up journal. Keys stay as they are. Of each list one "
    "thing is shown, with every key that any has, and numbers are rounded; the program gives them in full."
)


def documents() -> str:
    """Return the page of what is answered: commands whose answers have the same keys stand together."""
    pieces = ["# JSON", HEAD]
    for names, document in _together(_answers()):
        pieces += [f"## {', '.join(names)}", block("json", written(document))]
    return "\n\n".join(pieces) + "\n"


def _together(answers: Iterator[tuple[str, Any]]) -> Iterator[tuple[list[str], Any]]:
    """Yield answers of the same keys once, with the names of all commands that give them."""
    alike: dict[str, tuple[list[str], Any]] = {}
    for name, document in answers:
        keys = json.dumps(_keys(document))
        alike.setdefault(keys, ([], document))[0].append(name.removeprefix("valuelog ") or name)
    yield from alike.values()


def _answers() -> Iterator[tuple[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, made_up.same_each_time():
        home = Path(folder) / "home"
        made_up.twelve_weeks(home)
        made_up.tracked(home)
        things = _things(home)
        for name in (each.name for each in commands() if each.answers_json):
            copy = Path(shutil.copytree(home, Path(folder) / name))
            if name in BEFORE:
                said(copy, *BEFORE[name])
            words = [word.format(**things) for word in sample(name)]
            answer = said(copy, *name.split()[1:], *words, "--json")
            yield name, shortened(json.loads(answer.replace(str(copy), "~").replace(str(home), "~")))


def _things(home: Path) -> dict[str, str]:
    """Return the id of one thing of each sort."""
    asked = {
        "entry": ("list", "this week", "--side", "value"),
        "work": ("list", "this week", "--side", "work"),
        "pain": ("pain",),
        "promise": ("promise",),
    }
    return {name: json.loads(said(home, *words, "--json"))[0]["id"] for name, words in asked.items()}


def said(home: Path, *words: str) -> str:
    """Run a command in a home and return its answer. Raises RuntimeError where it fails."""
    out, err = StringIO(), StringIO()
    world = World(
        environ={**made_up.places(home), "HOME": str(home), "VALUELOG_TODAY": str(made_up.TODAY)},
        stdin=TextIOWrapper(BytesIO(TABLE), encoding="utf-8"),
        stdout=out,
        stderr=err,
        now=lambda: made_up.NOW,
    )
    if errors.run(world, lambda: app().main([*words], prog_name="valuelog", standalone_mode=False, obj=world)):
        raise RuntimeError(err.getvalue())
    return out.getvalue()


def shortened(document: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return a document with one thing for each list of things, which has every key that any of them has."""
    match document:
        case dict():
            return {key: shortened(value) for key, value in document.items()}
        case [dict(), *_]:
            return [shortened(_richest(document))]
        case list():
            return [shortened(value) for value in document]
        case float():
            return round(document, DIGITS)
        case _:
            return document


def _richest(things: Sequence[Any]) -> Any:  # noqa: ANN401  likewise
    """Return the thing that says most, with what the others say of keys of which it says nothing."""
    fullest = sorted(things, key=lambda thing: -sum(map(_says, thing.values())))
    keys = dict.fromkeys(key for thing in fullest for key in thing)
    return {key: _telling([thing[key] for thing in fullest if key in thing]) for key in keys}


def _telling(values: Sequence[Any]) -> Any:  # noqa: ANN401  likewise
    full = [value for value in values if _says(value)]
    if full and all(isinstance(value, dict) for value in full):
        return _richest(full)
    return full[0] if full else values[0]


def _says(value: object) -> bool:
    return value not in (None, [], {}, "")


def _keys(document: Any) -> Any:  # noqa: ANN401  likewise
    match document:
        case dict():
            return {key: _keys(value) for key, value in document.items()}
        case [dict() as thing, *_]:
            return [_keys(thing)]
        case _:
            return None


def written(document: Any, indent: int = 0, before: str = "") -> str:  # noqa: ANN401  likewise
    """Write a document as JSON: what fits on a line stands on one, behind what is said before it."""
    line = before + json.dumps(document, ensure_ascii=False)
    if len(line) + indent < WIDTH or not isinstance(document, dict | list) or not document:
        return line
    gap = "\n" + " " * (indent + 2)
    if isinstance(document, dict):
        pieces = [written(value, indent + 2, f"{json.dumps(key)}: ") for key, value in document.items()]
        opening, closing = "{}"
    else:
        pieces = [written(value, indent + 2) for value in document]
        opening, closing = "[]"
    return f"{before}{opening}{gap}{f',{gap}'.join(pieces)}\n{' ' * indent}{closing}"
