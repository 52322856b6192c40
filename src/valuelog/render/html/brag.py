"""A Brag as HTML: a document to hand to somebody, and beside it, on the screen only, what is still to fill."""

from valuelog.analysis.brag import Brag
from valuelog.model.saying import often
from valuelog.render import deeds
from valuelog.render.html.page import page


def html(brag: Brag) -> str:
    """Return a Brag as an HTML page."""
    full = [chapter for chapter in brag.chapters if chapter.full]
    return page(
        "brag.html",
        brag=brag,
        say=deeds,
        often=often,
        full=full,
        outlined=[chapter for chapter in brag.chapters if not chapter.full],
        helped=brag.people or brag.also or brag.unnamed.deeds,
        more_improved=sum(audience.told.more for audience in brag.improved),
    )
