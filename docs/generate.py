"""Writes the parts of the docs that come from the code, and builds the site from all of them.

`python3 dev.py docs` does both. With --check it only says what is stale, with --build it only builds; either exits
with 1 where something is wrong.
"""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from making import reference
from making.documents import documents
from making.manual import manual
from making.site import build

DOCS = Path(__file__).parent
SITE = DOCS / "_build" / "html"

PAGES: dict[str, Callable[[], str]] = {
    "reference.md": reference.reference,
    "reference-commands.md": reference.commands,
    "reference-json.md": documents,
    "valuelog.1": manual,
}


def pages() -> Mapping[str, Callable[[], str]]:
    """Return the files that come from the code, each with what makes it. Pictures need a terminal to be made."""
    if sys.platform == "win32":
        print("Pictures are left as they are: they need a terminal that Windows does not have.")
        return PAGES
    from making.screens import PICTURES, picture  # noqa: PLC0415  needs a pseudo-terminal

    return {**PAGES, **{f"pictures/{name}.svg": partial(picture, name) for name in PICTURES}}


def stale(docs: Path, makers: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """Return the files that are not what the code says, each with what it should say."""
    made = {name: make() for name, make in makers.items()}
    return {name: text for name, text in made.items() if _text(docs / name) != text}


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def write(docs: Path, texts: Mapping[str, str]) -> None:
    """Write files, and name each."""
    for name, text in texts.items():
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote docs/{name}")


def main(words: list[str]) -> int:
    """Write and build, or only look, or only build. Returns the exit code."""
    if "--check" in words:
        names = list(stale(DOCS, pages()))
        for name in names:
            print(f"docs/{name} is stale: run python3 dev.py docs")
        return bool(names)
    if "--build" not in words:
        write(DOCS, stale(DOCS, pages()))
    if not build(DOCS, SITE):
        return 1
    print(f"The site is at {SITE / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
