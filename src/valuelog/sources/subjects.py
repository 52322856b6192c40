"""Keys of a commit of which only the subject is known: git marks what it proposes, did looks it up, and the reverse."""

from datetime import date

from valuelog.sources.subprocesses import digest


def git_subject_key(day: date, subject: str) -> str:
    """Return the key under which git's commits of a day are known by their subject."""
    return f"git:{day}:{digest(subject)}"


def did_subject_key(day: date, subject: str) -> str:
    """Return the key under which the items of did that have no hash are known."""
    return f"did:{day}:{digest('item', subject)}"
