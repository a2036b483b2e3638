"""The view of a seat for those who may look through its eyes: exactly what its people see, without its controls."""

from __future__ import annotations

from collections.abc import Sequence

from wargame.errors import UsageFault
from wargame.web.rendering import render
from wargame.web.viewer import Viewer


def eyes_parts(viewer: Viewer, seats: Sequence[str]) -> dict[str, str]:
    """The choice among these seats, and the screen of the one that the address names, by default the first."""
    console, wanted = viewer.console, viewer.look.get("seat", "")
    human = [name for name in seats if console.session.exercise.commands.seats.of(name) == "human"]
    seat = wanted if wanted in seats else next(iter([*human, *seats]), "")
    choice = render("control/eyes.html", seats=[(name, console.name(name)) for name in seats], seat=seat)
    return {"view.eyes-seats": choice, "view.eyes-seat": seat_view(viewer, seat) if seat else ""}


def seat_view(viewer: Viewer, seat: str) -> str:
    """The screen of a seat; all of its fields and buttons are disabled."""
    name = viewer.console.name(seat)
    try:
        parts = viewer.eyes(seat) if viewer.eyes is not None else {}
    except UsageFault:
        parts = {}
    return render("control/eyes_seat.html", seat=seat, name=name, parts=parts)
