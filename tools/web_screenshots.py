"""Take the pictures of the screens in a browser: one served exercise, one person for each role, in headless Chromium.

`python tools/web_screenshots.py [NAME...]` writes `docs/images/web-*.png`. Needs chromium and its driver.
"""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PHONE, DESKTOP, WALL = (390, 844), (1360, 900), (1360, 765)
PATIENCE = 120.0
SCENARIO, SEED, SEATS = "korea-2017", 1, ("KOR", "USA")
STAFF = ("screen", "facilitator", "evaluator")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: who looks, at what size, in which colour scheme, after which script in the page."""

    name: str
    who: str
    size: tuple[int, int]
    scheme: str = "light"
    script: str = ""
    view: str = ""
    """The query of the address, for those who choose what they look at."""


def tab(name: str) -> str:
    """A script that opens a tab."""
    return f"document.querySelector('a[data-tab={name}]').click();"


OPTION = (
    "document.querySelector('#dossier-relations').open = true;"
    "const row = document.querySelector('[data-id=send_envoy-now]');"
    "row.querySelector('details').open = true; row.scrollIntoView(); scrollBy(0, -120);"
)
PICTURES = (
    Picture("join", "door", PHONE),
    Picture("seat-to-do", "KOR", PHONE, script=tab("todo")),
    Picture("seat-inbox", "KOR", PHONE, script=tab("inbox")),
    Picture("seat-order", "KOR", PHONE, script=tab("orders") + OPTION),
    Picture("seat-desktop", "KOR", DESKTOP, script=tab("orders")),
    Picture("public", "screen", WALL),
    Picture("control", "facilitator", DESKTOP, view="?view=now"),
    Picture("control-gantt", "facilitator", DESKTOP, view="?view=gantt&window=90d"),
    Picture("control-why", "facilitator", DESKTOP, view="?view=why&seq=LAST", script="scrollTo(0, 0)"),
    Picture("control-people", "facilitator", DESKTOP, view="?view=people"),
    Picture("evaluator", "evaluator", DESKTOP, view="?view=watch"),
)
BEFORE = (
    "stop at nothing",
    "deadline 3d",
    "advance 18d",
    "order KOR leader_phone_call JPN",
    'rfi KOR "How far do the guns near the border reach?"',
    'reply KOR 1 "About 60 kilometres, with new rockets up to 200."',
    "ack KOR",
    "advance 2d 10h",
    'offer USA KOR "We pause bomber flights if you keep the launchers."',
    'message USA KOR "Call us tonight."',
    'vote USA KOR,JPN "Do we meet in Honolulu next week?"',
    'inject news "A fishing boat is missing east of the line." --now',
    'timer 12m "the break"',
)
"""What has happened when the pictures are taken, typed by the facilitator."""


def main() -> None:
    """Serve the exercise, let everybody join, and take the pictures."""
    chosen = [each for each in PICTURES if not sys.argv[1:] or each.name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        served = stack.enter_context(closing(Served(Path(place))))
        for line in BEFORE:
            served.type(line)
        browsers: dict[str, Any] = {}
        for each in chosen:
            if each.who not in browsers:
                browsers[each.who] = stack.enter_context(browser())
                join(browsers[each.who], served, each.who)
            _shoot(browsers[each.who], each)


class Served:
    """The exercise in a process of its own; its console is a pipe."""

    def __init__(self, place: Path, *options: str) -> None:
        self._place = place
        command = [sys.executable, "-m", "wargame", "play", SCENARIO, "--serve", "127.0.0.1:0", "--no-lobby"]
        people = [word for seat in SEATS for word in ("--seat", f"{seat}=human")]
        people += ["--seed", str(SEED), "--out", str(self._place / "run"), *options]
        self._output = (self._place / "console.txt").open("w+")
        self._process = subprocess.Popen(  # noqa: S603  # the interpreter of this script
            [*command, *people], stdin=subprocess.PIPE, stdout=self._output, stderr=subprocess.STDOUT, text=True
        )
        self.url = self.wait_for(r"served at (http://\S+)")
        self.wait_for(r"\n  USA  (\S+)")

    def close(self) -> None:
        """Leaves the exercise."""
        self.type("quit")
        self._process.wait(PATIENCE)
        self._output.close()

    def type(self, line: str) -> None:
        """Types a line and waits until it has been carried out."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        time.sleep(0.8)

    def code(self, who: str) -> str:
        """The code of a seat, or of another role."""
        if who not in STAFF:
            return self.wait_for(rf"\n  {who}  (\S+)")
        self.type(f"code {who} new")
        return self.wait_for(rf"\n{who}\W+(\w{{4}}-\w{{4}}(?:-\w{{4}})*)")

    def wait_for(self, pattern: str) -> str:
        """The group of a pattern in the output, once it is there."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, (self._place / "console.txt").read_text()):
                return found[1]
            time.sleep(0.05)
        raise TimeoutError(pattern)


def browser() -> Any:
    """A headless Chromium."""
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-quic"):
        options.add_argument(argument)
    return Chrome(options=options, service=Service(shutil.which("chromedriver")))


def join(chrome: Any, served: Served, who: str) -> None:
    """Joins as a role, with a name."""
    if who == "door":
        chrome.get(f"{served.url}/j")
        return
    names = {"KOR": "Min-ji Kim", "screen": "Room", "facilitator": "A. Facilitator", "evaluator": "E. Park"}
    chrome.get(f"{served.url}/j#{served.code(who)}")
    time.sleep(0.5)
    chrome.find_element("id", "name").send_keys(names.get(who, who), "\ue007")
    time.sleep(2.0)


def last_action(chrome: Any) -> str:
    """The number of the last action in the news of the control room."""
    return str(
        chrome.execute_script(
            "return fetch('/?view=now').then(a => a.text()).then(t => new DOMParser().parseFromString(t, 'text/html')"
            ".querySelector('.feed .action .record').textContent.slice(1))"
        )
    )


def _shoot(chrome: Any, picture: Picture) -> None:
    width, height = picture.size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": picture.scheme}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    if picture.view:
        base = chrome.execute_script("return location.origin")
        chrome.get(f"{base}/{picture.view.replace('LAST', last_action(chrome))}")
        time.sleep(1.0)
    chrome.execute_script(picture.script)
    time.sleep(0.5)
    shot = chrome.execute_cdp_cmd("Page.captureScreenshot", {})
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / f"web-{picture.name}.png").write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    main()
