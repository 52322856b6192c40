"""An exhibition in a real browser: pictures are drawn, hostile words stay text, and nothing else is asked for."""

import time
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import ActionChains

from support.datasette_server import HOSTILE
from support.pseudo_terminal import TIMEOUT_SECONDS

if TYPE_CHECKING:
    from support.browser import Browser
    from support.datasette_server import ExploreServer

PICTURES = ("share", "kinds", "beneficiaries", "pains")


def opened(browser: "Browser", address: str) -> list[str]:
    """Open a page; return what it asked for."""
    browser.driver.get(address)
    return browser.requested_urls()


def test_the_dashboard_draws_four_pictures_and_asks_nobody_else(shown: "ExploreServer", browser: "Browser") -> None:
    browser.driver.get(f"{shown.url}-/dashboards/value")
    waited(browser, "document.querySelectorAll('.chart-wrapper svg.marks').length === 4")
    for picture in PICTURES:
        assert browser.evaluate(
            f"document.querySelectorAll('#chart-{picture} :is(.mark-rect, .mark-symbol) path').length"
        )
    asked = browser.requested_urls()
    assert any("vega.min.js" in address for address in asked)
    assert [address for address in asked if not allowed(shown, address)] == []
    assert [one for one in browser.console_messages() if '"WARN"' not in one and "favicon" not in one] == []


def test_no_picture_offers_to_send_its_numbers_to_an_editor(shown: "ExploreServer", browser: "Browser") -> None:
    browser.driver.get(f"{shown.url}-/dashboards/value")
    waited(browser, "document.querySelectorAll('.vega-actions').length >= 4")
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
def test_hostile_words_stay_text_and_nothing_leaves(shown: "ExploreServer", browser: "Browser", path: str) -> None:
    asked = opened(browser, shown.url + path)
    time.sleep(0.2)  # for what comes late
    assert browser.accept_dialog() is None
    assert [address for address in [*asked, *browser.requested_urls()] if not allowed(shown, address)] == []


def test_hostile_words_stay_text_under_the_mouse(shown: "ExploreServer", browser: "Browser") -> None:
    browser.driver.get(f"{shown.url}-/dashboards/value/pains")
    waited(browser, "document.querySelector('#chart-value .mark-rect path')")
    bar = browser.driver.find_element("css selector", "#chart-value .mark-rect path")
    ActionChains(browser.driver).move_to_element(bar).perform()
    waited(browser, "document.querySelector('#vg-tooltip-element.visible')")
    assert HOSTILE in browser.evaluate("document.querySelector('#vg-tooltip-element').textContent")
    time.sleep(0.2)
    assert browser.accept_dialog() is None


def test_what_a_page_is_not_allowed_to_load_is_not_loaded(shown: "ExploreServer", browser: "Browser") -> None:
    browser.driver.get(shown.url)
    browser.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
    waited(browser, "document.images.length === 1")
    time.sleep(0.2)
    assert any("Content Security Policy" in one for one in browser.console_messages())


def allowed(shown: "ExploreServer", address: str) -> bool:
    return address.startswith((shown.url, "data:", "blob:", "about:")) or address == f"{shown.base_url}/favicon.ico"


def waited(browser: "Browser", condition: str) -> None:
    end = time.monotonic() + TIMEOUT_SECONDS
    while not browser.evaluate(condition):
        assert time.monotonic() < end, condition
        time.sleep(0.05)
