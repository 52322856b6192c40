"""Creates repositories with the real git, with commits at given times."""

import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from valuelog.sources import Span

MY_EMAIL = "me@example.org"
FRIDAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Europe/Berlin"))


def make_span(day: date = FRIDAY, zone: str = "Europe/Berlin", hour: int = 4) -> Span:
    """Return the span of a day that starts at 04:00."""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    return Span(day=day, start=start, end=start + timedelta(days=1))


def make_environ(home: Path) -> dict[str, str]:
    """Return an environment whose git config has an address."""
    (home / ".gitconfig").write_text(f"[user]\n\tname = Me\n\temail = {MY_EMAIL}\n")
    return {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin"}


def run_git(
    folder: Path,
    *words: str,
    at: datetime = MORNING,
    committed: datetime | None = None,
    by: str = MY_EMAIL,
    stdin: bytes = b"",
) -> str:
    """Run git in a folder with given dates and author."""
    environ = {
        "HOME": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Me", "GIT_COMMITTER_NAME": "Me",
        "GIT_AUTHOR_EMAIL": by, "GIT_COMMITTER_EMAIL": by,
        "GIT_AUTHOR_DATE": at.isoformat(), "GIT_COMMITTER_DATE": (committed or at).isoformat(),
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *words],  # noqa: S607  the real git, wherever it is
        cwd=folder, env=environ, input=stdin, capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode().strip()


def make_repository(folder: Path, *subjects: str, at: datetime = MORNING) -> Path:
    """Create a repository with commits one minute apart."""
    folder.mkdir(parents=True)
    run_git(folder, "init", "-q", "-b", "main")
    for number, subject in enumerate(subjects):
        make_commit(folder, subject, at + timedelta(minutes=number))
    return folder


def make_commit(
    folder: Path, message: str, at: datetime = MORNING, by: str = MY_EMAIL, committed: datetime | None = None
) -> None:
    """Create an empty commit."""
    words = ("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", message)
    run_git(folder, *words, at=at, by=by, committed=committed)


def parse_utc(text: str) -> datetime:
    """Parse a UTC time such as 2026-11-20T08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
