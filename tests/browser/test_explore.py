"""`valuelog explore` in a real browser: charts are drawn, hostile text stays text, no request leaves the machine."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import ActionChains

from support.datasette_server import HOSTILE, run_explore_server
from support.makers import FRIDAY, make_entry
from support.pseudo_terminal import TIMEOUT_SECONDS
from support.sample_quarter import open_sample_journal
from valuelog.cli.explore.open_page import open_page
from valuelog.journal import entries

if TYPE_CHECKING:
    from support.browser import Browser
    from support.datasette_server import ExploreServer

CHARTS = ("share", "kinds", "beneficiaries", "pains")


def load_page(browser: "Browser", address: str) -> list[str]:
    """Open a page; return the URLs that it requested."""
    browser.driver.get(address)
    return browser.requested_urls()


def test_dashboard_draws_four_charts_without_external_requests(
    explore_server: "ExploreServer", browser: "Browser"
) -> None:
    browser.driver.get(f"{explore_server.url}-/dashboards/value")
    wait_until(browser, "document.querySelectorAll('.chart-wrapper svg.marks').length === 4")
    for chart in CHARTS:
        assert browser.evaluate(
            f"document.querySelectorAll('#chart-{chart} :is(.mark-rect, .mark-symbol) path').length"
        )
    asked = browser.requested_urls()
    assert any("vega.min.js" in address for address in asked)
    assert [address for address in asked if not is_allowed(explore_server, address)] == []
    assert [one for one in browser.console_messages() if '"WARN"' not in one and "favicon" not in one] == []


def test_page_of_open_leads_on_without_a_referrer(
    explore_server: "ExploreServer", browser: "Browser", tmp_path: Path
) -> None:
    with open_page(tmp_path / "explore", explore_server.url) as page:
        browser.driver.get(page.path.as_uri())
        wait_until(browser, f"location.href === '{explore_server.url}' && document.readyState === 'complete'")
        assert browser.evaluate("document.referrer") == ""
    assert not page.path.parent.exists()


def test_charts_do_not_offer_the_online_editor(explore_server: "ExploreServer", browser: "Browser") -> None:
    browser.driver.get(f"{explore_server.url}-/dashboards/value")
    wait_until(browser, "document.querySelectorAll('.vega-actions').length >= 4")
    offered = browser.evaluate("[...document.querySelectorAll('.vega-actions a')].map(one => one.textContent)")
    assert {str(one) for one in offered} == {"Save as SVG", "Save as PNG"}


@pytest.mark.parametrize(
    "path",
    [
        "", "journal", "journal/entry", "journal/entry?_search=onerror", "journal/pain", "journal/project",
        "journal/pains-that-keep-coming-back", "journal/what-did-i-do-for", "-/dashboards", "-/dashboards/value",
        "-/dashboards/value/pains",
    ],
)  # fmt: skip
def test_hostile_text_stays_text_without_external_requests(
    explore_server: "ExploreServer", browser: "Browser", path: str
) -> None:
    asked = load_page(browser, explore_server.url + path)
    time.sleep(0.2)  # for late requests
    assert browser.accept_dialog() is None
    assert [address for address in [*asked, *browser.requested_urls()] if not is_allowed(explore_server, address)] == []


def test_hostile_text_stays_text_in_a_chart_tooltip(explore_server: "ExploreServer", browser: "Browser") -> None:
    browser.driver.get(f"{explore_server.url}-/dashboards/value/pains")
    wait_until(browser, "document.querySelector('#chart-value .mark-rect path')")
    bar = browser.driver.find_element("css selector", "#chart-value .mark-rect path")
    ActionChains(browser.driver).move_to_element(bar).perform()
    wait_until(browser, "document.querySelector('#vg-tooltip-element.visible')")
    assert HOSTILE in browser.evaluate("document.querySelector('#vg-tooltip-element').textContent")
    time.sleep(0.2)
    assert browser.accept_dialog() is None


def test_content_security_policy_blocks_external_images(explore_server: "ExploreServer", browser: "Browser") -> None:
    browser.driver.get(explore_server.url)
    browser.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
    wait_until(browser, "document.images.length === 1")
    time.sleep(0.2)
    assert any("Content Security Policy" in one for one in browser.console_messages())


def is_allowed(explore_server: "ExploreServer", address: str) -> bool:
    return (
        address.startswith((explore_server.url, "data:", "blob:", "about:"))
        or address == f"{explore_server.base_url}/favicon.ico"
    )


def wait_until(browser: "Browser", condition: str) -> None:
    end = time.monotonic() + TIMEOUT_SECONDS
    while not browser.evaluate(condition):
        assert time.monotonic() < end, condition
        time.sleep(0.05)


@pytest.fixture
def young_server(tmp_path: Path) -> Iterator["ExploreServer"]:
    """Serve a journal of two weeks with a gap between, without value and pain points."""
    journal = open_sample_journal(tmp_path / "data" / "valuelog" / "journal.db")
    entries.add(journal, [make_entry(day=FRIDAY - timedelta(weeks=weeks)) for weeks in (0, 2)])
    journal.close()
    with run_explore_server(tmp_path) as server:
        yield server


def test_charts_of_a_young_journal_have_weeks_or_say_that_they_are_empty(
    young_server: "ExploreServer", browser: "Browser"
) -> None:
    browser.driver.get(f"{young_server.url}-/dashboards/value")
    wait_until(browser, "document.querySelectorAll('.chart-wrapper svg.marks').length === 1")
    labels = browser.evaluate(
        "[...document.querySelectorAll('#chart-share .role-axis-label text')].map(one => one.textContent)"
    )
    assert [label for label in labels if label.startswith("2026")] == ["2026-W45", "2026-W46", "2026-W47"]
    text = browser.evaluate("document.body.innerText")
    assert text.count("No value is logged yet.") == 2
    assert "No open pain points." in text
