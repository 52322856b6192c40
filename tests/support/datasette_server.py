"""An exhibition: `valuelog explore` as a process of its own, what it shows, and visitors."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from support.env import process_environment
from support.makers import FRIDAY, make_entry, make_pain, make_promise
from support.pseudo_terminal import TIMEOUT_SECONDS
from support.sample_quarter import open_sample_journal, write_pain, write_sample_quarter
from valuelog.journal import entries, promises
from valuelog.model.entry import Beneficiary, Kind

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    '<img src=x onerror=alert(1)><script>alert(2)</script> {{alert(3)}} [b]"it" javascript:alert(4) & '
    "http://example.org/x.png"
)
HOSTILE_PERSON = "<script>alert(5)</script>"
FORMULA = '=HYPERLINK("http://example.org")\nsecond\u200f\u061cline'


class Response(NamedTuple):
    """What a visitor was answered, and where in the end."""

    status: int
    text: str
    headers: dict[str, str]
    url: str


class ExploreServer:
    """A running `valuelog explore`, and the address that it printed."""

    def __init__(self, home: "Path", *words: str, **environ: str) -> None:
        """Start it in a home, and wait until it says where it is."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "valuelog", "explore", *words],
            env=process_environment(home, **environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()

    @property
    def base_url(self) -> str:
        """The address without its secret."""
        return self.url.rsplit("/", 2)[0]

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.base_url.rpartition(":")[2])

    def get(self, path: str = "", **headers: str) -> Response:
        """Ask for a page."""
        return fetch(self.url + path, **headers)

    def rows(self, path: str, **asked: str) -> Any:  # noqa: ANN401  whatever is told
        """Ask for the rows of a table or a question, which has to work."""
        came = self.get(f"journal/{path}.json?{urlencode({**asked, '_shape': 'array'})}")
        assert came.status == 200, came.text
        found = json.loads(came.text)
        assert isinstance(found, list), found
        return found

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal and wait; return the exit code, and what was said on both streams besides the address."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=TIMEOUT_SECONDS)
        return self.process.returncode, out, err


def write_hostile_journal(home: "Path") -> None:
    """Write a quarter into a home in which somebody wrote what should act; Lee is known as Sam there."""
    path = home / "data" / "valuelog" / "journal.db"
    write_sample_quarter(path)
    journal = open_sample_journal(path)
    hostile = make_entry(
        kind=Kind.HELPED, text=HOSTILE, evidence=HOSTILE, people=(HOSTILE_PERSON,), project=HOSTILE,
        beneficiaries=(Beneficiary.COMPANY,),
    )  # fmt: skip
    entries.add(journal, [hostile, make_entry(text=FORMULA)])
    write_pain(journal, make_pain(*(FRIDAY.replace(day=day) for day in range(1, 20)), text=HOSTILE, hit=HOSTILE))
    journal.write("make", [promises.creation_change(make_promise(HOSTILE))])
    journal.close()
    settings = home / "config" / "valuelog" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[people]\nsam = ["lee"]\n')


@contextmanager
def run_explore_server(home: "Path", *words: str, **environ: str) -> Iterator[ExploreServer]:
    """Have an exhibition open for a while."""
    running = ExploreServer(home, *words, **environ)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGKILL)


def fetch(address: str, **headers: str) -> Response:
    """Ask for a page, whoever shows it."""
    try:
        with urlopen(Request(address, headers=headers), timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  our own
            return Response(
                answer.status, answer.read().decode(errors="replace"), _lowercase_headers(answer), answer.url
            )
    except HTTPError as error:
        with error:
            return Response(error.code, error.read().decode(errors="replace"), _lowercase_headers(error), address)


def _lowercase_headers(answer: Any) -> dict[str, str]:  # noqa: ANN401  either kind of answer
    return {name.lower(): value for name, value in answer.headers.items()}
