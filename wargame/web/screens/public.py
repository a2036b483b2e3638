"""The public screen: clocks, the countdown, the news for everyone, and until STARTEX the way to join."""

from wargame.journal.records import Record
from wargame.journal.records.script import InjectReleasedRecord
from wargame.live.console.public_screen import public_items
from wargame.seat.messages import message_of
from wargame.web.rendering import attachment_url, qr_svg, render
from wargame.web.screens.clocks import clocks, moment_of
from wargame.web.viewer import Viewer

STYLES = ("public.css",)
"""Static files of this screen besides those of every page."""
MOST = 12
"""Items of news on the screen."""


def parts(viewer: Viewer) -> dict[str, str]:
    """Return the parts of the screen, by key and in order."""
    console = viewer.console
    now = clocks(console)
    shown = [] if now["no_play"] else reversed(public_items(console)[-MOST:])
    items = [(news, moment_of(console, record), _pictures(viewer, record)) for record, news in shown]
    begun = console.session.exercise.now > console.session.exercise.calendar.startex
    join = viewer.join_url if not begun and not now["over"] else ""
    return {
        "screen.clocks": render("public/clocks.html", clocks=now),
        "screen.join": render("public/join.html", address=join, picture=qr_svg(join) if join else ""),
        "screen.news": render("public/news.html", clocks=now, items=items),
    }


def _pictures(viewer: Viewer, record: Record) -> list[tuple[str, str]]:
    """Return address and description of each picture of a message of the script."""
    if not isinstance(record, InjectReleasedRecord):
        return []
    attached = message_of(record, viewer.console.titles).attachments
    shown = (each for each in attached if each.kind == "picture")
    return [(attachment_url(each), each.description or each.title or each.file) for each in shown]
