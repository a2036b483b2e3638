"""The screen of public."""

from __future__ import annotations

from markupsafe import escape

from wargame.live.console.status_bar import participant_bar
from wargame.web.viewer import Viewer


def parts(viewer: Viewer) -> dict[str, str]:
    """The parts of the screen, by key and in order."""
    lines = [*viewer.console.greeting(), participant_bar(viewer.console), *(each.text for each in viewer.entries)]
    return {"main": f"<pre>{escape(chr(10).join(lines))}</pre>"}
