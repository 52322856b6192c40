"""Findings: list, snooze, turn off and turn on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from valuelog.analysis.findings import RULES, Finding, list_matches
from valuelog.analysis.freshness import NEVER_SHOWN, Showings, is_resting, review_place
from valuelog.analysis.review import Review
from valuelog.journal import findings
from valuelog.journal.store import Journal
from valuelog.model.entry import parse_choice
from valuelog.model.errors import BadInput
from valuelog.model.finding import FindingMute, finding_key
from valuelog.model.period import week_of
from valuelog.model.schedule import Schedule
from valuelog.workflows.reviews import load_review

RULE_IDS = tuple(rule.id for rule in RULES)

MAX_RESTING_WEEKS = 4
"""How many review days are looked at for the next one that shows a finding."""


class UnknownSubject(BadInput):
    """A rule has no finding about this."""

    def __init__(self, rule: str, about: str, known: Sequence[str]) -> None:
        """List what it has findings about."""
        hint = f"It has findings about: {', '.join(known)}." if known else "See what there is with: valuelog finding"
        super().__init__(f"{rule} has no finding about “{about}”.", hint)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedFinding:
    """A finding, and the next review day that can show it; None if it is turned off."""

    finding: Finding
    next_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingList:
    """Everything that is worth acting on, and what is snoozed or turned off."""

    findings: tuple[ListedFinding, ...]
    mutes: tuple[FindingMute, ...]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class MuteResult:
    """A finding, or all findings of a rule, that were snoozed (until a day), turned off or turned on.

    The verb is None if nothing had to be changed.
    """

    verb: str | None
    rule: str
    about: str | None
    until: date | None = None


def list_findings(journal: Journal, today: date, schedule: Schedule, showings: Showings = NEVER_SHOWN) -> FindingList:
    """List all findings of the current week, with those that are snoozed or turned off."""
    review = load_review(journal, week_of(today), today, schedule, showings)
    mutes = findings.list_mutes(journal, today)
    listed = (ListedFinding(finding=each, next_on=_next_day(each, review, mutes)) for each in _list_all(review))
    return FindingList(findings=tuple(listed), mutes=mutes, today=today)


def _list_all(review: Review) -> tuple[Finding, ...]:
    praised = {finding.id for finding in review.candidates}
    matches = list_matches(review.rule_input)
    return tuple(each for each in matches if each.id != "growing" or each.id in praised)


def _next_day(finding: Finding, review: Review, mutes: Sequence[FindingMute]) -> date | None:
    """Return the next review day, today included, on which a finding is neither muted nor resting."""
    its_mutes = [mute for mute in mutes if mute.id in {finding.id, finding.key}]
    if any(mute.until is None for mute in its_mutes):
        return None
    schedule, today = review.schedule, review.today
    day = today if today.weekday() == schedule.review_day else schedule.next_review_day(today)
    for _ in range(MAX_RESTING_WEEKS):
        if not is_resting(finding, review.showings, review_place(week_of(day), day)):
            break
        day = schedule.next_review_day(day)
    while any(mute.is_active(day) for mute in its_mutes):
        day = schedule.next_review_day(day)
    return day


def snooze(journal: Journal, rule: str, about: str | None, until: date, today: date, schedule: Schedule) -> MuteResult:
    """Hide a finding, or all of a rule, until a day. Raises UnknownChoice or UnknownSubject."""
    rule, about = _resolve(journal, rule, about, today, schedule)
    findings.mute(journal, finding_key(rule, about), until, "snooze")
    return MuteResult(verb="Snoozed", rule=rule, about=about, until=until)


def turn_off(journal: Journal, rule: str, about: str | None, today: date, schedule: Schedule) -> MuteResult:
    """Hide a finding, or all of a rule, until it is turned on. Raises UnknownChoice or UnknownSubject."""
    rule, about = _resolve(journal, rule, about, today, schedule)
    findings.mute(journal, finding_key(rule, about), None, "turn-off")
    return MuteResult(verb="Turned off", rule=rule, about=about)


def turn_on(journal: Journal, rule: str, about: str | None, today: date) -> MuteResult:
    """Show a finding again, or all of a rule. Raises UnknownChoice."""
    rule = parse_choice(RULE_IDS, "finding", rule)
    mutes = [
        mute
        for mute in findings.list_mutes(journal, today)
        if mute.rule == rule and (about is None or (mute.about or "").startswith(about))
    ]
    if not mutes:
        return MuteResult(verb=None, rule=rule, about=about)
    findings.unmute(journal, mutes, "turn-on")
    return MuteResult(verb="Turned on", rule=rule, about=about and mutes[0].about)


def _resolve(journal: Journal, rule: str, about: str | None, today: date, schedule: Schedule) -> tuple[str, str | None]:
    """Return the id of a rule, and what one of its findings is about, given by its beginning."""
    rule = parse_choice(RULE_IDS, "finding", rule)
    if about is None:
        return rule, None
    review = load_review(journal, week_of(today), today, schedule)
    known = [each.about for each in _list_all(review) if each.id == rule and each.about]
    matching = [each for each in known if each == about] or [each for each in known if each.startswith(about)]
    if len(matching) != 1:
        raise UnknownSubject(rule, about, known)
    return rule, matching[0]
