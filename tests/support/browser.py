"""A Chromium without a window: it opens files, tells what it asked the network for, and prints."""

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip


class Browser:
    """A browser that remembers what it asked for since it began anew."""

    def __init__(self, chromium: str, driver: str, profile: "Path") -> None:
        """Start it with a profile of its own."""
        options = ChromeOptions()
        options.binary_location = chromium
        for flag in (*CHROMIUM_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        options.set_capability("unhandledPromptBehavior", "ignore")
        self.driver = Chrome(options=options, service=ChromeService(driver))

    def reset(self) -> None:
        """Forget everything, as a light-minded desktop of 1280 x 900."""
        self.set_viewport(width=1280, dark=False)
        self.driver.get("about:blank")
        self.requested_urls()
        self.console_messages()

    def set_viewport(self, *, width: int, dark: bool) -> None:
        """Be as wide as a phone, a tablet or a desktop, by night or by day."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [theme]})

    def open(self, page: "Path") -> None:
        """Open a file."""
        self.driver.get(page.as_uri())

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401  whatever a page answers
        """Return what an expression says of the page."""
        return self.driver.execute_script(f"return {expression}")

    def requested_urls(self) -> list[str]:
        """Return what was asked for since the last time: addresses, in order."""
        messages = (json.loads(one["message"])["message"] for one in self._log("performance"))
        return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]

    def console_messages(self) -> list[str]:
        """Return what the browser complained about since the last time."""
        return [one["message"] for one in self._log("browser")]

    def _log(self, name: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.driver.get_log(name)  # type: ignore[no-untyped-call]  # selenium's
        return found

    def accept_dialog(self) -> str | None:
        """Return what an open dialog says, and close it."""
        try:
            alert = self.driver.switch_to.alert
            said = str(alert.text)
            alert.accept()
        except NoAlertPresentException:
            return None
        return said

    def count_printed_pages(self) -> int:
        """Return how many pages the page takes on paper."""
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        paper = {"preferCSSPageSize": True, "printBackground": True}
        pdf = base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", paper)["data"])
        return len(re.findall(rb"/Type\s*/Page\b", pdf))

    def quit(self) -> None:
        """End it."""
        self.driver.quit()
