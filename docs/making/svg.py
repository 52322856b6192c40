"""Draw a terminal screen as an SVG with a light and a dark theme that loads no fonts or other files."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from making.terminal import WIDTH, Row, Style

CELL_WIDTH, CELL_HEIGHT = 8.4, 19
BASELINE = 14
GAP = 2
MARGIN = 20

CLASSES = {"default": "", "green": "v", "cyan": "w", "magenta": "n"}
"""The CSS classes of the colors that valuelog uses."""

OPACITIES = {"░": 0.3, "▒": 0.55, "▓": 0.8}
EIGHTHS = "▁▂▃▄▅▆▇█"
BLOCKS = "░▒▓▁▂▃▄▅▆▇█"
"""Block characters, drawn as rectangles: fonts draw them differently or lack them."""

RUN = re.compile(rf"([{BLOCKS}])\1*|[^\s{BLOCKS}]+(?: [^\s{BLOCKS}]+)*")
"""Characters to draw as one shape: the same block repeated, or words with single spaces between them."""

CSS = """\
svg { --paper: #fbfaf7; --edge: #d0d7de; --ink: #24292e; --d: #5d6670; --v: #116329; --w: #00687a; --n: #8a2aa8; }
@media (prefers-color-scheme: dark) {
svg { --paper: #15191f; --edge: #3a424c; --ink: #e3e8ee; --d: #9aa4af; --v: #6fdd8b; --w: #6fd3e3; --n: #e3a5fb; } }
text { font: 14px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
g { fill: var(--ink); }
.b { font-weight: bold; }
.d { fill: var(--d); }
.v { fill: var(--v); }
.w { fill: var(--w); }
.n { fill: var(--n); }"""


def draw_svg(rows: Sequence[Row], title: str, description: str) -> str:
    """Return a screen as an SVG, with a title and a description for screen readers."""
    width, height = WIDTH * CELL_WIDTH + 2 * MARGIN, len(rows) * CELL_HEIGHT + 2 * MARGIN
    shapes = "\n".join(shape for y, row in enumerate(rows) for shape in _draw_row(row, MARGIN + y * CELL_HEIGHT))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" \
role="img" aria-labelledby="title about" xml:space="preserve">
<title id="title">{escape(title)}</title>
<desc id="about">{escape(description)}</desc>
<style>
{CSS}
</style>
<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" rx="8" fill="var(--paper)" stroke="var(--edge)"/>
<g>
{shapes}
</g>
</svg>
"""


def _draw_row(row: Row, top: float) -> Iterator[str]:
    """Yield the shapes of a row, each at its own column, so that columns line up in any font."""
    column = 0
    for style, cells in groupby(row, key=lambda cell: cell.style):
        text = "".join(cell.char for cell in cells)
        for match in RUN.finditer(text):
            left = MARGIN + (column + match.start()) * CELL_WIDTH
            draw = _draw_blocks if match[0][0] in BLOCKS else _draw_text
            yield draw(match[0], _class_attribute(style), left, top)
        column += len(text)


def _draw_text(text: str, attribute: str, left: float, top: float) -> str:
    width = f' textLength="{len(text) * CELL_WIDTH:g}"' if len(text) > 1 else ""
    return f'<text{attribute} x="{left:g}" y="{top + BASELINE:g}"{width}>{escape(text, quote=False)}</text>'


def _draw_blocks(blocks: str, attribute: str, left: float, top: float) -> str:
    """Return one rectangle for repeated blocks, with a gap above that separates rows."""
    char = blocks[0]
    eighths = EIGHTHS.index(char) + 1 if char in EIGHTHS else len(EIGHTHS)
    height = (CELL_HEIGHT - GAP) * eighths / len(EIGHTHS)
    position = f'x="{left:g}" y="{top + CELL_HEIGHT - height:g}"'
    size = f'width="{len(blocks) * CELL_WIDTH:g}" height="{height:g}"'
    opacity = f' opacity="{OPACITIES[char]}"' if char in OPACITIES else ""
    return f"<rect{attribute} {position} {size}{opacity}/>"


def _class_attribute(style: Style) -> str:
    names = [CLASSES[style.color], "b" if style.bold else "", "d" if style.dim else ""]
    classes = " ".join(filter(None, names))
    return f' class="{classes}"' if classes else ""
