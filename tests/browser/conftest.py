"""A headless browser that records its requests."""

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from support.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Browser]":
    """Return a browser for all tests."""
    chromium_path, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium_path and driver):
        if os.environ.get("CI"):
            pytest.fail("chromium and its driver are not installed")
        pytest.skip("chromium and its driver are not installed")
    browser = Browser(chromium_path, driver, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.quit()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """Return the browser with an empty page and no recorded requests."""
    chromium.reset()
    return chromium
