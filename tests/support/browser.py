"""A headless Chromium that opens files, records its network requests, and prints."""

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
    """A browser that records its requests since the last reset."""

    def __init__(self, chromium: str, driver: str, profile: "Path") -> None:
        """Start it with its own profile."""
        options = ChromeOptions()
        options.binary_location = chromium
        for flag in (*CHROMIUM_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        options.set_capability("unhandledPromptBehavior", "ignore")
        self.driver = Chrome(options=options, service=ChromeService(driver))

    def reset(self) -> None:
        """Discard all recorded events; be a desktop of 1280 x 900 in light mode."""
        self.set_viewport(width=1280, dark=False)
        self.driver.get("about:blank")
        self.requested_urls()
        self.console_messages()

    def set_viewport(self, *, width: int, dark: bool) -> None:
        """Set the width in pixels and the color scheme."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [theme]})

    def open(self, page: "Path") -> None:
        """Open a file."""
        self.driver.get(page.as_uri())

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401  any JavaScript value
        """Return the value of a JavaScript expression."""
        return self.driver.execute_script(f"return {expression}")

    def requested_urls(self) -> list[str]:
        """Return the URLs requested since the last call, in order."""
        messages = (json.loads(one["message"])["message"] for one in self._log("performance"))
        return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]

    def console_messages(self) -> list[str]:
        """Return the console messages since the last call."""
        return [one["message"] for one in self._log("browser")]

    def _log(self, name: str) -> list[dict[str, str]]:
        events: list[dict[str, str]] = self.driver.get_log(name)  # type: ignore[no-untyped-call]  # selenium's
        return events

    def accept_dialog(self) -> str | None:
        """Accept an open dialog; return its text, or None without a dialog."""
        try:
            alert = self.driver.switch_to.alert
            text = str(alert.text)
            alert.accept()
        except NoAlertPresentException:
            return None
        return text

    def count_printed_pages(self) -> int:
        """Return the number of printed pages."""
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        paper = {"preferCSSPageSize": True, "printBackground": True}
        pdf = base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", paper)["data"])
        return len(re.findall(rb"/Type\s*/Page\b", pdf))

    def quit(self) -> None:
        """Quit the browser."""
        self.driver.quit()
