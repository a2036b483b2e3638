"""Take pictures of each screen at each width in both colour schemes, to look at after changes.

`python tools/web_tour.py FOLDER [NAME...]` writes `FOLDER/NAME-WIDTH-SCHEME.png`, pages in full length. Needs chromium
and its driver. The pictures of the documentation come from `tools/web_screenshots.py`.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.common.exceptions import JavascriptException
from web_screenshots import BEFORE, OPTION, SCENARIO, Served, browser, join, last_action, tab

WIDTHS = {390: 844, 768: 1024, 1440: 900}
"""Widths of a phone, a tablet and a laptop in CSS pixels, each with its height."""
SCHEMES = ("light", "dark")
LONGEST = 3000
"""Pixels of a page that a picture shows."""
FIND_INJECT = "document.querySelector('.msel a[href*=inject]').click();"
ASK = ("forecast 60d --n 20", "whatif order KOR leader_phone_call CHN --over 60d --n 20")


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, who looks, the query of its address, and a script that is run in the page."""

    name: str
    who: str
    query: str = ""
    script: str = ""


def _views(who: str, *names: str, query: str = "") -> tuple[View, ...]:
    return tuple(View(f"{who}-{name}", who, f"?view={name}{query}") for name in names)


READY = (
    View("join", "door"),
    View("public-ready", "screen"),
    View("seat-ready", "KOR", script=tab("todo")),
    View("facilitator-ready", "facilitator", "?view=now"),
)
RUNNING = (
    View("seat-todo", "KOR", script=tab("todo")),
    View("seat-inbox", "KOR", script=tab("inbox")),
    View("seat-orders", "KOR", script=tab("orders")),
    View("seat-option", "KOR", script=tab("orders") + OPTION),
    View("seat-write", "KOR", script=tab("write")),
    View("seat-know", "KOR", script=tab("know")),
    View("seat-role", "KOR", script=tab("role")),
    View("public", "screen"),
    *_views("facilitator", "now", "msel", "gantt", "people", "eyes", "white", "ahead", "knew", "branches", "notes"),
    View("facilitator-inject", "facilitator", "?view=msel", FIND_INJECT),
    View("facilitator-why", "facilitator", "?view=why&seq=LAST"),
    View("facilitator-seat", "facilitator", "?view=screen&seat=KOR"),
    *_views("evaluator", "watch", "judge", "eyes"),
)
STOPPED = (View("public-noplay", "screen"), View("seat-noplay", "KOR", script=tab("todo")))
OVER = (
    View("seat-over", "KOR", script=tab("todo")),
    View("seat-hotwash", "KOR", script=tab("hotwash")),
    View("public-over", "screen"),
    *_views("facilitator", "hotwash"),
    *_views("evaluator", "hotwash"),
)


def main() -> None:
    """Serves the exercise, lets all people join, and takes the pictures."""
    folder, chosen = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        served = stack.enter_context(closing(Served(Path(place))))
        people: dict[str, Any] = {}

        def shoot(views: tuple[View, ...]) -> None:
            for view in views:
                if chosen and not any(view.name.startswith(each) for each in chosen):
                    continue
                if view.who not in people:
                    people[view.who] = stack.enter_context(browser())
                    join(people[view.who], served, view.who)
                _shoot(people[view.who], view, folder)

        shoot(READY)
        for line in BEFORE:
            served.type(line)
        for line in ('note "The staff asks for the range first." --tag sustain', *ASK):
            served.type(line)
        time.sleep(20)
        shoot(RUNNING)
        served.type("noplay A person is hurt; wait for the medic.")
        shoot(STOPPED)
        for line in ("playon", "rewind 1d", "endex", "reveal"):
            served.type(line)
        time.sleep(6)
        shoot(OVER)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        if not chosen or "lobby" in chosen:
            _shoot_rooms(Path(place), folder, stack)


def _shoot_rooms(place: Path, folder: Path, stack: ExitStack) -> None:
    """Takes the pictures of two rooms behind one lobby, and of a person who waits there."""
    runs = [str(place / name) for name in ("room-1", "room-2")]
    for run in runs:
        command = [sys.executable, "-m", "wargame", "play", SCENARIO, "--seat", "KOR=human", "--out", run]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603
    said = place / "said.txt"
    command = [sys.executable, "-m", "wargame", "serve", *runs, "--address", "127.0.0.1:0"]
    with said.open("w") as output:
        rooms = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output)  # noqa: S603
    stack.callback(rooms.wait)
    stack.callback(rooms.terminate)
    while len(pages := re.findall(r"http://\S+/j#\S+", said.read_text())) < len(runs):
        time.sleep(0.5)
    lobby = re.findall(r"rooms: (\S+)", said.read_text())[0]
    door, control = (stack.enter_context(browser()) for _ in range(2))
    control.get(pages[0])
    time.sleep(1)
    control.find_element("id", "name").send_keys("A. Facilitator", "\ue007")
    time.sleep(3)
    door.get(lobby)
    _shoot(door, View("lobby-rooms", "door"), folder)
    codes = [json.loads(line) for line in (place / "room-1" / "access.jsonl").read_text().splitlines()]
    code = next(each["code"] for each in codes if each.get("seat") == "KOR")
    door.find_element("id", "code").send_keys(code)
    door.find_element("id", "name").send_keys("Min-ji Kim", "\ue007")
    time.sleep(4)
    _shoot(door, View("lobby-waiting", "door"), folder)
    for view in _views("facilitator-rooms", "now", "people"):
        _shoot(control, view, folder)


def _shoot(chrome: Any, view: View, folder: Path) -> None:
    """A picture of a view at each width in each scheme."""
    for width, height in WIDTHS.items():
        _emulate(chrome, width, height, "light")
        if view.query:
            base = chrome.execute_script("return location.origin")
            query = view.query.replace("LAST", last_action(chrome)) if "LAST" in view.query else view.query
            chrome.get(f"{base}/{query}")
        else:
            chrome.refresh()
        _when_ready(chrome, view.script)
        length = chrome.execute_script("return document.documentElement.scrollHeight")
        for scheme in SCHEMES:
            _emulate(chrome, width, max(height, min(length, LONGEST)), scheme)
            time.sleep(0.2)
            shot = chrome.execute_cdp_cmd("Page.captureScreenshot", {})
            (folder / f"{view.name}-{width}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))


def _when_ready(chrome: Any, script: str) -> None:
    """Runs a script of a view once the page has what it looks for."""
    for patience in range(20):
        time.sleep(0.5)
        try:
            chrome.execute_script(script)
        except JavascriptException:
            if patience == 19:
                raise
        else:
            time.sleep(0.5)
            return


def _emulate(chrome: Any, width: int, height: int, scheme: str) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


if __name__ == "__main__":
    main()
