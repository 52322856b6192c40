"""A Report: a Review and what lies around it, for a page that somebody takes time to look at."""

from typing import NamedTuple

from valuelog.analysis.review import Review
from valuelog.analysis.trend import Trend
from valuelog.analysis.year import Year


class Report(NamedTuple):
    """A Review, the weeks or months up to its end, and the year around it, day by day."""

    review: Review
    trend: Trend
    year: Year
