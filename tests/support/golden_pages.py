"""The words of every screen during an exercise of two-rivals. `python tests/support/golden_pages.py` rewrites them.

A line is a part of a page: its screen and view, its key, and its text without tags. Of the attributes it has the
commands of forms alone. Times in the room are left out.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from support.live import console
from support.played_reviews import LINES, SEATS, type_lines
from support.web_pages import screen_viewer, seat_viewer, text_of
from wargame.live.console.console import Console
from wargame.live.console.participants import Evaluator
from wargame.live.console.roles import EVALUATOR
from wargame.web.access import FACILITATOR
from wargame.web.screens import control, evaluator, public, seat
from wargame.web.viewer import Viewer

FILE = Path(__file__).resolve().parent.parent / "web" / "data" / "two-rivals-pages.txt"
STAGES = {"at STARTEX": 0, "after two weeks": 14, "in the middle": 18, "after ENDEX": len(LINES)}
"""How many of the lines of the exercise have been typed."""
ROOM = re.compile(r"(?:(?<=In the room )|(?<=\d\d:\d\d )|(?<=\d\d:\d\d · ))\d\d:\d\d")
"""A time in the room, which follows its heading or a game time."""
VERB = re.compile(r'<[^>]*\sdata-verb="([^"]*)"[^>]*>')


def words(html: str) -> str:
    """The text of a part, with the command of each form in brackets."""
    return ROOM.sub("(now)", text_of(VERB.sub(r" [\1] ", html)))


def pages(there: Console) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The parts of each screen and view, as they are now."""
    for view in control.VIEWS:
        yield f"control {view}", control.parts(Viewer(there, FACILITATOR, 0, query={"view": view}))
    yield (
        "control msel collision",
        control.parts(Viewer(there, FACILITATOR, 0, query={"view": "msel", "inject": "collision"})),
    )
    last = str(there.session.records[-1].seq)
    yield "control why", control.parts(Viewer(there, FACILITATOR, 0, query={"view": "why", "seq": last}))
    mine = Console(there.session, there.wall, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD",)))
    for view in ("watch", "judge", "seatview", "hotwash"):
        yield f"evaluator {view}", evaluator.parts(Viewer(mine, EVALUATOR, 0, query={"view": view}))
    for government, _ in SEATS:
        yield f"seat {government}", seat.parts(seat_viewer(there, government))
    yield "screen", public.parts(screen_viewer(there))


def text(place: Path) -> str:
    """The words of all parts at every stage; a part that has the words of before is left out."""
    there = console(place / "run", seats=SEATS)
    lines, shown, typed = [], dict[tuple[str, str], str](), 0
    for stage, until in STAGES.items():
        type_lines(there, *LINES[typed:until])
        typed = until
        lines.append(f"# {stage}")
        for name, parts in pages(there):
            for key, html in parts.items():
                now = words(html)
                if shown.get((name, key), "") != now and not (name.startswith("control") and _frame(key, shown, now)):
                    lines.append(f"{name} | {key} | {now}")
                shown[name, key] = now
    there.session.close()
    return "\n".join(lines) + "\n"


def _frame(key: str, shown: Mapping[tuple[str, str], str], now: str) -> bool:
    """Whether a part of the control room is around every view and has been listed with another view."""
    return not key.startswith("view.") and any(part == key and seen == now for (_, part), seen in shown.items())


def main() -> None:
    """Writes the file."""
    FILE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        FILE.write_text(text(Path(place)), encoding="utf-8")


if __name__ == "__main__":
    main()
