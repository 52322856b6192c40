"""Wording about what is followed, shared by the terminal and Markdown: friction and the next level."""

from datetime import date

from valuelog.analysis.findings import Finding
from valuelog.analysis.review import Review
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import format_day
from valuelog.model.promise import LEVEL_QUESTION, Reflection
from valuelog.render.words import format_count


def format_sightings(pain: PainPoint, today: date) -> str:
    """Say how often friction was felt, since when, and when it was the last time."""
    first = format_day(pain.first_seen, today)
    if pain.days_seen > 1:
        return f"seen {pain.times_seen} since {first}, last {format_day(pain.last_seen, today)}"
    return f"seen once, on {first}, {_format_days_ago((today - pain.first_seen).days)}"


def _format_days_ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{format_count(days, 'day')} ago")


def format_pain_status(pain: PainPoint, today: date) -> str:
    """Say what is the latest of a pain point: that it is gone, its step, or when it was felt."""
    if pain.closed_on:
        return f"{'let go' if pain.state is PainState.DROPPED else 'fixed'} {format_day(pain.closed_on, today)}"
    return f"step by {format_day(pain.step_by, today)}" if pain.step_by else f"last {format_day(pain.last_seen, today)}"


def find_closed_pains(review: Review) -> tuple[PainPoint, ...]:
    """Return the friction that came to its end in the Period."""
    return tuple(pain for pain in review.pains if pain.closed_on and pain.closed_on in review.period)


FOLLOW_UP_FINDING_IDS = frozenset(
    {"stalled-project", "recurring-pain", "step-due", "undefined-project", "unmeasured-project"}
)
"""The findings about what is followed: they need no figures to be worth acting on."""


def select_findings(review: Review) -> tuple[Finding, ...]:
    """Return what a page says is worth acting on: where there are too few entries for figures, nothing about those."""
    return tuple(one for one in review.findings if review.score.has_enough_entries or one.id in FOLLOW_UP_FINDING_IDS)


def find_level_answers(review: Review) -> tuple[Reflection, ...]:
    """Return what was said of the next level, in the talk about the Period and in the one before it."""
    return tuple(one for one in review.reflections if one.question == LEVEL_QUESTION)
