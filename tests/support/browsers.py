"""A served exercise in a process of its own, and people in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.driving import chromium
from support.waiting import PATIENCE, SOON

COMMAND = "import sys; sys.argv[0] = 'wargame'; from wargame.cli import main; sys.exit(main())"
WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1360, 900)}
SCREENS = (("light", "phone"), ("dark", "phone"), ("light", "tablet"), ("dark", "desktop"))
"""Schemes and widths: each width once and each scheme twice, for checks that take seconds on each screen."""
HALF = pytest.mark.parametrize(
    ("screens", "axed"),
    [
        (SCREENS[::2] + SCREENS[3:], (SCREENS[:1], SCREENS[3:])),
        pytest.param(SCREENS, (SCREENS,), marks=pytest.mark.exhaustive),
    ],
    ids=["two", "all"],
)
"""Screens of all widths. Axe runs on a light one of them and on a dark one in turn; in the exhaustive tests on all."""


class ServedExercise:
    """`wargame play SCENARIO --serve`, whose console is a pipe. `codes` are the join codes by seat.

    The last option names the last seat: `--seat BRL=human`.
    """

    def __init__(self, folder: Path, scenario: str, *options: str) -> None:
        self._output = folder / "console.txt"
        command = [sys.executable, "-c", COMMAND, "play", scenario, "--serve", "127.0.0.1:0", "--no-lobby"]
        with self._output.open("w") as output:
            self._process = subprocess.Popen(
                [*command, "--out", str(folder / "run"), *options],
                stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, encoding="utf-8", cwd=folder,
                env={**os.environ, "COLUMNS": "200"},
            )  # fmt: skip
        self.url = self.wait_for(r"served at (http://\S+)")
        last_code = options[-1].partition("=")[0] if options else ""
        self.wait_for(rf"(?s)Codes to join.*{last_code}")
        self.codes = dict(re.findall(r"^  ([A-Z]{3})  (\S+)$", self.output, re.MULTILINE))
        self.screen = self.say("code screen new", r"((?:\w{4}-)+\w{4})")

    @property
    def output(self) -> str:
        """What the console has shown so far."""
        return self._output.read_text("utf-8")

    def wait_for(self, pattern: str, start: int = 0) -> str:
        """The first group of a pattern in the output after `start`, once it is there."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.output[start:])):
            assert self._process.poll() is None or re.search(pattern, self.output[start:]), self.output
            assert time.monotonic() < end, self.output
            time.sleep(0.03)
        return found[found.re.groups and 1]

    def say(self, line: str, answer: str = "") -> str:
        """Types a line at the console of the facilitator; waits for an answer that matches, if one is given."""
        assert self._process.stdin is not None
        start = len(self.output)
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.wait_for(answer, start) if answer else ""

    def close(self) -> None:
        """Leaves the exercise."""
        assert self._process.stdin is not None
        with self._process.stdin as console:
            console.write("quit\n")
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise


@contextmanager
def served_exercise(folder: Path, scenario: str, *options: str) -> Iterator[ServedExercise]:
    """A served exercise, closed afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    there = ServedExercise(folder, scenario, *options)
    try:
        yield there
    finally:
        there.close()


class Person:
    """A person with a browser: what they see, press and type."""

    def __init__(self, chrome: Any, url: str) -> None:
        self.chrome, self.url = chrome, url

    def size(self, width: int, height: int, scheme: str = "light") -> None:
        """The size of the screen, and its colour scheme."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def join(self, code: str, name: str) -> None:
        """Joins by the address of a QR code."""
        self.chrome.get(f"{self.url}/j#{code}")
        self.wait("document.activeElement.id === 'name'")
        self.keys(name, "\ue007")
        self.wait("!document.querySelector('form[data-join]') && document.documentElement.dataset.ready")

    def script(self, text: str, *arguments: Any) -> Any:
        """The value of a script."""
        return self.chrome.execute_script(text, *arguments)

    def wait(self, condition: str) -> None:
        """Waits until a condition in JavaScript is true."""
        end = time.monotonic() + SOON
        while not self.script(f"return Boolean({condition})"):
            assert time.monotonic() < end, f"never came true: {condition}\n{self.text('body')[:3000]}"
            time.sleep(0.03)

    def text(self, selector: str = "main") -> str:
        """The text that an element shows."""
        return str(self.script("return document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def wait_for_text(self, text: str, selector: str = "body") -> None:
        """Waits until an element shows a text."""
        end = time.monotonic() + SOON
        while text not in self.text(selector):
            assert time.monotonic() < end, f"never shown: {text}\n{self.text(selector)[:3000]}"
            time.sleep(0.03)

    def element(self, selector: str) -> Any:
        """The element, once it is there."""
        from selenium.common.exceptions import NoSuchElementException

        end = time.monotonic() + SOON
        while True:
            try:
                return self.chrome.find_element("css selector", selector)
            except NoSuchElementException:
                assert time.monotonic() < end, f"never there: {selector}\n{self.text('body')[:3000]}"
                time.sleep(0.03)

    def press(self, selector: str) -> None:
        """Presses what is visible, where it is. If its part is drawn again in between, it presses the new one."""
        from selenium.common.exceptions import StaleElementReferenceException

        end = time.monotonic() + SOON
        while True:
            try:
                element = self.element(selector)
                self.script("arguments[0].scrollIntoView({block: 'center'})", element)
                element.click()
            except StaleElementReferenceException:
                assert time.monotonic() < end, f"drawn again and again: {selector}"
            else:
                return

    def type(self, selector: str, text: str) -> None:
        """Types into a field."""
        element = self.element(selector)
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.send_keys(text)

    def keys(self, *keys: str) -> None:
        """Types where the focus is."""
        from selenium.webdriver import ActionChains

        ActionChains(self.chrome).send_keys(*keys).perform()

    def tab(self, name: str) -> None:
        """Opens a tab, if it is one at this width."""
        self.script("document.querySelector(`a[data-tab='${arguments[0]}']`).click()", name)

    def problems(self) -> list[str]:
        """The messages of the browser's console since the last call."""
        return [str(entry["message"]) for entry in self.chrome.get_log("browser")]

    def wide(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return int(self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def online(self, *, on: bool) -> None:
        """Cuts or restores the network of the browser."""
        self.chrome.execute_cdp_cmd("Network.enable", {})
        speed = {"offline": not on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.chrome.execute_cdp_cmd("Network.emulateNetworkConditions", speed)


@contextmanager
def person(url: str) -> Iterator[Person]:
    """A person with a browser of their own."""
    with chromium() as chrome:
        yield Person(chrome, url)
