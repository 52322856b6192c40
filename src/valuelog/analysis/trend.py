"""The verdict on the share of value: whether the latest periods differ from what was usual before, and why.

Entries of one week are alike (release weeks, meeting weeks), so weeks differ by more than coin flips do: each week
weighs as in a beta-binomial model. Shares are compared on Anscombe's arcsine scale, where a rise and a fall of the same
size weigh the same. A change of the weekly share is called only if two Fridays in a row see it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import asin, exp, log, pi, sin, sqrt
from typing import NamedTuple

from valuelog.analysis.score import MIN_ENTRIES, Score, compute_score
from valuelog.model.period import Period
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally, sum_tallies

LATEST_WEEKS = 4
"""How many weeks with entries the weekly verdict is about."""

LATEST_SPAN = 8
"""The weeks within which these must lie; otherwise it is too long since you logged anything."""

MAX_BASELINE_PERIODS = 26
"""The periods before them that make up what is usual."""

MIN_BASELINE_PERIODS = 4
MIN_BASELINE_ENTRIES = 20
"""With fewer periods or entries than these, there is no telling what is usual."""

MAX_SPELL_WEEKS = 12
"""After this many weeks, a changed share is the usual one."""

WARM_UP_WEEKS = 52
"""The weeks before a verdict in which spells that could still hold may have begun."""

WEEKS_NEEDED = WARM_UP_WEEKS + LATEST_SPAN + MAX_BASELINE_PERIODS
"""How many weeks before the last one `judge_weeks` looks at."""

PRIOR_RHO = 0.03
PRIOR_WEIGHT = 6
"""How alike the entries of a week usually are, and the number of periods whose evidence that is worth."""

MAX_RHO = 0.9

LESS_WORK_RATIO = 2 / 3
"""Work per logged day, as a ratio to the usual, at or below which less work was logged, whatever else changed."""

FEWER_DAYS_RATIO = 2 / 3
"""Logged days a week, as a ratio to the usual, at or below which the share covers other days than usual."""

LATE_DIFFERENCE = 0.5
"""How much the shares of entries written late may differ."""

MIN_PROVEN = 0.5
"""The share of added value that must be proven."""

_STUDENT_T_975 = dict(
    enumerate(
        (
            2.262157162798, 2.228138851986, 2.200985160092, 2.178812829667, 2.160368656463, 2.144786687918,
            2.131449545560, 2.119905299221, 2.109815577833, 2.100922040241, 2.093024054408, 2.085963447266,
            2.079613844728, 2.073873067904, 2.068657610419, 2.063898561628, 2.059538552753, 2.055529438643,
            2.051830516480, 2.048407141795, 2.045229642133, 2.042272456301, 2.039513446396,
        ),
        start=MIN_BASELINE_PERIODS + PRIOR_WEIGHT - 1,
    ),
)  # fmt: skip
"""The 97.5 % point of Student's t by degrees of freedom, from scipy.stats.t.ppf(0.975, df)."""


class Verdict(StrEnum):
    """What a Comparison says."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    LESS_WORK = "less-work-logged"
    TOO_FEW = "too-few"


class Doubt(StrEnum):
    """What a rise of the share may come from instead of more value; each is the id of a finding."""

    FEWER_DAYS = "fewer-days-logged"
    WRITTEN_LATE = "written-late"
    UNPROVEN = "unproven-rise"


class Doubtful(NamedTuple):
    """A Doubt, and the number that it is about, now and usually.

    That is the logged days a week, the share of entries written late, or the proven share of value: now, of what was
    added.
    """

    doubt: Doubt
    now: float
    usual: float


class Baseline(NamedTuple):
    """What was usual: the number of periods with entries, their pooled share, and their entries."""

    periods: int
    share: float | None
    n: int

    @property
    def is_reliable(self) -> bool:
        """Whether there is enough of it to tell what is usual."""
        return self.periods >= MIN_BASELINE_PERIODS and self.n >= MIN_BASELINE_ENTRIES


class Parts(NamedTuple):
    """A change split in two: the natural logs of value and of work per logged day, as ratios to the usual."""

    value: float
    work: float

    @property
    def is_less_work(self) -> bool:
        """Whether a share rises rather because less work was logged than because of more value."""
        return -self.work > self.value or exp(self.work) <= LESS_WORK_RATIO


class Comparison(NamedTuple):
    """The latest periods compared with what is usual.

    `rho` is how alike the entries of one period are (0 to 1), `difference` the 95 % interval of the latest share minus
    the usual one, `since` the first week of a spell. A steady Comparison with a `since` ends a spell of
    MAX_SPELL_WEEKS. `doubts` are reasons not to believe the verdict rising; without one it is praise.
    """

    verdict: Verdict
    baseline: Baseline
    rho: float | None = None
    difference: tuple[float, float] | None = None
    parts: Parts | None = None
    since: Period | None = None
    doubts: tuple[Doubtful, ...] = ()


class MissingPeriods(NamedTuple):
    """How many more periods with entries a verdict needs, and whether the current one will be one of them."""

    number: int = 0
    is_current_included: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """A Comparison and the Scores to draw beside it, the oldest first. A period without entries is a gap.

    Without a verdict, `missing` tells how many more periods with entries it needs at least.
    """

    comparison: Comparison
    scores: tuple[tuple[Period, Score], ...]
    missing: MissingPeriods


def compute_trend(
    comparison: Comparison,
    periods: Sequence[tuple[Period, Tally]],
    max_scores: int,
    missing: MissingPeriods | None = None,
) -> Trend:
    """Return a Trend with the scores of the last `max_scores` periods."""
    scores = tuple((period, compute_score(tally)) for period, tally in periods[-max_scores:])
    return Trend(comparison=comparison, scores=scores, missing=missing or MissingPeriods())


def count_missing_weeks(
    weeks: Sequence[tuple[Period, Tally]], judged: Sequence[tuple[Period, Tally]]
) -> MissingPeriods:
    """Count the weeks with entries that the verdict on the judged weeks needs: LATEST_WEEKS, and some before them."""
    tallies = [tally for _, tally in judged]
    latest = _latest_places(tallies, len(tallies) - 1)
    first = latest[0] if latest else len(tallies)
    before = sum(1 for tally in tallies[max(0, first - MAX_BASELINE_PERIODS) : first] if tally.n)
    number = LATEST_WEEKS - len(latest) + max(0, MIN_BASELINE_PERIODS - before)
    return MissingPeriods(number, is_current_included=len(judged) < len(weeks) and weeks[-1][1].n > 0)


def compare_with_baseline(now: Sequence[Tally], before: Sequence[Tally]) -> Comparison:
    """Compare the pooled share of some periods with that of the periods before them, at 5 %.

    F. J. Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data, Biometrika 35: 246-254,
    on counts weighed as in a beta-binomial model (J. C. Kleinman 1973, JASA 68: 46-54).
    """
    now, before = [tally for tally in now if tally.n], [tally for tally in before if tally.n]
    baseline = measure_baseline(before)
    if not baseline.is_reliable or sum(tally.n for tally in now) < MIN_ENTRIES:
        return Comparison(Verdict.TOO_FEW, baseline)
    rho = estimate_rho(before)
    angle, weight = _weigh(now, rho)
    usual, usual_weight = _weigh(before, rho)
    half = _STUDENT_T_975[len(before) + PRIOR_WEIGHT - 1] * sqrt(0.25 / weight + 0.25 / usual_weight)
    low, high = angle - usual - half, angle - usual + half
    verdict = Verdict.RISING if low > 0 else Verdict.FALLING if high < 0 else Verdict.STEADY
    difference = (_share_at(usual + low) - _share_at(usual), _share_at(usual + high) - _share_at(usual))
    doubts = tuple(find_doubts(now, before)) if verdict is Verdict.RISING else ()
    return Comparison(verdict, baseline, rho, difference, split_change(now, before), doubts=doubts)


def measure_baseline(tallies: Sequence[Tally]) -> Baseline:
    """Return what is usual in some periods; those without entries are gaps."""
    periods = [tally for tally in tallies if tally.n]
    n = sum(tally.n for tally in periods)
    return Baseline(periods=len(periods), share=sum(tally.value for tally in periods) / n if n else None, n=n)


def estimate_rho(periods: Sequence[Tally]) -> float:
    """Return how alike the entries of one period are, from 0 to MAX_RHO, drawn towards PRIOR_RHO.

    The method of moments on Pearson's X² (Kleinman 1973). Periods that are all work or all value, or of one entry each,
    say nothing about it: then it is PRIOR_RHO.
    """
    n, m = sum(tally.n for tally in periods), len(periods)
    share = sum(tally.value for tally in periods) / n
    mates = (n - m) / m
    if share in {0.0, 1.0} or not mates:
        return PRIOR_RHO
    pearson = sum((tally.value - tally.n * share) ** 2 / (tally.n * share * (1 - share)) for tally in periods)
    rho = (pearson - (m - 1) + PRIOR_WEIGHT * mates * PRIOR_RHO) / ((m - 1 + PRIOR_WEIGHT) * mates)
    return min(MAX_RHO, max(0.0, rho))


def _weigh(periods: Sequence[Tally], rho: float) -> tuple[float, float]:
    """Return the weighted share of some periods as an angle in radians, and the sum of their weights."""
    weighted = [(tally.n / (1 + (tally.n - 1) * rho), tally.value / tally.n) for tally in periods]
    weight = sum(weight for weight, _ in weighted)
    return asin(sqrt((sum(weight * share for weight, share in weighted) + 3 / 8) / (weight + 3 / 4))), weight


def _share_at(angle: float) -> float:
    return sin(min(pi / 2, max(0.0, angle))) ** 2


def split_change(now: Sequence[Tally], before: Sequence[Tally]) -> Parts | None:
    """Split a change of the share into value and work per logged day; None if no days are known."""
    latest, usual = sum_tallies(now), sum_tallies(before)
    if not latest.days or not usual.days:
        return None
    return Parts(
        value=log((latest.value + 0.5) / latest.days / ((usual.value + 0.5) / usual.days)),
        work=log((latest.work + 0.5) / latest.days / ((usual.work + 0.5) / usual.days)),
    )


def find_doubts(now: Sequence[Tally], before: Sequence[Tally]) -> Iterator[Doubtful]:
    """Yield the reasons not to believe that the share of value rose.

    With D logged days, v value entries, p of them proven, n entries and l of them written late, in k periods with
    entries (₁ now, ₂ before):

    - fewer days: D₁ / k₁ ≤ ⅔ · D₂ / k₂, as if only good days were logged; only in weeks, because other periods may not
      be over
    - written late: l₁ / n₁ and l₂ / n₂ differ by half or more, because memory keeps other things than a diary
    - unproven: p₁ / D₁ - p₂ / D₂ < ½ · (v₁ / D₁ - v₂ / D₂), so fewer than half of the added value is proven
    """
    latest, usual = sum_tallies(now), sum_tallies(before)
    if not latest.days or not usual.days:
        return
    days_now, days_before = latest.days / len(now), usual.days / len(before)
    if len(now) == LATEST_WEEKS and days_now <= FEWER_DAYS_RATIO * days_before:
        yield Doubtful(Doubt.FEWER_DAYS, days_now, days_before)
    late_now, late_before = latest.late / latest.n, usual.late / usual.n
    if abs(late_now - late_before) >= LATE_DIFFERENCE:
        yield Doubtful(Doubt.WRITTEN_LATE, late_now, late_before)
    # Both times the days, so that these are whole numbers: half is half.
    added = latest.value * usual.days - usual.value * latest.days
    proven = latest.with_evidence * usual.days - usual.with_evidence * latest.days
    if added > 0 and proven < MIN_PROVEN * added:
        usually = usual.with_evidence / usual.value if usual.value else 0.0
        yield Doubtful(Doubt.UNPROVEN, max(0.0, proven / added), usually)


def drop_unfinished_week(
    weeks: Sequence[tuple[Period, Tally]], today: date, schedule: Schedule
) -> Sequence[tuple[Period, Tally]]:
    """Return the weeks that can be judged: the current one only from the review day on."""
    is_over = today > weeks[-1][0].end or today.weekday() >= schedule.review_day
    return weeks if is_over else weeks[:-1]


class _Spell(NamedTuple):
    """A change that a Friday saw: its direction, what was usual until then, its first week and that Friday (places)."""

    verdict: Verdict
    baseline: Sequence[Tally]
    first: int
    friday: int


class _Course(NamedTuple):
    """The verdict of a Friday, the spell that the next Friday may see too, and the place from which weeks are usual."""

    comparison: Comparison
    spell: _Spell | None = None
    usual_from: int = 0


def judge_weeks(weeks: Sequence[tuple[Period, Tally]]) -> Comparison:
    """Return the verdict at the end of consecutive weeks, the oldest first."""
    tallies = [tally for _, tally in weeks]
    comparison = [compare_with_baseline((), ()), *(comparison for _, comparison in judge_fridays(weeks))][-1]
    if len(_latest_places(tallies, len(tallies) - 1)) < LATEST_WEEKS:
        return Comparison(Verdict.TOO_FEW, comparison.baseline)
    return comparison


def judge_fridays(weeks: Sequence[tuple[Period, Tally]]) -> Iterator[tuple[Period, Comparison]]:
    """Yield each week with entries and the verdict of its Friday, which only looks back.

    A spell needs two Fridays in a row that see the same change against the baseline of the first of them. It holds
    while each Friday sees it against that baseline, for at most MAX_SPELL_WEEKS: by then the new share is the usual
    one, and the baseline begins with the spell.
    """
    tallies = [tally for _, tally in weeks]
    course = _Course(compare_with_baseline((), ()))
    for friday, (week, tally) in enumerate(weeks):
        if tally.n:
            course = _judge_friday(weeks, tallies, friday, course)
            yield week, course.comparison


def _judge_friday(
    weeks: Sequence[tuple[Period, Tally]], tallies: Sequence[Tally], friday: int, course: _Course
) -> _Course:
    latest, spell = _latest_places(tallies, friday), course.spell
    now = [tallies[place] for place in latest] if len(latest) == LATEST_WEEKS else []
    if spell:
        held = compare_with_baseline(now, spell.baseline)
        if held.verdict is spell.verdict:
            return _hold(held, spell, friday, course.usual_from, since=weeks[spell.first][0])
    before = tallies[max(course.usual_from, latest[0] - MAX_BASELINE_PERIODS) : latest[0]]
    found = compare_with_baseline(now, before)
    if found.verdict not in {Verdict.RISING, Verdict.FALLING}:
        return _Course(found, None, course.usual_from)
    # One Friday is no verdict yet.
    waiting = _Spell(found.verdict, before, latest[0], friday)
    return _Course(found._replace(verdict=Verdict.STEADY, doubts=()), waiting, course.usual_from)


def _hold(held: Comparison, spell: _Spell, friday: int, usual_from: int, since: Period) -> _Course:
    if friday - spell.friday > MAX_SPELL_WEEKS:
        return _Course(held._replace(verdict=Verdict.STEADY, since=since, doubts=()), None, spell.first)
    return _Course(_name_less_work(held)._replace(since=since), spell, usual_from)


def _name_less_work(comparison: Comparison) -> Comparison:
    """Turn a rise that comes from less work into the verdict that says so."""
    is_less_work = comparison.verdict is Verdict.RISING and comparison.parts and comparison.parts.is_less_work
    return comparison._replace(verdict=Verdict.LESS_WORK, doubts=()) if is_less_work else comparison


def _latest_places(tallies: Sequence[Tally], end: int) -> list[int]:
    """Return the places of the last LATEST_WEEKS weeks with entries, at most LATEST_SPAN weeks back."""
    span = range(max(0, end - LATEST_SPAN + 1), end + 1)
    return [place for place in span if tallies[place].n][-LATEST_WEEKS:]


def judge_periods(tallies: Sequence[Tally]) -> Comparison:
    """Return the verdict on the last of some months, quarters or years, which needs no second one to confirm it."""
    return _name_less_work(compare_with_baseline(tallies[-1:], tallies[:-1][-MAX_BASELINE_PERIODS:]))
