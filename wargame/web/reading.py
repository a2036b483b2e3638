"""What programs read: the view of a role as data, what the control room knows, and its page with the review."""

import html
import re
from typing import Any

import msgspec

from wargame.errors import UsageFault, shortened
from wargame.executor.verify import verify
from wargame.live.console.console import Console
from wargame.live.console.public_screen import public_screen
from wargame.live.console.times import time_of
from wargame.live.console.waiting import queue
from wargame.seat.brief import brief
from wargame.seat.feed import letters
from wargame.seat.option_description import describe_option
from wargame.seat.options import check, seat_options
from wargame.seat.role import role_sheet
from wargame.web.access import EVALUATOR, SEAT
from wargame.web.answers import Refusal, fault
from wargame.web.screens import modules
from wargame.web.screens.control_branches import branch_lines, last_commands
from wargame.web.shapes import Document
from wargame.web.viewer import Viewer


def document(value: object) -> Any:
    """Frozen classes as plain data for JSON."""
    return msgspec.to_builtins(value, str_keys=True)


def view(viewer: Viewer) -> Document:
    """Return what a role may see now."""
    console = viewer.console
    session, wall = console.session, console.wall
    shown: Document = {
        "role": viewer.role,
        "seat": console.seat,
        "title": session.title,
        "now": session.clock,
        "at": f"{session.exercise.calendar.at(session.clock):%Y-%m-%dT%H:%M}",
        "public": document(public_screen(console)),
    }
    if viewer.role == SEAT:
        return shown | viewer.cached("data of the seat", lambda: seat_data(viewer, console.seat))
    if viewer.role == EVALUATOR and not console.sees_all:
        return shown | {"seats": {name: seat_data(viewer, name) for name in console.observed}}
    if console.sees_all:
        waiting = [{"kind": each.kind, "number": each.number, "seq": each.seq} for each in queue(session)]
        dues = [document(each) for each in session.exercise.commands.seats.dues.values()]
        shown |= {"status": wall.status(), "branch": session.branch, "queue": waiting, "dues": dues}
    return shown


def seat_data(viewer: Viewer, seat: str) -> Document:
    """Brief, options, role sheet and messages of a seat, as its console shows them."""
    session = viewer.console.session
    exercise = session.exercise
    return {
        "brief": document(brief(exercise, seat)),
        "options": document(seat_options(exercise, seat)),
        "role_sheet": document(role_sheet(exercise, seat, session.records)),
        "letters": [
            {"number": each.number, "inject": each.inject, "release": each.release} for each in letters(exercise, seat)
        ],
    }


def moment(viewer: Viewer, text: str) -> int:
    """A second of the past: a number of seconds, or a time as it is typed; UsageFault if it is not of the past."""
    session = viewer.console.session
    negative = text[:1] == "-" and text[1:].isdecimal()
    at = int(text) if text.isdecimal() or negative else time_of(session, text)
    if at is None or len(text) > 40:
        raise UsageFault(f"at: '{shortened(text, 40)}' is not a time (2017-05-01, D+3, or seconds)")
    if at > session.clock:
        raise UsageFault("at: this is not in the past yet")
    return at


def past_view(viewer: Viewer, at: int) -> Document:
    """Return what a seat had been sent by a second of its past, and the same as the HTML of its page."""
    if viewer.role != SEAT:
        raise UsageFault("at: this is for seats; the control room uses knowledge")
    until = f"{viewer.console.session.exercise.calendar.at(at):%Y-%m-%dT%H:%M}"
    entries = [document(each) for each in viewer.entries if each.at <= until]
    return {
        "role": viewer.role,
        "seat": viewer.console.seat,
        "now": at,
        "at": until,
        "entries": entries,
        "past": modules()[SEAT].past_at(viewer, at),
    }


def option(viewer: Viewer, name: str, target: str) -> Document:
    """Return one option of a seat: what is known of it, and whether it can be ordered now; `-` is no target."""
    console, to = viewer.console, None if target == "-" else target
    exercise, seat = console.session.exercise, console.seat
    if name not in {each.option for menu in exercise.governments[seat].menus.values() for each in menu.candidates}:
        raise Refusal(fault(404, f"your seat has no option '{shortened(name, 40)}' (options lists them)"))
    described = document(describe_option(exercise, seat, name))
    try:
        exercise.commands.seats.candidate({"government": seat, "option": name, "target": to})
        check(exercise, seat, name, to)
    except UsageFault as error:
        return {"option": described, "target": to, "available": False, "obstacle": str(error)}
    return {"option": described, "target": to, "available": True, "obstacle": ""}


def branches(viewer: Viewer) -> Document:
    """Return the branches, and the last commands of the present one."""
    session = viewer.console.session
    lines = document(last_commands(viewer.console))
    return {"branch": session.branch, "branches": document(branch_lines(session)), "commands": lines}


FILE = "report.html"
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
NOTHING = "default-src 'none'"


def review_page(console: Console) -> tuple[bytes, str]:
    """Return the report and its content security policy; writes it first if there is none. UsageFault before ENDEX."""
    session, review = console.session, console.review
    if not session.exercise.done:
        raise UsageFault("the review is written at ENDEX")
    path = session.folder.path / FILE
    lines = review.write() if review is not None and not path.is_file() else []
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageFault(" ".join([*lines, f"the review cannot be read: {error.strerror}"])) from None
    return content, policy_of(content)


DOCUMENTS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "md": "text/markdown",
    "html": "text/html",
    "verify": "text/plain",
}
"""The formats of the review that can be downloaded, and what is said about its journal."""


def review_document(console: Console, form: str, seat: str) -> bytes:
    """Return the review in a format, the page for one seat, or what `verify` says. UsageFault before ENDEX."""
    if not console.session.exercise.done or console.review is None or form not in DOCUMENTS:
        raise UsageFault(f"after ENDEX, the review can be had as {', '.join(DOCUMENTS)}")
    if form != "verify":
        return console.review.document(form, seat)
    verdict = verify(console.session.folder)
    same = f"{verdict.compared:,} records, identical byte for byte. {verdict.scope}"
    return f"{verdict.run}: {same if verdict.same else verdict.difference or verdict.fault}\n".encode()


def policy_of(content: bytes) -> str:
    """Return the policy that the report states itself, which no page of another site may show; nothing without one."""
    found = _POLICY.search(content[:20_000].decode(errors="replace"))
    return f"{html.unescape(found[1]) if found else NOTHING}; frame-ancestors 'none'"
