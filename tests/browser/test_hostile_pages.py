"""Hostile text on HTML pages in a real browser: no script runs, and no request leaves the page."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Run
    from support.browser import Browser

pytestmark = pytest.mark.slow  # it doesn't depend on the Python version, so the main run is enough


ACTIVE_ELEMENTS = "script,img,image,iframe,link,style,form,object,video,meta"
HANDLER = "[...one.attributes].some(each => /^on|^style$|^ping$/.test(each.name))"


class Trap:
    """A local server that records the requested paths."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.requested_urls: list[str] = []
        trap = self

        class Listener(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                trap.requested_urls.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name in the base class
                """Log nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def trap() -> "Iterator[Trap]":
    """Return a server that should never receive a request."""
    running = Trap()
    yield running
    running.server.shutdown()
    running.server.server_close()


def attack_texts(trap: Trap) -> list[str]:
    """Return texts that run or load something unless they are escaped."""
    leak = f"{trap.address}/leak"
    return [
        f"<script>alert('ran')</script><script src='{leak}'></script>",
        f"<img src='{leak}' onerror=\"alert('failed')\">",
        f"\"><svg onload=\"alert('drawn')\"><image href='{leak}'/></svg>",
        f"</title></style></h1><iframe src='{leak}'></iframe><link rel=stylesheet href='{leak}'>",
        f"'}} body {{ background: url({leak}) }} <style>@import '{leak}';</style>",
        f"<meta http-equiv=refresh content='0;url={leak}'><form action='{leak}'><button autofocus>go</button></form>",
        "javascript:alert('followed') [x](javascript:alert(1)) {{ 7*7 }} {% raw %} &lt;b&gt; <!-- ",
        f"<a href='{leak}' ping='{leak}'>here</a><video autoplay src='{leak}'></video><object data='{leak}'></object>",
    ]


@pytest.fixture
def attacked_journal(run: "Run", trap: Trap) -> "Run":
    """Write a journal with attack texts in every part of a page; return `run`."""
    for place, text in enumerate(attack_texts(trap)):
        run("project", "start", f"{place} {text}"[:60], "--problem", text, "--measure", text, "--aim", text)
        for kind in ("activity", "improvement", "outcome", "helped", "insight"):
            evidence = () if kind == "activity" else ("--evidence", text)
            run("add", kind, f"{place} {text}", *evidence)
        run("pain", "add", f"{place} {text}", "--new")
        run("promise", "make", "stop", text)
    run("review", "--week", "--level", attack_texts(trap)[0], "--no-reflect")
    return run


@pytest.mark.parametrize("words", [("review", "--week"), ("review", "--year"), ("brag",)], ids=" ".join)
def test_hostile_text_stays_text_on_pages(
    attacked_journal: "Run", home: "Path", browser: "Browser", trap: Trap, words: tuple[str, ...]
) -> None:
    page = home / "page.html"
    attacked_journal(*words, "--html", str(page))
    browser.open(page)
    browser.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert browser.accept_dialog() is None
    assert browser.requested_urls() == [page.as_uri()]
    assert trap.requested_urls == []
    assert browser.evaluate(f"document.querySelectorAll('main :is({ACTIVE_ELEMENTS})').length") == 0
    assert browser.evaluate(f"[...document.querySelectorAll('*')].filter(one => {HANDLER}).length") == 0
    text = browser.evaluate("document.body.innerText")
    assert "<script>alert('ran')</script>" in text
    assert "{{ 7*7 }}" in text


@pytest.mark.parametrize("words", [("review", "--week"), ("brag",)], ids=" ".join)
def test_only_web_and_mail_addresses_become_links(
    attacked_journal: "Run", home: "Path", browser: "Browser", words: tuple[str, ...]
) -> None:
    attacked_journal(
        "add", "outcome", "ask sam@example.org, see https://example.org/result?a=1&b=2", "--evidence", "www.example.org"
    )
    page = home / "page.html"
    attacked_journal(*words, "--html", str(page))
    browser.open(page)
    assert set(browser.evaluate("[...document.links].map(one => one.protocol)")) - {"http:"} == {"https:", "mailto:"}
    assert browser.evaluate("[...document.links].some(one => one.href === 'https://example.org/result?a=1&b=2')")
    assert browser.evaluate("document.querySelector('meta[name=referrer]').content") == "no-referrer"


@pytest.mark.parametrize("attack", range(5))
def test_page_policy_blocks_unescaped_attacks(
    run: "Run", home: "Path", browser: "Browser", trap: Trap, attack: int
) -> None:
    """The Content-Security-Policy is the second line of defense: here the first, escaping, is bypassed."""
    run("add", "outcome", "a result")
    page = home / "page.html"
    run("review", "--html", str(page))
    drawn = page.read_text("utf-8")
    page.write_text(drawn.replace("<main>", f"<main>{attack_texts(trap)[attack]}"), encoding="utf-8")
    browser.open(page)
    assert browser.accept_dialog() is None
    assert trap.requested_urls == []


@pytest.mark.parametrize("attack", [0, 1, 2, 3, 4])
def test_attack_without_escaping_and_policy_is_detected(
    home: "Path", browser: "Browser", trap: Trap, attack: int
) -> None:
    page = home / "page.html"
    page.write_text(f"<!doctype html><title>x</title><main>{attack_texts(trap)[attack]}</main>", encoding="utf-8")
    browser.open(page)
    text = browser.accept_dialog()
    assert text or trap.requested_urls


def test_page_escapes_bidi_marks(run: "Run", home: "Path", browser: "Browser") -> None:
    run("import", "csv", "-", stdin="day,kind,text\n2026-11-20,outcome,a\u200eb\n".encode())
    page = home / "page.html"
    run("review", "--html", str(page))
    assert "a⟨U+200E⟩b" in page.read_text("utf-8")
    browser.open(page)
    assert "a⟨U+200E⟩b" in browser.evaluate("document.body.innerText")
