"""Screens without a server: their viewers, and their pages as files that a browser opens."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from wargame.live.console.console import Console
from wargame.web.access import SCREEN, SEAT
from wargame.web.rendering import render_page
from wargame.web.viewer import Presence, Viewer


def text_of(html: str) -> str:
    """The words of HTML, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def seat_viewer(control: Console, seat: str, people: tuple[Presence, ...] = ()) -> Viewer:
    """A viewer of a seat of the exercise that a facilitator's console controls."""
    return Viewer(Console(control.session, control.wall, role="seat", seat=seat), SEAT, 0, people=people)


def screen_viewer(control: Console, join_url: str = "") -> Viewer:
    """A viewer of the public screen."""
    return Viewer(Console(control.session, control.wall, role="screen"), SCREEN, 0, join_url=join_url)


def page_of(screen: str, module: ModuleType, viewer: Viewer) -> str:
    """The page of a screen."""
    parts: Mapping[str, str] = module.parts(viewer)
    hashes = {key: hashlib.sha256(html.encode()).hexdigest()[:12] for key, html in parts.items()}
    title = viewer.console.session.title
    return render_page(screen, title, parts, hashes=hashes, styles=getattr(module, "STYLES", ()))


def written_page(folder: Path, html: str) -> Path:
    """The page as a file with its static files beside it; it opens no stream."""
    static = folder / "static"
    static.mkdir(parents=True, exist_ok=True)
    for file in (files("wargame.web") / "static").iterdir():
        (static / file.name).write_bytes(file.read_bytes())
    path = folder / "page.html"
    path.write_text(html.replace('="/static/', '="static/').replace("<body ", '<body data-stream="none" '), "utf-8")
    return path
