"""Snapshots of screens, and awkward texts for layout tests."""

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class ScreenSnapshot(SingleFileSnapshotExtension):
    """A snapshot in its own text file."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


AWKWARD_TEXTS = (
    "w" * 200,
    "デプロイの確認リストは一ページになりました" * 6,
    "👩‍👩‍👧‍👦 the family of 🇩🇪 flags and 👍🏽 thumbs " * 5,
    "e\u0301" * 150,
    "\u200bzero\u200bwidth\u2060 " * 20,
    "عربي وعبرית together " * 10,
    "tabs\tand\tlines\nand more lines\n" * 5,
    "https://example.org/" + "a/" * 120,
)
