"""Generate the parts of the docs that come from the code, and build the site.

`python3 dev.py docs` does both. With --check it only lists stale files, with --build it only builds. It exits with 1 if
a file is stale or the build fails.
"""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from making import reference
from making.json_reference import json_reference
from making.man_page import man_page
from making.site import build_site

DOCS = Path(__file__).parent
SITE = DOCS / "_build" / "html"

PAGES: dict[str, Callable[[], str]] = {
    "reference.md": reference.general_reference,
    "reference-commands.md": reference.command_reference,
    "reference-json.md": json_reference,
    "valuelog.1": man_page,
}


def generators() -> Mapping[str, Callable[[], str]]:
    """Return a function for each generated file that returns its text. Pictures need a pseudo-terminal."""
    if sys.platform == "win32":
        print("Skipping the pictures: they need a pseudo-terminal, which Windows lacks.")
        return PAGES
    from making.pictures import PICTURES, draw_picture  # noqa: PLC0415  needs a pseudo-terminal

    return {**PAGES, **{f"pictures/{name}.svg": partial(draw_picture, name) for name in PICTURES}}


def find_stale(docs: Path, makers: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """Return the files that are missing or out of date, each with its new text."""
    texts = {name: make() for name, make in makers.items()}
    return {name: text for name, text in texts.items() if _read(docs / name) != text}


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def write_files(docs: Path, texts: Mapping[str, str]) -> None:
    """Write files and print their names."""
    for name, text in texts.items():
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote docs/{name}")


def main(args: list[str]) -> int:
    """Write and build, or only one of them, or only check. Return the exit code."""
    if "--check" in args:
        names = list(find_stale(DOCS, generators()))
        for name in names:
            print(f"docs/{name} is stale: run python3 dev.py docs")
        return bool(names)
    if "--build" not in args:
        write_files(DOCS, find_stale(DOCS, generators()))
    if not build_site(DOCS, SITE):
        return 1
    print(f"The site is at {SITE / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
