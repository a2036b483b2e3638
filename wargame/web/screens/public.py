"""The public screen: clocks, the countdown, the news for everyone, and until STARTEX the way to join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import segno

from wargame.journal.wording import sentence
from wargame.seat.feed import PUBLIC, feed
from wargame.seat.messages import message_of
from wargame.web.attached import attachment_url
from wargame.web.rendering import render
from wargame.web.screens.clocks import clocks
from wargame.web.screens.moments import Moment, moment_of
from wargame.web.viewer import Viewer

STYLES = ("public.css",)
"""Static files of this screen besides those of every page."""
MOST = 12
"""Items of news on the screen."""
ANNOUNCED = frozenset({"noplay", "playon"})
"""Commands that the clocks show; they are not news."""


@dataclass(frozen=True, slots=True)
class PublicItem:
    """One item of public news."""

    id: int
    when: Moment
    source: str
    text: str
    pictures: tuple[tuple[str, str], ...] = ()
    """Address and description of each picture."""


def parts(viewer: Viewer) -> dict[str, str]:
    """The parts of the screen, by key and in order."""
    console = viewer.console
    now = clocks(console)
    items = [] if now.no_play else list(reversed(list(_items(viewer))[-MOST:]))
    begun = console.session.exercise.now > console.session.exercise.calendar.startex
    join = viewer.join_url if not begun and not now.over else ""
    return {
        "screen.clocks": render("public/clocks.html", clocks=now),
        "screen.join": render("public/join.html", address=join, picture=_code(join)),
        "screen.news": render("public/news.html", clocks=now, items=items),
    }


def _code(address: str) -> tuple[int, str] | None:
    """The QR code of an address: the modules of a side, and the path of an SVG; None without an address."""
    if not address:
        return None
    rows = [bytes(row) for row in segno.make(address, micro=False).matrix]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return len(rows), path


def _items(viewer: Viewer) -> Iterator[PublicItem]:
    session = viewer.console.session
    for place, item in enumerate(feed(session.exercise, PUBLIC, session.records), 1):
        record, found = item.record, item.notice
        if found is None or record.about in ANNOUNCED:
            continue
        pictures: tuple[tuple[str, str], ...] = ()
        if record.kind == "inject.released":
            message = message_of(record, viewer.console.titles)
            pictures = tuple(
                (attachment_url(each), each.description or each.title or each.file)
                for each in message.attachments
                if each.kind == "picture"
            )
        source = ", ".join(filter(None, [found.label, found.sender]))
        yield PublicItem(place, moment_of(viewer.console, record), source, sentence(found.body.shown()), pictures)
