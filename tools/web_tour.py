"""Take pictures of each screen at each width in both colour schemes, to look at after changes.

`python tools/web_tour.py FOLDER [NAME...]` writes `FOLDER/NAME-WIDTH-SCHEME.png`, pages in full length; NAME is the
beginning of a name below, such as `facilitator-forms`, `lobby` or `paper`. Needs chromium and its driver. The pictures
of the documentation come from `tools/web_screenshots.py`.
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
LONGEST = 4000
"""Pixels of a page that a picture shows."""
PAPER = (794, 1123)
"""A4 in CSS pixels."""
DATA = Path(__file__).resolve().parent / "web_tour_data"
FORMS = (DATA / "forms.js").read_text("utf-8")
FIND_INJECT = "document.querySelector('.msel a[href*=inject]').click();"
FEED = "document.querySelector('#f-public').click();"
ASK = ("forecast 60d --n 20", "whatif order KOR leader_phone_call CHN --over 60d --n 20")
TEXT = (
    "Send the hospital ship to Incheon, tell Beijing and Pyongyang an hour before it leaves, and let the Red Cross "
    "speak to the press. If Pyongyang protests, the ship waits south of the line until the envoy has been received."
)
PLAN = (
    "--observation 'Nobody compared notes before the first answer.' --root_cause 'No line between duty officers.' "
    "--corrective_action 'Set up a call within an hour.' --responsible 'Joint staff' --completion 2027-03-01"
)
TO_ANSWER = (
    'note "The staff asks for the range first." --tag sustain',
    *(f"release {inject}" for inject in ("three_questions", "each_of_you", "hotline", "drill")),
    f'order KOR "{TEXT}" --why "to show good will"',
    'rfi KOR "Who commands the boats, and do their captains have orders of their own?"',
    'message KOR PRK "We ask for the names of the fishermen."',
    'offer KOR PRK "The fishermen for the boat."',
    'demand USA PRK "No launch until the end of the month."',
    'message KOR EXCON "May we speak to the ambassador of Sweden?"',
    "rate de_escalation S --why 'Allies were told, but late.'",
    *ASK,
)
"""What waits for an answer in the pictures, typed by the facilitator."""
FOUND = (
    f"finding area {PLAN}",
    "rate protect_alliance M --why 'Tokyo learned from the news.'",
    "note 'One page for the cabinet, on the first morning.' --tag sustain",
    "respond KOR 3.2 4",
    'respond KOR 3.3 "That of Beijing."',
)
"""What is written before ENDEX."""


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, who looks, the query of its address, a script that is run in the page, and seconds it takes."""

    name: str
    who: str
    query: str = ""
    script: str = ""
    pause: float = 0.5


def _views(who: str, *names: str, query: str = "") -> tuple[View, ...]:
    return tuple(View(f"{who}-{name}", who, f"?view={name}{query}") for name in names)


def _forms(who: str, *names: str) -> tuple[View, ...]:
    """Views with everything unfolded."""
    return tuple(View(f"{who}-forms-{name}", who, f"?view={name}", "unfold();") for name in names)


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
    *(View(f"seat-forms-{each}", "KOR", script=tab(each) + "unfold();") for each in ("todo", "orders", "write")),
    View("seat-forms-know", "KOR", script=tab("know") + "unfold();"),
    View("seat-forms-free", "KOR", script=tab("orders") + "document.querySelector('#free-order').focus();"),
    View("seat-forms-feed", "KOR", script=tab("inbox") + FEED + "unfold();"),
    View("public", "screen"),
    *_views("facilitator", "now", "msel", "gantt", "people", "seatview", "white", "ahead", "knew", "branches", "notes"),
    View("facilitator-inject", "facilitator", "?view=msel", FIND_INJECT),
    View("facilitator-why", "facilitator", "?view=why&seq=LAST"),
    View("facilitator-seat", "facilitator", "?view=screen&seat=KOR"),
    *(
        View(
            f"facilitator-menu-{n}",
            "facilitator",
            "?view=people",
            f"document.querySelectorAll('.menu')[{n}].open = true",
        )
        for n in range(4)
    ),
    *_forms("facilitator", "now", "white", "ahead", "notes", "branches", "people"),
    View("facilitator-forms-composer", "facilitator", "?view=msel", "unfold(); compose();", 4),
    View("facilitator-forms-edit", "facilitator", "?view=msel&inject=not_sent", "unfold('#msel-detail');"),
    View("facilitator-forms-reading", "facilitator", "?view=msel&inject=three_questions", "unfold('#msel-detail');"),
    View("facilitator-forms-import", "facilitator", "?view=import", "sheet();", 3),
    *_views("evaluator", "watch", "judge", "seatview"),
    *_forms("evaluator", "watch", "judge"),
)
STOPPED = (View("public-noplay", "screen"), View("seat-noplay", "KOR", script=tab("todo")))
OVER = (
    View("seat-over", "KOR", script=tab("todo")),
    View("seat-hotwash", "KOR", script=tab("hotwash")),
    View("public-over", "screen"),
    *_views("facilitator", "hotwash", "review"),
    *_views("evaluator", "hotwash", "review"),
    *_forms("facilitator", "hotwash", "review"),
)


@dataclass(frozen=True, slots=True)
class Tour:
    """Where the pictures go, and the beginnings of the names that are wanted; all without one."""

    folder: Path
    chosen: list[str]

    def wants(self, *names: str) -> bool:
        """Whether one of these is wanted."""
        return not self.chosen or any(name.startswith(each) for name in names for each in self.chosen)

    def views(self, views: tuple[View, ...]) -> list[View]:
        """Those of the views that are wanted."""
        return [view for view in views if self.wants(view.name)]


def main() -> None:
    """Takes the pictures of an exercise, of two rooms and of what is printed."""
    tour = Tour(Path(sys.argv[1]), sys.argv[2:])
    tour.folder.mkdir(parents=True, exist_ok=True)
    for names, shoot in (
        ([each.name for each in (*READY, *RUNNING, *STOPPED, *OVER)], _shoot_exercise),
        (["lobby", "rooms"], _shoot_rooms),
        (["paper"], _shoot_paper),
    ):
        with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
            if tour.wants(*names):
                shoot(Path(place), tour, stack)


def _shoot_exercise(place: Path, tour: Tour, stack: ExitStack) -> None:
    """Serves the exercise, lets all people join, and takes the pictures."""
    served = stack.enter_context(closing(Served(place, "--injects", str(DATA / "injects.yaml"))))
    people: dict[str, Any] = {}

    def meet(who: str) -> Any:
        if who not in people:
            people[who] = stack.enter_context(browser())
            join(people[who], served, who)
        return people[who]

    def shoot(views: tuple[View, ...]) -> None:
        for view in tour.views(views):
            _shoot(meet(view.who), view, tour.folder)

    shoot(READY)
    for line in (*BEFORE, *TO_ANSWER):
        served.type(line)
    if tour.views(RUNNING):
        time.sleep(20)
    shoot(RUNNING)
    served.type("noplay A person is hurt; wait for the medic.")
    shoot(STOPPED)
    for line in ("playon", *FOUND, "endex", "reveal"):
        served.type(line)
    if any(view.who == "evaluator" for view in tour.views(OVER)):
        meet("evaluator")
        served.type("people")
        number = served.wait_for(r"(\w+) +E\. Park")
        served.type(f"grant {number} everything")
    time.sleep(6)
    shoot(OVER)


def _shoot_rooms(place: Path, tour: Tour, stack: ExitStack) -> None:
    """Takes the pictures of two rooms behind one lobby, of a person who waits there, and of their review."""
    runs = [str(place / name) for name in ("room-1", "room-2")]
    for run, option in zip(runs, ("leader_phone_call", "send_envoy"), strict=True):
        lines = f"stop at nothing\nadvance 10d\norder KOR {option} USA\nadvance 10d\n"
        _wargame("play", SCENARIO, "--seat", "KOR=human", "--seed", "1", "--out", run, lines=lines)
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
    _shoot(door, View("lobby-rooms", "door"), tour.folder)
    codes = [json.loads(line) for line in (place / "room-1" / "access.jsonl").read_text().splitlines()]
    code = next(each["code"] for each in codes if each.get("seat") == "KOR")
    door.find_element("id", "code").send_keys(code)
    door.find_element("id", "name").send_keys("Min-ji Kim", "\ue007")
    time.sleep(4)
    _shoot(door, View("lobby-waiting", "door"), tour.folder)
    for view in _views("rooms-facilitator", "now", "people"):
        _shoot(control, view, tour.folder)
    page = place / "rooms.html"
    _wargame("compare", *runs, "--runs", "40", "--out", str(page))
    _shoot_file(door, "rooms-review", page, tour.folder)


def _shoot_paper(place: Path, tour: Tour, stack: ExitStack) -> None:
    """Takes the pictures of the packs of an exercise, on the screen and on paper."""
    _wargame("print", "korea-afternoon", "--folder", str(place))
    _wargame("print", "korea-afternoon", "--evaluation", "--out", str(place / "evaluation.html"))
    chrome = stack.enter_context(browser())
    for page in sorted(place.glob("*.html")):
        if page.stem in {"KOR", "read-ahead-KOR"} or not re.search("[A-Z]{3}", page.stem):
            _shoot_file(chrome, f"paper-{page.stem}", page, tour.folder)
            _emulate(chrome, *PAPER, "light", "print")
            length = min(_length(chrome), 3 * LONGEST)
            _emulate(chrome, PAPER[0], length, "light", "print")
            _save(chrome, tour.folder / f"paper-{page.stem}-{PAPER[0]}-print.png")


def _wargame(*arguments: str, lines: str = "") -> None:
    command = [sys.executable, "-m", "wargame", *arguments]
    subprocess.run(command, check=True, input=lines, text=True, capture_output=True)  # noqa: S603


def _shoot_file(chrome: Any, name: str, page: Path, folder: Path) -> None:
    """A picture of a page that is a file."""
    chrome.get(page.as_uri())
    _shoot(chrome, View(name, ""), folder)


def _shoot(chrome: Any, view: View, folder: Path) -> None:
    """A picture of a view at each width in each scheme; says by how many pixels it is too wide."""
    for width, height in WIDTHS.items():
        _emulate(chrome, width, height, "light")
        if view.query:
            base = chrome.execute_script("return location.origin")
            query = view.query.replace("LAST", last_action(chrome)) if "LAST" in view.query else view.query
            chrome.get(f"{base}/{query}")
        else:
            chrome.refresh()
        _when_ready(chrome, view)
        length = _length(chrome)
        for scheme in SCHEMES:
            _emulate(chrome, width, max(height, min(length, LONGEST)), scheme)
            time.sleep(0.2)
            _save(chrome, folder / f"{view.name}-{width}-{scheme}.png")
        if (too_wide := chrome.execute_script("return document.documentElement.scrollWidth - innerWidth")) > 0:
            print(f"{view.name}: {too_wide} pixels too wide at {width}")


def _length(chrome: Any) -> int:
    """The pixels of a page from its top to its end, also where a column scrolls by itself."""
    columns = (
        "[...document.querySelectorAll('.group')].map(e => e.getBoundingClientRect().top + scrollY + e.scrollHeight)"
    )
    return int(chrome.execute_script(f"return Math.max(document.documentElement.scrollHeight, ...{columns})"))


def _save(chrome: Any, picture: Path) -> None:
    shot = chrome.execute_cdp_cmd("Page.captureScreenshot", {})
    picture.write_bytes(base64.b64decode(shot["data"]))


def _when_ready(chrome: Any, view: View) -> None:
    """Runs a script of a view once the page has what it looks for."""
    for patience in range(20):
        time.sleep(0.5)
        try:
            chrome.execute_script(FORMS + view.script)
        except JavascriptException:
            if patience == 19:
                raise
        else:
            time.sleep(view.pause)
            return


def _emulate(chrome: Any, width: int, height: int, scheme: str, medium: str = "") -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})


if __name__ == "__main__":
    main()
