"""An afternoon in two rooms, in one real browser with a window and cookies of its own for each person.

Each person does only what the page offers: nobody types a command of the console.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from support.browsers import COMMAND, Person
from support.driving import chromium
from support.waiting import PATIENCE

HEIGHTS = {390: 844, 768: 1024, 1440: 900}
FIND = """const [text, within] = arguments;
const named = (e) => e.innerText.trim() === text || e.getAttribute('aria-label') === text;
for (const root of document.querySelectorAll(within))
  for (const e of root.querySelectorAll('button, a, summary, label.choice'))
    if (e.offsetParent && !e.disabled && named(e)) return e;"""
SET = """const [selector, value] = arguments, e = document.querySelector(selector);
e.value = value; e.dispatchEvent(new Event('change', {bubbles: true}))"""
OPTION = """const name = (e) => e.querySelector('.name').childNodes[0].textContent.trim();
const found = (d) => d.querySelectorAll('.option > summary'), has = (d, a) => [...found(d)].some(e => name(e) === a);
for (const d of document.querySelectorAll('.option[open]')) d.open = false;
for (const d of document.querySelectorAll('details.dossier')) d.open = has(d, arguments[0]);
return [...found(document)].find(e => e.offsetParent && name(e) === arguments[0])"""


class Windows:
    """One browser with windows that share no cookies."""

    def __init__(self, chrome: Any) -> None:
        from websocket import create_connection

        self.chrome, self._calls, self.current = chrome, 0, ""
        place = chrome.capabilities["goog:chromeOptions"]["debuggerAddress"]
        with urllib.request.urlopen(f"http://{place}/json/version") as answer:
            self._socket = create_connection(json.load(answer)["webSocketDebuggerUrl"], suppress_origin=True)

    def _call(self, method: str, **parameters: object) -> dict[str, str]:
        self._calls += 1
        self._socket.send(json.dumps({"id": self._calls, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != self._calls:
            pass
        return dict(answer["result"])

    def close(self) -> None:
        """Leaves the browser."""
        self._socket.close()

    def new(self) -> str:
        """The handle of a new window."""
        context = self._call("Target.createBrowserContext")["browserContextId"]
        return self._call("Target.createTarget", url="about:blank", browserContextId=context, newWindow=True)[
            "targetId"
        ]


class Guest(Person):
    """A person with a window, who counts what is pressed."""

    def __init__(self, windows: Windows, url: str, name: str, width: int, seat: str = "") -> None:
        self._windows, self._handle = windows, windows.new()
        self.url, self.name, self.width, self.seat, self.taps = url, name, width, seat, 0
        self.seen_inbox = False
        self.size(width, HEIGHTS[width], "dark" if len(name) % 2 else "light")

    @property
    def chrome(self) -> Any:
        """The browser, at the window of this person."""
        if self._windows.current != self._handle:
            self._windows.chrome.switch_to.window(self._handle)
            self._windows.current = self._handle
        return self._windows.chrome

    @chrome.setter
    def chrome(self, value: object) -> None:
        self._windows.chrome = value

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        """The value of a condition, once it is true."""
        end = time.monotonic() + PATIENCE
        while not (value := condition()):
            assert time.monotonic() < end, f"{self.name}: {what}\n{self.text('body')[:3000]}"
            time.sleep(0.05)
        return value

    def wait(self, condition: str) -> None:
        """Waits until a condition in JavaScript is true."""
        self.until(lambda: self.script(f"return Boolean({condition})"), condition)

    def wait_for_text(self, text: str, selector: str = "body") -> None:
        """Waits until an element shows a text, in whatever case its style has."""
        self.until(lambda: text.casefold() in self.text(selector).casefold(), f"never shown: {text}")

    def button(self, text: str, within: str = "main") -> None:
        """Presses what is visible and has this text or name."""
        from selenium.common.exceptions import WebDriverException

        def pressed() -> bool:
            element = self.script(FIND, text, within)
            try:
                if element is not None:
                    self.script("arguments[0].scrollIntoView({block: 'center'})", element)
                    element.click()
            except WebDriverException:  # drawn again in between
                return False
            return element is not None

        self.until(pressed, f"no button '{text}' in {within}")
        self.taps += 1

    def put(self, selector: str, text: str) -> None:
        """Fills a field, whatever was in it, or chooses."""
        if self.element(selector).tag_name == "select" or self.script(
            "return arguments[0].type === 'date'", self.element(selector)
        ):
            self.script(SET, selector, text)
            return
        self.script("document.querySelector(arguments[0]).value = ''", selector)
        self.type(selector, text)

    def type(self, selector: str, text: str) -> None:
        """Types into a field; if its part is drawn again in between, into the new one."""
        from selenium.common.exceptions import StaleElementReferenceException

        try:
            super().type(selector, text)
        except StaleElementReferenceException:
            super().type(selector, text)

    def view(self, name: str) -> None:
        """Opens a view of the control room or of an evaluator."""
        self.press(f".views a[href^='?view={name}']")
        self.wait(f"location.search.includes('view={name}') && document.querySelector('[data-part^=\"view.{name}\"]')")

    def open(self, tab: str) -> None:
        """Opens a tab."""
        self.taps += 1
        self.seen_inbox |= tab == "inbox"
        self.tab(tab)

    def order(self, option: str, towards: str = "", why: str = "as we agreed") -> None:
        """Gives an order."""
        self.open("orders")
        summary = self.until(lambda: self.script(OPTION, option), f"no option '{option}'")
        self.script("arguments[0].scrollIntoView({block: 'center'})", summary)
        summary.click()
        self.taps += 1
        form = ".option[open] form[data-verb='order']"
        if towards and self.script(f'return !!document.querySelector("{form} .choices")'):
            self.button(towards, form)
        self.type(f"{form} input[name='--why']", why)
        self.button("Give this order", form)

    def write(self, kind: str, to: Sequence[str], text: str, button: str) -> None:
        """Writes a message, offer, demand, vote or question."""
        self.open("write")
        chosen = "d.open = d.querySelector('summary').innerText.trim() === arguments[0]"
        self.script(f"document.querySelectorAll('details.compose').forEach(d => {chosen})", kind)
        for each in to:
            self.button(each, "details.compose[open]")
        self.type("details.compose[open] textarea", text)
        self.button(button, "details.compose[open]")

    def send_proposal(self, by: str) -> None:
        """Sends what a member has proposed."""
        self.open("todo")
        self.wait_for_text(f"Proposed by {by}", "[data-part='todo.proposals']")
        self.button("Send", "[data-part='todo.proposals']")
        self.wait("!document.querySelector('[data-part=\"todo.proposals\"] .task')")


class Rooms:
    """`wargame serve RUN RUN` in a process of its own, and the addresses of the facilitators."""

    def __init__(self, folder: Path, runs: Sequence[Path]) -> None:
        self._output = folder / "serve.txt"
        arguments = ["serve", *map(str, runs), "--address", "127.0.0.1:0"]
        with self._output.open("w") as output:
            command = [sys.executable, "-c", COMMAND, *arguments]
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder
            )
        self.pages = self._find(r"facilitator's page.*\n  (\S+)", len(runs))
        self.lobby = self._find(r"lobby of \d rooms: (\S+)", 1)[0]

    def _find(self, pattern: str, number: int) -> list[str]:
        end = time.monotonic() + PATIENCE
        while len(found := re.findall(pattern, self._output.read_text("utf-8"))) < number:
            assert self.process.poll() is None, self._output.read_text("utf-8")
            assert time.monotonic() < end, self._output.read_text("utf-8")
            time.sleep(0.1)
        return sorted(found, key=lambda url: url.partition("#")[0])

    def kill(self, run: Path) -> None:
        """Kills the process of one room."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            if f"{run}\0--address" in Path(f"/proc/{child}/cmdline").read_text():
                os.kill(int(child), signal.SIGKILL)
                return
        raise AssertionError(children)

    def close(self) -> None:
        """Ends all rooms."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)


@contextmanager
def windows() -> Iterator[Windows]:
    """A browser for everyone."""
    with chromium() as chrome, closing(Windows(chrome)) as there:
        yield there
