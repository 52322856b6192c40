"""Run `valuelog explore` as a process and send HTTP requests to it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from support.env import process_environment
from support.makers import FRIDAY, NOON, make_entry, make_pain, make_promise
from support.pseudo_terminal import TIMEOUT_SECONDS
from support.sample_quarter import open_sample_journal, write_pain, write_sample_quarter
from valuelog.journal import entries, projects, promises
from valuelog.journal.ids import new_id
from valuelog.model.entry import Beneficiary, Held, Kind
from valuelog.model.project import Measurement

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    '<img src=x onerror=alert(1)><script>alert(2)</script> {{alert(3)}} [b]"it" javascript:alert(4) & '
    "http://example.org/x.png"
)
HOSTILE_PERSON = "<script>alert(5)</script>"
FORMULA = '=HYPERLINK("http://example.org")\nsecond\u200f\u061cline'


class Response(NamedTuple):
    """An HTTP response and the URL after redirects."""

    status: int
    text: str
    headers: dict[str, str]
    url: str


class ExploreServer:
    """A running `valuelog explore`."""

    def __init__(self, home: "Path", *words: str, **environ: str) -> None:
        """Start it in a home and wait until it prints its URL."""
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
        """The URL without the secret."""
        return self.url.rsplit("/", 2)[0]

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.base_url.rpartition(":")[2])

    def get(self, path: str = "", **headers: str) -> Response:
        """Request a page below the secret path."""
        return fetch(self.url + path, **headers)

    def rows(self, path: str, **parameters: str) -> Any:  # noqa: ANN401  any JSON
        """Return the rows of a table or saved query."""
        response = self.get(f"journal/{path}.json?{urlencode({**parameters, '_shape': 'array'})}")
        assert response.status == 200, response.text
        rows = json.loads(response.text)
        assert isinstance(rows, list), rows
        return rows

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal and wait; return the exit code and the rest of stdout and stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=TIMEOUT_SECONDS)
        return self.process.returncode, out, err


def write_hostile_journal(home: "Path") -> None:
    """Write the sample journal plus hostile texts into a home; its settings make lee an alias of sam."""
    path = home / "data" / "valuelog" / "journal.db"
    write_sample_quarter(path)
    journal = open_sample_journal(path)
    hostile = make_entry(
        kind=Kind.HELPED, text=HOSTILE, evidence=HOSTILE, people=(HOSTILE_PERSON,), project=HOSTILE,
        beneficiaries=(Beneficiary.COMPANY,),
    )  # fmt: skip
    rollout: dict[str, Any] = {"kind": Kind.OUTCOME, "beneficiaries": (Beneficiary.COMPANY,), "people": ("maya",)}
    repeated = [
        make_entry(**rollout, text="the rollout takes a day", created=NOON - timedelta(hours=1)),
        make_entry(**rollout, text="The rollout takes a day!", evidence="3 teams instead of 1"),
        make_entry(**rollout, text="the cache is faster", held=Held.NO, held_on=FRIDAY),
    ]
    entries.add(journal, [hostile, make_entry(text=FORMULA), *repeated])
    (project,) = [each for each in projects.list_projects(journal, only_open=True) if each.name == HOSTILE]
    reading = Measurement(id=new_id(), project=project.id, day=FRIDAY, value=HOSTILE, created=NOON)
    journal.write("measure", [projects.measurement_change(reading)])
    write_pain(journal, make_pain(*(FRIDAY.replace(day=day) for day in range(1, 20)), text=HOSTILE, hit=HOSTILE))
    journal.write("make", [promises.creation_change(make_promise(HOSTILE))])
    journal.close()
    settings = home / "config" / "valuelog" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[people]\nsam = ["lee"]\n')


@contextmanager
def run_explore_server(home: "Path", *words: str, **environ: str) -> Iterator[ExploreServer]:
    """Run `valuelog explore` within the block."""
    running = ExploreServer(home, *words, **environ)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGKILL)


def fetch(address: str, **headers: str) -> Response:
    """Request a URL."""
    try:
        with urlopen(Request(address, headers=headers), timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  our own server
            return Response(
                answer.status, answer.read().decode(errors="replace"), _lowercase_headers(answer), answer.url
            )
    except HTTPError as error:
        with error:
            return Response(error.code, error.read().decode(errors="replace"), _lowercase_headers(error), address)


def _lowercase_headers(answer: Any) -> dict[str, str]:  # noqa: ANN401  a response or an HTTPError
    return {name.lower(): value for name, value in answer.headers.items()}
