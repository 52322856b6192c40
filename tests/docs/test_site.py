"""The docs site: its build fails on lost pages, dead links and external resources."""

import re
from pathlib import Path

import pytest

from making.site import build_site, find_external_resources

ROOT = Path(__file__).parents[2]
CONF = 'extensions = ["myst_parser"]\nmyst_heading_anchors = 4\nhtml_theme = "furo"\n'
INDEX = "# Docs\n\n[there](page.md#a-part)\n\n```{toctree}\npage\n```\n"
PAGE = "# Page\n\n## A part\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Write docs with one page beside the index."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in (("conf.py", CONF), ("index.md", INDEX), ("page.md", PAGE)):
        (folder / name).write_text(text)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "valid"),
    [
        ("page.md", PAGE, True),
        ("lost.md", "# Lost\n", False),
        ("page.md", "# Page\n\n## Another part\n", False),
        ("page.md", f"{PAGE}\n[nowhere](nowhere.md)\n", False),
        ("page.md", f"{PAGE}\n<img src='https://example.org/a.png'>\n", False),
    ],
    ids=["as it should be", "no table of contents names it", "a part is gone", "a page is gone", "it would fetch"],
)
def test_site_build_fails_on_lost_pages_and_dead_links(
    docs: Path, tmp_path: Path, name: str, text: str, *, valid: bool
) -> None:
    (docs / name).write_text(text)
    assert build_site(docs, tmp_path / "site") is valid


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ('<script src="https://cdn.example.org/a.js"></script>', 1),
        ('<link rel="stylesheet" href="//example.org/a.css">', 1),
        ("<style>@import 'https://example.org/a.css';</style>", 1),
        ("<style>a { background: url(https://example.org/a.png) }</style>", 1),
        ('<a href="https://example.org">a link is followed by people only</a>', 0),
        ('<script src="_static/a.js"></script><img src="data:image/png;base64,AA">', 0),
    ],
)
def test_external_resources_are_found(tmp_path: Path, html: str, count: int) -> None:
    (tmp_path / "page.html").write_text(html)
    assert len(list(find_external_resources(tmp_path))) == count


def test_files_linked_from_the_readme_exist() -> None:
    links = re.findall(r"\]\((?!https:)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
