"""Data for programs: the view of a role, the knowledge of the control room, and its page with the review."""

import html
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wargame.errors import UsageFault, shortened
from wargame.executor.verify import verify
from wargame.language.plain_text import clean
from wargame.live.console.command_line import time_of
from wargame.live.console.console import Console
from wargame.live.console.public_screen import public_screen
from wargame.live.console.waiting import queue
from wargame.seat.brief import brief
from wargame.seat.description import describe_option
from wargame.seat.feed import PUBLIC, letters
from wargame.seat.messages import any_attachment, sent_attachment
from wargame.seat.options import check, seat_options
from wargame.seat.role import role_sheet
from wargame.tables import tables
from wargame.web import shapes
from wargame.web.access import EVALUATOR, SCREEN, SEAT
from wargame.web.access.people import Person
from wargame.web.answers import RequestRefused, fault, position, tagged
from wargame.web.endpoints import openapi_json
from wargame.web.rendering import attachment_response, qr_svg
from wargame.web.room import Room
from wargame.web.screens import modules
from wargame.web.screens.control_branches import branch_lines, last_commands
from wargame.web.screens.control_knowledge import known_events, why
from wargame.web.screens.control_msel import msel_rows
from wargame.web.shapes import Document
from wargame.web.viewer import Viewer


def document(value: object) -> Any:
    """Return frozen classes as plain data for JSON."""
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
        waiting = [{"kind": each.kind, "number": each.number, "seq": each.seq} for each in queue(session.exercise)]
        dues = [document(each) for each in session.exercise.commands.seats.dues.values()]
        shown |= {"status": wall.status(), "branch": session.branch, "queue": waiting, "dues": dues}
    return shown


def seat_data(viewer: Viewer, seat: str) -> Document:
    """Return brief, options, role sheet and messages of a seat, as its console shows them."""
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
    """Return a second of the past: a number of seconds, or a typed time; UsageFault if it is not of the past."""
    session = viewer.console.session
    negative = text[:1] == "-" and text[1:].isdecimal()
    at = int(text) if text.isdecimal() or negative else time_of(session, text)
    if at is None or len(text) > 40:
        raise UsageFault(f"at: '{shortened(text, 40)}' is not a time (a date, D+3, or seconds)")
    if at > session.clock:
        raise UsageFault("at: this is not in the past yet")
    return at


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


DOCUMENTS: Mapping[str, str] = tables("web/types.yaml")["documents"]
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


class Reading:
    """The methods of the API that only read; what they answer depends on what the person may see."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def view(self, request: Request, person: Person) -> Response:
        """Return what the role may see, as data; for a seat also at a moment of its past."""
        viewer, at = self._room.viewer(person), request.query_params.get("at")
        shown = view(viewer) if at is None else self._past(viewer, moment(viewer, at))
        return tagged(request, msgspec.json.encode({**shown, "epoch": viewer.epoch, "k": len(viewer.entries)}))

    def _past(self, viewer: Viewer, at: int) -> Document:
        """Return what a seat had been sent by a second of its past, and the same as the HTML of its page."""
        if viewer.role != SEAT:
            raise UsageFault("at: this is for seats; the control room uses knowledge")
        until = f"{viewer.console.session.exercise.calendar.at(at):%Y-%m-%dT%H:%M}"
        entries = [document(each) for each in viewer.entries if each.at <= until]
        shown = {"role": viewer.role, "seat": viewer.console.seat, "now": at, "at": until, "entries": entries}
        return shown | {"past": modules()[SEAT].past_at(viewer, at)}

    def entries(self, request: Request, person: Person) -> shapes.Entries:
        """Return the entries after a position `E.K`, all of them if the position is of another past."""
        audience = self._room.audience_of(person)
        epoch, k = position(request.query_params.get("after", ""), audience.epoch)
        shown = audience.entries[k if epoch == audience.epoch else 0 :]
        return shapes.Entries(audience.epoch, len(audience.entries), shown)

    def option(self, request: Request, person: Person) -> Document:
        """Return one option of a seat: what is known of it, and whether it can be ordered now; `-` is no target."""
        exercise, seat = self._room.session.exercise, person.seat
        name, to = request.path_params["option"], request.path_params["target"]
        to = None if to == "-" else to
        if name not in {each.option for menu in exercise.governments[seat].menus.values() for each in menu.candidates}:
            raise RequestRefused(fault(404, f"your seat has no option '{shortened(name, 40)}' (options lists them)"))
        shown = {"option": document(describe_option(exercise, seat, name)), "target": to}
        try:
            exercise.commands.seats.candidate({"government": seat, "option": name, "target": to})
            check(exercise, seat, name, to)
        except UsageFault as error:
            return shown | {"available": False, "obstacle": str(error)}
        return shown | {"available": True, "obstacle": ""}

    def msel(self, _: Request, person: Person) -> Document:
        """Return the MSEL."""
        return {"injects": document(msel_rows(self._of_white_cell(person).console))}

    def why(self, request: Request, person: Person) -> Document:
        """Return the causes of a record."""
        seq = request.path_params["seq"]
        if not seq.isdecimal() or len(seq) > 12:
            raise UsageFault("write the number of a record, as shown after #")
        found: Document = document(why(self._of_white_cell(person).console, int(seq)))
        return found

    def knowledge(self, request: Request, person: Person) -> Document:
        """Return who knew what."""
        viewer, at = self._of_white_cell(person), request.query_params.get("at")
        return {"events": document(known_events(viewer.console, None if at is None else moment(viewer, at)))}

    def branches(self, _: Request, person: Person) -> Document:
        """Return the branches, and the last commands of the present one."""
        console = self._of_white_cell(person).console
        lines, commands = branch_lines(console.session), last_commands(console)
        return {"branch": console.session.branch, "branches": document(lines), "commands": document(commands)}

    def _of_white_cell(self, person: Person) -> Viewer:
        """Return the viewer of a person who may see what the white cell sees; RequestRefused for other evaluators."""
        viewer = self._room.viewer(person)
        if not viewer.console.sees_all:
            raise RequestRefused(fault(403, "this needs the view of the white cell (grant NUMBER everything)"))
        return viewer

    def questions(self, _: Request, person: Person) -> shapes.Questions:
        """Return the questions to the look-ahead."""
        return shapes.Questions(list(self._room.viewer(person).answers))

    def access(self, _: Request, person: Person) -> shapes.Access:
        """Return codes and people; deputies do not see the facilitator's code."""
        viewer = self._room.viewer(person)
        return shapes.Access(viewer.join_url, viewer.codes_by_name, list(viewer.people), viewer.locked)

    def qr(self, request: Request, person: Person) -> Response:
        """Return the address to join, as a picture."""
        of, address = request.path_params["of"], self._room.join_url
        if of != "join":
            if person.role == SCREEN:
                raise RequestRefused(fault(403, "the public screen shows the address without a code: join.svg"))
            codes = self._room.viewer(person).codes_by_name
            if of not in codes:
                raise UsageFault(f"there is no code for '{clean(of[:40])}' (code GOV makes one)")
            address += f"#{codes[of]}"
        return Response(qr_svg(address), media_type="image/svg+xml")

    def attachment(self, request: Request, person: Person) -> Response:
        """Return a file that was sent with an inject, to those who have received it."""
        console, sha256 = self._room.viewer(person).console, request.path_params["sha256"]
        exercise = console.session.exercise
        seats = [PUBLIC] if person.role == SCREEN else console.observed
        found = any_attachment(exercise, sha256) if console.sees_all else sent_attachment(exercise, seats, sha256)
        if found is None:
            raise RequestRefused(fault(404, "your seat has not received this file"))
        headers = request.headers
        return attachment_response(*found, headers.get("range", ""), headers.get("if-none-match", ""))

    async def openapi(self, _: Request) -> Response:
        """Return the description of the API."""
        return Response(openapi_json(), media_type="application/json")
