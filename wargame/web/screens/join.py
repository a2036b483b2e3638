"""The page on which a code is typed, and the lobby."""

from __future__ import annotations

from wargame.web.viewer import Viewer

FORM = (
    '<form data-join><label>Code <input name="code" autocomplete="off" required></label>'
    '<label>Your name <input name="name" autocomplete="name" maxlength="60" required></label>'
    "<button>Join</button><output></output></form>"
)


def parts(viewer: Viewer) -> dict[str, str]:
    """The parts of the screen, by key and in order."""
    if viewer.person is None:
        return {"join": f"<h1>Join the exercise</h1>{FORM}"}
    return {"lobby": "<h1>Lobby</h1><p>The facilitator will admit you.</p>"}
