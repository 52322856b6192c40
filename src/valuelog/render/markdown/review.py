"""A Review as Markdown: the same blocks as on the screen, the sum last."""

from collections.abc import Iterator

from valuelog.analysis.review import Review, parts
from valuelog.analysis.score import score
from valuelog.model.entry import VALUE_KINDS, Entry, Kind
from valuelog.model.period import Unit, short, title
from valuelog.model.promise import Promise
from valuelog.render.markdown.text import literal, table
from valuelog.render.words import BENEFICIARIES, balance, percent, plural, share_with_interval, verdict, worded


def markdown(review: Review) -> str:
    """Return a Review as a Markdown document."""
    return "\n\n".join(filter(None, _blocks(review))) + "\n"


def _blocks(review: Review) -> Iterator[str]:
    covered = f"{review.coverage.written} of {plural(review.coverage.workdays, 'workday')} written"
    yield f"# {title(review.period)}"
    yield covered + (f", evidence for {review.tally.evidenced} of {review.tally.value}" if review.tally.value else "")
    if not review.score.n:
        yield "Nothing is written down for these days yet."
        return
    yield table(
        ("", "work", "value", "share"),
        [
            (
                short(part.start) if part.unit is Unit.DAY else part.name,
                tally.work,
                tally.value,
                percent(score(tally).share),
            )
            for part, tally in parts(review)
        ],
    )
    for kind in (*VALUE_KINDS, Kind.ACTIVITY):
        yield _kind(review, kind)
    yield _promises(review)
    yield _findings(review)
    yield f"**{balance(review.score)}** · {share_with_interval(review.score)} · {verdict(review.trend.comparison)}"


def _kind(review: Review, kind: Kind) -> str:
    found = [entry for entry in review.entries if entry.kind is kind]
    if not found:
        return ""
    usual = f", usually {review.usual[kind]:.1f}" if review.usual else ""
    lines = "\n".join(f"- {_entry(entry)}" for entry in found)
    return f"## {str(kind).capitalize()} ({len(found)}{usual})\n\n{lines}"


def _entry(entry: Entry) -> str:
    more = [
        *(effect.replace("-", " ") for effect in entry.effects),
        *(f"for {BENEFICIARIES[one]}" for one in entry.beneficiaries),
        *([f"evidence: {literal(entry.evidence)}"] if entry.evidence else []),
    ]
    said = literal(entry.text.replace("\n", " "))
    return f"{said} ({', '.join(more)})" if more else said


def _promises(review: Review) -> str:
    lines = "\n".join(f"- {_promise(promise)}" for promise in review.promises)
    return f"## Promises\n\n{lines}" if lines else ""


def _promise(promise: Promise) -> str:
    became = f"due {short(promise.due)}" if promise.open else str(promise.state)
    return f"{literal(worded(promise))} ({became})"


def _findings(review: Review) -> str:
    lines = "\n".join(f"- {literal(found.text)} `{found.command}`" for found in review.findings)
    return f"## What to do\n\n{lines}" if lines else ""
