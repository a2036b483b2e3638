"""The page on which people join with a code and a name, and the lobby until they are admitted."""

from wargame.journal.wording import called
from wargame.web.rendering import render
from wargame.web.viewer import Viewer

STYLES = ("join.css",)
"""Static files of this screen besides the common ones."""


def parts(viewer: Viewer) -> dict[str, str]:
    """Return the parts of the screen, by key and in order."""
    title, person = viewer.console.session.title, viewer.person
    if person is None:
        return {"join": render("join/form.html", title=title, back=viewer.query.get("back", ""))}
    names = viewer.console.session.exercise.context.scenario.governments
    seat = called(names[person.seat].name) if person.seat in names else ""
    return {"lobby": render("join/lobby.html", title=title, person=person, seat=seat)}
