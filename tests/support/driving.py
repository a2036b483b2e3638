"""Headless Chromium for the tests of the page: the browser of the machine, without messages and without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.waiting import until

WIDTHS = {"desktop": 1360, "tablet": 820, "phone": 390}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")


def installed_browser() -> tuple[str, str] | None:
    """The paths of browser and driver, or None if one is not installed."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def require_browser() -> tuple[str, str]:
    """The paths of browser and driver; without them the test is skipped, in CI it fails."""
    installed = installed_browser()
    if installed:
        return installed
    reason = "needs chromium and chromedriver (Debian: apt-get install chromium chromium-driver)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


_idle: list[Any] = []
"""Browsers that no test uses now. Starting one takes longer than most tests in it."""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a network that records console messages and requests; nothing of an earlier test is in it."""
    chrome = _idle.pop() if _idle else _started()
    try:
        yield chrome
    finally:
        if _emptied(chrome):
            _idle.append(chrome)
        else:
            chrome.quit()


def quit_browsers() -> None:
    """Ends the browsers that no test uses."""
    while _idle:
        _idle.pop().quit()


def _started() -> Any:
    browser, driver = require_browser()
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = browser
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return Chrome(options=options, service=Service(driver))


def _emptied(chrome: Any) -> bool:
    """Replaces the windows of a browser by a new one, without cookies, stored data and messages; False if it fails."""
    from selenium.common.exceptions import WebDriverException

    try:
        origin = chrome.execute_script("return origin")
        chrome.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        chrome.execute_cdp_cmd("Network.clearBrowserCookies", {})
        chrome.execute_cdp_cmd("Network.clearBrowserCache", {})
        before = chrome.window_handles
        chrome.switch_to.new_window("tab")
        new = chrome.current_window_handle
        for window in before:
            chrome.switch_to.window(window)
            chrome.close()
        chrome.switch_to.window(new)
        chrome.get_log("browser"), chrome.get_log("performance")
    except WebDriverException:
        return False
    return True


class Page:
    """A report in the browser. `script` runs JavaScript in it and returns its value."""

    def __init__(self, chrome: Any, path: Path, *, scripted: bool = True) -> None:
        self.chrome, self.path, self.scripted = chrome, path, scripted

    def open(self, width: int = 1360, height: int = 900, address: str = "") -> float:
        """Loads the page at this width and returns the milliseconds until it is ready."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.chrome.get("about:blank")
        self.console(), self.requests()
        self.chrome.get(f"{self.path.resolve().as_uri()}{address}")
        self.wait(
            "document.documentElement.dataset.ready === 'true'"
            if self.scripted
            else "document.readyState === 'complete'"
        )
        ready = float(self.script("return performance.now()"))
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.wait(f"innerWidth === {width}")
        return ready

    def script(self, text: str, *arguments: Any) -> Any:
        """The value of a script."""
        return self.chrome.execute_script(text, *arguments)

    def wait(self, condition: str) -> None:
        """Waits until a condition in JavaScript is true."""
        until(lambda: self.script(f"return Boolean({condition})"), lambda: f"never came true: {condition}")

    def text(self, selector: str) -> str:
        """The text that an element shows."""
        return str(self.script("return document.querySelector(arguments[0]).innerText", selector))

    def click(self, selector: str) -> None:
        """Clicks an element."""
        self.script(
            "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click', {bubbles: true}))", selector
        )

    def choose(self, selector: str, value: str) -> None:
        """Chooses or types a value."""
        self.script(
            "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
            "for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, {bubbles: true}));",
            selector,
            value,
        )

    def console(self) -> list[str]:
        """The messages of the console since the last call."""
        return [str(entry["message"]) for entry in self.chrome.get_log("browser")]

    def requests(self) -> list[str]:
        """The requested addresses since the last call, except for the page itself."""
        import json

        messages = (json.loads(entry["message"])["message"] for entry in self.chrome.get_log("performance"))
        sent = (m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent")
        own = self.path.resolve().as_uri()
        return [url for url in sent if not url.startswith((own, "about:", "data:"))]
