"""A seat as its people see it, for those who may see it too: its screen without its controls, or its news.

The screen is a separate page, `?view=screen&seat=KOR`, with the style of a seat; it is what the seat is sent, inside
fields that are disabled.
"""

from collections.abc import Sequence

from wargame.errors import UsageFault
from wargame.journal.wording import sentence
from wargame.seat.brief import brief, brief_lines
from wargame.web.rendering import render
from wargame.web.screens.evaluation import seat_feed
from wargame.web.viewer import Viewer

SCREEN_VIEW = "screen"
"""The view that is the whole screen of a seat."""
BEFORE, AFTER = '<fieldset class="seatview" disabled>', "</fieldset>"
STOP = '<p class="silent" tabindex="0">Read only</p>'
"""A stop of the keyboard in each group of parts, which otherwise has none and could not be scrolled."""


def seat_view_parts(viewer: Viewer, seats: Sequence[str]) -> dict[str, str]:
    """Return the choice among these seats, and news and brief of the one in the address, by default the first."""
    console, wanted = viewer.console, viewer.query.get("seat", "")
    exercise = console.session.exercise
    human = [name for name in seats if exercise.commands.seats.of(name) == "human"]
    seat = wanted if wanted in seats else next(iter([*human, *seats]), "")
    choice = render("control/seat_view.html", seats=[(name, sentence(console.name(name))) for name in seats], seat=seat)
    if not seat:
        return {"view.seatview-seats": choice}
    name = console.name(seat)
    lines = brief_lines(exercise, brief(exercise, seat), [])  # without what it has received, which is beside it
    return {
        "view.seatview-seats": choice,
        "view.seatview-news": render("control/seat_view_news.html", lines=seat_feed(console, seat), name=name),
        "view.seatview-brief": render("control/seat_view_brief.html", lines=lines, name=name),
    }


def shows_screen(viewer: Viewer) -> bool:
    """Return whether the address asks for the whole screen of a seat."""
    return viewer.query.get("view") == SCREEN_VIEW


def screen_parts(viewer: Viewer) -> dict[str, str]:
    """Return the whole screen of the seat that the address names; its fields and buttons are disabled."""
    seat, name = viewer.query.get("seat", ""), ""
    try:
        shown = viewer.seat_screen(seat) if viewer.seat_screen is not None else {}
        name = viewer.console.name(seat)
        fault = ""
    except UsageFault as error:
        shown, fault = {}, str(error)
    note = render("control/seat_view_note.html", name=name, fault=fault)
    groups: set[str] = set()
    parts = {"top.seatview": note}
    for key, html in shown.items():
        group = key.partition(".")[0]
        parts[key] = ("" if group in groups else STOP) + f"{BEFORE}{html}{AFTER}"
        groups.add(group)
    return parts
