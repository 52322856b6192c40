"""A Brag as HTML: a document to share."""

from valuelog.analysis.brag import Brag
from valuelog.model.text import format_times
from valuelog.render import brag_words
from valuelog.render.html.page import render_page
from valuelog.render.words import format_period_heading


def html(brag: Brag) -> str:
    """Return a Brag as an HTML page."""
    return render_page(
        "brag.html",
        brag=brag,
        name=format_period_heading(brag.period, brag.today),
        words=brag_words,
        format_times=format_times,
        project_sections=sorted(brag.project_sections, key=lambda section: not section.is_detailed),
        helped=brag.people or brag.other_people or brag.unnamed_help.achievements,
    )
