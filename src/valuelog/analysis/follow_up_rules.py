"""The rules of findings about what is followed up: pain points, promises, projects and reviews."""

from collections.abc import Iterator
from datetime import date

from valuelog.analysis.number_rules import lacks_evidence, less_work_logged
from valuelog.analysis.projects import ProjectActivity, recent_period
from valuelog.analysis.rule_input import Match, RuleInput, quote_text
from valuelog.model.entry import Kind, format_minutes
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import format_day
from valuelog.model.project import ProjectState
from valuelog.model.promise import Promise, PromiseKind
from valuelog.model.text import format_times

STALLED_ACTIVITIES = 5
RECURRING_DAYS = 3
UNDEFINED_DAYS = 7
UNMEASURED_DAYS = 30

_VERBS = {PromiseKind.STOP: "Stopping ", PromiseKind.START: "Starting "}
_KEPT_VERBS = {PromiseKind.STOP: "stopped", PromiseKind.START: "started", PromiseKind.STEP: "kept"}


def is_stalled(activity: ProjectActivity, today: date) -> bool:
    """Return whether a project has STALLED_ACTIVITIES activities since its last value, and no recent value."""
    work, value_on, *_ = activity.work_since_value
    has_no_recent_value = value_on is None or value_on < recent_period(today).start
    return activity.project.state is ProjectState.OPEN and work >= STALLED_ACTIVITIES and has_no_recent_value


def stalled_project(facts: RuleInput) -> Iterator[Match]:
    """Find projects that take work and produce no value, those with the most work first."""
    stalled = (each for each in facts.projects if is_stalled(each, facts.today))
    for each in sorted(stalled, key=lambda each: -each.work_since_value.work):
        project = each.project
        question = f"Does it still lead to {quote_text(project.aim)}?" if project.aim else "What is it for?"
        yield Match(
            f"{project.name}: {each.summary(facts.today, with_time=True)}",
            f"valuelog project show {project.slug}",
            project.slug,
            ending=f". {question}",
            occurrences=each.work_since_value.work // STALLED_ACTIVITIES,
        )


def recurring_pain(facts: RuleInput) -> Iterator[Match]:
    """Find pain points that keep coming back, without a step or after one that didn't help."""
    for pain in facts.pains:
        is_unplanned = pain.state is PainState.OPEN and not pain.step
        if is_unplanned and pain.days_seen >= RECURRING_DAYS and pain.is_still_felt:
            command = f'valuelog pain plan {facts.short_id(pain.id)} "…" --by fri'
            statement, ending = _describe_recurrence(pain, facts.today)
            yield Match(statement, command, pain.id, ending, occurrences=pain.days_seen)


def _describe_recurrence(pain: PainPoint, today: date) -> tuple[str, str]:
    """Return a statement and its ending."""
    if not (pain.tried_on and pain.tried):
        return f"{quote_text(pain.text)}: seen {pain.times_seen}, nothing planned yet", "."
    again = format_times(len({sighting.day for sighting in pain.sightings if sighting.day > pain.tried_on}))
    kept = f"{quote_text(pain.tried)} (kept {format_day(pain.tried_on, today)})"
    return f"{quote_text(pain.text)}: felt again {again} since {kept}", ": what next?"


def step_due(facts: RuleInput) -> Iterator[Match]:
    """Find steps and promises that are due."""
    for promise in facts.promises:
        statement = f"{_VERBS.get(promise.kind, '')}{quote_text(promise.text)} {_due_text(promise.due, facts.today)}"
        ending = ". Did you keep it?" if promise.due <= facts.today else "."
        command = f"valuelog promise keep {facts.short_id(promise.id)}"
        yield Match(statement, command, promise.id, ending, occurrences=promise.carried)


def _due_text(day: date, today: date) -> str:
    if day == today:
        return "is due today"
    return f"{'was' if day < today else 'is'} due {format_day(day, today)}"


def undefined_project(facts: RuleInput) -> Iterator[Match]:
    """Find projects without a problem or a measure."""
    for project in (each.project for each in facts.projects):
        age = (facts.today - project.started_on).days
        if project.state is ProjectState.OPEN and not project.is_defined and age > UNDEFINED_DAYS:
            missing = [
                name for name, value in (("problem", project.problem), ("measure", project.measure)) if not value
            ]
            flags = " ".join(f'--{name} "…"' for name in missing)
            question = "What is it for?" if project.measure else "How will you know it worked?"
            statement = f"{project.name} has no {' and no '.join(missing)} yet"
            yield Match(statement, f"valuelog project edit {project.slug} {flags}", project.slug, f". {question}")


def unmeasured_project(facts: RuleInput) -> Iterator[Match]:
    """Find closed projects without a result."""
    for project in (each.project for each in facts.projects):
        if project.state is not ProjectState.CLOSED or project.result or not project.closed_on:
            continue
        days = (facts.today - project.closed_on).days
        if days >= UNMEASURED_DAYS:
            statement = f"{project.name} was closed {days} days ago without a result"
            command = f'valuelog project edit {project.slug} --result "…"'
            yield Match(statement, command, project.slug, ". What came of it?")


def unreviewed_week(facts: RuleInput) -> Iterator[Match]:
    """Find last week, if its review is missing and not too late."""
    if facts.unreviewed:
        yield Match("Last week has no review yet", "valuelog review --week last", ending=". It takes five minutes.")


def came_of_it(facts: RuleInput) -> Iterator[Match]:
    """Say what came of pain points fixed, promises kept and findings acted on since the last review."""
    for pain in facts.fixed:
        how = f": {quote_text(pain.how)}" if pain.how else ""
        statement = f"{quote_text(pain.text)}, felt {pain.times_seen}, is fixed{how}"
        yield Match(statement, f"valuelog show {facts.short_id(pain.id)}", pain.id)
    yield from _kept_promises(facts)
    yield from _moved_projects(facts)
    yield from _planned_steps(facts)
    yield from _added_evidence(facts)


def _kept_promises(facts: RuleInput) -> Iterator[Match]:
    for promise, its_pain in facts.kept:
        is_new = promise.closed_on and facts.reviewed_on and facts.reviewed_on <= promise.closed_on <= facts.today
        if is_new and (its_pain is None or (its_pain.is_open and not its_pain.is_still_felt)):
            statement = _describe_kept(facts, promise, its_pain)
            yield Match(statement, f"valuelog show {facts.short_id(promise.id)}", promise.id, occurrences=1)


def _moved_projects(facts: RuleInput) -> Iterator[Match]:
    """Say which projects, stalled at the last review, have produced value since."""
    for (project, work), value in facts.acted_on.moved:
        time = f" in {format_minutes(work.minutes)}" if work.minutes else ""
        statement = f"{project.name} moved after {work.work} activities{time}: {quote_text(value.text)}"
        yield Match(statement, f"valuelog project show {project.slug}", value.id)


def _planned_steps(facts: RuleInput) -> Iterator[Match]:
    """Say which recurring pain points, planned for since the last review, have not been felt again."""
    for promise, pain in facts.acted_on.planned:
        if pain.days_seen >= RECURRING_DAYS and pain.last_seen < promise.made_on < facts.today:
            planned = f"You planned {quote_text(promise.text)}"
            statement = f"{planned}: {quote_text(pain.text)}, felt {pain.times_seen}, hasn't been felt since"
            yield Match(statement, f"valuelog show {facts.short_id(pain.id)}", promise.id)


def _added_evidence(facts: RuleInput) -> Iterator[Match]:
    """Say how much of the last reviewed week is proven now, if too little was."""
    if not facts.acted_on.evidence:
        return
    week, tally, added = facts.acted_on.evidence
    if added and lacks_evidence(tally.value, tally.proven - added):
        results = f"{added} result{'s' * (added > 1)}"
        statement = f"You added evidence to {results} of {week.name}: {tally.proven} of {tally.value} are proven now"
        yield Match(statement, f"valuelog list --proven {week.name}", week.name, occurrences=added)


def _describe_kept(facts: RuleInput, promise: Promise, pain: PainPoint | None) -> str:
    """Say what was kept, and what came of it as far as the numbers show it."""
    kept = f"You {_KEPT_VERBS[promise.kind]} {quote_text(promise.text)}"
    if pain:
        return f"{kept}: {quote_text(pain.text)} hasn't been felt since"
    is_praise = not any(less_work_logged(facts))  # else the count would praise what was only not logged
    work = facts.tally.work
    is_lower = bool(facts.usual) and work < facts.usual[Kind.ACTIVITY]
    if promise.kind is PromiseKind.STOP and facts.earlier and is_lower and is_praise:
        activities = "activity" if work == 1 else "activities"
        return f"{kept}: {work} {activities} this {facts.period.unit}, usually {facts.usual[Kind.ACTIVITY]:.0f}"
    return kept
