"""Draws a screen as an SVG: light and dark, without fonts or anything else from elsewhere."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from making.terminal import WIDTH, Look, Row

WIDE, HIGH = 8.4, 19
BASELINE = 14
GAP = 2
MARGIN = 20

COLORS = {"default": "", "green": "v", "cyan": "w", "magenta": "n"}
"""What the colors of valuelog are called in a picture; any other would be a mistake."""

SHADES = {"░": 0.3, "▒": 0.55, "▓": 0.8}
EIGHTHS = "▁▂▃▄▅▆▇█"
BLOCKS = "░▒▓▁▂▃▄▅▆▇█"
"""Signs that fill a part of their cell: drawn as terminals draw them, because fonts differ or lack them."""

PIECE = re.compile(rf"([{BLOCKS}])\1*|[^\s{BLOCKS}]+(?: [^\s{BLOCKS}]+)*")
"""What stands together: one block after the other, or words with one blank between them."""

STYLE = """\
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


def drawn(rows: Sequence[Row], title: str, about: str) -> str:
    """Return the picture of a screen, with a title and what it shows for those who cannot see it."""
    wide, high = WIDTH * WIDE + 2 * MARGIN, len(rows) * HIGH + 2 * MARGIN
    shapes = "\n".join(shape for place, row in enumerate(rows) for shape in _row(row, MARGIN + place * HIGH))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" \
role="img" aria-labelledby="title about" xml:space="preserve">
<title id="title">{escape(title)}</title>
<desc id="about">{escape(about)}</desc>
<style>
{STYLE}
</style>
<rect x="0.5" y="0.5" width="{wide - 1:g}" height="{high - 1:g}" rx="8" fill="var(--paper)" stroke="var(--edge)"/>
<g>
{shapes}
</g>
</svg>
"""


def _row(row: Row, top: float) -> Iterator[str]:
    """Draw one row, each piece at its own column: so columns stand, whatever the font."""
    column = 0
    for look, cells in groupby(row, key=lambda cell: cell.look):
        said = "".join(cell.sign for cell in cells)
        for found in PIECE.finditer(said):
            left = MARGIN + (column + found.start()) * WIDE
            draw = _block if found.group()[0] in BLOCKS else _text
            yield draw(found.group(), _classes(look), left, top)
        column += len(said)


def _text(piece: str, classes: str, left: float, top: float) -> str:
    width = f' textLength="{len(piece) * WIDE:g}"' if len(piece) > 1 else ""
    return f'<text{classes} x="{left:g}" y="{top + BASELINE:g}"{width}>{escape(piece, quote=False)}</text>'


def _block(piece: str, classes: str, left: float, top: float) -> str:
    """Draw blocks as one rectangle; a little paper above keeps those of two rows apart."""
    sign = piece[0]
    high = (HIGH - GAP) * (EIGHTHS.index(sign) + 1) / len(EIGHTHS) if sign in EIGHTHS else HIGH - GAP
    size = f'x="{left:g}" y="{top + HIGH - high:g}" width="{len(piece) * WIDE:g}" height="{high:g}"'
    shade = f' opacity="{SHADES[sign]}"' if sign in SHADES else ""
    return f"<rect{classes} {size}{shade}/>"


def _classes(look: Look) -> str:
    names = [COLORS[look.color], "b" if look.bold else "", "d" if look.dim else ""]
    said = " ".join(filter(None, names))
    return f' class="{said}"' if said else ""
