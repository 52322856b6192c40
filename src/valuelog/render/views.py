"""The views: the renderers of each type of value."""

from importlib import import_module
from typing import TYPE_CHECKING

from valuelog.render import View

if TYPE_CHECKING:
    # Imported one by one, so that mypy knows the modules and reports misspelled names.
    import valuelog.render.html.brag
    import valuelog.render.html.report
    import valuelog.render.json.backups
    import valuelog.render.json.brag
    import valuelog.render.json.brief
    import valuelog.render.json.doctor
    import valuelog.render.json.entries
    import valuelog.render.json.followed
    import valuelog.render.json.misc
    import valuelog.render.json.names
    import valuelog.render.json.restoring
    import valuelog.render.json.reviews
    import valuelog.render.json.search
    import valuelog.render.json.sync
    import valuelog.render.markdown.brag
    import valuelog.render.markdown.brief
    import valuelog.render.markdown.review
    import valuelog.render.terminal.backups
    import valuelog.render.terminal.brag
    import valuelog.render.terminal.brief
    import valuelog.render.terminal.calendar
    import valuelog.render.terminal.days_off
    import valuelog.render.terminal.doctor
    import valuelog.render.terminal.drafts
    import valuelog.render.terminal.evening
    import valuelog.render.terminal.evening_summary
    import valuelog.render.terminal.facts
    import valuelog.render.terminal.findings
    import valuelog.render.terminal.help
    import valuelog.render.terminal.history
    import valuelog.render.terminal.import_result
    import valuelog.render.terminal.listing
    import valuelog.render.terminal.names
    import valuelog.render.terminal.pains
    import valuelog.render.terminal.project
    import valuelog.render.terminal.projects
    import valuelog.render.terminal.promises
    import valuelog.render.terminal.readings
    import valuelog.render.terminal.restoring
    import valuelog.render.terminal.review
    import valuelog.render.terminal.search
    import valuelog.render.terminal.show
    import valuelog.render.terminal.status
    import valuelog.render.terminal.sync
    import valuelog.render.terminal.talk_summary
    import valuelog.render.terminal.trend  # noqa: F401
    from valuelog.render import html, json, markdown, terminal
else:

    class _LazyPackage:
        """A package of renderers that imports each module when it is first used."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, module: str) -> object:
            return import_module(f"valuelog.render.{self._name}.{module}")

    html, json, markdown, terminal = map(_LazyPackage, ("html", "json", "markdown", "terminal"))


BACKUPS = View(
    lines=lambda: terminal.backups.lines,
    document=lambda: json.backups.backups_document,
    records=lambda: json.backups.backups_records,
)
BACKUP_AUDIT = View(
    lines=lambda: terminal.backups.audit_lines,
    document=lambda: json.backups.audit_document,
    records=lambda: json.backups.audit_records,
)
CHECKUP = View(
    lines=lambda: terminal.doctor.lines,
    document=lambda: json.doctor.checkup_document,
    records=lambda: json.doctor.checkup_records,
)
BRAG = View(
    lines=lambda: terminal.brag.lines,
    document=lambda: json.brag.brag_document,
    records=lambda: json.brag.brag_records,
    markdown=lambda: markdown.brag.markdown,
    html=lambda: html.brag.html,
)
BRIEF = View(
    lines=lambda: terminal.brief.lines,
    document=lambda: json.brief.brief_document,
    records=lambda: json.brief.brief_records,
    markdown=lambda: markdown.brief.markdown,
)
CALENDAR = View(
    lines=lambda: terminal.calendar.lines,
    document=lambda: json.reviews.calendar_document,
    records=lambda: json.reviews.calendar_records,
)
CLAIMS = View(
    document=lambda: json.entries.entries_document,
    records=lambda: json.entries.claims_records,
)
DAYS_OFF = View(
    lines=lambda: terminal.days_off.lines,
    document=lambda: json.misc.days_off_document,
    records=lambda: json.misc.days_off_records,
)
DAYS_OFF_IMPORT = View(
    document=lambda: json.misc.imported_days_off_document,
    records=lambda: json.misc.imported_days_off_records,
)
DRAFTS = View(
    lines=lambda: terminal.drafts.lines,
    document=lambda: json.misc.drafts_document,
    records=lambda: json.misc.drafts_records,
)
ENTITY = View(
    lines=lambda: terminal.show.lines,
    document=lambda: json.followed.entity_document,
    records=lambda: json.followed.entity_records,
)
ENTRIES = View(
    document=lambda: json.entries.entries_document,
    records=lambda: json.entries.entries_records,
)
ENTRY_LIST = View(
    lines=lambda: terminal.listing.lines,
    document=lambda: json.entries.listing_document,
    records=lambda: json.entries.listing_records,
)
EVENING = View(lines=lambda: terminal.evening.lines)
EVENING_SUMMARY = View(
    lines=lambda: terminal.evening_summary.lines,
    document=lambda: json.reviews.evening_summary_document,
    records=lambda: json.reviews.evening_summary_records,
)
FACTS = View(
    lines=lambda: terminal.facts.lines,
    document=lambda: json.misc.facts_document,
    records=lambda: json.misc.facts_records,
)
FINDINGS = View(
    lines=lambda: terminal.findings.lines,
    document=lambda: json.reviews.findings_list_document,
    records=lambda: json.reviews.findings_list_records,
)
HELP = View(lines=lambda: terminal.help.lines)
HISTORY = View(
    lines=lambda: terminal.history.lines,
    document=lambda: json.misc.history_document,
    records=lambda: json.misc.history_records,
)
IMPORT_RESULT = View(
    lines=lambda: terminal.import_result.lines,
    document=lambda: json.misc.import_result_document,
    records=lambda: json.misc.import_result_records,
)
MUTE_RESULT = View(document=lambda: json.reviews.mute_result_document)
NAMES = View(
    lines=lambda: terminal.names.lines,
    document=lambda: json.names.names_document,
    records=lambda: json.names.names_records,
)
NAMES_CHANGE = View(document=lambda: json.names.change_document)
PAINS = View(
    lines=lambda: terminal.pains.lines,
    document=lambda: json.followed.pains_document,
    records=lambda: json.followed.pains_records,
)
PROJECT = View(
    lines=lambda: terminal.project.lines,
    document=lambda: json.reviews.project_details_document,
    records=lambda: json.reviews.project_details_records,
)
PROJECTS = View(
    lines=lambda: terminal.projects.lines,
    document=lambda: json.followed.projects_document,
    records=lambda: json.followed.projects_records,
)
PROMISES = View(
    lines=lambda: terminal.promises.lines,
    document=lambda: json.followed.promises_document,
    records=lambda: json.followed.promises_records,
)
READINGS = View(
    lines=lambda: terminal.readings.lines,
    document=lambda: json.followed.readings_document,
    records=lambda: json.followed.readings_records,
)
REPORT = View(html=lambda: html.report.html)
RESTORE = View(
    lines=lambda: terminal.restoring.lines,
    document=lambda: json.restoring.restore_document,
    records=lambda: json.restoring.restore_records,
)
REVIEW = View(
    lines=lambda: terminal.review.lines,
    document=lambda: json.reviews.review_document,
    records=lambda: json.reviews.review_records,
    markdown=lambda: markdown.review.markdown,
)
SEARCH_RESULTS = View(
    lines=lambda: terminal.search.lines,
    document=lambda: json.search.results_document,
    records=lambda: json.search.results_records,
)
REVIEW_WITH_NUMBERS = REVIEW._replace(
    lines=lambda: terminal.review.lines_with_numbers, markdown=lambda: markdown.review.markdown_with_numbers
)
REVIEW_CLOSING = View(lines=lambda: terminal.review.closing_lines)
STATUS = View(
    lines=lambda: terminal.status.lines,
    document=lambda: json.reviews.status_document,
    records=lambda: json.reviews.status_records,
)
SYNC_STATUS = View(
    lines=lambda: terminal.sync.lines,
    document=lambda: json.sync.status_document,
    records=lambda: json.sync.status_records,
)
TALK_SUMMARY = View(lines=lambda: terminal.talk_summary.lines)
TREND = View(
    lines=lambda: terminal.trend.lines,
    document=lambda: json.reviews.trend_document,
    records=lambda: json.reviews.trend_records,
)
